"""What happens to a round: it is opened, fed, voted in, closed and counted. Only catch_up() commits.

Whoever calls the others holds the round (``web.load()``, or ``queries.round_to_act_on(…, lock=True)``), so
that one thing happens to it at a time and the clock is read under the lock.
"""

from .clock import advance, begin_voting, catch_up, catch_up_first, close_early, extend, open_early
from .entering import nominate, problem_with
from .papers import paper_of
from .rounds import cast, change_plan, open_round, plan_of, withdraw
from .settling import hold_club, settle

__all__ = [
    "advance",
    "begin_voting",
    "cast",
    "catch_up",
    "catch_up_first",
    "change_plan",
    "close_early",
    "extend",
    "hold_club",
    "nominate",
    "open_early",
    "open_round",
    "paper_of",
    "plan_of",
    "problem_with",
    "settle",
    "withdraw",
]
