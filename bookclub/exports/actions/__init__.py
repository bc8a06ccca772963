"""To pack what a member takes along, to suspend members, and to let go of what is theirs when they leave."""

from .leaving import leave
from .packing import pack
from .suspension import lift_suspension, suspend

__all__ = ("leave", "lift_suspension", "pack", "suspend")
