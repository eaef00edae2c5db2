"""What a reader can touch: thin layouts over states that know nothing of widgets."""

from .bound import Bound
from .explorer import Explorer
from .known_ages import KnownAges
from .landscape import AddACoin, Landscape
from .progress import Progress
from .switch import Switch

__all__ = ["AddACoin", "Bound", "Explorer", "KnownAges", "Landscape", "Progress", "Switch"]
