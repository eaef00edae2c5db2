"""Exported pages, slides and sheets in a browser that reaches nothing but the file it is given."""

import re

import export
import nbformat
import pages
import pytest
from browser import ROOT, new_page, shown, until

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SOME = [path if path.name.startswith("12") else pytest.param(path, marks=pytest.mark.long) for path in NOTEBOOKS]
A4 = "/MediaBox [0 0 594.95996 841.91998]"


@pytest.fixture
def page(browser):
    """A page that asks nobody for anything, and in which no script fails."""
    with new_page(browser, 1280, 720) as page:
        asked, errors = [], []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.route("http**", lambda route: route.abort())
        page.context.set_offline(True)
        yield page
        assert errors == [] and [url for url in asked if not url.startswith(("data:", "blob:", "file:"))] == []
        assert len([url for url in asked if url.startswith("file:")]) == 1


def open_file(page, path, text):
    path.write_text(text, encoding="utf-8")
    page.goto(path.as_uri())


def formulas(page, notebook):
    """How many formulas there are in the page, all of which are set; and how many the notebook has."""
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.locator(".katex-error").count() == 0
    texts = [re.sub(r"```.*?```|`[^`]*`", "", cell.source, flags=re.DOTALL) for cell in notebook.cells if is_text(cell)]
    return page.locator(".katex-html").count(), sum(
        len(re.findall(r"\$\$.+?\$\$|\$.+?\$", t, re.DOTALL)) for t in texts
    )


def is_text(cell):
    return cell.cell_type == "markdown"


def test_a_page_plays_the_run_of_its_explorer_and_sets_its_formulas(page, tmp_path):
    notebook = nbformat.v4.new_notebook()
    text = "The bias $\\phi_1$ and\n\n$$w_1 = \\frac{N_1}{20} \\tag{6.14}$$\n\ncost `$5` and `$6`."
    cells = ["from emlib.widgets import Explorer", "Explorer(iterations=3, frame=2)"]
    notebook.cells = [nbformat.v4.new_markdown_cell(text), *map(nbformat.v4.new_code_cell, cells)]
    nbformat.write(notebook, tmp_path / "small.ipynb")
    notebook = pages.read(tmp_path / "small.ipynb", playing=True)
    open_file(page, tmp_path / "small.html", pages.as_page(notebook, "small"))
    assert formulas(page, notebook) == (2, 2) and "$5" in page.locator("code").first.inner_text()
    assert page.evaluate("document.fonts.check('20px KaTeX_Math') && document.fonts.check('20px KaTeX_Main')")
    number = page.locator(".katex-tag").bounding_box()
    assert number["x"] + number["width"] > 0.95 * page.locator(".katex-display").bounding_box()["width"]
    frame = page.frame_locator("iframe")
    words, picture = frame.get_by_role("status"), frame.get_by_role("img")
    until(lambda: "Iteration 1, M-step" in words.inner_text())
    first = shown(frame)
    frame.get_by_role("button", name="Step").click()
    until(lambda: "Iteration 2, E-step" in words.inner_text())
    until(lambda: shown(frame) != first)
    frame.get_by_role("button", name="Play").click()
    until(lambda: "Iteration 3, M-step" in words.inner_text())
    for key, moment in (("Home", "Start"), ("PageDown", "1, E-step"), ("ArrowRight", "1, M"), ("PageUp", "1, E-step")):
        page.keyboard.press(key)
        until(lambda moment=moment: moment in words.inner_text())
    page.keyboard.press("End")
    page.keyboard.press(" ")  # from the beginning again
    until(lambda: "Iteration 1" in words.inner_text())
    here, there = picture.bounding_box(), page.locator("iframe").bounding_box()
    assert here["width"] > 0.95 * there["width"] and here["y"] + here["height"] < there["y"] + there["height"]
    page.emulate_media(media="print")
    still = page.locator(".emlib-plays > img")
    assert not page.locator("iframe").is_visible() and still.is_visible()
    assert still.get_attribute("alt").startswith("Iteration 1, M-step")


