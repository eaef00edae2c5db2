"""Everything that a reader can touch."""

from .explorer.view import Explorer
from .landscape.view import Landscape
from .lessons.local_maxima.growing import AddACoin
from .lessons.some_labels_known.known_ages import KnownAges
from .lessons.why_em_climbs.bound import Bound
from .page.progress import Progress
from .page.switch import Switch

__all__ = ["AddACoin", "Bound", "Explorer", "KnownAges", "Landscape", "Progress", "Switch"]
