"""A switch between pictures."""

import ipywidgets as widgets

from ..checks import brief, instance
from .picture import Picture
from .widget import Whole


class Switch(Whole, widgets.VBox):
    """Several pictures, one in sight at a time; buttons change it in the page, without the kernel.

    Parameters
    ----------
    pictures : dict of str to Picture
        The name on the button, and the picture. The first is shown at the beginning and where there is no kernel.
    """

    def __init__(self, pictures):
        if not isinstance(pictures, dict) or not pictures or not all(isinstance(name, str) for name in pictures):
            raise ValueError(f"pictures must name one picture or more, as in {{'A': picture}}; it is {brief(pictures)}")
        for name, picture in pictures.items():
            instance(f"picture {name!r}", picture, Picture)
        self._pictures = list(pictures.values())
        self.buttons = widgets.ToggleButtons(options=list(pictures), style={"button_width": "auto"})
        self.stack = widgets.Stack([widgets.HTML(picture.html()) for picture in pictures.values()], selected_index=0)
        self.aside = [widgets.jslink((self.buttons, "index"), (self.stack, "selected_index"))]
        super().__init__(children=[self.buttons, self.stack])

    def savefig(self, path) -> None:
        """Write the picture in sight as SVG, PDF or PNG, as the name of the file ends; its words go with it."""
        self._pictures[self.buttons.index].savefig(path)

    def __repr__(self):
        return repr(self._pictures[self.buttons.index])

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = self._pictures[0]._repr_mimebundle_()
        return super()._repr_mimebundle_(**kwargs) | data, metadata