@pytest.mark.parametrize("path", SOME, ids=lambda path: path.stem)
def test_each_slide_fits_its_screen_or_scrolls(page, path, tmp_path):
    notebook = pages.read(path)
    open_file(page, tmp_path / "slides.html", pages.as_slides(notebook, path.stem))
    page.locator(".slide-number").wait_for()
    set_there, written = formulas(page, notebook)
    assert set_there >= written > 0 or path.name.startswith("00"), "and the heads of slides repeat some"
    number, seen, whole = 0, set(), 0
    while True:
        number, last = map(int, page.locator(".slide-number").inner_text().split("/"))
        slide = page.locator("section.present").last
        look = slide.evaluate(
            """async (slide) => {
                await document.fonts.ready;
                const box = slide.querySelector('.fits'), style = getComputedStyle(slide);
                const { x, y, width, height } = slide.getBoundingClientRect();
                return { place: [x, y, width, height], zoom: +box.style.zoom, high: slide.scrollHeight,
                         wide: slide.scrollWidth, scrolls: style.overflowY, words: slide.innerText };
            }"""
        )
        assert look["place"] == [0, 0, 1280, 720] and look["wide"] == 1280 and look["words"].strip()
        assert look["scrolls"] == "auto" and look["zoom"] >= 0.6
        assert look["high"] <= 720 or look["zoom"] == 0.6
        whole += number not in seen and look["high"] <= 720
        seen.add(number)
        if number == last and slide.locator(".fragment:not(.visible)").count() == 0:
            break
        page.keyboard.press("PageDown")
    assert seen == set(range(1, last + 1)) and whole > 0.8 * last


@pytest.mark.parametrize("kind", ["handout", "form"])
def test_a_sheet_is_one_page_of_a4(browser, kind, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "EXPORTED", tmp_path)
    export.main([kind])
    sheets = sorted((tmp_path / kind).iterdir())
    assert [path.suffix for path in sheets] == [".pdf"] * len(export.SHEETS[kind])
    for path in sheets:
        written = path.read_bytes().decode("latin-1")
        assert len(re.findall(r"/Type /Page\b", written)) == 1 and A4 in written


@pytest.mark.long
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_goes_by_every_way(page, path, tmp_path, monkeypatch):
    monkeypatch.setattr(export, "EXPORTED", tmp_path)
    for kind in export.NOTEBOOK_KINDS:
        export.main([kind, str(path)])
    written = (tmp_path / "pdf" / f"{path.stem}.pdf").read_bytes().decode("latin-1")
    assert len(re.findall(r"/Type /Page\b", written)) >= 3 and A4 in written and "file:" not in written
    notebook = nbformat.read(path, as_version=4)
    pictures = [
        output for cell in notebook.cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})
    ]
    figures = sorted(file.name for file in (tmp_path / "figures" / path.stem).iterdir())
    assert figures == sorted(f"{n:02}.{kind}" for n in range(1, len(pictures) + 1) for kind in ("svg", "pdf", "png"))
    page.goto((tmp_path / "html" / f"{path.stem}.html").as_uri())
    set_there, written = formulas(page, notebook)
    assert set_there == written
    assert page.locator(".jp-OutputArea-output img").count() == len(pictures)
    explorers = [cell for cell in notebook.cells if re.search(r"^Explorer\(", cell.source, re.MULTILINE)]
    assert page.locator("iframe").count() == len(explorers)
    for frame in page.locator("iframe").all():
        words, position = (frame.content_frame.get_by_role(role) for role in ("status", "slider"))
        position.press("Home")
        until(lambda words=words: words.inner_text().startswith("Start"))
        frame.content_frame.get_by_role("button", name="Step").click()
        until(lambda words=words: words.inner_text().startswith("Iteration 1, E-step"))
