"""The built site, if there is one: whole, with the numbers of the notebooks, alive in a browser that reaches no one.

Where the variable SITE_TESTS is "required", as in .ci/run, there must be one, and Node.
"""

import ast
import contextlib
import functools
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import threading
import zipfile
from pathlib import Path

import chromium
import nbformat
import pytest
from browser import CHROMIUM, FLAGS, ROOT, choose_theme, new_page, shown, until
from forms import lacking
from playwright.sync_api import sync_playwright
from serve import SMALLER, compressed, server
from slim import PACKAGES
from touching import centre
from wheels import STDLIB

SITE = ROOT / "built-site"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FIRST_VISIT = 30e6  # bytes, compressed
BUILT_IN = {"math", *sys.builtin_module_names}
NOT_THERE = {"dask", "dask.distributed", "dask.system", "distributed"}  # what a browser cannot have
HEAP = 400e6  # bytes, of any notebook's Python
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"


@pytest.fixture(autouse=True, scope="module")
def site():
    """A site of the course as it is now."""
    first = SITE / "index.html"
    if not first.is_file():
        lacking("no built site: python3 run.py site --pyodide FOLDER makes one, which is tested then", "SITE_TESTS")
    rooms = [path for room in ("emlib", "notebooks/site") for path in (ROOT / room).rglob("[!_.]*.*")]
    for path in [*NOTEBOOKS, *rooms]:
        if path.suffix != ".pyc" and path.stat().st_mtime > first.stat().st_mtime:
            lacking(f"the built site is older than {path.name}: python3 run.py site builds it again", "SITE_TESTS")


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_file_of_python_is_the_one_that_its_lock_names():
    folder = SITE / "static" / "pyodide"
    packages = read(folder / "pyodide-lock.json")["packages"]
    assert {"emlib", "anywidget", "numpy", "matplotlib"} <= packages.keys()
    for package in packages.values():
        assert hashlib.sha256((folder / package["file_name"]).read_bytes()).hexdigest() == package["sha256"]
        assert {name.lower().replace("_", "-") for name in package["depends"]} <= packages.keys()
    asked = read(SITE / "jupyter-lite.json")["jupyter-config-data"]["litePluginSettings"]
    (settings,) = asked.values()
    assert set(settings["loadPyodideOptions"]["packages"]) - {"ssl"} <= packages.keys()


def test_the_first_page_leads_to_copies_in_which_no_answer_stands():
    page = (SITE / "index.html").read_text(encoding="utf-8")
    names = re.findall(r"lab/index\.html\?path=([^\"]+)", page)
    assert names == [path.name for path in NOTEBOOKS]
    for name in names:
        copy = read(SITE / "files" / name)
        assert not any(cell.get("outputs") for cell in copy["cells"])
    for link in re.findall(r'href="([\w/.]+)', page):
        assert (SITE / link).is_file()


def test_no_page_of_ours_names_another_host():
    found = (ROOT / "notebooks" / "site").rglob("*")
    pages = [path for path in found if path.suffix in (".py", ".js", ".html", ".css", ".txt")]
    assert len(pages) > 10
    for path in pages:
        assert not re.search(r"https?://(?!\{LOOPBACK\})", path.read_text(encoding="utf-8")), path


def test_all_that_any_reader_can_load_is_small():
    sizes = [
        len(compressed(path, 0)) if path.suffix in SMALLER else path.stat().st_size
        for path in SITE.rglob("*")
        if path.is_file()
    ]
    assert sum(sizes) <= FIRST_VISIT


def packed():
    """The names of all files of Python's packages, and of its standard library."""
    folder = SITE / "static" / "pyodide"
    with tarfile.open(folder / PACKAGES, "r:gz") as packages, zipfile.ZipFile(folder / STDLIB) as standard:
        return set(packages.getnames()) | set(standard.namelist())


