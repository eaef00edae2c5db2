"""An animation that plays without a kernel: as a page of HTML that needs nothing else, and as a GIF."""

import base64
import io
import json
from collections.abc import Iterator
from html import escape

import numpy as np
from PIL import Image

from ..words import chosen, tr
from .live_view import SCRIPT, STYLE, page_sentences

SAMPLES = 16  # of the pictures, from which it is found what does not change
PAGE = r"""<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px sans-serif; margin: 0; }}
button, select {{ font: inherit; }}
{css}
#view {{ display: flex; flex-direction: column; height: 100vh; }}
#view {{ max-width: none; box-sizing: border-box; padding: 0 6px; }}
#view .emlib-picture {{ width: min(100%, (100vh - 64px) * var(--ratio)); margin: auto; }}
#view > :not(.emlib-picture) {{ flex: none; }}
#view .fa::before {{ font-style: normal; }}
.fa-play::before {{ content: '\25B6\FE0E'; }}
.fa-pause::before {{ content: '\2016'; }}
.fa-step-backward::before {{ content: '\25C2'; }}
.fa-step-forward::before {{ content: '\25B8'; }}
.fa-repeat::before {{ content: '\21BB'; }}
.fa-expand::before {{ content: '\2922'; }}
</style>
<div id="view"></div>
<script type="module">
{javascript}
// All moments are here, so this stands in for the kernel. What does not change from one to the next is here once.
const background = {background}, changes = {changes}, words = {words};
const bytes = (picture) => Uint8Array.from(atob(picture), (letter) => letter.charCodeAt());
const opened = (picture) => createImageBitmap(new Blob([bytes(picture)], {{ type: 'image/webp' }}));
const below = await opened(background), canvas = new OffscreenCanvas(below.width, below.height);
const context = canvas.getContext('2d');
async function drawn(frame) {{
  const above = await opened(changes[frame]);
  context.drawImage(below, 0, 0);
  context.drawImage(above, 0, 0);
  return new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
}}
const moment = (frame) => ({{ words: words[frame], handles: [], areas: [] }});
const traits = {{ answers: '', alert: '', hint: '', bar: true, unit: 'half-step', actions: [], width: below.width }};
Object.assign(traits, {{ language: {script_language}, sentences: {sentences} }});
traits.shown = {{ ...moment({frame}), png: await drawn({frame}), run: 1, frame: {frame}, last: changes.length - 1 }};
let receive;
const model = {{
  get: (name) => traits[name],
  on: (event, act) => {{ if (event === 'msg:custom') receive = act; }},
  send: async ({{ ask }}) => {{
    if (!ask) return;
    const frames = Array.from({{ length: ask[1] - ask[0] }}, (_, i) => ask[0] + i), pictures = [];
    for (const frame of frames) pictures.push(await drawn(frame)); // one canvas for all
    receive({{ run: 1, first: ask[0], moments: frames.map(moment) }}, pictures);
  }},
}};
const view = make_view();
view.initialize({{ model }});
view.render({{ el: document.getElementById('view') }});
</script>
</html>
"""


def animation_page(images, words, first: int = 0) -> str:
    """A page of HTML that plays in its window with no kernel and no network, for it carries its pictures.

    Parameters
    ----------
    images : sequence of PIL.Image.Image
    words : sequence of str
        What each image shows.
    first : int
        Which of them it opens on, counted from 0.
    """
    background, changes = _apart(images)
    return PAGE.format(
        css=STYLE,
        javascript=SCRIPT.replace("export default", "const make_view ="),
        background=_script(_webp(background)),
        changes=_script([_webp(change) for change in changes]),
        words=_script(words),
        language=chosen(),
        script_language=_script(chosen()),
        title=escape(tr("EM, half-step by half-step")),
        sentences=_script(page_sentences()),
        frame=first,
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


def _apart(images) -> tuple[Image.Image, Iterator[Image.Image]]:
    """What most images have in common, and what each of them lays over it: a third as large as the images."""
    some = np.stack([_pixels(image) for image in images[:: -(-len(images) // SAMPLES)]])
    common = np.sort(some, axis=0)[len(some) // 2]  # of what a pixel is in turn; any choice would be right
    over = (np.where(pixels == common, 0, pixels) for pixels in map(_pixels, images))
    return _image(common), map(_image, over)


def _pixels(image: Image.Image) -> np.ndarray:
    """A number for each pixel; 0 would be a transparent one."""
    return np.asarray(image.convert("RGBA")).view("<u4")[..., 0]


def _image(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(pixels, "<u4").view(np.uint8).reshape(*pixels.shape, 4), "RGBA")


def _webp(image: Image.Image) -> str:
    """Without loss, in letters."""
    file = io.BytesIO()
    image.save(file, "webp", lossless=True, quality=20, method=1)
    return base64.b64encode(file.getvalue()).decode()
