"""To ask, to answer, to endorse, and to take any of that back; and jobs that count who reads what."""

from .neighbours import refresh, refresh_all

__all__ = ("refresh", "refresh_all")
