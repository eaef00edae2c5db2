"""Exercises of notebook 9. The worked answers use the names that the notebook has."""

import numpy as np

import emlib

from ...beyond import em_jacobian
from ...models import GeneticLinkage
from ...page.checking import exercise

linkage = GeneticLinkage([125, 18, 20, 34])


@exercise(
    "9.1",
    hints=(
        "Each iteration multiplies the distance by the rate. What does n of them multiply it by?",
        "You want the smallest n with 0.985 to the power n at most 0.1. Take logarithms.",
        "Round up: the last iteration must be done whole.",
    ),
    why="Every further digit costs as many again. That is what linear means.",
)
def iterations_per_digit():
    return int(np.ceil(np.log(0.1) / np.log(0.985)))


def _until(share, rate=0.985):
    """The smallest number of iterations that leaves this share."""
    return int(np.ceil(np.log(share) / np.log(rate)))


iterations_per_digit.mistake(
    "rounded down", "After so many the distance is not quite ten times smaller.", lambda: _until(0.1) - 1
)
iterations_per_digit.mistake("one more", "One fewer is enough already.", lambda: _until(0.1) + 1)
iterations_per_digit.mistake(
    "not rounded", "The formula is right. How many whole iterations is that?", lambda: np.log(0.1) / np.log(0.985)
)
iterations_per_digit.mistake(
    "straight line", "You take 1.5 % of the first distance each time. It is 1.5 % of what is left.", lambda: 60
)
for number in (1 / 0.015, 66, 67):
    iterations_per_digit.mistake(
        f"1 / (1 - rate), {number:.2f}", "In so many it shrinks to about 1/e, or 37 %.", lambda number=number: number
    )
iterations_per_digit.mistake("two digits", "That makes it a hundred times smaller.", lambda: _until(0.01))
iterations_per_digit.mistake(
    "the height",
    "In so many the gap in *nats* becomes ten times smaller. The question is about the distance.",
    lambda: _until(0.1, 0.985**2),
)
iterations_per_digit.mistake("nine tenths", "After so many 90 % are left, and not 10 %.", lambda: _until(0.9))


@exercise(
    "9.2",
    hints=(
        "Two ways lead there: two distances from the end, late in a run; or the share of missing information.",
        "First run EM to its end: [step.theta for step in emlib.em(GeneticLinkage([14, 0, 1, 5]), 0.5)].",
        "A distance from the end over the one before; not the first ones, and not the last, where rounding rules.",
    ),
    why="The gaps shrink by it, and it is the share of missing information: two ways to one number.",
)
def rate_of_fourteen():
    t = [step.theta for step in emlib.em(GeneticLinkage([14, 0, 1, 5]), 0.5)]
    return (t[5] - t[-1]) / (t[4] - t[-1])


def _ratio(iteration, counts=(14, 0, 1, 5)):
    t = [step.theta for step in emlib.em(GeneticLinkage(counts), 0.5)]
    return (t[iteration] - t[-1]) / (t[iteration - 1] - t[-1])


rate_of_fourteen.mistake(
    "first ratio", "That is the ratio of the first two distances. It has not settled yet.", lambda: _ratio(1)
)
rate_of_fourteen.mistake(
    "too early", "Nearly. It is the ratio of the second iteration, and it has not quite settled.", lambda: _ratio(2)
)
rate_of_fourteen.mistake("other data", "That is the rate with the 197 animals.", lambda: _ratio(5, (125, 18, 20, 34)))
rate_of_fourteen.mistake(
    "observed share", "That is the share of information that is there. Which share is missing?", lambda: 1 - _ratio(4)
)
rate_of_fourteen.mistake("the end", "That is where EM ends. How fast does it get there?", lambda: (7 + 849**0.5) / 40)
rate_of_fourteen.mistake(
    "squared", "So the gap in nats shrinks. The rate is that of the distance.", lambda: _ratio(4) ** 2
)
rate_of_fourteen.mistake(
    "missing over observed",
    "You divide by the observed information. Of what is the missing one a share?",
    lambda: _ratio(4) / (1 - _ratio(4)),
)
rate_of_fourteen.mistake(
    "upside down", "The larger distance over the smaller one: is the rate above 1?", lambda: 1 / _ratio(4)
)


@exercise(
    "9.3",
    hints=(
        "The steps are 0.20 and 0.04. What is their ratio?",
        "If it stays so, what do 0.20 + 0.04 + 0.008 + ... add up to? Go that far from 0.40.",
        "The sum of a geometric series is its first term, divided by 1 minus the ratio.",
    ),
    why="The way left is a geometric series. Aitken's leap adds it up.",
)
def end_of_the_series():
    first, second = 0.60 - 0.40, 0.64 - 0.60
    return 0.40 + first / (1 - second / first)