def imported(code):
    """The modules that are imported by their full names."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def test_all_that_the_course_imports_is_there():
    cells = [cell for path in NOTEBOOKS for cell in read(path)["cells"] if cell["cell_type"] == "code"]
    sources = ["".join(cell["source"]) for cell in cells if not "".join(cell["source"]).startswith(("%", "!"))]
    sources += [path.read_text(encoding="utf-8") for path in (ROOT / "emlib").rglob("*.py")]
    names = {name for source in sources for name in imported(source)} - BUILT_IN
    assert {"emlib.widgets", "matplotlib.ticker", "concurrent.futures", "PIL"} <= names
    files = packed()
    places = {name: name.replace(".", "/") for name in names}
    ends = (".py", ".pyc", "/__init__.py", "/__init__.pyc")
    assert {name for name, place in places.items() if not any(place + end in files for end in ends)} <= NOT_THERE


def test_what_the_explorer_imports_is_compiled_and_the_course_stays_readable():
    files = packed()
    for module in ("numpy/__init__", "matplotlib/figure", "IPython/core/interactiveshell", "dataclasses"):
        assert f"{module}.pyc" in files and f"{module}.py" not in files
    for path in (ROOT / "emlib").rglob("*.py"):
        name = path.relative_to(ROOT)
        assert name.as_posix() in files
        assert (name.parent / "__pycache__" / f"{name.stem}.cpython-312.pyc").as_posix() in files
    assert not [name for name in files if "/tests/" in name or name.endswith((".h", ".afm"))]


# Notebooks in Pyodide under Node.


def text(outputs) -> list[str]:
    """What nbval compares of a cell's outputs: what was printed, and what was shown, in words."""
    printed = "".join("".join(output["text"]) for output in outputs if output.get("name") == "stdout")
    red = ["".join(output["text"]) for output in outputs if output.get("name") == "stderr"]
    wrong = [output["evalue"] for output in outputs if output["output_type"] == "error"]
    words = ["".join(output["data"].get("text/plain", "")) for output in outputs if "data" in output]
    return [printed, *words, *red, *wrong]


ELSEWHERE = {"how-many-coins-58": "This Python has no processes, as in a browser: the parts take turns.\n"}


def in_node(paths):
    """Each notebook with its outputs in Pyodide, and the size of the heap at its end."""
    node = shutil.which("node")
    if node is None:
        lacking("no Node, which runs the notebooks of the site", "SITE_TESTS")
    command = [node, Path(__file__).with_name("run_notebooks.mjs"), SITE / "static" / "pyodide", *paths]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"path"')]
    assert [line["path"] for line in lines] == [str(path) for path in paths], done.stderr[-2000:]
    return lines


def says_the_same(path, ran):
    cells = [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]
    for cell, outputs in zip(cells, ran["outputs"], strict=True):
        before, *others = text(cell["outputs"])
        assert text(outputs) == [ELSEWHERE.get(cell["id"], "") + before, *others], cell["id"]
    assert ran["heap"] <= HEAP


@pytest.mark.long
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_a_notebook_says_the_same_in_a_browsers_python(path):
    (ran,) = in_node([path])
    says_the_same(path, ran)


LARGE = """
import numpy as np
from emlib import BinomialMixture, Coins
from emlib.models import NaiveBayes
coins = BinomialMixture([3_000_000_000, 5_000_000_000], 10_000_000_000, occurrences=[1, 2])
print(coins.pooled_fit(), coins.distinct_heads.tolist())
print(BinomialMixture([0, 1, 2**40], 2**41).complete_data_statistics(np.array([0, 1, 1]), 2))
answers = np.random.default_rng(0).integers(0, 6, size=(50, 14))    # 7**14 possible rows
print(len(np.unique(answers, axis=0)), NaiveBayes(answers, range(6)).rows.max())
""".strip()


JUDGED = """
import importlib
from emlib.lessons import LESSONS
from emlib.page.checking import EXERCISES
for lesson in LESSONS:
    importlib.import_module(f"emlib.lessons.{lesson}.exercises")
for name, exercise in EXERCISES.items():
    made = (lambda answer: answer) if exercise.cases else (lambda answer: answer())
    judged = exercise.judge(made(exercise.solution))
    wrong = [exercise.judge(made(answer)).mistake for answer, _ in exercise.mistakes.values()]
    print(name, judged.correct, wrong)
""".strip()


def as_notebook(code, path):
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)]), path)
    return path


def says_what_is_said_here(code, ran):
    here = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert text(ran["outputs"][0]) == [here.stdout]


@pytest.mark.long
def test_all_exercises_judge_the_same_there(tmp_path):
    (ran,) = in_node([as_notebook(JUDGED, tmp_path / "code.ipynb")])
    says_what_is_said_here(JUDGED, ran)


def test_in_one_python_the_first_page_the_tables_and_more_than_32_bits(tmp_path):
    """The usual tests' share: widgets, pictures, tables, exercises, and numbers that no notebook prints."""
    some = [path for path in NOTEBOOKS if path.name[:2] in ("00", "03")]
    *ran, large = in_node([*some, as_notebook(LARGE, tmp_path / "code.ipynb")])
    for path, one in zip(some, ran, strict=True):
        says_the_same(path, one)
    says_what_is_said_here(LARGE, large)


