"""Other languages: nothing that is seen is left out, nothing in a catalogue is stale, and English is what it was."""

import os
import re
import subprocess
import sys
from collections import Counter
from html import unescape
from pathlib import Path
from string import Formatter

import numpy as np
import pytest
from matplotlib.text import Text
from paper_page import Page

import emlib
from emlib import words
from emlib.by_hand.one_iteration_state import OneIterationState
from emlib.explorer.state import PRESETS, ExplorerState
from emlib.lessons import check, exercises, hint
from emlib.lessons import one_iteration_by_hand as lesson
from emlib.page.animation import animation_page
from emlib.page.live_view import SENTENCES, UNITS, LiveView
from emlib.page.widget import parts
from emlib.widgets import (
    AgainstEM,
    Bound,
    DrawThenSee,
    EStepByEye,
    Explorer,
    Landscape,
    MStepByEye,
    OneIteration,
)

sys.path.insert(0, str(Path(__file__).parent.parent / "notebooks"))
import translations  # noqa: E402

OTHERS = [name for name in words.LANGUAGES if name != "en"]
# Rooms that are prepared and complete; of the exercises, those of notebook 3.
COMPLETE = re.compile(r"(?!lessons/)|lessons/__init__|lessons/one_iteration_by_hand/")


@pytest.fixture
def speak():
    """Chooses a language, until the test ends."""
    yield emlib.language
    emlib.language("en")


@pytest.fixture
def dotted(monkeypatch):
    """A language in which every letter of a sentence is a dot, so that a letter in sight was said in no language."""

    class Dots(dict):
        def get(self, sentence, default):
            return "".join(
                re.sub("[^\\W\\d_]", "·", text) + (f"{{{name}{'!' + kind if kind else ''}:{form}}}" if name else "")
                for text, name, form, kind in Formatter().parse(default)
            )

    monkeypatch.setattr(words, "_sentences", Dots())


def undotted(texts) -> list[str]:
    """Those with letters, apart from the coins' names, names in code, and letters in numbers."""
    names = r"<code>.*</code>|<[^>]+>|\{name:\}|c[₁-₆]|\b[em]_step\b|(?<=\d)e(?=[-+−]?\d)|\bnan\b"
    return [text for text in texts if re.search("[A-Za-z]", re.sub(names, "", unescape(text)))]


def seen_in(widget) -> list[str]:
    """All words of a widget's controls, which are in sight or in a tooltip."""
    found = []
    for part in parts(widget):
        names = ("description", "tooltip", "placeholder", "hint", "alert", "titles", "_options_labels")
        found += [getattr(part, name, None) or "" for name in names]
        found += [part.value] if type(part).__name__ in ("Label", "HTML") else []
        if isinstance(part, LiveView):
            found += [[*action[2:]] for action in part.actions]
            found += [*part.sentences.values(), part.shown["words"]]
            found += [handle.get("words", handle["name"]) for handle in part.shown["handles"]]
            found += [area["words"] for area in part.shown["areas"]]
    return [text for value in found for text in ([value] if isinstance(value, str) else value)]


def written_on(picture, frame=0) -> list[str]:
    """All words on a live picture: those that move, and those that are drawn once."""
    moving = [text for *_, text in picture.update(frame)]
    drawn = [text.get_text() for text in picture.figure.findobj(Text) if text.get_visible()]
    return [*moving, *(re.sub(r"\\mathdefault", "", text) for text in drawn)]


