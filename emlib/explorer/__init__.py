"""The explorer: its state, which knows nothing of widgets, its picture, and its view."""

from .state import DATA, PRESETS, ExplorerState

__all__ = [
    "DATA",
    "ExplorerState",
    "PRESETS",
]
