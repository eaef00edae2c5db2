"""Sheets of paper: one iteration to be done by hand, its key, and a form for the tosses of a class."""

import pages
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from emlib import BinomialMixture, chapter

ROWS = 30  # of the form: a student each


def handout() -> str:
    """Tables 6.1 to 6.4 with every other number left out, as a page of HTML."""
    return _sheet("handout", answers=False, **_iteration())


def key() -> str:
    """The same with all numbers; those that the handout leaves out are blue."""
    return _sheet("handout", answers=True, **_iteration())


def form() -> str:
    """A page for a class: a row for each student, and a tally for who types it in."""
    return _sheet("form", rows=ROWS, tosses=chapter.tosses)


def _sheet(name, **values):
    made = Environment(loader=FileSystemLoader(pages.TEMPLATES / "sheets"), undefined=StrictUndefined)
    return made.get_template(f"{name}.html.j2").render(maths=pages.maths(), **values)


def _iteration():
    """All numbers of the chapter's iteration, by name."""
    model, start = BinomialMixture(chapter.heads, chapter.tosses), chapter.start
    posterior, statistics = model.responsibilities(start), model.e_step(start)
    likelihood = start.probabilities(chapter.tosses)[model.distinct_heads[-1]]  # the example that is worked out
    return {
        "heads": chapter.heads,
        "tosses": chapter.tosses,
        "start": start,
        "outcomes": model.distinct_heads,
        "occurrences": model.occurrences,
        "likelihood": likelihood,
        "joint": start.weights * likelihood,
        "posterior": posterior,
        "expected": model.occurrences[:, None] * posterior,
        "statistics": statistics,
        "new": model.m_step(statistics),
    }
