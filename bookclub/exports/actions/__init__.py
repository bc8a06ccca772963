"""To pack what a member takes along, and to let go of what is theirs when they leave."""

from .leaving import leave
from .packing import pack

__all__ = ("leave", "pack")
