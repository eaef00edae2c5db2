"""The page in another language: in one of dots, a letter in sight was said in none."""

import pytest
from browser import running_in_lab, sight

DOTS = """
import re
from string import Formatter
import emlib
from emlib import words
from emlib.widgets import Explorer, OneIteration

class Dots(dict):
    def get(self, sentence, default):
        return "".join(re.sub("[^\\\\W\\\\d_]", "·", text) + (f"{{{name}:{form}}}" if name else "")
                       for text, name, form, _ in Formatter().parse(default))

words._sentences, words._chosen = Dots(), "de"
"""
SEEN = """root => [...root.querySelectorAll('*')].flatMap((node) => [
    node.title, node.alt, node.placeholder, node.getAttribute('aria-label'), node.getAttribute('aria-valuetext'),
    ...[...node.childNodes].filter((child) => child.nodeType === 3).map((child) => child.textContent)])
    .filter((text) => /[A-Za-z]/.test((text ?? '').replace(/^null$|c[₁-₆]|name/g, '')))"""


@pytest.mark.long
def test_every_word_on_the_page_comes_from_the_language(lab):
    cells = DOTS, "Explorer()", "OneIteration(emlib.BinomialMixture(emlib.chapter.heads), emlib.chapter.start)"
    with running_in_lab(lab, "dots.ipynb", *cells) as page:
        for name in ("explorer", "one-iteration"):
            widget = sight(page, name)
            widget.locator("img").first.wait_for()
            buttons = widget.locator(".emlib-bar button")
            assert buttons.count() >= 6 and "····" in buttons.nth(0).inner_text()
            buttons.nth(2).click()
            buttons.nth(0).click()
            widget.locator(".fa-pause").wait_for()
            assert widget.evaluate(SEEN) == []
            assert widget.get_attribute("lang") == "de"
        assert page.locator("html").get_attribute("lang") != "de", "the rest of the page is not ours"
