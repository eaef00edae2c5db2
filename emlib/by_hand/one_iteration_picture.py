"""One iteration as a picture: a sheet of numbers, of which some are hidden, and bars that colour along."""

import re

import numpy as np
from matplotlib.patches import PathPatch

from ..page.live import MOVING, Area, LivePicture, rectangles
from ..page.picture import COLOURS, GREY, HATCHES, INK, MARKERS
from ..words import mark, tr
from .one_iteration_sheet import E_STEP, STAGES, Cell
from .one_iteration_state import OneIterationState
from .outcomes import outcome_name

ROWS = 11  # in sight
LEFT, SPLIT, WIDE_SPLIT, RIGHT = 0.165, 0.585, 0.685, 0.985  # of the numbers, between them and the bars, of the bars
TOP, BOTTOM, HEADER = 0.68, 0.09, 0.74  # of the rows; above them
HIDDEN, RIGHT_GUESS = "#E3E3E3", "#93D7C2"
BARS = (
    mark("likelihoods"),
    mark("shortened by the weights"),
    mark("put end to end"),
    mark("stretched to 1"),
    mark("stretched to the occurrences"),
    mark("all columns of Table 6.2"),
    mark("all heads"),
    mark("stretched to 1"),
    mark("from the old bias to the new one"),
)
LIKELIHOOD, JOINT, MARGINAL, POSTERIOR, EXPECTED = range(E_STEP)


