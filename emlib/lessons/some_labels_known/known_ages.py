"""Incomes with hidden ages, and a slider that says how many ages are known."""

from numbers import Real

import ipywidgets as widgets

from ...checks import brief, whole_number
from ...page.widget import Talking, asks, button, deaf, row, wide
from .known_ages_picture import KnownAgesPicture
from .known_ages_state import KnownAgesState
from .pictures import AGES, check_groups


class KnownAges(Talking):
    """EM on simulated incomes, run again at every move of a slider from 0 % to 100 % of ages known.

    Parameters
    ----------
    truth : IncomeGroups
        Three groups that the people are drawn from.
    starts : dict of str to IncomeGroups
        Starts of EM to choose from, by their names. The first is chosen at the beginning.
    people : int, default 300
        How many people there are, 4 or more.
    share : int, default 0
        Per cent of ages known at the beginning.
    seed : int, default 0
        Of the first town; the next one has the next seed.
    projector : bool, default False
        Larger, for the last row of a lecture hall.
    """

    def __init__(self, truth, starts, people=300, share=0, seed=0, projector=False):
        if not isinstance(starts, dict) or not starts or not all(isinstance(name, str) for name in starts):
            raise ValueError(f"starts must name one start or more, as in {{'equal': theta}}; it is {brief(starts)}")
        for name, theta in [("truth", truth), *((f"start {name!r}", theta) for name, theta in starts.items())]:
            check_groups(name, theta)
        # As many distinct incomes as groups, and the likelihood would have no maximum.
        self.people = whole_number("people", people, least=len(AGES) + 1)
        self._seed = whole_number("seed", seed, least=0)
        if isinstance(share, bool) or not isinstance(share, Real) or share not in range(101):
            raise ValueError(f"share must be a whole number from 0 to 100; it is {share!r}")
        self._starts, share = dict(starts), int(share)
        sample = truth.sample(self.people, self._seed)
        first = next(iter(starts.values()))
        self.state = KnownAgesState(truth, first, sample, self._known(share))
        super().__init__()
        scale = self._size(projector)
        self._draw_with(*(KnownAgesPicture(self.state, times * scale) for times in (1, 2)))
        self.listening = True
        self.share = widgets.IntSlider(value=share, min=0, max=100, description="ages known (%)", layout=wide(34))
        self.share.style.description_width = "auto"
        beside = widgets.Layout(display="flex", align_items="center")  # else the label stands on a line of its own
        self.start_buttons = widgets.ToggleButtons(
            options=list(starts), description="start", layout=beside, style={"button_width": "auto"}
        )
        self.start_buttons.style.description_width = "auto"
        self.share.observe(self._changed, "value")
        self.start_buttons.observe(self._changed, "value")
        words = "Another town", "refresh", "Draw other people from the same groups"
        self.other_town = button(*words, self._move_on)
        self.children = [self.view, row(self.share, self.other_town), row(self.start_buttons)]
        self.add_class("emlib-known-ages")
        self._show()

    @property
    def start(self):
        """The start that is chosen."""
        return self._starts[self.start_buttons.value]

    def _known(self, share):
        return round(self.people * share / 100)

    @asks
    def _changed(self, _):
        if not self.listening:
            return
        try:
            self.state.show(self.start, self.state.sample, self._known(self.share.value))
        except ValueError:
            self._go_back()
            raise
        self._show()

    @asks
    def _move_on(self, _):
        sample = self.state.truth.sample(self.people, self._seed + 1)
        self.state.show(self.start, sample, self.state.known)
        self._seed += 1
        self._show()

    def _go_back(self):
        """Let the controls say what the picture shows."""
        with deaf(self):
            self.share.value, self.start_buttons.value = self._shown

    def _show(self):
        self._shown = self.share.value, self.start_buttons.value
        super()._show()

    def __repr__(self):
        return self.state.describe()
