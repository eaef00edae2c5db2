"""What a reader can touch: thin layouts over states that know nothing of widgets."""

from .explorer import Explorer
from .landscape import Landscape
from .switch import Switch

__all__ = ["Explorer", "Landscape", "Switch"]
