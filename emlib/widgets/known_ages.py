"""Incomes with hidden ages, and a slider that says how many ages are known."""

import ipywidgets as widgets

from ..drawing.labels import AGES, KnownAgesPicture
from .common import Talking, asks, button, callback, picture_frame, row, wide


class KnownAges(Talking):
    """EM on simulated incomes, run again at every move of a slider from 0 % to 100 % of ages known.

    Parameters
    ----------
    truth : IncomeGroups
        Three groups that the people are drawn from.
    starts : dict of str to IncomeGroups
        Starts of EM to choose from, by their names. The first is chosen at the beginning.
    people : int, default 300
        How many people there are.
    share : int, default 0
        Per cent of ages known at the beginning.
    seed : int, default 0
        Of the first town; the next one has the next seed.

    Raises
    ------
    ValueError
        If there are not three groups in the truth and in every start, if there is no start, or if `people` or `share`
        is out of range.
    """

    def __init__(self, truth, starts, people=300, share=0, seed=0):
        super().__init__()
        if not starts:
            raise ValueError(f"starts must name one start or more; it is {starts!r}")
        for name, theta in {"truth": truth, **starts}.items():
            if len(theta) != len(AGES):
                raise ValueError(f"truth and starts must have {len(AGES)} groups; {name!r} has {len(theta)}")
        if share not in range(101):
            raise ValueError(f"share must be a whole number from 0 to 100; it is {share!r}")
        self._starts, self._people, self._seed = dict(starts), people, seed
        sample = truth.sample(people, seed)
        self._share = widgets.IntSlider(value=share, min=0, max=100, description="ages known (%)", layout=wide(34))
        self._share.style.description_width = "auto"
        beside = widgets.Layout(display="flex", align_items="center")  # else the label stands on a line of its own
        self._start = widgets.ToggleButtons(
            options=list(starts), description="start", layout=beside, style={"button_width": "auto"}
        )
        self._start.style.description_width = "auto"
        self.picture = KnownAgesPicture(truth, self.start, sample, self._known())
        self._image = picture_frame()
        self._share.observe(self._changed, "value")
        self._start.observe(self._changed, "value")
        other = button("Another town", "refresh", "Draw other people from the same groups", self._other_town)
        self.children = [self._style, self._image, self._message, row(self._share, other), row(self._start)]
        self.add_class("emlib-known-ages")
        self._show()

    @property
    def start(self):
        """The start that is chosen."""
        return self._starts[self._start.value]

    def _known(self):
        return round(self._people * self._share.value / 100)

    @asks
    def _changed(self, _):
        self._run(self.picture.sample)

    @callback
    def _other_town(self, _):
        self._seed += 1
        self._run(self.picture.truth.sample(self._people, self._seed))

    def _run(self, sample):
        self.picture.show(self.start, sample, self._known())
        self._show()

    def _show(self):
        self._image.value = self.picture.png()
        self._say(self.picture.describe(), role="status")

    def _still(self):
        shown = self.picture
        return KnownAgesPicture(shown.truth, shown.start, shown.sample, shown.known, scale=2).png()

    def __repr__(self):
        return self.picture.describe()
