"""An animation that plays without a kernel: as a page of HTML that needs nothing else, and as a GIF."""

import base64
import io
import json

from PIL import Image

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>EM, half-step by half-step</title>
<style>
body {{ font: 18px sans-serif; margin: 1em auto; max-width: 1100px; padding: 0 1em; }}
img {{ width: 100%; }}
.controls {{ display: flex; gap: 1em; align-items: center; }}
button {{ font: inherit; min-width: 5em; }}
input {{ flex: 1; }}
</style>
<img id="picture" alt="">
<p id="words" role="status"></p>
<div class="controls">
<button id="play">Play</button>
<input id="frame" type="range" min="0" max="{last}" value="0" aria-label="half-step">
</div>
<script>
const pictures = {pictures}, words = {words};
const [picture, text, play, slider] = ["picture", "words", "play", "frame"].map(id => document.getElementById(id));
let timer = null;
function show() {{
  picture.src = "data:image/png;base64," + pictures[slider.value];
  picture.alt = text.textContent = words[slider.value];
}}
function pause() {{ clearInterval(timer); timer = null; play.textContent = "Play"; }}
function step() {{ if (slider.value === slider.max) pause(); else {{ slider.value++; show(); }} }}
play.onclick = () => {{
  if (timer) return pause();
  if (slider.value === slider.max) {{ slider.value = 0; show(); }}
  timer = setInterval(step, {interval});
  play.textContent = "Pause";
}};
slider.oninput = () => {{ pause(); show(); }};
show();
</script>
</html>
"""


def animation_page(images, words, interval: int) -> str:
    """A page of HTML with a Play button and a slider, that carries its pictures.

    Parameters
    ----------
    images : sequence of PIL.Image.Image
    words : sequence of str
        What each image shows.
    interval : int
        Milliseconds between two images.
    """
    pictures = [base64.b64encode(_png(image)).decode() for image in images]
    return PAGE.format(pictures=_script(pictures), words=_script(words), last=len(images) - 1, interval=interval)


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