# The site in a browser.


@contextlib.contextmanager
def served():
    """The address of the site, and what ends its server."""
    serving = server(SITE)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    gone = []

    def end():
        if not gone:
            gone.append(True)
            serving.shutdown()
            serving.server_close()

    try:
        yield f"http://127.0.0.1:{serving.server_port}", end
    finally:
        end()


@pytest.fixture(scope="module")
def alone():
    """A browser for which there is no machine but this one."""
    if not CHROMIUM:
        lacking(chromium.MISSING, "BROWSER_TESTS")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, ALONE])
        yield browser
        browser.close()


@contextlib.contextmanager
def watched(browser, **size):
    """A page on which no script fails, and which asks nobody else for anything."""
    errors, asked = [], []
    with new_page(browser, **size) as page:
        page.set_default_timeout(120_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.context.on("request", lambda request: asked.append(request.url))
        yield page
    assert errors == []
    assert [url for url in asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))] == []


def words(page):
    return page.locator(".emlib-words [role=status]").first.inner_text()


def touch(page, address):
    """Open the explorer alone, and move a coin."""
    page.goto(f"{address}/explorer/index.html")
    page.locator(".emlib-picture img").wait_for()
    until(lambda: "biases 0.400, 0.500, 0.650" in words(page))
    coin = page.locator(".emlib-coin").first
    coin.focus()
    coin.press("ArrowRight")
    until(lambda: "biases 0.410, 0.500, 0.650" in words(page))


@pytest.mark.long
def test_the_explorer_alone_is_touched(alone):
    with served() as (address, _), watched(alone) as page:
        touch(page, address)


@pytest.mark.long
def test_the_explorer_alone_has_its_state_in_its_address(alone):
    with served() as (address, _), watched(alone) as page:
        touch(page, address)
        there = functools.partial(page.evaluate, "location.href")  # page.url is old until something else is asked
        link = until(lambda: url if "0.41" in (url := there()) else None)
        page.get_by_label("Try").select_option("Two summits: one side")
        until(lambda: "biases 0.300, 0.800, 0.950" in words(page))
        until(lambda: there() != link)
        page.goto("about:blank")
        page.goto(link)
        page.locator(".emlib-picture img").wait_for()
        until(lambda: "biases 0.410, 0.500, 0.650" in words(page))
        page.get_by_role("button", name="Step").click()
        until(lambda: words(page).startswith("Iteration 1, E-step"))
        page.goto("about:blank")
        page.goto(f"{address}/explorer/index.html#nonsense")
        page.locator(".emlib-picture img").wait_for()
        assert "This link tells of no view: text must be" in page.locator("#question").inner_text()


def open_in_lab(page, address, notebook):
    page.goto(f"{address}/lab/index.html?path={notebook}")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.get_by_text("| Idle").wait_for()


def run_first_cell(page, code):
    """Write other code in the first cell of code, and run it."""
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")


RUN_AS_SOON_AS_SHOWN = """() => {
    const notebook = window.jupyterapp?.shell.currentWidget?.content;
    if (!(notebook?.widgets?.length > 1)) return false;
    notebook.activeCellIndex = 1;
    jupyterapp.commands.execute('notebook:run-cell');
    return true;
}"""


def at_work(page, address):
    """From the first page to a picture that is dragged and plays, and to an exercise; the explorer."""
    page.goto(f"{address}/index.html")
    page.get_by_role("link", name="4 · To convergence").click()
    page.wait_for_function(RUN_AS_SOON_AS_SHOWN)
    page.get_by_text("[1]:").first.wait_for()  # there was no kernel yet
    run_first_cell(page, "from emlib.widgets import Explorer\nExplorer()")
    explorer = page.locator(".emlib-explorer").first
    explorer.locator("img").first.wait_for()
    explorer.evaluate("node => node.scrollIntoView()")
    until(lambda: "biases 0.400, 0.500, 0.650" in words(page))
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']").count() == 0

    slider = explorer.locator(".widget-slider").first.locator(".noUi-handle")
    slider.focus()
    slider.press("ArrowRight")
    until(lambda: "biases 0.410, 0.500, 0.650" in words(page))
    seen = shown(explorer)
    box = explorer.locator(".emlib-coin").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=10)
    page.mouse.up()
    until(lambda: "biases 0.410" not in words(page) and shown(explorer) != seen)
    explorer.get_by_role("button", name="Play").click()
    until(lambda: words(page).startswith("Iteration 3"))
    explorer.get_by_role("button", name="Pause").click()
    return explorer


