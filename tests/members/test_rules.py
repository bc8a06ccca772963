"""What the club believes about names, passwords, links and visits."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from bookclub.lib.text.mail_addresses import LONGEST_EMAIL
from bookclub.members import password_strength
from bookclub.members import rules as members_rules
from bookclub.members.passwords import common_passwords

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


# Names and addresses


@pytest.mark.parametrize("username", ["ada", "Ada.Lovelace", "a1", "x_-.", "0zero", "a" * 30])
def test_a_username_is_what_every_keyboard_can_type(username):
    assert members_rules.username_problem(username) is None


@pytest.mark.parametrize(
    "username", ["", "a", "a" * 31, "-ada", ".ada", "ada lovelace", "ada@b", "adá", "ada\0", "ada\n", "Аda"]
)
def test_any_other_username_is_refused_in_words(username):
    assert "letters" in members_rules.username_problem(username)


@pytest.mark.parametrize("username", ["admin", "ADMIN", "Moderator", "former-12"])
def test_names_that_would_pass_for_the_club_are_kept_free(username):
    assert "Nobody can have" in members_rules.username_problem(username)


def test_whoever_is_trusted_may_use_reserved_names_but_not_those_of_former_members():
    assert members_rules.username_problem("admin", trusted=True) is None
    assert members_rules.username_problem("former-12", trusted=True)


@pytest.mark.parametrize("email", ["ada@example.org", "Ädä+books@exämple.org", "me@localhost", "a'b@c.d"])
def test_an_address_that_mail_might_reach_is_taken(email):
    assert members_rules.email_problem(email) is None


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "a b@c.d",
        "a@b c",
        "a@b@c",
        "a@b,c@d",
        "a" * 250 + "@b.cd",
        "ada(comment)@example.org",
        '"ada bob"@example.org',
        "ada@[192.0.2.1]",
        "ada@example..org",
        ".ada@example.org",
        "ada@example.org\x00",
    ],
)
def test_an_address_that_no_mail_could_reach_is_refused(email):
    assert members_rules.email_problem(email)


def test_an_address_that_grows_when_it_is_folded_still_fits_its_column():
    email = "\ufdfa" * 100 + "@b.cd"

    assert len(email) < LONGEST_EMAIL
    assert members_rules.email_problem(email)


@pytest.mark.parametrize("name", ["Ada", "石黒 一雄", "👩‍🚀", "مريم", "O'Neill", "D’Arcy", "x" * 60])
def test_a_display_name_may_be_in_every_script(name):
    assert members_rules.display_name_problem(name) is None


@pytest.mark.parametrize("name", ["", "\u200b", "\u0301", "x" * 61, "A former member"])
def test_a_display_name_must_be_seen_and_must_not_deceive(name):
    assert members_rules.display_name_problem(name)


def test_names_are_compared_whatever_their_case_and_form():
    assert members_rules.fold_name(" Straße ") == members_rules.fold_name("STRASSE")
    assert members_rules.fold_name("ａｄａ") == "ada"


# Passwords


def problem(password, *names):
    return password_strength.strength_problem(password, names, common_passwords())


@pytest.mark.parametrize(
    "password",
    ["correct horse", "tea at the lighthouse", "xK4!pq9zLm", "Δεν ξέρω ποιος", "🐢🐢🦊🐢🐝🐢🐢🌲🐢🐢"],
)
def test_ten_characters_of_whatever_kind_are_a_password(password):
    assert problem(password) is None


def test_a_password_has_at_least_ten_characters_and_at_most_a_thousand():
    assert "at least 10" in problem("xK4!pq9zL")
    assert problem("xK4!pq9zLm" * 100) is None
    assert "at most 1,000" in problem("xK4!pq9zLm" * 100 + "x")


@pytest.mark.parametrize(
    "password",
    [
        "password123", "Password123", "PASSWORD1234", "1234567890", "0987654321", "qwertyuiop", "poiuytrewq",
        "aaaaaaaaaa", "abababababab", "12341234123412", "abcdefghij", "1q2w3e4r5t", "1qaz2wsx3edc",
        "iloveyou123", "correcthorsebatterystaple", "passwordpassword", "йцукенгшщз",
        "ｐａｓｓｗｏｒｄ１２３",
    ],
)  # fmt: skip
def test_passwords_that_are_guessed_first_are_refused(password):
    assert "guessed first" in problem(password)


@pytest.mark.parametrize("password", ["neverletmego", "blue house", "ilovereading", "7361945272"])
def test_a_password_that_is_soon_guessed_asks_for_more_words(password):
    assert "Add another word" in problem(password)


@pytest.mark.parametrize(
    "password",
    [
        "ada.lovelace",
        "Ada.Lovelace1",
        "adalovelace99!",
        "ada@example.org",
        "2026-ada.lovelace",
        "The Thursday Readers",
        "thethursdayreaders1",
        "Countess L.",
    ],
)
def test_a_password_is_not_ones_own_name_or_that_of_the_club(password):
    names = ("ada.lovelace", "ada@example.org", "Countess L.", "The Thursday Readers")

    assert "too much like" in problem(password, *names)


def test_names_of_others_are_no_reason_to_refuse_a_password():
    assert "too much like" in problem("thethursdayreaders1", "The Thursday Readers")
    assert problem("thethursdayreaders1", "The Friday Writers") is None


def test_a_name_without_letters_forbids_nothing():
    assert problem("8362940375", "1984", "42@7.8") is None


def test_the_list_of_common_passwords_holds_only_what_would_be_taken_without_it():
    assert len(common_passwords()) > 300
    assert [
        word for word in sorted(common_passwords()) if password_strength.strength_problem(word, (), ())
    ] == []


@pytest.mark.parametrize("signs", ["4@8({[<3691!|1|70$5+7%2", "({[<", "@!|$+%1674"])
def test_no_choice_of_signs_makes_a_password_dear(signs):
    began = time.process_time()
    password_strength.strength_problem(signs * 30, (), ())

    assert time.process_time() - began < 2.0


# Getting in


def test_unknown_names_are_counted_as_names_are_compared():
    assert members_rules.name_subject("Ada") == members_rules.name_subject(" ada ")
    assert members_rules.name_subject("ada") != members_rules.name_subject("bob")
    assert len(members_rules.name_subject("x" * 5000)) <= 64
    assert "ada" not in members_rules.name_subject("ada")


def test_no_name_counts_as_somebody_elses_account():
    assert members_rules.name_subject("member 7") != members_rules.account_subject(7)
    assert len(members_rules.name_subject("ada")) == len(members_rules.account_subject(7))


@pytest.mark.parametrize(
    ("address", "subject"),
    [
        ("192.0.2.7", "address 192.0.2.7"),
        ("::ffff:192.0.2.7", "address 192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "address 2001:db8:1:2::/64"),
        ("::1", "address ::/64"),
        (None, "address unknown"),
        ("x" * 99, "address " + "x" * 56),
    ],
)
def test_attempts_from_one_household_are_counted_together(address, subject):
    assert members_rules.address_subject(address) == subject


def test_ten_failures_of_an_account_or_fifty_of_an_address_are_enough():
    for subject, most in (
        (members_rules.account_subject(7), 10),
        (members_rules.name_subject("ada"), 10),
        (members_rules.browser_subject("nonce"), 10),
        (members_rules.address_subject("192.0.2.7"), 50),
    ):
        assert not members_rules.must_wait(subject, most - 1)
        assert members_rules.must_wait(subject, most)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, None),
        ({"uses": 4}, None),
        ({"uses": 5}, "used up"),
        ({"expires_at": NOW}, "has expired"),
        ({"revoked_at": NOW - MINUTE}, "withdrawn"),
    ],
)
def test_an_invitation_lets_in_until_it_is_used_up_runs_out_or_is_withdrawn(change, words):
    invitation = {"uses": 0, "max_uses": 5, "expires_at": NOW + MINUTE, "revoked_at": None, **change}

    said = members_rules.invitation_problem(**invitation, now=NOW)

    assert said is None if words is None else words in said


# The club


def test_the_last_organiser_cannot_be_done_without():
    assert not members_rules.keeps_organiser([7], 7)
    assert members_rules.keeps_organiser([7, 8], 7)
    assert members_rules.keeps_organiser([8], 7)


def test_the_days_of_the_current_book_are_in_their_order_and_may_be_open():
    may, june = date(2026, 5, 1), date(2026, 6, 1)

    assert all(
        members_rules.dates_problem(*days) is None
        for days in [(may, june), (may, may), (may, None), (None, None)]
    )
    assert "before" in members_rules.dates_problem(june, may)
    assert "year" in members_rules.dates_problem(date(206, 5, 1), None)


def test_a_visit_is_noted_every_five_minutes_and_ends_after_half_an_hour():
    mark = NOW - timedelta(days=3)

    assert members_rules.visit(NOW - 4 * MINUTE, mark, NOW) is None
    assert members_rules.visit(NOW - 29 * MINUTE, mark, NOW) == (NOW, mark)
    assert members_rules.visit(NOW - 30 * MINUTE, mark, NOW) == (NOW, NOW - 30 * MINUTE)


@pytest.mark.parametrize(
    ("ahead", "noted"),
    [
        (MINUTE * 4, None),
        (timedelta(days=1), (NOW, NOW)),
        (timedelta(days=4000), (NOW, NOW)),
    ],
)
def test_a_visit_in_the_future_gives_way_to_the_present(ahead, noted):
    assert members_rules.visit(NOW + ahead, NOW + ahead, NOW) == noted


@pytest.mark.parametrize(
    ("ahead", "noted"), [(-9, 0), (0, 0), (60, 0), (61, 61), (300, 300), (365, 65), (4000, 3700)]
)
def test_a_mark_of_use_in_the_future_comes_back_in_steps(ahead, noted):
    day = timedelta(days=1)

    assert members_rules.last_use(NOW + ahead * day, NOW) == NOW + noted * day


@pytest.mark.parametrize("behind", [1, 60, 90, 299, 301, 330, 365, 420])
def test_a_clock_that_is_behind_ends_no_session_in_use(behind):
    mark = right = NOW + timedelta(days=behind)
    for minutes in range(0, 500, 5):
        mark = members_rules.last_use(mark, NOW + minutes * MINUTE)

    assert mark > right - members_rules.SESSION_LIFETIME


def test_failures_count_for_a_quarter_of_an_hour_in_either_direction():
    earliest, latest = members_rules.failure_window(NOW)

    assert (NOW - earliest, latest - NOW) == (15 * MINUTE, 15 * MINUTE)


def test_a_long_name_makes_no_password_dear():
    began = time.process_time()
    password_strength.strength_problem("seven quiet owls", ["a" + "1" * 60_000 + "a"], ())

    assert time.process_time() - began < 1.0
