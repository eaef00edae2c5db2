"""What a reader can touch: thin layouts over states that know nothing of widgets."""

from .explorer import Explorer
from .landscape import AddACoin, Landscape
from .progress import Progress
from .switch import Switch

__all__ = ["AddACoin", "Explorer", "Landscape", "Progress", "Switch"]
