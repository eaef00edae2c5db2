"""Everything that a reader can touch."""

from .by_hand.climb import AgainstEM, MStepByEye
from .by_hand.draw import DrawThenSee
from .by_hand.e_step import EStepByEye
from .by_hand.one_iteration import OneIteration
from .explorer.view import Explorer
from .landscape.view import Landscape
from .lessons.local_maxima.growing import AddACoin
from .lessons.some_labels_known.known_ages import KnownAges
from .lessons.why_em_climbs.bound import Bound
from .page.progress import Progress
from .page.switch import Switch

__all__ = [
    "AddACoin",
    "AgainstEM",
    "Bound",
    "DrawThenSee",
    "EStepByEye",
    "Explorer",
    "KnownAges",
    "Landscape",
    "MStepByEye",
    "OneIteration",
    "Progress",
    "Switch",
]
