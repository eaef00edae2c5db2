"""What the explorer shows, apart from how: the data, the start, EM's run from it, and the moment on show."""

import csv
import io
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from traitlets import Any, Bool, HasTraits, Instance, Int, TraitType, Tuple, Unicode, observe, validate

from .. import chapter
from ..algorithm import Step
from ..beyond.acceleration import squarem
from ..beyond.many_starts import em_path
from ..checks import brief, listed, tally, yes_or_no
from ..coins import BinomialMixture, Coins, ImpossibleData
from ..data import CHAPTER, DATA, SIMULATED, SUMMITS
from ..page.shares import share_from_0_to_1, with_border, with_share
from ..words import mark, nats, tr
from . import typed

MOST_COINS, MOST_TOSSES, MOST_SEQUENCES, MOST_ITERATIONS = 6, 100, 100_000, 500


@lru_cache
def data_set(name: str, learn_weights: bool = True) -> BinomialMixture:
    """A data set of `DATA`."""
    return BinomialMixture(DATA[name], 10, learn_weights)


class Preset(NamedTuple):
    """A start worth trying.

    Attributes
    ----------
    question : str
        One sentence to think about before EM runs.
    start : Coins
    data : str
        The name of a data set in `DATA`.
    """

    question: str
    start: Coins
    data: str = CHAPTER


PRESETS = {
    mark("The chapter's start"): Preset(mark("Where will each coin be after 30 iterations?"), chapter.start),
    mark("All coins equal"): Preset(
        mark("Nothing tells these coins apart. What can EM learn about them?"), Coins([0.2, 0.3, 0.5], [0.7, 0.7, 0.7])
    ),
    mark("Almost equal"): Preset(
        mark("Three different coins made the data. How long until these part?"),
        Coins([1 / 3, 1 / 3, 1 / 3], [0.49, 0.5, 0.51]),
        SIMULATED,
    ),
    mark("One coin missing"): Preset(
        mark("Coin 3 has weight 0. Can it ever come back?"), Coins([0.5, 0.5, 0], [0.2, 0.5, 0.8]), SIMULATED
    ),
    mark("Coins swapped"): Preset(
        mark("Coins 1 and 3 trade places. What changes at the end, and what does not?"),
        Coins([0.25, 0.5, 0.25], [0.65, 0.5, 0.4]),
    ),
    mark("Certain coins: 0 and 1"): Preset(
        mark("Coin 1 never shows heads, coin 3 always. Can they ever move?"),
        Coins([0.2, 0.6, 0.2], [0, 0.5, 1]),
        SUMMITS,
    ),
    mark("Far apart"): Preset(
        mark("Three very different coins, and the chapter's data. Will they stay apart?"),
        Coins([1 / 3, 1 / 3, 1 / 3], [0.05, 0.5, 0.95]),
    ),
    mark("Two summits: one side"): Preset(
        mark("Two coins start high. Does each find sequences of its own?"),
        Coins([0.4, 0.3, 0.3], [0.3, 0.8, 0.95]),
        SUMMITS,
    ),
    mark("Two summits: the other"): Preset(
        mark("Two coins start low. Same log-likelihood as from the other side?"),
        Coins([0.3, 0.3, 0.4], [0.05, 0.3, 0.8]),
        SUMMITS,
    ),
}
"""Name of a preset to its start, its data and its question."""


SENTENCES = {
    "start": mark("Start: biases {biases}; weights {weights}; log-likelihood {now}"),
    "climb": mark("Start: biases {biases}; weights {weights}; log-likelihood {now}, climbs to {top}"),
    "E": mark("Iteration {iteration}, E-step: biases {biases}; weights {weights}; log-likelihood {now}"),
    "M": mark("Iteration {iteration}, M-step: biases {biases}; weights {weights}; log-likelihood {now}"),
}


class Moment(NamedTuple):
    """One half-step of a run.

    Attributes
    ----------
    iteration : int
    half : str
        "start", "E" (the sequences have just been given to the coins) or "M" (the coins have just moved).
    step : Step
        The parameters on show. In the E half they are still those of the iteration before.
    came_from : Coins
        Where the coins were before this half-step.
    posterior : numpy.ndarray or None, shape (M, K)
        The posterior of the latest E-step for every distinct outcome; None at the start.
    """

    iteration: int
    half: str
    step: Step
    came_from: Coins
    posterior: np.ndarray | None