def check_an_exercise(page):
    run_first_cell(page, 'from emlib.lessons import check\ncheck("4.1", 1)')
    page.get_by_text(re.compile("Exercise 4.1: not yet")).first.wait_for()


def test_the_course_lives_in_a_browser(alone):
    with served() as (address, _), watched(alone) as page:
        at_work(page, address)
        check_an_exercise(page)
        run_first_cell(page, "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
        page.locator(".jp-RenderedImage img").first.wait_for()


@pytest.mark.long
def test_no_click_is_lost_and_a_lost_connection_takes_nothing(alone):
    with served() as (address, end), watched(alone) as page:
        explorer = at_work(page, address)
        track = explorer.locator(".widget-slider .noUi-target").nth(1).bounding_box()
        for share in (0.2, 0.8, 0.4, 0.6):  # slow clicks, of which none is lost
            page.mouse.click(track["x"] + share * track["width"], track["y"] + track["height"] / 2)
            until(lambda wanted=share: abs(float(re.search(r", (\d\.\d+),", words(page))[1]) - wanted) < 0.03)
            page.wait_for_timeout(1500)
        check_an_exercise(page)
        page.keyboard.press("Control+s")
        page.locator(".jp-mod-dirty").wait_for(state="detached")
        page.keyboard.press("Escape")
        page.keyboard.press("Control+Shift+c")
        page.keyboard.type("download")
        page.locator(".lm-CommandPalette-itemLabel", has_text="Download").wait_for()
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        taken = read(Path(download.value.path()))["cells"]
        assert any('check("4.1", 1)' in "".join(cell["source"]) for cell in taken)
        end()
        page.goto("about:blank")
        open_in_lab(page, address, "04-to-convergence.ipynb")
        assert 'check("4.1", 1)' in page.locator(".jp-Notebook .jp-CodeCell").first.inner_text()
        run_first_cell(page, "from emlib.widgets import Explorer\nExplorer()")
        page.locator(".emlib-explorer img").first.wait_for()


EVERY = """
from IPython.display import display
from emlib import BinomialMixture, Coins, chapter, data
from emlib.widgets import *
A, coins, start = BinomialMixture(data.A), BinomialMixture(chapter.heads), chapter.start
two, three = Coins([0.5, 0.5], [0.56, 0.5]), Coins([0.4, 0.3, 0.3], [0.2, 0.62, 0.9])
for made in (MStepByEye(coins, start), AgainstEM(coins, start), EStepByEye(coins, start), DrawThenSee(coins, start),
             Bound(A, two), Landscape(A, three)):
    display(made)
display(OneIteration(coins, start), AddACoin(A))
"""


@pytest.mark.long
def test_every_widget_is_touched_there(alone):
    with served() as (address, _), watched(alone) as page:
        open_in_lab(page, address, "04-to-convergence.ipynb")
        run_first_cell(page, EVERY)
        for kind, place in (("climb", 0), ("climb", 1), ("e-step", 0), ("draw", 0), ("bound", 0), ("landscape", 0)):
            widget = page.locator(f".emlib-{kind}").nth(place)
            widget.locator("img").first.wait_for(state="attached")
            widget.evaluate("node => node.scrollIntoView()")
            said = widget.locator(".emlib-words [role=status]").first
            before = said.inner_text()
            x, y = centre(widget.locator(".emlib-to-draw" if kind == "draw" else ".emlib-handle").first)
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x + 30, y - 30, steps=5)
            page.mouse.up()
            until(lambda said=said, before=before: said.inner_text() != before)
        for kind in ("one-iteration", "add-a-coin"):
            widget = page.locator(f".emlib-{kind}")
            widget.evaluate("node => node.scrollIntoView()")
            said = widget.locator(".emlib-words [role=status]").first
            before = said.inner_text()
            widget.locator(".emlib-picture").press("PageDown")
            until(lambda said=said, before=before: said.inner_text() != before)


@pytest.mark.long
def test_a_whole_notebook_runs_from_top_to_bottom(alone):
    with served() as (address, _), watched(alone) as page:
        open_in_lab(page, address, "00-start-here.ipynb")
        choose_theme(page, "Dark")
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        last = len([cell for cell in read(NOTEBOOKS[0])["cells"] if cell["cell_type"] == "code"])
        page.get_by_text(f"[{last}]:").first.wait_for(state="attached")
        page.get_by_text("| Idle").wait_for()
        assert page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.error']").count() == 0
