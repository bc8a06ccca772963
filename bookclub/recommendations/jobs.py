"""Jobs of earlier releases that are ignored now."""

from __future__ import annotations

from ..jobs import job


@job("neighbours")
@job("all neighbours")
def ignore_retired_job(**_arguments: int) -> None:
    """Do nothing. Releases before counted neighbours queued these jobs.

    One may still run beside the migration that ends them.
    """