end_of_the_series.mistake(
    "one step", "That is EM's next estimate, if the ratio stays. And all those after it?", lambda: 0.648
)
end_of_the_series.mistake("equal steps", "That goes on by the same step. But the steps shrink.", lambda: 0.68)
end_of_the_series.mistake("the way", "That is the whole way, 0.20 and all that follow. From where?", lambda: 0.25)
end_of_the_series.mistake(
    "from the second", "So long is the way from the first estimate. You began at 0.60.", lambda: 0.85
)
end_of_the_series.mistake(
    "from the last", "So long is the way from the first estimate. You began at 0.64.", lambda: 0.89
)
end_of_the_series.mistake(
    "last step",
    "That series begins with the last step, 0.04, and you went from 0.40. Two steps are mixed up.",
    lambda: 0.45,
)
end_of_the_series.mistake(
    "the last step again", "The step of 0.04 is in your series, and it has led to 0.64 already.", lambda: 0.69
)
end_of_the_series.mistake(
    "ratio below the line", "You divided by the ratio. The sum of the series is over 1 minus the ratio.", lambda: 1.4
)


@exercise(
    "9.4",
    choices=("slower", "as fast as before", "faster"),
    hints=(
        "The rate is the share of information that is missing. What do ten times as many animals do to the complete "
        "information? And to the missing one?",
        "Look at e_step and m_step: what do they give if all four counts are ten times as large?",
    ),
    why="Ten times the information, ten times as much of it missing: the share stays. More data of the same kind make "
    "the estimate sharper, not EM faster.",
)
def ten_times_as_many():
    rates = []
    for counts in ([125, 18, 20, 34], [1250, 180, 200, 340]):
        *_, last = emlib.em(GeneticLinkage(counts), 0.5)
        rates.append(em_jacobian(GeneticLinkage(counts), last.theta)[0, 0])
    before, after = rates
    return "as fast as before" if np.isclose(before, after) else "faster" if after < before else "slower"


ten_times_as_many.mistake(
    "more work",
    "There are more hidden labels. But does a *larger share* of the information hide in them?",
    lambda: "slower",
)
ten_times_as_many.mistake(
    "more information",
    "There is ten times the information. But the rate is a share: what of the missing part?",
    lambda: "faster",
)


@exercise(
    "9.5",
    hints=(
        "The last three estimates give two steps, and their ratio is the rate. How far is the end from the last one?",
        "The steps still to come are a geometric series: the last step times ratio / (1 - ratio).",
        "Each iteration multiplies that distance by the ratio: solve distance * ratio**n <= close for n, and round up. "
        "An estimate that is near enough needs 0.",
    ),
    why="Three estimates tell the rate, and the rate tells the rest, once it has settled.",
    cases={
        "steps that halve": ([0.50, 0.60, 0.65], 0.001),
        "a run that comes from above": ([0.9, 0.7, 0.54], 0.01),
        "a fast run": ([0.30, 0.50, 0.54], 1e-6),
        "one that is near enough already": ([0.3, 0.31, 0.311], 0.02),
        "more than three estimates": ([0.1, 0.4, 0.5, 0.56, 0.60], 0.003),
    },
)
def iterations_left(estimates, close):
    t0, t1, t2 = estimates[-3:]
    ratio = (t2 - t1) / (t1 - t0)
    distance = abs(t2 - t1) * ratio / (1 - ratio)
    return max(0, int(np.ceil(np.log(close / distance) / np.log(ratio))))


def _left(distance, ratio, close, rounded=np.ceil):
    return int(rounded(np.log(close / distance) / np.log(ratio)))


def _steps(estimates):
    t0, t1, t2 = estimates
    return abs(t1 - t0), abs(t2 - t1), (t2 - t1) / (t1 - t0)


@iterations_left.mistake(
    "step for distance",
    "You take the last step for the distance from the end. How much do all further steps add up to?",
)
def step_for_distance(estimates, close):
    _, second, ratio = _steps(estimates[-3:])
    return max(0, _left(second, ratio, close))


@iterations_left.mistake(
    "the last step again",
    "You start from the last estimate but one: your series has the last step in it, and that step is done.",
)
def last_step_again(estimates, close):
    _, second, ratio = _steps(estimates[-3:])
    return max(0, _left(second / (1 - ratio), ratio, close))


@iterations_left.mistake(
    "from the first", "You count from the first of the three estimates. Two iterations are done since."
)
def from_the_first(estimates, close):
    first, _, ratio = _steps(estimates[-3:])
    return max(0, _left(first / (1 - ratio), ratio, close))


@iterations_left.mistake("rounded down", "After so many iterations it is not quite near enough.")
def rounded_down(estimates, close):
    _, second, ratio = _steps(estimates[-3:])
    return max(0, _left(second * ratio / (1 - ratio), ratio, close, np.floor))


@iterations_left.mistake("not rounded", "The formula is right. How many whole iterations is that?")
def not_rounded(estimates, close):
    _, second, ratio = _steps(estimates[-3:])
    return max(0, np.log(close / (second * ratio / (1 - ratio))) / np.log(ratio))


@iterations_left.mistake(
    "rounded", "You round to the nearest. After so many iterations it may not quite be near enough."
)
def rounded(estimates, close):
    return round(not_rounded(estimates, close))


