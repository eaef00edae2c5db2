"""Incomes of which some ages are known, drawn live."""

import numpy as np

from ...page.live import MOVING, LivePicture
from ...page.picture import COLOURS, INK, MARKERS, TINTS, signed
from .known_ages_state import KnownAgesState
from .pictures import AGES, HEIGHT, _histogram, _income_ticks

LIMIT = 75  # per cent: errors beyond are drawn at the border


class KnownAgesPicture(LivePicture):
    """Incomes of people of whom the first few told their age, with EM's groups and the errors of their medians."""

    state: KnownAgesState
    height, colours = HEIGHT, (*COLOURS, *TINTS)

    def key(self):
        return self.state.sample.incomes.tolist()

    def moment(self, frame):
        return self.state

    def draw(self, figure):
        chart = figure.add_axes((0.07, 0.36, 0.54, 0.61))
        strip = figure.add_axes((0.07, 0.12, 0.54, 0.2))
        errors = figure.add_axes((0.705, 0.42, 0.285, 0.55))
        words = figure.add_axes((0.655, 0.01, 0.335, 0.17))
        words.set_axis_off()
        histogram = _histogram(chart, self.state.sample.incomes, AGES, self.state.truth, **MOVING)
        chart.tick_params(labelbottom=False)

        def bars(state):
            histogram(state.model, state.fit.theta)
            return ()

        return [(chart, bars), (strip, self._strip(strip, chart)), (errors, self._errors(errors)), (words, _numbers)]

    def _strip(self, axes, chart):
        unknown = len(AGES)
        axes.set(xscale="log", xlim=chart.get_xlim(), ylim=(unknown + 0.6, -0.6), xlabel="income (thousands a year)")
        axes.set_yticks([(unknown - 1) / 2, unknown], ["age\nknown", "not"], fontsize=9.5)
        axes.tick_params(axis="y", length=0)
        _income_ticks(axes)
        marks = [axes.plot([], [], MARKERS[g], color=COLOURS[g], ms=4.5, **MOVING)[0] for g in range(len(AGES))]
        marks += axes.plot([], [], "|", color=INK, ms=7, mew=0.8, **MOVING)

        def update(state):
            for row, mark in enumerate(marks):
                own = state.sample.incomes[state.model.labels == (row if row < unknown else -1)]
                mark.set_data(own, np.full(len(own), row))
            return ()

        return update

    def _errors(self, axes):
        axes.axhline(0, color=INK, ls=(0, (1, 2)), lw=1.8)
        places = np.arange(len(AGES))
        axes.set(xlim=(-0.5, len(AGES) - 0.5), ylim=(-LIMIT, LIMIT), ylabel="error of the median (%)")
        axes.set_xticks(places, AGES, fontsize=9.5)
        axes.grid(axis="y", color="#E5E5E5")
        fits = [axes.plot([], [], MARKERS[g], color=COLOURS[g], ms=10, clip_on=False, **MOVING)[0] for g in places]
        (counts,) = axes.plot([], [], "X", color="white", mec=INK, ms=10, clip_on=False, **MOVING)
        axes.plot([], [], "o", color=COLOURS[0], ms=8, label="EM on everybody")
        axes.plot([], [], "X", color="white", mec=INK, ms=8, label="counting known ages only")
        axes.legend(loc="upper left", bbox_to_anchor=(-0.2, -0.14), fontsize=9.5, borderaxespad=0)

        def update(state):
            em_errors, count_errors = (np.clip(e, -LIMIT, LIMIT) for e in state.errors())
            for place, mark, error in zip(places, fits, em_errors, strict=True):
                mark.set_data([place - 0.13], [error])
            counts.set_data(places + 0.13, count_errors)
            return ()

        return update


def _numbers(state):
    height = signed(f"{state.fit.log_likelihood:z.2f}")
    yield (0, 0.75), 10.5, "lm", f"{state.known} of {len(state.model.incomes)} ages known"
    yield (0, 0.4), 10.5, "lm", f"{state.fit.iteration} iterations of EM"
    yield (0, 0.05), 10.5, "lm", f"log-likelihood {height}"