class TestNothingIsLeftOut:
    """A picture, a widget or an answer that speaks English in another language is found without a translator."""

    def test_the_dots_find_what_is_said_in_no_language(self, dotted):
        assert words.tr("bias {old:.2f} and more", old=0.4) == "···· 0.40 ··· ····"
        assert undotted(["·· 1.1e+00", "c₁  ···", "Play"]) == ["Play"]

    def test_the_explorer(self, dotted):
        explorer = Explorer(panels=("biases", "weights", "log-likelihood", "gap", "table"))
        explorer.fold.selected_index = 0
        page = Page(explorer)
        for moves in (
            [lambda: setattr(explorer.preset, "value", "Far apart")],
            [
                lambda: page.move("bias 2", 0.3, 0, frame=3),
                lambda: page.move("sequences of 7 heads", 0, 3, frame=3),
                lambda: explorer.more.copy.click(),
            ],
            [lambda: explorer.state.show(explorer.state.model, emlib.Coins([0.5, 0.5], [0, 1]))],
            [
                lambda: explorer.state.set_coins(4),
                lambda: explorer.state.simulate(30, 10, 1),
                lambda: explorer.more.keep.click(),
                lambda: setattr(explorer.state, "reveal", True),
            ],
        ):
            for move in moves:
                move()
            texts = [*seen_in(explorer), *written_on(explorer.picture, 3), explorer.state.describe(3)]
            assert undotted(texts) == [] and len(texts) > 100

    @pytest.mark.parametrize(
        ("field", "text"),
        [
            *((field, text) for field in ("weights", "biases") for text in ("", "0.2 0.3", "0.2 2 0.1")),
            ("weights", "0.2 0.3 0.4"),
            *(("data", text) for text in ("", "6 5 ?", "6 11", "HHT HT", "HHT 5", "H" * 101)),
        ],
    )
    def test_what_is_said_of_typed_data(self, dotted, field, text):
        state = ExplorerState()
        read = {"weights": state.read_weights, "biases": state.read_biases, "data": lambda t: state.read(t, 10)}[field]
        with pytest.raises(ValueError) as refused:
            read(text)
        assert undotted([str(refused.value).replace(repr(text), "").replace("'HT'", "")]) == []

    def test_one_iteration(self, dotted):
        model = emlib.BinomialMixture([3, 7, 1, 1], tosses=10)
        widget = OneIteration(model, emlib.chapter.start)
        for frame in range(widget.state.last + 1):
            widget.go_to(frame)
            assert undotted([*seen_in(widget), *written_on(widget.picture, frame)]) == []
        for guess in ("0.5", "1", "0", "0.0001", "9999", "?"):
            widget.go_to(0)
            widget.guess._handle_custom_msg({"sent": guess, "frame": widget.frame}, [])
            assert undotted([*seen_in(widget), *written_on(widget.picture)]) == []

    @pytest.mark.parametrize("made", [EStepByEye, MStepByEye, AgainstEM, DrawThenSee])
    def test_what_else_is_done_by_hand(self, dotted, made):
        widget = made(emlib.BinomialMixture([3, 7, 1, 1], tosses=10), emlib.chapter.start)
        page = Page(widget)
        moves = [(action[0], ()) for action in widget.view.actions] + [("bias 1", [0.01, 0]), ("draw", [0.5, 0.5])]
        for name, value in moves:
            if name != "draw" or made is DrawThenSee:
                if name != "bias 1" or made in (MStepByEye, AgainstEM):
                    page.move(name, *value, frame=0)
            for frame in (0, widget.state.last):
                widget.go_to(frame)
                texts = [*seen_in(widget), *written_on(widget.picture, frame)]
                assert undotted(text for text in texts if text != "draw") == []  # a name that nobody sees

    def test_every_mistake_on_the_sheet(self, dotted):
        for given in ({"tosses": 10}, {"tosses": [10, 9, 8, 12]}):
            state = OneIterationState(emlib.BinomialMixture([3, 7, 1, 1], **given), emlib.chapter.start)
            cells = [cell for cell in state.order if cell.row >= 0]
            said = [text for cell in cells for _, text in state.mistakes(cell)]
            assert undotted([*said, *map(state.sum_of, cells)]) == [] and len(said) > 100

    def test_the_pictures_of_notebook_3(self, dotted):
        model, start = emlib.BinomialMixture(emlib.chapter.heads), emlib.chapter.start
        for picture in (lesson.e_step(model, start), lesson.m_step(start, model.m_step(model.e_step(start)))):
            texts = [text.get_text() for text in picture.figure.findobj(Text)]
            assert undotted([picture.description, *texts]) == []

    def test_its_exercises_and_checks(self, dotted, capsys, monkeypatch):
        for name, made in exercises("one_iteration_by_hand").items():
            monkeypatch.setattr(made, "asked", 0)
            wrong = [answer if made.cases else answer() for answer, _ in made.mistakes.values()]
            right = made.solution if made.cases else made.solution()
            for answer in (..., right, *wrong, None, [1], "?", len, lambda *_: None, lambda *_: 1 / 0):
                if isinstance(result := check(name, answer), emlib.lessons.Result):
                    capsys.readouterr()
                    says = result.says.replace(repr(answer), "").replace("division by zero", "")
                    assert (
                        undotted([re.sub(r"\b(list|str|ZeroDivisionError|TypeError: .*)|<function.*", "", says)]) == []
                    )
            for _ in made.hints:
                hint(name)
                assert undotted(capsys.readouterr().out.splitlines()) == []
        for steps in (
            (lesson.right_e_step, lesson.right_m_step),
            (lambda x, w, phi: 2 * lesson.right_e_step(x, w, phi), lambda r, x: lesson.right_m_step(r, x)[::-1]),
            (lambda x, w, phi: lesson.right_e_step(x, w, phi).round(), lambda r, x: (r.sum(axis=0), [0.5] * 3)),
            (lambda *_: ..., lambda *_: ...),
            (lambda *_: 3, lambda *_: 4),
        ):
            lesson.check_steps(*steps)
            print(emlib.chapter.compare("Table 6.4", [0.3536485, 0.4278732, 0.5128013]))
            said = capsys.readouterr().out.replace(": weights ", "")  # of an argument
            assert undotted(said.splitlines()) == []


