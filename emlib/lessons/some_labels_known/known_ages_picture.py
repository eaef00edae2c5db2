"""Incomes of which some ages are known, drawn live."""

import numpy as np

from ...algorithm import em
from ...checks import instance, whole_number
from ...landscape.picture import TINTS
from ...models.incomes import IncomeMixture, IncomeSample
from ...page.live import MOVING, LivePicture
from ...page.picture import COLOURS, INK, MARKERS, signed
from .pictures import AGES, HEIGHT, _check_groups, _histogram, _income_ticks

LIMIT = 75  # per cent: errors beyond are drawn at the border


class KnownAgesPicture(LivePicture):
    """Incomes of people of whom the first few told their age, with EM's groups and the errors of their medians.

    Parameters
    ----------
    truth : IncomeGroups
        Three groups that the people were drawn from.
    start : IncomeGroups
        Where EM starts.
    sample : IncomeSample
        The people.
    known : int
        How many of them told their age: the first ones.
    names : sequence of str
        The names of the groups.
    scale : float, default 1
        As in `LivePicture`.

    Attributes
    ----------
    model : IncomeMixture
    fit : Step
        The last step of EM on everybody.
    counted : numpy.ndarray, shape (K,)
        Medians by counting those who told their age, and nobody else; nan where nobody of the group did.

    Raises
    ------
    ValueError
        If truth and start have not as many groups as there are names, `known` is more than all people, or EM cannot
        fit the groups.
    """

    def __init__(self, truth, start, sample: IncomeSample, known: int, names=AGES, scale: float = 1):
        super().__init__(HEIGHT, (*COLOURS, *TINTS), scale)
        self.truth, self.names = truth, tuple(names)
        _check_groups("truth", truth, self.names)
        self.show(start, sample, known)

    def show(self, start, sample, known) -> None:
        """Run EM again, from another start, on other people, or with more or fewer ages known.

        Nothing changes if it cannot be run.
        """
        _check_groups("start", start, self.names)
        instance("sample", sample, IncomeSample)
        known = whole_number("known", known, least=0)
        if known > len(sample.labels):
            raise ValueError(f"known must be at most {len(sample.labels)}, the number of people; it is {known}")
        labels = np.where(np.arange(len(sample.labels)) < known, sample.labels, -1)
        model = IncomeMixture(sample.incomes, labels)
        *_, fit = em(model, start, 500, tolerance=1e-5)
        self.start, self.sample, self.known, self.model, self.fit = start, sample, known, model, fit
        told, logs = sample.labels[:known], np.log(sample.incomes[:known])
        counts, sums = (np.bincount(told, weights, len(self.names)) for weights in (None, logs))
        with np.errstate(invalid="ignore"):
            self.counted = np.exp(sums / counts)

    def key(self):
        return self.sample.incomes.tolist()

    def moment(self, frame):
        return self

    def draw(self, figure):
        chart = figure.add_axes((0.07, 0.36, 0.54, 0.61))
        strip = figure.add_axes((0.07, 0.12, 0.54, 0.2))
        errors = figure.add_axes((0.705, 0.42, 0.285, 0.55))
        words = figure.add_axes((0.655, 0.01, 0.335, 0.17))
        words.set_axis_off()
        histogram = _histogram(chart, self.sample.incomes, self.names, self.truth, **MOVING)
        chart.tick_params(labelbottom=False)

        def bars(picture):
            histogram(picture.model, picture.fit.theta)
            return ()

        return [(chart, bars), (strip, self._strip(strip, chart)), (errors, self._errors(errors)), (words, _numbers)]

    def _strip(self, axes, chart):
        unknown = len(self.names)
        axes.set(xscale="log", xlim=chart.get_xlim(), ylim=(unknown + 0.6, -0.6), xlabel="income (thousands a year)")
        axes.set_yticks([(unknown - 1) / 2, unknown], ["age\nknown", "not"], fontsize=9.5)
        axes.tick_params(axis="y", length=0)
        _income_ticks(axes)
        marks = [axes.plot([], [], MARKERS[g], color=COLOURS[g], ms=4.5, **MOVING)[0] for g in range(len(self.names))]
        marks += axes.plot([], [], "|", color=INK, ms=7, mew=0.8, **MOVING)

        def update(picture):
            for row, mark in enumerate(marks):
                own = picture.sample.incomes[picture.model.labels == (row if row < unknown else -1)]
                mark.set_data(own, np.full(len(own), row))
            return ()

        return update

    def _errors(self, axes):
        axes.axhline(0, color=INK, ls=(0, (1, 2)), lw=1.8)
        places = np.arange(len(self.names))
        axes.set(xlim=(-0.5, len(self.names) - 0.5), ylim=(-LIMIT, LIMIT), ylabel="error of the median (%)")
        axes.set_xticks(places, self.names, fontsize=9.5)
        axes.grid(axis="y", color="#E5E5E5")
        fits = [axes.plot([], [], MARKERS[g], color=COLOURS[g], ms=10, clip_on=False, **MOVING)[0] for g in places]
        (counts,) = axes.plot([], [], "X", color="white", mec=INK, ms=10, clip_on=False, **MOVING)
        axes.plot([], [], "o", color=COLOURS[0], ms=8, label="EM on everybody")
        axes.plot([], [], "X", color="white", mec=INK, ms=8, label="counting known ages only")
        axes.legend(loc="upper left", bbox_to_anchor=(-0.2, -0.14), fontsize=9.5, borderaxespad=0)

        def update(picture):
            em_errors, count_errors = (np.clip(e, -LIMIT, LIMIT) for e in picture.errors())
            for place, mark, error in zip(places, fits, em_errors, strict=True):
                mark.set_data([place - 0.13], [error])
            counts.set_data(places + 0.13, count_errors)
            return ()

        return update

    def errors(self):
        """Errors of the medians in per cent, of EM on everybody and of counting; nan where nothing was counted."""
        return [100 * (medians / self.truth.medians - 1) for medians in (self.fit.theta.medians, self.counted)]

    def describe(self) -> str:
        """What the picture shows, in words."""
        by_em, by_counting = (
            ", ".join("none" if np.isnan(value) else f"{value:.1f}" for value in medians)
            for medians in (self.fit.theta.medians, self.counted)
        )
        return (
            f"{self.known} of {len(self.model.incomes)} ages known. Medians of {', '.join(self.names)}: by EM {by_em}, "
            f"by counting {by_counting}; true {', '.join(f'{median:g}' for median in self.truth.medians)}"
        )


def _numbers(picture):
    height = signed(f"{picture.fit.log_likelihood:.2f}")
    yield (0, 0.75), 10.5, "lm", f"{picture.known} of {len(picture.model.incomes)} ages known"
    yield (0, 0.4), 10.5, "lm", f"{picture.fit.iteration} iterations of EM"
    yield (0, 0.05), 10.5, "lm", f"log-likelihood {height}"
