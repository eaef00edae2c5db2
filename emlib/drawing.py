"""The course's pictures, drawn by matplotlib. Every function returns a `Picture`; no global state is touched.

A picture carries a description that is made from the same numbers. It is the image's text alternative, and nbval
compares it, which it cannot do with the image.
"""

import io

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# Okabe and Ito's colours for colour-blind readers, the darker ones first; a marker and a line style as second cue.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
MARKERS = ("o", "s", "^", "D", "v", "P")
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
HATCHES = ("", "//", "..", "xx", "\\\\", "++")
GREY, INK = "#BBBBBB", "#222222"

STYLE = {
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
}
DPI = 100


class Picture:
    """A drawn figure with its description, shown by a notebook as a sharp image.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    description : str
        What the picture shows, with its numbers, for those who cannot see it and for the tests.
    """

    def __init__(self, figure: Figure, description: str):
        self.figure = figure
        self.description = description

    def __repr__(self):
        return self.description

    def png(self, scale: int = 2) -> bytes:
        """The picture as PNG, `scale` times as many pixels as it is wide on the page."""
        file = io.BytesIO()
        self.figure.savefig(file, format="png", dpi=DPI * scale)
        return file.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None):
        width = round(self.figure.get_figwidth() * DPI)
        data = {"text/plain": self.description, "image/png": self.png()}
        return data, {"image/png": {"width": width, "alt": self.description}}


def new_figure(width: float = 9, height: float = 3.5) -> Figure:
    """An empty figure with the course's style, to be used inside `with rc_context(STYLE)`."""
    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def outcomes(model, theta=None) -> Picture:
    """How many sequences had each number of heads, and how many a mixture expects.

    Parameters
    ----------
    model : BinomialMixture
        Sequences of equal length.
    theta : Coins, optional
        Draw the expected number of sequences per outcome under these coins, too.

    Returns
    -------
    Picture
    """
    tosses = int(model.tosses[0])
    with rc_context(STYLE):
        figure = new_figure()
        axes = figure.add_subplot()
        axes.bar(model.outcomes, model.occurrences, width=0.8, color=GREY, label="observed")
        observed = ", ".join(f"{x}: {c}" for x, c in zip(model.outcomes, model.occurrences, strict=True))
        description = f"Sequences per number of heads: {observed}."
        if theta is not None:
            expected = len(model.heads) * component_probabilities(theta, tosses) @ theta.weights
            name = "one coin expects" if len(theta) == 1 else f"{len(theta)} coins expect"
            axes.plot(range(tosses + 1), expected, "o-", color=INK, label=name)
            description += f" Expected: {', '.join(f'{value:.1f}' for value in expected)} for 0 to {tosses} heads."
        axes.set(xlabel=f"heads in {tosses} tosses", ylabel="sequences", xticks=range(tosses + 1), xlim=(-0.7, tosses + 0.7))
        axes.legend()
        return Picture(figure, description)


def component_probabilities(theta, tosses: int) -> np.ndarray:
    """Binomial probability of 0 to `tosses` heads for each coin, shape (tosses + 1, K)."""
    from .coins import BinomialMixture, Coins

    model = BinomialMixture(np.arange(tosses + 1), tosses)
    even = np.full(len(theta), 1 / len(theta))
    return np.exp(model._log_joint(Coins(even, theta.biases))) * len(theta)
