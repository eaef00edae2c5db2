"""The lecture: its demos in order, with what is asked, what is answered, and what a lecturer should know beside.

The slides show it, and `python notebooks/lecture/plan.py` writes it into README.md, the page that a lecturer reads.
What an answer says is computed from the data on which the demo runs.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import emlib
from emlib import BinomialMixture, Coins, chapter, data
from emlib.beyond import fit
from emlib.explorer.state import PRESETS
from emlib.landscape.state import LandscapeState
from emlib.lessons.local_maxima.growing import GrowingMixture
from emlib.page.picture import signed
from emlib.widgets import (
    AddACoin,
    AgainstEM,
    DrawThenSee,
    EStepByEye,
    Explorer,
    Landscape,
    MStepByEye,
    OneIteration,
)

PAGE = Path(__file__).with_name("README.md")
THIRD = [1 / 3, 1 / 3, 1 / 3]
ON_THE_MAP = Coins(THIRD, [0.2, 0.62, 0.9])
DICE = Coins(THIRD, [1 / 6, 1 / 2, 5 / 6])  # a 6; 4, 5 or 6; all but a 1: as on the form


class Data(NamedTuple):
    """What a demo runs on: sequences, and the coin of each, counted from 0, where it is known."""

    model: BinomialMixture
    labels: np.ndarray | None = None


@lru_cache
def own(name: str) -> Data:
    """The data on which a demo runs if the class brings none."""
    if name == "dice":
        sample = DICE.sample(30, tosses=10, seed=5)  # neither lucky nor unlucky
        return Data(BinomialMixture(sample.heads, 10), sample.labels)
    return Data(BinomialMixture({"chapter": chapter.heads, "A": data.A}[name], 10))


class Demo(NamedTuple):
    """One screen of the lecture.

    Attributes
    ----------
    name : str
    title, question : str
        What the slide says first.
    minutes : tuple of int
        In the plan for 45 and in that for 90 minutes; 0 where it is left out.
    make : callable
        From `Data` to the widget.
    answer : callable
        From `Data` to what the slide says when it is asked for.
    shows : str
        Widget and preset, for the page.
    usual, say, late : str
        What students usually answer, what to say then, and what to leave out when it is late.
    notebook : int
        Where more stands.
    data : str
        The data it runs on if the class brings none.
    """

    name: str
    title: str
    question: str
    minutes: tuple
    make: Callable[[Data], Any]
    answer: Callable[[Data], str]
    shows: str
    usual: str
    say: str
    late: str
    notebook: int
    data: str = "chapter"


LARGE = {"projector": True}


def explorer(start, **look):
    """An explorer of a start, to be stepped through, whose coins can be taken in the hand."""
    look = {"controls": ("run", "start"), "ahead": False} | LARGE | look
    return lambda given: Explorer(None if given is own("chapter") else given.model, start, **look)


def by_hand(widget):
    return lambda given: widget(given.model, chapter.start, **LARGE)


def numbers(values, digits=3) -> str:
    """0.354, 0.428 and 0.513."""
    *most, last = (signed(f"{value:.{digits}f}") for value in values)
    return f"{', '.join(most)} and {last}" if most else last


def many(count, what) -> str:
    """3 heads, or 1 head."""
    return f"{count} {what}{'' if count == 1 else 'es' if what.endswith('s') else 's'}"


def end(model, start) -> emlib.algorithm.Step:
    """Where EM ends."""
    *_, step = emlib.squarem(model, start, 2000, tolerance=1e-10)
    return step


def alike(theta) -> bool:
    """Whether all coins in use are one."""
    used = theta.biases[theta.weights > 1e-3]
    return np.ptp(used) < 0.005


def where_they_end(theta) -> str:
    if alike(theta):
        return f"all at {theta.biases[theta.weights.argmax()]:.3f}, one coin painted in three colours"
    return f"at {numbers(theta.biases)}, with weights {numbers(theta.weights, 2)}"


# The answers.


def who_made_them(given):
    """The outcome that leaves most doubt."""
    shares = given.model.posterior(chapter.start)
    row = shares.max(axis=1).argmin()
    return (
        f"Nobody can be sure. If the coins are at {numbers(chapter.start.biases, 2)}, a sequence of "
        f"{many(given.model.heads[row], 'head')} came from coin 1, 2 or 3 with probability {numbers(shares[row], 2)}."
    )


def first_posterior(given):
    model = given.model
    shares = model.posterior(chapter.start)[model.heads.argmin()]
    return (
        "Weight times likelihood, divided by the sum of all three. "
        f"{many(model.heads.min(), 'head')}: {numbers(shares)}. Each outcome is looked at once, each sequence counts."
    )


def expected_sequences(given):
    counts = given.model.e_step(chapter.start).counts
    return (
        f"As Bayes' rule says. So many of the {len(given.model.heads)} sequences are expected from each coin: "
        f"{numbers(counts, 2)}. No other way to share them out makes F higher."
    )


def means_of_colours(given):
    theta = given.model.m_step(given.model.e_step(chapter.start))
    return (
        f"Each coin to the mean of its own colour: {numbers(theta.biases)}. "
        f"Its weight to its share of all bars: {numbers(theta.weights)}."
    )


def leap_and_crawl(given):
    steps = [step.log_likelihood for step in emlib.em(given.model, chapter.start, 10, tolerance=0)]
    gains = np.diff([*steps, steps[-1]])
    return f"Never down. It gains {gains[0]:.2f} in the first iteration, {gains[1]:.2f} in the second."


def after_thirty(given):
    *_, last = emlib.em(given.model, chapter.start, 30, tolerance=0)
    pooled = given.model.log_likelihood(given.model.pooled_fit())
    if np.ptp(last.theta.biases) < 0.02:
        return (
            f"After 30 iterations at {numbers(last.theta.biases)}: they become one coin. "
            f"One coin alone is as good: {numbers([pooled], 2)}."
        )
    return (
        f"After 30 iterations at {numbers(last.theta.biases)}. Log-likelihood {numbers([last.log_likelihood], 2)}; "
        f"one coin alone has {numbers([pooled], 2)}."
    )


def same_end(given):
    near, far = end(given.model, chapter.start), end(given.model, PRESETS["Far apart"].start)
    same = abs(near.log_likelihood - far.log_likelihood) < 0.01
    height = "As high as from the first start" if same else "Another height than from the first start"
    return f"{height}: {numbers([far.log_likelihood, near.log_likelihood], 2)}. They end {where_they_end(far.theta)}."


def only_the_mean(given):
    theta = given.model.m_step(given.model.e_step(PRESETS["All coins equal"].start))
    return (
        f"Nothing but the mean: all go to {theta.biases[0]:.3f} in one iteration and stay. "
        "Equal coins get equal shares, for ever."
    )


def names_alone(given):
    steps = [end(given.model, PRESETS[name].start) for name in ("The chapter's start", "Coins swapped")]
    heights = [numbers([step.log_likelihood], 4) for step in steps]
    first = f"Weights before {numbers(steps[0].theta.weights, 2)}, now {numbers(steps[1].theta.weights, 2)}. "
    return f"{first}The log-likelihood is the same, {heights[1]}: coins have no names in the data."


@lru_cache(maxsize=4)
def map_of_starts(model):
    state = LandscapeState(model, ON_THE_MAP)
    return [maximum.log_likelihood for maximum in state.maxima], state.shares(100)


def two_summits(given):
    heights, shares = map_of_starts(given.model)
    if len(heights) < 2:
        return f"There is one summit here, at {numbers(heights[:1], 2)}: every start on the map ends as high."
    ends = list(zip(heights, shares, strict=True))[:2]
    found = " and ".join(f"{numbers([height], 2)} from {share:.0%}" for height, share in ends)
    return f"{len(heights)} summits: EM ends at {found} of the starts on this map. Each run looks finished."


@lru_cache(maxsize=4)
def grown(model):
    state = GrowingMixture(model)
    while not state.done and len(state.fits) < 8:
        state.add_coin()
    return state.fits


def where_d_is_high(given):
    fits = grown(given.model)
    heights = [given.model.log_likelihood(theta) for theta in fits]
    coins = many(len(fits), "coin")
    return f"Where D(p) is largest. With {coins} it is nowhere above 0: no mixture is higher. {numbers(heights, 2)}."


def nobody_below(given):
    start, top = end(given.model, chapter.start).log_likelihood, given.model.log_likelihood(fit(given.model, 3))
    other = "nothing higher was found" if top - start < 0.01 else f"{numbers([top], 2)} is reached from elsewhere"
    return f"EM ends at {numbers([start], 2)} from here, and {other}. It never asks how steep it is."


@lru_cache(maxsize=4)
def best(model, coins) -> Coins:
    """The best fit, its coins from low to high bias."""
    theta = fit(model, coins)
    order = np.argsort(theta.biases)
    return Coins(theta.weights[order], theta.biases[order])


def learned(given) -> Coins:
    """What EM learns without the labels; as many coins as they tell, or three."""
    return best(given.model, 3 if given.labels is None else int(given.labels.max()) + 1)


def how_many_right(given):
    theta, labels = learned(given), given.labels
    if labels is None:
        return f"EM ends {where_they_end(theta)}. Now type the coin of each sequence: key D, the lower field."
    counted = given.model.m_step(given.model.complete_data_statistics(labels, coins=len(theta)))
    right, known = (int(np.sum(given.model.posterior(t).argmax(axis=1) == labels)) for t in (theta, counted))
    return (
        f"{right} of {len(labels)}; whoever knows the coins gets {known}. Shares of heads: "
        f"EM says {numbers(theta.biases, 2)}, the coins had {numbers(counted.biases, 2)}."
    )


def at_the_end(given):
    made = Explorer(given.model, learned(given), 1, frame=1, panels="table", controls=(), **LARGE)
    if given.labels is not None:
        model = BinomialMixture(given.model.heads, given.model.tosses)
        name = "dice, by the computer" if given is own("dice") else "your data"
        made.state.show(model, learned(given), name, given.labels)
        made.state.frame = 1
    return made


DEMOS = [
    Demo(
        "data",
        "Heads, and no coins",
        "One of three coins made each sequence. Which one?",
        (6, 10),
        explorer(chapter.start, controls=()),
        who_made_them,
        "`Explorer` at its start: the counts as bars, three coins that somebody guessed",
        "“Many heads: coin 3.” Some want to ask whoever tossed.",
        "Point at the bar in the middle: all three curves are above 0 there. The coin is *hidden*, the heads are "
        "*observed*; we need a way to count what nobody saw.",
        "Take the chapter's numbers instead of the class's.",
        1,
    ),
    Demo(
        "posterior",
        "One sequence",
        "How probable is each coin, once its heads are seen?",
        (8, 10),
        by_hand(OneIteration),
        first_posterior,
        "`OneIteration`: every number hidden. Next shows the next one; Play, then Next, shows all",
        "The likelihood alone: they forget the weight. Or they forget to divide, and the three do not sum to 1.",
        "Type a number that somebody calls out: the slide says which mistake makes such a number. Weight before the "
        "toss, posterior after it.",
        "Stop after the first row of posteriors, then Shift+Next.",
        3,
    ),
    Demo(
        "e-step",
        "The E-step, by eye",
        "Share out every bar: how much of it belongs to which coin?",
        (0, 7),
        by_hand(EStepByEye),
        expected_sequences,
        "`EStepByEye`: borders to drag; Next shows the posterior, outcome by outcome",
        "Whole bars for one coin, the nearest one.",
        "That is a *hard* E-step, and F falls behind. Fractions of a sequence are fine: they are expectations.",
        "Drag one bar, then step.",
        2,
    ),
    Demo(
        "m-step",
        "The M-step, by eye",
        "The colours are given. Where must each coin stand now?",
        (5, 6),
        by_hand(MStepByEye),
        means_of_colours,
        "`MStepByEye`: coins to drag; Next shows what the formulas reach",
        "In the middle of the axis, or where the bar of their colour is highest.",
        "At the *mean* of the colour: expected heads by expected tosses. Let somebody call out where to drag; nobody "
        "beats the formulas.",
        "One drag of one coin, then Next.",
        2,
    ),
    Demo(
        "draw",
        "Draw, then see",
        "The log-likelihood over ten iterations: a line, steps, ups and downs?",
        (0, 6),
        by_hand(DrawThenSee),
        leap_and_crawl,
        "`DrawThenSee`: the class says how, you draw; ten times Next",
        "A straight line, or ups and downs as in a search.",
        "It never falls. So a fall is a bug: the best test of one's own program.",
        "Draw with one stroke.",
        2,
    ),
    Demo(
        "run",
        "Thirty iterations",
        "Where will each coin be after thirty iterations?",
        (9, 10),
        explorer(chapter.start),
        after_thirty,
        "`Explorer`, preset “The chapter's start”, its run hidden until it is stepped; Play, then Next: to the end",
        "“At the true coins.” “Coin 3 stays the largest one.”",
        "Step four times, E and M, and let them say what moves next. Then Play. These counts spread less than those of "
        "one coin, so one coin is what they say.",
        "Play from the start.",
        4,
    ),
    Demo(
        "far",
        "Another start",
        "Three very different coins to begin with. Will they stay apart?",
        (0, 5),
        explorer(PRESETS["Far apart"].start),
        same_end,
        "`Explorer`, preset “Far apart”",
        "Yes: “it depends on the start”.",
        "Not here. Other weights, one height: a ridge. In other data starts do matter: see the map of starts.",
        "Leave it out.",
        4,
    ),
    Demo(
        "equal",
        "Equal coins",
        "Nothing tells these coins apart. What can EM learn about them?",
        (4, 4),
        explorer(PRESETS["All coins equal"].start, iterations=3),
        only_the_mean,
        "`Explorer`, preset “All coins equal”, three iterations",
        "“Equal is neutral, so it is a fair start.”",
        "Equal coins get equal shares and stay equal: a trap. Start them apart.",
        "Say it, and go on.",
        13,
    ),
    Demo(
        "swapped",
        "Coins swapped",
        "Coins 1 and 3 trade places. What changes, and what does not?",
        (0, 4),
        explorer(PRESETS["Coins swapped"].start),
        names_alone,
        "`Explorer`, preset “Coins swapped”",
        "“A different answer.”",
        "The names change, the likelihood does not: label switching. Never average two runs before they are sorted.",
        "Leave it out.",
        5,
    ),
    Demo(
        "map",
        "A map of starts",
        "From which starts does EM reach the highest summit?",
        (7, 9),
        lambda given: Landscape(given.model, ON_THE_MAP, **LARGE),
        two_summits,
        "`Landscape` of data A: drag the circle over a border",
        "“From all: EM finds the maximum.”",
        "It climbs the hill that it stands on. Several starts, and keep the highest end.",
        "Drag once over the border.",
        5,
        "A",
    ),
    Demo(
        "missing",
        "A coin is missing",
        "One coin for all of them. Where is another one missed most?",
        (0, 8),
        lambda given: AddACoin(given.model, **LARGE),
        where_d_is_high,
        "`AddACoin` on data A: Next adds a coin, until none is missing",
        "“Where the bars are high.”",
        "Where bars stand *above* the curve, weighed by how improbable they are. D(p) ≤ 0 everywhere is a proof "
        "that nothing is better, for this sample.",
        "Add two, then ask for the answer.",
        5,
        "A",
    ),
    Demo(
        "climb",
        "You against EM",
        "Can you climb faster than EM?",
        (0, 5),
        by_hand(AgainstEM),
        nobody_below,
        "`AgainstEM`: for each move of yours EM does an iteration; Next shows where it ends",
        "Two or three good moves, then fine work that takes for ever.",
        "EM leaps, then crawls, too. What makes it crawl is notebook 9.",
        "Leave it out.",
        2,
    ),
    Demo(
        "reveal",
        "The coins revealed",
        "Which coin made which sequence: how many has EM right?",
        (6, 6),
        at_the_end,
        how_many_right,
        "`Explorer` at EM's end. Key D: type the coin of each sequence. The answer shows the true coins. Where the "
        "class has no data, thirty sequences of the dice above, tossed by the computer",
        "“All.” Or, after this hour: “none”.",
        "What lies between two coins cannot be told by anybody, not even by one who knows the coins.",
        "Never: it is what they have waited for.",
        7,
        "dice",
    ),
]
LENGTHS = (45, 90)


def plan(length: int) -> list[tuple[Demo, int, int]]:
    """The demos of a lecture of 45 or 90 minutes, each with the minutes in which it begins and ends."""
    found, begins = [], 0
    for demo in DEMOS:
        if minutes := demo.minutes[LENGTHS.index(length)]:
            found.append((demo, begins, begins + minutes))
            begins += minutes
    return found


SEMINAR = (
    (
        *DEMOS[:6],
        ("In pairs: “Now write both steps” of [notebook 3](../03-one-iteration-by-hand.ipynb)", 25),
        ("Three pairs show their M-step; which check fell, and why?", 10),
        ("Homework: sheet 6.2 ([how](../homework/README.md)). Nobody reveals a coin yet", 6),
    ),
    (
        ("From memory: everybody draws last week's log-likelihood, then that slide again", 5),
        *DEMOS[6:12],
        (
            "In pairs: a model of their own, tried by `emlib.check_model` ([notebook 11](../11-your-own-model.ipynb))",
            30,
        ),
        ("The eight headings of [notebook 13](../13-misconceptions.ipynb): true, false, or it depends?", 10),
        DEMOS[12],
        ("Questions", 4),
    ),
)
"""What happens in each of two sessions of 90 minutes: demos, and other things with their minutes."""


# The page.

BEGIN, END = "<!-- What stands from here on is written by plan.py. -->", "<!-- Written by plan.py up to here. -->"


def table(rows) -> str:
    """A plan, a row for each slide or for what else happens."""
    lines, begins, slide = ["| | minute | slide | ask |", "|---:|---|---|---|"], 0, 0
    for what, minutes in rows:
        number, title, ask = "", "", what
        if isinstance(what, Demo):
            slide += 1
            anchor = what.title.lower().replace(",", "").replace(" ", "-")
            number, title, ask = slide, f"[{what.title}](#{anchor})", what.question
        lines.append(f"| {number} | {begins} to {begins + minutes} | {title} | {ask} |")
        begins += minutes
    return "\n".join(lines)


def described(demo: Demo) -> str:
    """A demo, for the lecturer."""
    times = []
    for length in LENGTHS:
        found = [f"{begins} to {ends}" for one, begins, ends in plan(length) if one is demo]
        times.append(f"in the {length} minutes {found[0] if found else 'left out'}")
    notebook = next((PAGE.parent.parent).glob(f"{demo.notebook:02}-*.ipynb"))
    return f"""### {demo.title}

*{times[0][0].upper()}{times[0][1:]}; {times[1]}. More in [notebook {demo.notebook}](../{notebook.name}).*

- **On the slide:** {demo.shows}.
- **Ask:** {demo.question}
- **They say:** {demo.usual}
- **Say then:** {demo.say}
- **The slide answers:** {demo.answer(own(demo.data))}
- **When late:** {demo.late}"""


def written() -> str:
    """All of the page that is made from the plan."""
    parts = [
        f"### {length} minutes\n\n{table((demo, ends - begins) for demo, begins, ends in plan(length))}"
        for length in LENGTHS
    ]
    parts.append(
        "### A seminar of two sessions\n\nThat is two meetings of 90 minutes, a week apart. `python3 run.py lecture "
        "--again` takes the second one up where the first ended, with the data of the class; a click on the clock sets "
        "it right."
    )
    for session in SEMINAR:
        rows = [(what, what.minutes[1]) if isinstance(what, Demo) else what for what in session]
        parts.append(table(rows))
    return "\n\n".join([*parts, "## Slide by slide", *map(described, DEMOS)])


def with_plan(page: str) -> str:
    """The page with the present plan in it."""
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n\n{written()}\n\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(with_plan(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