@pytest.mark.parametrize("name", OTHERS)
class TestACatalogue:
    def test_explorer_and_notebook_3_are_complete(self, name):
        missing = {s: path for s, path in translations.untranslated(name).items() if COMPLETE.match(path)}
        assert missing == {}

    def test_no_entry_is_stale(self, name):
        assert words.sentences_of(name).keys() - translations.sentences().keys() == set()

    def test_every_entry_has_the_fields_of_its_english(self, name):
        for english, other in words.sentences_of(name).items():
            assert translations.fields(english) == translations.fields(other), english
            assert "" != other == other.strip() and other.count("\n") == english.count("\n")

    def test_presets_have_names_that_differ(self, name, speak):
        speak(name)
        assert len({words.tr(preset) for preset in PRESETS}) == len(PRESETS)


class TestLanguage:
    def test_an_unknown_one_is_refused_with_those_there_are(self):
        for wrong in ("fr", "DE", "", None, 3):
            with pytest.raises(ValueError) as refused:
                emlib.language(wrong)
            assert str(refused.value) == f"name must be one of {', '.join(map(repr, words.LANGUAGES))}; it is {wrong!r}"
        assert words.chosen() == "en" and words.tr("Play") == "Play"

    def test_the_environment_chooses_too(self):
        code = "from emlib.words import tr, chosen; print(chosen(), tr('table'))"
        answers = []
        for value in ("de", "xx"):
            command = [sys.executable, "-X", "utf8", "-c", code]
            environment = {**os.environ, words.VARIABLE: value}
            answers.append(subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8"))
        assert [answer.stdout.split() for answer in answers] == [["de", "Tabelle"], []]
        assert "EMLIB_LANGUAGE must be one of 'en', 'de'; it is 'xx'" in answers[1].stderr

    def test_the_page_says_nothing_by_itself_but_by_tr(self):
        script = (Path(emlib.__file__).parent / "page" / "live_view.js").read_text(encoding="utf-8")
        said = re.findall(r"(?<!\btr\()['`]([A-Z][a-z]+(?![\w.])[^'`]*)['`]", re.sub(r"//.*", "", script))
        assert [words for words in said if words not in ("Enter", "Blob")] == [] and "Play" in SENTENCES
        assert {"half-step", "number"} <= set(UNITS), "and what it makes of a unit"

    def test_what_it_lacks_stays_english(self, speak):
        speak("de")
        assert words.tr("a sentence that nobody translated {x:.1f}", x=2) == "a sentence that nobody translated 2.0"
        assert words.tr("coins") == "Münzen" and words.tr("coins", "lanes") == "Lage"
        assert words.tr("coins", "somewhere else") == "coins"

    def test_a_choice_is_heard_in_both_languages(self, speak):
        right = exercises("one_iteration_by_hand")["3.4"]
        for name in words.LANGUAGES:
            speak(name)
            assert right.judge("coin 3").correct
        assert [right.judge(answer).correct for answer in ("Münze 3", "Münze 1")] == [True, False]
        assert "'Münze 1', 'Münze 2', 'Münze 3'" in right.judge("Geldstück").says

    def test_the_explorer_goes_on_though_its_buttons_have_other_names(self, speak):
        speak("de")
        explorer = Explorer(start="Far apart")
        page = Page(explorer)
        assert explorer.preset.value == "Far apart" and explorer.preset.label == "Weit auseinander"
        page.move("bias 2", 0.3, frame=3)
        assert [action[0] for action in explorer.view.actions] == ["Reset", "Earlier start"]
        assert [action[3] for action in explorer.view.actions] == ["Reset", "Voriger Start"]
        page.move("Reset")
        assert explorer.state.start is PRESETS["Far apart"].start
        text = explorer.text()
        emlib.language("en")
        assert Explorer.from_text(text).text() == text, "what is written down is the same in every language"

    def test_english_tells_the_page_nothing(self):
        explorer = Explorer()
        assert explorer.view.sentences == {} and all(len(action) == 3 for action in explorer.view.actions)
        assert not any("words" in handle for handle in explorer.view.shown["handles"])

    def test_a_saved_animation_speaks_it(self, speak):
        from PIL import Image

        speak("de")
        page = animation_page([Image.new("RGB", (1, 1))], ["Wörter"])
        assert '<html lang="de">' in page and '"Play": "Los"' in page and "Halbschritt für Halbschritt" in page


def numbers(text) -> Counter:
    return Counter(translations.NUMBER.findall(text))


def outputs(cell) -> list[str]:
    found = cell.get("outputs", [])
    return ["".join(output.get("text") or output["data"]["text/plain"]) for output in found]


@pytest.mark.parametrize("path", translations.translated(), ids=lambda path: f"{path.parent.name}/{path.name}")
class TestATranslatedNotebook:
    def test_no_cell_is_of_an_older_english(self, path):
        assert translations.changed(path) == [], "translate them, then: python3 notebooks/translations.py --done"

    def test_it_computes_the_same(self, path):
        for english, other in translations.pairs(path):
            assert english.cell_type == other.cell_type
            if english.cell_type == "code":
                assert translations.computation(english.source) == translations.computation(other.source), english.id

    def test_its_numbers_are_the_same(self, path):
        for english, other in translations.pairs(path):
            assert [numbers(text) for text in outputs(english)] == [numbers(text) for text in outputs(other)], other.id
            if english.cell_type == "markdown" and not english.id.startswith("signpost"):
                assert numbers(english.source) <= numbers(other.source), other.id

    def test_it_chooses_its_language_before_anything_is_imported(self, path):
        cells = translations.nbformat.read(path, as_version=4).cells
        first = next(cell for cell in cells if cell.cell_type == "code")
        assert first.id == translations.CHOICE and f'emlib.language("{path.parent.name}")' in first.source


class TestWhatHasChanged:
    @pytest.fixture
    def pair(self, tmp_path):
        """An English notebook of two cells and its translation, of which everything is done."""
        v4 = translations.nbformat.v4
        english = v4.new_notebook(cells=[v4.new_markdown_cell("One.", id="a"), v4.new_code_cell("x = 1", id="b")])
        other = v4.new_notebook(cells=[v4.new_markdown_cell("Eins.", id="a"), v4.new_code_cell("x = 1", id="b")])
        (tmp_path / "de").mkdir()
        for path, notebook in ((tmp_path / "n.ipynb", english), (tmp_path / "de" / "n.ipynb", other)):
            translations.nbformat.write(notebook, path)
        translations.done(tmp_path / "de" / "n.ipynb", [])
        return tmp_path / "n.ipynb", tmp_path / "de" / "n.ipynb"

    def test_a_cell_that_changed_since_is_named_until_it_is_done(self, pair):
        english, other = pair
        assert translations.changed(other) == []
        english.write_text(english.read_text(encoding="utf-8").replace("One.", "Two."), encoding="utf-8")
        assert translations.changed(other) == ["a: the English has changed since"]
        translations.done(other, ["b"])
        assert translations.changed(other) == ["a: the English has changed since"]
        translations.done(other, ["a"])
        assert translations.changed(other) == []
        with pytest.raises(SystemExit, match="n.ipynb has no cell nonsense"):
            translations.done(other, ["nonsense"])

    def test_cells_on_one_side_alone_are_named(self, pair):
        english, other = pair
        for path, here in ((english, "c"), (other, "d")):
            path.write_text(path.read_text(encoding="utf-8").replace('"id": "b"', f'"id": "{here}"'), encoding="utf-8")
        assert translations.changed(other) == ["c: is missing", "d: is in English no more"]

    @pytest.mark.parametrize(
        ("other", "same"),
        [
            ('print("Haus 7", x + 1)  # ein Wort', True),
            ('print("Haus 8", x + 1)', False),
            ('print("Haus 7", x + 2)', False),
            ('print("Haus 7", y + 1)', False),
        ],
    )
    def test_a_computation_is_the_same_but_for_words(self, other, same):
        english = translations.computation('print("house 7", x + 1)  # a word')
        assert (english == translations.computation(other)) == same


def test_the_report_counts(capsys):
    translations.report(every=False)
    said = capsys.readouterr().out
    counts = Counter(translations.untranslated("de").values())
    assert f"de: {len(words.sentences_of('de'))} sentences, {counts.total()} are missing" in said
    assert "lessons/naive_bayes/pictures.py" in said and np.all([path in said for path in counts])


@pytest.mark.parametrize("made", [AgainstEM, EStepByEye, DrawThenSee, Explorer, Bound, Landscape])
def test_no_zero_has_a_sign(made):
    certain, start = emlib.BinomialMixture([10, 10, 10], 10), emlib.Coins([0.5, 0.5], [1, 1 - 1e-16])
    assert -1e-10 < certain.log_likelihood(start) < 0, "which rounds to -0.0000"
    widget = made(certain, start)
    texts = [repr(widget), *(text for frame in (0, 1) for *_, text in widget.picture.update(frame))]
    assert any("0.000" in text for text in texts)
    assert not [text for text in texts if re.search("[-\N{MINUS SIGN}]0\\.0+(?!\\d)", text)]
