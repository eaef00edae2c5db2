"""The plan of the lecture: the page that a lecturer reads, the slides, and what the answers say."""

import re
from math import comb, log

import numpy as np
import plan
import pytest
from stage import Stage

from emlib import BinomialMixture, Coins, chapter

PAGE = plan.PAGE.read_text(encoding="utf-8")
NUMBER = re.compile(r"\N{MINUS SIGN}?\d+(?:\.\d+)?")
GIVEN = plan.Data(BinomialMixture([2, 3, 8, 9, 5, 5, 4, 7, 1, 2, 9, 8, 5, 4, 6, 2, 3, 1, 8, 9], 10))


def demo(name):
    return next(demo for demo in plan.DEMOS if demo.name == name)


def said(name, given=None):
    """The numbers of an answer."""
    words = demo(name).answer(given or plan.own(demo(name).data))
    return [float(number.replace("\N{MINUS SIGN}", "-")) for number in NUMBER.findall(words)]


def rows_of(heading):
    """Number, minutes, title and question of each slide in a table of the page."""
    table = PAGE.split(f"### {heading}\n")[1].split("\n#")[0]
    return re.findall(r"^\| (\d+) \| (\d+) to (\d+) \| \[(.+?)\]\(#.+?\) \| (.+?) \|$", table, re.MULTILINE)


@pytest.mark.parametrize("length", plan.LENGTHS)
def test_the_slides_are_those_of_the_page(length):
    slides = Stage(length).speaker.slides
    shown = [(slide["begins"], slide["ends"], slide["title"], slide["question"]) for slide in slides]
    page = [(int(begins), int(ends), *words) for _, begins, ends, *words in rows_of(f"{length} minutes")]
    assert shown == page and page[0][0] == 0 and page[-1][1] == length
    assert [row[1] for row in page[:-1]] == [row[0] for row in page[1:]], "no minute is lost"
    asked = re.findall(r"^- \*\*Ask:\*\* (.+)$", PAGE, re.MULTILINE)
    order = [asked.index(question) for *_, question in page]
    assert order == sorted(order) and (length == 45 or len(order) == len(asked))


def test_the_page_is_up_to_date():
    assert plan.with_plan(PAGE) == PAGE, "type: python notebooks/lecture/plan.py"


def test_a_seminar_has_all_demos_in_two_sessions():
    sessions = [
        [(what, what.minutes[1]) if isinstance(what, plan.Demo) else what for what in session]
        for session in plan.SEMINAR
    ]
    assert [sum(minutes for _, minutes in session) for session in sessions] == [90, 90]
    assert [what for session in sessions for what, _ in session if isinstance(what, plan.Demo)] == plan.DEMOS


def test_every_link_of_the_page_leads_somewhere():
    titles = re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    links = re.findall(r"\]\((.+?)\)", PAGE)
    assert links
    for link in links:
        assert link[1:] in anchors if link[0] == "#" else (plan.PAGE.parent / link).exists(), link


# What the answers say, by arithmetic that is not emlib's.


def likelihood(heads, bias):
    return comb(10, heads) * bias**heads * (1 - bias) ** (10 - heads)


def posterior(heads, weights=(0.25, 0.5, 0.25), biases=(0.4, 0.5, 0.65)):
    joint = np.array([w * likelihood(heads, bias) for w, bias in zip(weights, biases, strict=True)])
    return joint / joint.sum()


def log_likelihood(data, weights, biases):
    pairs = list(zip(weights, biases, strict=True))
    return sum(log(sum(w * likelihood(heads, bias) for w, bias in pairs)) for heads in data)


def iterate(data, weights, biases, iterations):
    for _ in range(iterations):
        shares = np.array([posterior(heads, weights, biases) for heads in data])
        weights, biases = shares.mean(axis=0), np.array(data) @ shares / (10 * shares.sum(axis=0))
    return weights, biases


START = (0.25, 0.5, 0.25), (0.4, 0.5, 0.65)