class OneIterationPicture(LivePicture):
    """The stage on show of a `OneIterationState`.

    Bars stand beside the rows: likelihoods, which the weights shorten; put end to end they are the marginal; stretched
    to 1 they are the posterior; stretched to the occurrences, the expected sequences. Those of a coin together are its
    count.
    """

    colours = *COLOURS, RIGHT_GUESS

    def __init__(self, state: OneIterationState, scale: float = 1):
        super().__init__(state, scale)
        self._coins = len(state.start)
        self._split = SPLIT if self._coins < 5 else WIDE_SPLIT
        self._width = (self._split - LEFT) / self._coins

    def draw(self, figure):
        self._axes = axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1))
        axes.set_axis_off()

        def patch(**look):
            return axes.add_patch(PathPatch(rectangles([]), **look, **MOVING))

        self.hidden, self.guessed = patch(color=HIDDEN, lw=0), patch(color=RIGHT_GUESS, lw=0)
        self.asked = patch(facecolor="white", edgecolor=INK, lw=2)
        self._wholes = patch(facecolor="#F2F2F2", edgecolor=GREY, lw=1)
        self.parts = [
            patch(facecolor=COLOURS[j], edgecolor="white", hatch=HATCHES[j], alpha=0.75, zorder=2)
            for j in range(self._coins)
        ]
        look = {"ls": "", "zorder": 3, "markeredgewidth": 2}
        self.old, self.new = (
            [
                axes.plot([], [], MARKERS[j], color=COLOURS[j], markerfacecolor=face or COLOURS[j], **look, **MOVING)[0]
                for j in range(self._coins)
            ]
            for face in ("white", None)
        )
        for j in range(self._coins):
            axes.plot([self._centre(j) - 0.04], [HEADER + 0.014], MARKERS[j], color=COLOURS[j], ms=9, zorder=3)
        return [(axes, self._update_to)]

    def _centre(self, coin):
        return LEFT + self._width * (coin + 0.5)

    def _rows(self, frame):
        """Which rows are in sight: around the one that is asked for; of the last four stages, these four."""
        if self.state.stage(frame) >= E_STEP:
            return range(E_STEP, len(STAGES))
        count = len(self.state.model.occurrences)
        now = (self.state.next(frame) or self.state.order[frame]).row
        first = min(max(0, now - ROWS // 2), max(0, count - ROWS))
        return range(first, min(count, first + ROWS))

    def _cells(self, frame):
        """The cells in sight, each with its box: left, right, bottom, top."""
        stage, rows = self.state.stage(frame), self._rows(frame)
        step = (TOP - BOTTOM) / max(len(rows), 4)
        gap = min(0.008, 0.06 * step)
        for place, row in enumerate(rows):
            top = TOP - place * step
            for coin in range(self._coins if stage != MARGINAL else 1):
                cell = Cell(row, 0, coin) if stage >= E_STEP else Cell(stage, row, coin)
                left = LEFT + self._width * coin
                right = self._split if stage == MARGINAL else left + self._width
                yield cell, (left + 0.004, right - 0.004, top - step + gap, top - gap)

    def areas(self, frame=0):
        state, open_cells, found = self.state, self.state.open_cells(frame), []
        for cell, (left, right, bottom, top) in self._cells(frame):
            corners = (left, bottom), (right, top)
            if cell in open_cells:
                found.append(Area(self._axes, *corners, f"{state.sum_of(cell)} = {state.written(cell)}"))
            elif cell.stage == state.stage(frame):
                found.append(Area(self._axes, *corners, hidden_name(state, cell), "press"))
        return found

    def _update_to(self, frame):
        state = self.state
        stage, open_cells = state.stage(frame), state.open_cells(frame)
        boxes, guessed = list(self._cells(frame)), open_cells & state.guessed
        size = 13 if self._coins < 5 else 11
        self.hidden.set_path(rectangles(box for cell, box in boxes if cell not in open_cells))
        self.guessed.set_path(rectangles(box for cell, box in boxes if cell in guessed))
        self.asked.set_path(rectangles(box for cell, box in boxes if cell == state.next(frame)))
        self._draw_bars(frame, boxes, open_cells)
        for cell, (left, right, bottom, top) in boxes:
            text = state.written(cell) if cell in open_cells else "?" if cell == state.next(frame) else ""
            yield ((left + right) / 2, (bottom + top) / 2), size, "mm", text
            if cell.coin == 0:
                name = outcome_name(state.model, cell.row) if stage < E_STEP else tr(STAGES[cell.stage].name)
                times = f" ×{state.model.occurrences[cell.row]}" if stage < E_STEP else ""
                room = min(13, 150 / len(name + times))  # points
                yield (LEFT - 0.015, (bottom + top) / 2), room, "rm", name + times
        known = {LIKELIHOOD: state.start.biases, JOINT: state.start.weights}.get(stage)
        for j in range(self._coins):
            text = tr("coin {coin}", coin=j + 1) if self._coins < 5 else f"{j + 1}"
            yield (self._centre(j) - 0.025, HEADER), 12, "ls", text
            if known is not None:
                sentence = mark("weight {value:.4g}") if stage else mark("bias {value:.4g}")
                text = tr(sentence, value=known[j]) if self._coins < 5 else f"{known[j]:.3g}"
                yield (self._centre(j), TOP + 0.012), 10.5, "ms", text
        yield (self._split + 0.015, HEADER), 12, "ls", tr(BARS[stage])
        yield (0.015, 0.935), 15, "ls", state.title(frame)
        yield (0.015, 0.868), 13, "ls", minus(state.last_line(frame))
        yield (0.015, 0.8), 13, "ls", minus(state.next_line(frame))
        yield (0.015, 0.03), 13, "ls", state.said(frame)

    def _draw_bars(self, frame, boxes, open_cells):
        """Every coin's part in every row, as far as it is known."""
        state, stage = self.state, self.state.stage(frame)
        left, width = self._split + 0.015, RIGHT - self._split - 0.015
        wholes, parts = [], [[] for _ in range(self._coins)]
        for marks in (*self.old, *self.new):
            marks.set_data([], [])
        longest = max(float(state.values[LIKELIHOOD].max()), 1e-300)
        rows = {cell.row if stage < E_STEP else cell.stage: box for cell, box in boxes}
        for index, (_, _, bottom, top) in rows.items():
            height = (top - bottom) / self._coins
            if stage <= MARGINAL and Cell(MARGINAL, index) not in open_cells:
                for j in range(self._coins):
                    lane = top - (j + 1) * height, top - j * height
                    for shown in (LIKELIHOOD, JOINT):
                        if Cell(shown, index, j) in open_cells:
                            end = left + width * state.values[shown][index, j] / longest
                            (parts[j] if shown == min(stage, JOINT) else wholes).append((left, end, *lane))
                continue
            if STAGES[index if stage >= E_STEP else 0].name == "bias":
                for j in range(self._coins if stage == index else 0):
                    middle = top - (j + 0.5) * height
                    old, new = (left + width * theta.biases[j] for theta in (state.start, state.after))
                    wholes.append((left, left + width, middle - 0.001, middle + 0.001))
                    self.old[j].set_data([old], [middle])
                    if Cell(stage, 0, j) in open_cells:
                        self.new[j].set_data([new], [middle])
                        parts[j].append((*sorted((old, new)), middle - 0.006, middle + 0.006))
                continue
            if stage >= E_STEP and index > stage:
                continue
            shares, source, whole = self._shares(stage, index, longest)
            wholes.append((left, left + width * whole, bottom, top))
            ends = left + width * whole * np.cumsum([0, *shares])
            for j in range(self._coins):
                cell = Cell(source, 0 if stage >= E_STEP else index, 0 if source == MARGINAL else j)
                if cell in open_cells:
                    parts[j].append((ends[j], ends[j + 1], bottom, top))
        self._wholes.set_path(rectangles(wholes))
        for patch, boxes_of_coin in zip(self.parts, parts, strict=True):
            patch.set_path(rectangles(boxes_of_coin))

    def _shares(self, stage, index, longest):
        """Of a row: the coins' shares of it, the stage that tells them, and how long it is as a whole."""
        state = self.state
        if stage >= E_STEP:
            values = state.values[index][0]
            return values / max(values.sum(), 1e-300), index, 1
        posterior = state.values[POSTERIOR][index]
        if stage == EXPECTED:
            return posterior, EXPECTED, state.model.occurrences[index] / state.model.occurrences.max()
        whole = 1 if stage == POSTERIOR else state.values[MARGINAL][index, 0] / longest
        return posterior, stage, whole


def hidden_name(state: OneIterationState, cell: Cell) -> str:
    """The name of a hidden cell, by which it is asked for."""
    stage = tr(STAGES[cell.stage].name)
    return tr("{stage} of {cell}: ask for it, then show it", stage=stage, cell=state.name(cell))


def minus(line: str) -> str:
    """A line with minus signs before its numbers."""
    return re.sub(r"-(?=[\d.])", "\N{MINUS SIGN}", line)
