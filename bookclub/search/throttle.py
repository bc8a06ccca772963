"""Count of the searches of the last minute, by member and by address, in the memory of this process.

To search is to read, and a GET writes nothing that it need not. Several workers count each for themselves, so
a member may search as often at each of them; that still bounds what one can ask of the club.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from threading import Lock
from time import monotonic, sleep

from flask import current_app

from . import rules

SECONDS = 60
# So many subjects are remembered. Who searched longest ago is forgotten first.
MOST_SUBJECTS = 10_000


class Throttle:
    """The times of the latest searches of each subject."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, subject: str, most: int) -> bool:
        """Count a search, unless the subject has made so many in the last minute. Return whether it did."""
        now = monotonic()
        with self._lock:
            times = self._times.setdefault(subject, deque())
            self._times.move_to_end(subject)
            while times and times[0] <= now - SECONDS:
                times.popleft()
            if len(self._times) > MOST_SUBJECTS:
                self._times.popitem(last=False)
            if len(times) >= most:
                return False
            times.append(now)
            return True


def may_search(member_id: int | None, address: str) -> bool:
    """Count a search by a member, or a visitor, from an address. Return whether it is not one too many."""
    throttle: Throttle = current_app.extensions.setdefault("bookclub_searches", Throttle())
    by_member = member_id is None or throttle.take(f"member {member_id}", rules.SEARCHES_BY_MEMBER)
    return by_member and throttle.take(address, rules.SEARCHES_FROM_ADDRESS)


def rest(began_at: float) -> None:
    """Wait until a search that began at this time of the monotonic clock has taken its least time."""
    sleep(max(0.0, began_at + rules.LEAST_TIME - monotonic()))