class Run(Sequence):
    """The steps of a run of EM. Its numbers are there at once, and a step is made when it is asked for.

    Attributes
    ----------
    weights, biases : numpy.ndarray, shape (iterations + 1, K)
    log_likelihoods : numpy.ndarray, shape (iterations + 1,)
    """

    def __init__(self, model: BinomialMixture, start: Coins, iterations: int):
        self._start = start
        self.weights, self.biases, self.log_likelihoods = em_path(model, start, iterations)

    def __len__(self):
        return len(self.log_likelihoods)

    def __getitem__(self, number):
        number = range(len(self))[number]
        theta = Coins(self.weights[number], self.biases[number]) if number else self._start
        return Step(number, theta, None, float(self.log_likelihoods[number]))


class Before(NamedTuple):
    """What a state showed before the coins of a later moment became the start, or the data were changed by hand."""

    model: BinomialMixture
    start: Coins
    data: str
    labels: np.ndarray | None
    kept: tuple


class ExplorerState(HasTraits):
    """Data, start and position of an explorer. Changing data or start runs EM again and goes back to the start.

    Traits
    ------
    data : str
        The name of a data set in `DATA`, or "your data".
    model : BinomialMixture
    start : Coins
        One to six coins. A new state takes the name of one of the `PRESETS`, too, which brings its data.
    iterations : int
        How many iterations a run has, 1 to 500.
    frame : int
        The moment on show: 0 is the start, 2 l - 1 the E half of iteration l, 2 l its M half.
    steps : Run
        The whole run; empty where the data are impossible under the start.
    problem : str
        Why there is no run, in words; empty if there is one.
    labels : numpy.ndarray or None, shape (N,)
        The true coin of every sequence, for data that were simulated here.
    reveal : bool
        Colour the sequences by their true coins, where these are known.
    kept : tuple of Run
        Earlier runs to compare with.
    ahead : bool
        Draw the run to its end, and not only to the present moment.
    run : int
        Grows with every new run.
    earlier : tuple of Before
        What `as_before` brings back, the latest last.
    room : int
        For how many sequences of one outcome a picture has room. It rests while the data are changed by hand.
    """

    data = Unicode()
    model = Instance(BinomialMixture, allow_none=True)
    start = Instance(Coins, allow_none=True)
    iterations = TraitType(30)
    frame = TraitType(0)
    steps = Any(())
    problem = Unicode()
    labels = Instance(np.ndarray, allow_none=True)
    reveal = Bool(False)
    kept = Tuple()
    ahead = Bool(True)
    run = Int()
    earlier = Tuple()
    room = Int()

    def __init__(self, model=None, start=None, iterations: int = 30, ahead: bool = True):
        super().__init__()
        self.iterations, self.ahead = iterations, yes_or_no("ahead", ahead)
        if isinstance(start, str):
            preset = PRESETS[one_of("start", start, PRESETS)]
        else:
            preset = Preset("", chapter.start if start is None else start)
        if model is None:
            self.show(data_set(preset.data), preset.start, preset.data)
        else:
            self.show(model, preset.start)

    @validate("iterations", "frame")
    def _in_range(self, proposal):
        name = proposal.trait.name
        least, most = (1, MOST_ITERATIONS) if name == "iterations" else (0, self.frames - 1)
        return within(name, proposal.value, least, most)

    @property
    def frames(self) -> int:
        """How many moments a run has."""
        return 2 * self.iterations + 1

    @property
    def tosses(self) -> int:
        """Tosses in each sequence."""
        return int(self.model.tosses[0])

    def show(self, model: BinomialMixture, start: Coins, data="your data", labels=None) -> None:
        """Run EM on other data.

        Parameters
        ----------
        model : BinomialMixture
            Sequences of equal length, of up to 100 tosses.
        start : Coins
            One to six coins.
        data : str
            The name of the data.
        labels : array_like of int, shape (N,), optional
            The true coin of every sequence.

        Raises
        ------
        TypeError, ValueError
            If the explorer cannot draw such data or so many coins. Nothing changes then.
        """
        _check_data(model, labels)
        if not isinstance(start, Coins):
            raise TypeError(
                "start must be Coins, as in Coins(weights=[0.5, 0.5], biases=[0.2, 0.8]), or for a new explorer the "
                f"name of a preset; it is {brief(start)}"
            )
        if len(start) > MOST_COINS:
            raise ValueError(f"the explorer has room for 1 to {MOST_COINS} coins; the start has {len(start)}")
        with self.hold_trait_notifications():
            if model is not self.model:
                self.data, self.kept = data, ()
                self.labels, self.reveal = None if labels is None else np.asarray(labels), False
                self.earlier, self.room = (), int(model.occurrences.max())
            self.model, self.start = model, start
            self._run()

    def choose_data(self, name: str) -> None:
        """Show a data set of `DATA` with the present start."""
        one_of("name", name, DATA)
        self.show(data_set(name, self.model.learn_weights), self.start, name)

    def choose_preset(self, name: str) -> None:
        """Show the data and the start of a preset."""
        preset = PRESETS[one_of("name", name, PRESETS)]
        same = self.data == preset.data
        model = self.model if same else data_set(preset.data, self.model.learn_weights)
        self.show(model, preset.start, preset.data)

    def simulate(self, sequences: int, tosses: int, seed: int) -> None:
        """Toss the coins of the present start, and show what comes."""
        sequences = within("sequences", sequences, 1, MOST_SEQUENCES)
        tosses = within("tosses", tosses, 1, MOST_TOSSES)
        sample = self.start.sample(sequences, tosses, within("seed", seed, 0, 2**53))
        self.show(BinomialMixture(sample.heads, tosses, self.model.learn_weights), self.start, labels=sample.labels)

    def read(self, text: str, tosses: int) -> None:
        """Show data that a reader typed: numbers of heads, or sequences as HHT.

        Raises
        ------
        ValueError
            If there is something else, or more heads than `tosses`. Nothing changes then.
        """
        tosses = within("tosses", tosses, 1, MOST_TOSSES)
        heads, tosses = typed.sequences(text, tosses, MOST_TOSSES)
        self.show(BinomialMixture(heads, tosses, self.model.learn_weights), self.start)

    def read_weights(self, text: str) -> None:
        """Start with exactly the weights that a reader typed, as in 0.2 0.3 0.5 or 0,2 0,3 0,5."""
        self.show(self.model, Coins(typed.weights(text, len(self.start)), self.start.biases))

    def read_biases(self, text: str) -> None:
        """Start with exactly the biases that a reader typed."""
        self.show(self.model, Coins(self.start.weights, typed.numbers("biases", text, len(self.start))))

    def start_from(self, frame: int) -> None:
        """Make the coins of a moment the start; `as_before` takes that back."""
        if frame and not self.problem:
            theta = self.moment(frame).step.theta
            self.earlier = (*self.earlier, self._before())
            self.show(self.model, theta)

    @property
    def counts(self) -> np.ndarray:
        """How many sequences have each number of heads, shape (tosses + 1,)."""
        return tally(self.model.distinct_heads, self.model.occurrences, self.tosses + 1).astype(int)

    def set_count(self, heads: int, sequences: int) -> None:
        """Change the data: let so many sequences have this number of heads; `as_before` takes that back.

        Raises
        ------
        ValueError
            If that would leave no sequence.
        """
        counts = self.counts
        heads = within("heads", heads, 0, self.tosses)
        others = int(counts.sum() - counts[heads])
        counts[heads] = within("sequences", sequences, int(others == 0), MOST_SEQUENCES - others)
        if counts[heads] == self.counts[heads]:
            return
        earlier, room = self.earlier, self.room
        if not earlier or earlier[-1].model is self.model:  # the first change of these data
            earlier = (*earlier, self._before())
        outcomes = np.arange(self.tosses + 1)
        changed = BinomialMixture(outcomes, self.tosses, self.model.learn_weights, occurrences=counts)
        with self.hold_trait_notifications():
            self.show(changed, self.start)
            self.earlier, self.room = earlier, room

    def settle(self) -> bool:
        """Give the data the room that they need; whether that changed anything."""
        room, self.room = self.room, int(self.model.occurrences.max())
        return room != self.room

    def as_before(self) -> None:
        """Go back to what was, if there is something."""
        if self.earlier:
            *earlier, before = self.earlier
            with self.hold_trait_notifications():
                self.show(before.model, before.start, before.data, before.labels)
                self.kept, self.earlier = before.kept, tuple(earlier)

    def _before(self):
        return Before(self.model, self.start, self.data, self.labels, self.kept)

    def set_bias(self, coin: int, bias: float) -> None:
        """Start with another bias of one coin, counted from 0."""
        coin = within("coin", coin, 0, len(self.start) - 1)
        biases = self.start.biases.copy()
        biases[coin] = share_from_0_to_1("bias", bias)
        self.show(self.model, Coins(self.start.weights, biases))

    def set_weight(self, coin: int, weight: float) -> None:
        """Start with another weight of one coin; the others share what is left, in their old proportions."""
        coin = within("coin", coin, 0, len(self.start) - 1)
        weights = with_share(self.start.weights, coin, share_from_0_to_1("weight", weight))
        self.show(self.model, Coins(weights, self.start.biases))

    def set_border(self, coin: int, place: float) -> None:
        """Start with another border between the weights of a coin, counted from 0, and the next one.

        Weights lie side by side from 0 to 1; `place` is where the border is. It pushes the borders that it meets along.
        """
        coin = within("coin", coin, 0, len(self.start) - 2)
        self.show(self.model, Coins(with_border(self.start.weights, coin, place), self.start.biases))

    def set_coins(self, number: int) -> None:
        """Start with more or fewer coins: a new one comes in the widest gap, the last one goes first."""
        number = within("number", number, 1, MOST_COINS)
        weights, biases = list(self.start.weights), list(self.start.biases)
        while len(biases) < number:
            edges = np.sort([0, *biases, 1])
            widest = np.argmax(np.diff(edges))
            biases.append(round(float(edges[widest : widest + 2].mean()), 2))
            weights = [*(w * len(weights) / (len(weights) + 1) for w in weights), 1 / (len(weights) + 1)]
        weights, biases = np.array(weights[:number]), biases[:number]
        total = weights.sum()
        self.show(self.model, Coins(weights / total if total else np.full(number, 1 / number), biases))

    def keep(self) -> None:
        """Keep the present run to compare with."""
        if self.steps:
            self.kept = (*self.kept, self.steps)

    def moment(self, frame: int) -> Moment:
        """The moment at a frame; a run that ended early rests at its last step."""
        frame = within("frame", frame, 0, self.frames - 1)
        if self.problem:
            raise ValueError(f"there is no run to look at: {self.problem}")
        last = len(self.steps) - 1
        step = self.steps[min(frame // 2, last)]
        if frame == 0:
            return Moment(0, "start", step, step.theta, None)
        before = self.steps[min((frame - 1) // 2, last)].theta
        posterior = self.model.responsibilities(before)
        return Moment((frame + 1) // 2, "EM"[frame % 2 == 0], step, before, posterior)

    def true_shares(self) -> np.ndarray:
        """Which share of each distinct outcome truly came from each coin, shape (M, K)."""
        if self.labels is None:
            raise ValueError("the true coins must be known; they are of data that were simulated here")
        own = self.labels[:, None] == np.arange(len(self.start))
        return np.array([own[self.model.heads == outcome].mean(axis=0) for outcome in self.model.distinct_heads])

    @observe("iterations")
    def _rerun(self, _):
        if self.model is not None:
            self._run()

    def _run(self):
        try:
            steps, problem = self._find_steps(), ""
        except ImpossibleData as error:
            sentence = mark("These coins cannot give {heads} heads in {tosses} tosses, as the data have it")
            steps, problem = (), tr(sentence, heads=error.heads, tosses=error.tosses)
        with self.hold_trait_notifications():
            self.frame, self.problem, self.steps = 0, problem, steps
            self.run += 1

    def _find_steps(self):
        return Run(self.model, self.start, self.iterations)

    def describe(self, frame: int) -> str:
        """What the picture at a frame shows, in one sentence."""
        if self.problem:
            return self.problem
        moment = self.moment(frame)
        sentence = SENTENCES["climb" if frame == 0 and self.ahead else moment.half]
        theta = moment.step.theta
        now, top = (nats(step.log_likelihood) for step in (moment.step, self.steps[-1]))
        coins = {"biases": listed(theta.biases), "weights": listed(theta.weights)}
        return tr(sentence, iteration=moment.iteration, **coins, now=now, top=top)

    def to_dict(self) -> dict:
        """All that is in sight, in words and numbers that JSON can hold."""
        theta, model = self.start, self.model
        found = {name: getattr(self, name) for name in ("data", "iterations", "frame", "ahead", "reveal")}
        found |= {"weights": theta.weights.tolist(), "biases": theta.biases.tolist()}
        found["kept"] = [
            [run[0].theta.weights.tolist(), run[0].theta.biases.tolist(), len(run) - 1] for run in self.kept
        ]
        found["learn_weights"] = model.learn_weights
        if self.labels is not None:
            found |= {"tosses": self.tosses, "heads": model.heads.tolist(), "labels": self.labels.tolist()}
        elif self.data not in DATA:
            found |= {"tosses": self.tosses, "heads": model.distinct_heads.tolist()}
            found["occurrences"] = model.occurrences.tolist()
        return found

    def restore(self, found: dict) -> None:
        """Show what `to_dict` told."""
        if "heads" in found:
            data = found["heads"], found["tosses"], found["learn_weights"]
            model = BinomialMixture(*data, occurrences=found.get("occurrences"))
        else:
            model = data_set(one_of("data", found["data"], DATA), found["learn_weights"])
        start = Coins(found["weights"], found["biases"])
        kept = ((Coins(weights, biases), iterations) for weights, biases, iterations in found["kept"])
        kept = tuple(Run(model, theta, iterations) for theta, iterations in kept)
        self.iterations, self.ahead = found["iterations"], yes_or_no("ahead", found["ahead"])
        self.show(model, start, found["data"], found.get("labels"))
        self.reveal, self.kept, self.frame = yes_or_no("reveal", found["reveal"]), kept, found["frame"]

    def csv(self) -> str:
        """The run as comma-separated values: a row for every iteration."""
        coins = range(1, len(self.start) + 1)
        file = io.StringIO()
        writer = csv.writer(file)
        writer.writerow(["iteration", *(f"weight_{j}" for j in coins), *(f"bias_{j}" for j in coins), "log_likelihood"])
        for step in self.steps:
            theta = step.theta
            writer.writerow([step.iteration, *theta.weights.tolist(), *theta.biases.tolist(), step.log_likelihood])
        return file.getvalue()


@lru_cache(maxsize=8)  # the run on show, and those that are kept
def end_of_climb(model: BinomialMixture, run: Run) -> float:
    """The log-likelihood in nats to which EM leads from the last step of a run, by leaps."""
    last = run[-1]
    *_, end = squarem(model, last.theta, 1000, tolerance=1e-13)
    return max(end.log_likelihood, last.log_likelihood)


def _check_data(model, labels):
    if not isinstance(model, BinomialMixture):
        shown = brief(model)
        if isinstance(model, Coins):
            remedy = "; coins are the start: write start=Coins(...)"
        elif isinstance(model, Iterable) and not isinstance(model, str):
            remedy = f": write BinomialMixture({shown}, tosses=10)"
        else:
            remedy = ", as in BinomialMixture([3, 4, 5, 6], tosses=10)"
        raise TypeError(f"model must be a BinomialMixture; it is {shown}{remedy}")
    if np.ptp(model.tosses) > 0 or model.tosses[0] > MOST_TOSSES:
        least, most = model.tosses.min(), model.tosses.max()
        raise ValueError(
            f"model must have sequences of equal length, of {MOST_TOSSES} tosses or fewer, to be drawn; "
            f"it has {most if least == most else f'{least} to {most}'} tosses"
        )
    if labels is not None and np.shape(labels) != model.heads.shape:
        raise ValueError(f"labels must be {len(model.heads)}, one per sequence; their shape is {np.shape(labels)}")


def within(name: str, value, least: int, most: int) -> int:
    """`value` as an int; ValueError if it is no whole number of the range."""
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole and not (isinstance(value, (float, np.floating)) and value.is_integer()):
        raise ValueError(f"{name} must be a whole number from {least} to {most}; it is {brief(value)}")
    if not least <= value <= most:
        raise ValueError(f"{name} must be from {least} to {most}; it is {int(value)}")
    return int(value)


def one_of(name: str, value, allowed) -> str:
    """`value`; ValueError if it is none of the allowed names."""
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, allowed))}; it is {value!r}")
    return value


def some_of(name: str, values, allowed, least: int = 0) -> tuple[str, ...]:
    """Names, or a single one, as a tuple; ValueError if one is not allowed, or there are fewer than `least`."""
    values = (values,) if isinstance(values, str) or not isinstance(values, Iterable) else tuple(values)
    wrong = [value for value in values if not isinstance(value, str) or value not in allowed]
    if wrong or len(values) < least:
        found = f"one of them is {brief(wrong[0])}" if wrong else "there are none"
        raise ValueError(f"{name} must be some of {', '.join(allowed)}; {found}")
    return values
