"""To ask, to answer, to endorse, and to take any of that back."""

from __future__ import annotations

from ..jobs import job


@job("neighbours")
@job("all neighbours")
def ignore_retired_job(**_arguments: int) -> None:
    """Do nothing: releases before counted neighbours, and one may run beside the migration that ends it."""
