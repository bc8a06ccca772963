"""The lot: what is published of it, what it is drawn from, and the receipts of ballots."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from hashlib import sha256

import pytest

from bookclub.lib.tally.ballots import Cast
from bookclub.lib.tally.lots import ALPHABET, ballots_text, digest_of, draw_lots, make_receipt, sha256_hex

CASTS = [Cast("9FJ3-22CD-VW61", {}), Cast("7Q2M-8RZX-K4TB", {12: 2, 5: 1})]


def test_the_digest_is_that_of_the_sorted_lines_of_receipts_and_places():
    text = "7Q2M-8RZX-K4TB 5:1 12:2\n9FJ3-22CD-VW61\n"

    assert ballots_text(CASTS) == ballots_text(CASTS[::-1]) == text
    assert digest_of(CASTS) == sha256(text.encode()).hexdigest()


def test_the_lot_can_be_drawn_by_hand():
    secret, digest = "ab" * 32, digest_of(CASTS)
    seed = sha256(f"{secret}:{digest}".encode("ascii")).hexdigest()

    assert sha256_hex(secret) == sha256(secret.encode("ascii")).hexdigest()
    assert draw_lots(secret, digest, [12, 5]) == {
        5: sha256(f"{seed}:5".encode("ascii")).hexdigest(),
        12: sha256(f"{seed}:12".encode("ascii")).hexdigest(),
    }


def test_the_lot_falls_on_everybody_alike_whatever_of_it_changes():
    by_secret = [min(d := draw_lots(f"{number:064x}", "d", [1, 2, 3]), key=d.get) for number in range(300)]
    by_digest = [min(d := draw_lots("s", f"{number:064x}", [1, 2, 3]), key=d.get) for number in range(300)]

    for drawn in (by_secret, by_digest):
        assert all(70 < drawn.count(book) < 130 for book in (1, 2, 3))


def test_a_receipt_spells_the_bits_that_it_was_given_without_letters_that_look_alike():
    assert make_receipt(bytes(8)) == "0000-0000-0000"
    assert make_receipt(b"\xff" * 16) == "ZZZZ-ZZZZ-ZZZZ"
    assert make_receipt(b"\x08" + bytes(7)) == "1000-0000-0000"
    assert make_receipt(bytes(7) + b"\x10") == "0000-0000-0001"
    assert len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("ILOU")
    with pytest.raises(ValueError, match="eight"):
        make_receipt(bytes(7))


def test_different_bytes_give_different_receipts():
    receipts = {make_receipt(sha256(bytes([number])).digest()) for number in range(256)}

    assert len(receipts) == 256
    assert all(re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", receipt) for receipt in receipts)


def test_every_process_counts_the_same():
    code = (
        "from bookclub.lib.tally.count import Cast, Election, count\n"
        "casts = tuple(Cast(str(n), {1 + n * 7 % 5: 1, 1 + n * 3 % 5: 2}) for n in range(10))\n"
        "print(count(Election('ranked', tuple({5, 3, 1, 2, 4}), casts, {}, 's')).to_json())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(said) == 1
    assert "'lot'" in said.pop()
