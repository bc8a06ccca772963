"""How a private ballot is found again by its voter and by nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bookclub.rounds.rules import seal_of, shuffle_key, voter_tag

KEY, OTHER = "a" * 64, "b" * 64
RESET = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_ballot_is_found_by_the_round_and_the_voter_and_by_nothing_else():
    tags = {voter_tag(key, member) for key in (KEY, OTHER) for member in (1, 11, 111)}

    assert len(tags) == 6
    assert voter_tag(KEY, 1) in tags
    assert all(len(tag) == 64 for tag in tags)


def test_a_reset_password_breaks_the_seal_and_leaves_the_tag():
    seals = [seal_of(KEY, 1, reset) for reset in (None, RESET, RESET + timedelta(microseconds=1))]

    assert len(set(seals)) == 3
    assert seal_of(KEY, 1, RESET) == seals[1]
    assert not {voter_tag(KEY, 1), seal_of(KEY, 2, None), seal_of(OTHER, 1, None)} & set(seals)


def test_cards_lie_as_if_shuffled_differently_for_each_voter_and_always_the_same():
    def order(member: int) -> list[int]:
        return sorted(range(8), key=lambda nomination: shuffle_key("hash", member, nomination))

    assert order(1) == order(1)
    assert len({tuple(order(member)) for member in range(20)}) > 15