@iterations_left.mistake("one more", "One fewer is enough already.")
def one_more(estimates, close):
    return iterations_left(estimates, close) + 1


@iterations_left.mistake("from above", "Only runs that rise are right. What of a run that comes from above?")
def from_above(estimates, close):
    return iterations_left(estimates, close) if estimates[-1] > estimates[-2] else 0


@iterations_left.mistake(
    "last for the end", "You take the last estimate for the end. The run has not come to rest there."
)
def last_for_the_end(estimates, close):
    *_, t0, t1, t2 = estimates
    return max(0, _left(abs(t1 - t2), (t1 - t2) / (t0 - t2), close))


@iterations_left.mistake("below 0", "If it is near enough already, how many iterations are left? Not fewer than none.")
def below_zero(estimates, close):
    _, second, ratio = _steps(estimates[-3:])
    return _left(second * ratio / (1 - ratio), ratio, close)


@iterations_left.mistake("the first three", "You take the first three estimates. The ratio settles late in a run.")
def first_three(estimates, close):
    return iterations_left(estimates[:3], close)


@iterations_left.mistake(
    "height for distance", "You square the ratio, as for the gap in nats. Here it is the distance of a number."
)
def height_for_distance(estimates, close):
    _, second, ratio = _steps(estimates[-3:])
    return max(0, _left(second * ratio / (1 - ratio), ratio**2, close))


@exercise(
    "9.6",
    hints=(
        "Try heights whose gains grow: 0, 0.1, 0.3, 0.7. What are g, the ratio of two gains, and the estimated gap?",
        "What is g + g^2 + g^3 + ... if g is above 1? And what does the formula g / (1 - g) make of it?",
        "Only where g is below 1 does the estimate mean anything.",
    ),
    why="Where gains grow there is no series to add up. A rule that trusts the formula stops on a plateau, "
    "far below the top.",
    cases={
        "a run that slows down": (np.cumsum([0, *(0.1 * 0.95 ** np.arange(100))]), 0.05),
        "a run on a plateau": (np.cumsum([0, 0.02, 0.03, 0.06, 0.1, 0.08, 0.04, 0.02, 0.01, 0.005, 0.0025]), 0.015),
        "a plateau with tiny gains": (np.cumsum([0, 0.001, 0.002, 0.004, 0.009, 0.02, 0.01, 0.004, 0.001]), 0.005),
        "one that is near at once": (np.cumsum([0, 0.3, 0.003, 0.002, 0.001, 0.0005, 0.0002]), 0.01),
        "one that is never near enough": (np.cumsum([0, 0.3, 0.2, 0.15, 0.1]), 0.01),
    },
)
def stops_at(heights, close):
    for i in range(2, len(heights)):
        gain = heights[i] - heights[i - 1]
        g = gain / (heights[i - 1] - heights[i - 2])
        if g < 1 and gain * g / (1 - g) < close:
            return i
    return len(heights) - 1


def _first(near):
    """A rule that stops where `near(gain, g, close)` says so."""

    def rule(heights, close):
        gains = np.diff(heights)
        found = (i for i in range(2, len(heights)) if near(gains[i - 1], gains[i - 1] / gains[i - 2], close))
        return next(found, len(heights) - 1)

    return rule


@stops_at.mistake("untouched", "Where gains grow it stops at once, as the program did as it stood.")
def as_it_stood(heights, close):
    for i in range(2, len(heights)):
        gain = heights[i] - heights[i - 1]
        g = gain / (heights[i - 1] - heights[i - 2])
        if gain * g / (1 - g) < close:
            return i
    return len(heights) - 1


stops_at.mistake(
    "absolute",
    "On a plateau with tiny gains it still stops at once. What does the sum mean where gains grow?",
    _first(lambda gain, g, close: abs(gain * g / (1 - g)) < close),
)
stops_at.mistake(
    "gain only",
    "Now it stops where the *gain* is small. You saw what comes of that: the gap may be hundreds of times as large.",
    _first(lambda gain, g, close: gain < close),
)
stops_at.mistake(
    "gain only, when it shrinks",
    "It no longer stops on a plateau. But it looks at the gain alone, not at the gap.",
    _first(lambda gain, g, close: g < 1 and gain < close),
)
stops_at.mistake(
    "the last gain again",
    "It no longer stops on a plateau. But 1 / (1 - g) counts the last gain, too, and that is already won.",
    _first(lambda gain, g, close: g < 1 and gain / (1 - g) < close),
)
stops_at.mistake("never", "It never stops now, not even where the gap is small.", _first(lambda gain, g, close: False))


@stops_at.mistake("gives up", "It gives up at the first gain that grows. But the run goes on behind the plateau.")
def gives_up(heights, close):
    for i in range(2, len(heights)):
        gain, before = heights[i] - heights[i - 1], heights[i - 1] - heights[i - 2]
        if gain >= before:
            break
        if gain * gain / (before - gain) < close:
            return i
    return len(heights) - 1