@pytest.mark.parametrize("data", [chapter.heads, GIVEN.model.heads.tolist()])
def test_answers_about_the_first_iteration(data):
    given = plan.Data(BinomialMixture(data, 10))
    doubtful = min(set(data), key=lambda heads: posterior(heads).max())
    assert said("data", given) == pytest.approx([0.4, 0.5, 0.65, doubtful, 1, 2, 3, *posterior(doubtful)], abs=0.0051)
    assert said("posterior", given) == pytest.approx([min(data), *posterior(min(data))], abs=0.00051)
    weights, biases = iterate(data, *START, 1)
    assert said("e-step", given) == pytest.approx([len(data), *(len(data) * weights)], abs=0.0051)
    assert said("m-step", given) == pytest.approx([*biases, *weights], abs=0.00051)
    heights = [log_likelihood(data, *iterate(data, *START, times)) for times in range(3)]
    assert said("draw", given) == pytest.approx(np.diff(heights), abs=0.0051)
    assert said("equal", given)[0] == pytest.approx(np.mean(data) / 10, abs=0.00051)


def test_answers_about_the_end():
    weights, biases = iterate(chapter.heads, *START, 30)
    one = log_likelihood(chapter.heads, [1], [0.415])
    assert said("run") == pytest.approx([30, *biases, one], abs=0.0051)
    assert "they become one coin" in demo("run").answer(plan.own("chapter"))
    assert said("far") == pytest.approx([one, one, 0.415], abs=0.0051)
    assert said("climb") == pytest.approx([one], abs=0.0051)
    before, after = np.array(said("swapped")[:6]).reshape(2, 3)
    assert after.tolist() == before[::-1].tolist() and said("swapped")[6] == pytest.approx(one, abs=0.0001)
    data = GIVEN.model.heads.tolist()
    assert said("run", GIVEN)[1:4] == pytest.approx(iterate(data, *START, 30)[1], abs=0.00051)


def test_answers_about_summits():
    """Those of data A are known from 2,000 random starts."""
    words = demo("map").answer(plan.own("A"))
    count, high, above, low, below = said("map")
    assert (count, high, low) == (2, -45.70, -47.71) and 90 < above + below <= 100 and words.startswith("2 summits")
    coins, nothing, *heights = said("missing")
    assert (coins, nothing) == (len(heights), 0) and heights == sorted(heights) and heights[2] == -45.70
    assert heights[0] == pytest.approx(log_likelihood(plan.data.A, [1], [np.mean(plan.data.A) / 10]), abs=0.0051)


def test_the_coins_are_compared_with_those_that_made_the_data():
    given = plan.own("dice")
    sizes = [int(np.sum(given.labels == coin)) for coin in range(3)]
    true = [given.model.heads[given.labels == coin].sum() / (10 * sizes[coin]) for coin in range(3)]
    favourites = [posterior(heads, np.array(sizes) / 30, true).argmax() for heads in given.model.heads]
    right, sequences, known, *shares = said("reveal")
    assert (sequences, known) == (30, np.sum(favourites == given.labels)) and right <= 30
    assert shares[3:] == pytest.approx(true, abs=0.0051)
    learned = plan.learned(given)
    assert shares[:3] == pytest.approx(np.sort(learned.biases), abs=0.0051) and shares[:3] == sorted(shares[:3])
    own = [posterior(heads, learned.weights, learned.biases).argmax() for heads in given.model.heads]
    assert right == np.sum(own == given.labels)
    assert "key D" in demo("reveal").answer(GIVEN), "nobody has typed the coins"


@pytest.mark.parametrize("coins", [1, 2])
def test_a_coin_that_nobody_chose_is_none(coins):
    given = plan.Data(GIVEN.model, np.where(GIVEN.model.heads > 5, coins - 1, 0))
    right, sequences, known, *shares = said("reveal", given)
    assert right == sequences == known == 20 and len(shares) == 2 * coins
    assert len(plan.at_the_end(given).state.start) == coins


@pytest.mark.parametrize("coins", [Coins([1], [0.0]), Coins([1], [1.0]), Coins([1], [0.5])])
def test_every_answer_has_words_for_odd_data(coins):
    given = plan.Data(BinomialMixture(coins.sample(30, tosses=10, seed=1).heads, 10))
    for one in plan.DEMOS:
        assert "nan" not in one.answer(given) and len(one.answer(given)) <= 160, one.name
