"""An animation that plays without a kernel: as a page of HTML that needs nothing else, and as a GIF."""

import base64
import io
import json
from html import escape
from pathlib import Path

from PIL import Image

from ..words import chosen, tr
from .live_view import page_sentences

VIEW = Path(__file__).with_name("live_view.js"), Path(__file__).with_name("live_view.css")
PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px sans-serif; margin: 1em auto; max-width: 1100px; padding: 0 1em; }}
button, select {{ font: inherit; }}
{css}</style>
<div id="view"></div>
<script type="module">
{javascript}
// All moments are here, so this stands in for the kernel.
const pictures = {pictures}, words = {words};
const png = (frame) => Uint8Array.from(atob(pictures[frame]), (letter) => letter.charCodeAt());
const moment = (frame) => ({{ words: words[frame], handles: [], areas: [] }});
const traits = {{ answers: '', alert: '', hint: '', bar: true, unit: 'half-step', actions: [], width: 1100 }};
Object.assign(traits, {{ language: {script_language}, sentences: {sentences} }});
traits.shown = {{ ...moment(0), png: png(0), run: 1, frame: 0, last: pictures.length - 1 }};
let receive;
const model = {{
  get: (name) => traits[name],
  on: (event, act) => {{ if (event === 'msg:custom') receive = act; }},
  send: ({{ ask }}) => {{
    if (!ask) return;
    const frames = Array.from({{ length: ask[1] - ask[0] }}, (_, i) => ask[0] + i);
    setTimeout(() => receive({{ run: 1, first: ask[0], moments: frames.map(moment) }}, frames.map(png)));
  }},
}};
const view = make_view();
view.initialize({{ model }});
view.render({{ el: document.getElementById('view') }});
</script>
</html>
"""


def animation_page(images, words) -> str:
    """A page of HTML with a Play button and a slider, that carries its pictures.

    Parameters
    ----------
    images : sequence of PIL.Image.Image
    words : sequence of str
        What each image shows.
    """
    pictures = [base64.b64encode(_png(image)).decode() for image in images]
    javascript, css = (path.read_text(encoding="utf-8") for path in VIEW)
    return PAGE.format(
        css=css,
        javascript=javascript.replace("export default", "const make_view ="),
        pictures=_script(pictures),
        words=_script(words),
        language=chosen(),
        script_language=_script(chosen()),
        title=escape(tr("EM, half-step by half-step")),
        sentences=_script(page_sentences()),
    )


def animated_gif(images, interval: int) -> bytes:
    """The images as a GIF that plays for ever, with the last one held for a while.

    Parameters
    ----------
    images : sequence of PIL.Image.Image
    interval : int
        Milliseconds between two images.
    """
    file = io.BytesIO()
    times = [interval] * (len(images) - 1) + [3000]
    images[0].save(file, "gif", save_all=True, append_images=images[1:], duration=times, loop=0)
    return file.getvalue()


def _script(value) -> str:
    """A value to stand in a script element, which no text in it can end."""
    return json.dumps(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "png", compress_level=8)
    return file.getvalue()
