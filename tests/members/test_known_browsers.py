"""The throttle: one count for an account whatever it is called, and one for each browser that is known."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask_wtf import FlaskForm
from sqlalchemy import select

from bookclub.members import actions as members_actions
from bookclub.members import sign_in as members_sign_in
from bookclub.members.forms import SecretField
from bookclub.members.models import FailedAttempt
from bookclub.members.rules import address_subject
from bookclub.members.sign_in import Verdict
from tests.factories import PASSWORD, make_invitation, make_member
from tests.jars import KNOWN, SESSION, copy_of

NEW_PASSWORD = "two lamps and a kettle"
WRONG = "not the password"
ADA = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}
# Every form that asks for a secret which somebody may guess, by its field: where it is sent, with what.
GUESSABLE = {
    "SignInForm.password": ("/sign-in", {}),
    "ProfileForm.current_password": ("/settings", {"email": "new@example.org"}),
    "ChangePasswordForm.current": ("/settings/password", {"new": NEW_PASSWORD}),
    "DepartureForm.password": ("/settings/departure", {}),
}
# These are chosen, and not compared with anything.
CHOSEN = {"SignUpForm.password", "NewPasswordForm.password", "ChangePasswordForm.new"}
# Every address that opens by a token.
BY_TOKEN = {
    "a password link": lambda client, token: client.get(f"/sign-in/{token}"),
    "a new password": lambda client, token: client.post(f"/sign-in/{token}", data={"password": NEW_PASSWORD}),
    "an invitation": lambda client, token: client.get("/sign-up", query_string={"invite": token}),
    "joining by invitation": lambda client, token: client.post("/sign-up", data={**ADA, "invite": token}),
    "a setup link": lambda client, token: client.get("/sign-up", query_string={"setup": token}),
    "setting up": lambda client, token: client.post("/sign-up", data={**ADA, "setup": token}),
}


def sign_in(client, username="alice", password=PASSWORD, **fields):
    data = {"username": username, "password": password, **fields}
    return client.post("/sign-in", data=data).status_code


def guess(client, times=10, username="alice"):
    return [sign_in(client, username, WRONG) for _ in range(times)]


@pytest.fixture
def known(visit, alice):
    """A browser in which Alice has signed in and out again."""
    client = visit()
    assert sign_in(client) == 303
    client.post("/sign-out")
    return client


# One count for an account


def test_an_account_is_counted_once_whatever_it_is_called(visit, alice):
    names = ("alice", "alice@example.org", "ALICE", "Alice@Example.ORG", "ａｌｉｃｅ") * 2
    assert [sign_in(visit(), name, WRONG) for name in names] == [422] * 10

    for name in (*names[:5], " alice ", " ALICE@example.org"):
        assert sign_in(visit(), name) == 429


def test_a_name_that_nobody_has_is_counted_once_however_spelt(visit, alice):
    assert guess(visit(), username="NoBody") == [422] * 10

    for name in ("nobody", "NOBODY", " nobody ", "ｎｏｂｏｄｙ"):
        assert sign_in(visit(), name) == 429


def test_known_and_unknown_names_are_answered_alike_to_the_end(visit, alice):
    def answers(name):
        client = visit()
        for _ in range(12):
            answer = client.post("/sign-in", data={"username": name, "password": WRONG})
            words = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text).replace(name, "…")
            yield answer.status_code, words, dict(answer.headers, **{"Content-Length": ""}).keys()

    known, unknown = list(answers("alice")), list(answers("alicf"))

    assert known == unknown
    assert [status for status, *_ in known] == [422] * 10 + [429] * 2
    assert "quarter of an hour" in known[-1][1]
    assert "Retry-After" in known[-1][2]


def test_a_changed_address_does_not_start_the_count_again(visit, save, alice):
    guess(visit())
    alice.change_email("new@example.org")
    save(alice)

    assert sign_in(visit(), "new@example.org") == 429


# Browsers that are known


def test_the_owner_gets_in_while_strangers_guess(visit, known, alice):
    guess(visit())
    assert sign_in(visit()) == 429

    assert sign_in(known, password=WRONG) == 422
    assert sign_in(known) == 303
    assert sign_in(visit()) == 429


def test_the_owner_changes_the_password_while_strangers_guess(visit, alice):
    client = visit(alice)
    guess(visit())

    data = {"current": PASSWORD, "new": NEW_PASSWORD}
    assert client.post("/settings/password", data=data).status_code == 303
    assert sign_in(visit(), password=NEW_PASSWORD) == 303


def test_strangers_at_the_same_address_keep_no_known_browser_out(visit, known, save, bob):
    save(*(FailedAttempt(subject=address_subject("127.0.0.1")) for _ in range(50)))
    assert sign_in(visit()) == 429

    assert sign_in(known) == 303
    assert sign_in(known, "bob") == 429


def test_a_known_browser_has_ten_guesses_and_they_count_for_all(visit, known):
    assert guess(known) == [422] * 10

    assert sign_in(known) == 429
    assert sign_in(copy_of(known, KNOWN)) == 429
    assert sign_in(visit()) == 429


def test_success_in_a_known_browser_gives_strangers_no_more_guesses(visit, known):
    guess(visit())
    guess(known, 9)

    assert sign_in(known) == 303

    assert guess(known, 9) == [422] * 9
    assert guess(visit(), 1) == [429]


@pytest.mark.databases("sqlite", "postgresql")
def test_guesses_sent_at_once_from_a_known_browser_are_counted(app, write, known, alice):
    cookie = known.get_cookie(KNOWN).value
    with app.app_context():
        attempts = [members_sign_in.try_password("alice", WRONG, None, cookie) for _ in range(11)]
        right = members_sign_in.try_password("alice", PASSWORD, None, cookie)
    assert not any(attempt.must_wait for attempt in [*attempts, right])

    verdicts = [
        write(lambda attempt=attempt: members_sign_in.settle_attempt(attempt)[0]) for attempt in attempts
    ]

    assert verdicts == [Verdict.WRONG] * 10 + [Verdict.MUST_WAIT]
    assert write(lambda: members_sign_in.settle_attempt(right)) == (Verdict.MUST_WAIT, None)


@pytest.mark.parametrize("is_known", [False, True], ids=["strangers", "known"])
def test_fifteen_guesses_in_the_same_moment_are_ten(visit, known, is_known):
    browsers = [copy_of(known, KNOWN) if is_known else visit() for _ in range(15)]
    together = Barrier(15)

    def one_guess(browser):
        together.wait()
        return sign_in(browser, password=WRONG)

    with ThreadPoolExecutor(15) as pool:
        statuses = sorted(pool.map(one_guess, browsers))

    assert statuses == [422] * 10 + [429] * 5


def test_another_cookie_gives_no_guesses_of_its_own(visit, known, alice, bob):
    sign_in(others := visit(), "bob")
    nonce, signature = known.get_cookie(KNOWN).value.split(".")
    cookies = (
        others.get_cookie(KNOWN).value,
        f"{nonce}.{signature[::-1]}",
        f"{nonce[::-1]}.{signature}",
        f"{nonce}",
        "~.é.~~\x7f",
        "~".join(["a.b"] * 20 + [f"{nonce}.{signature}"]),
    )
    guess(visit())

    for cookie in cookies:
        stranger = visit()
        stranger.set_cookie(KNOWN, cookie)
        assert sign_in(stranger) == 429
    assert sign_in(known) == 303


def test_a_new_password_makes_copies_of_the_cookie_worthless(visit, alice):
    browser = visit()
    sign_in(browser)
    copy = copy_of(browser, KNOWN)
    browser.post("/settings/password", data={"current": PASSWORD, "new": NEW_PASSWORD})
    guess(visit())

    assert sign_in(copy, password=NEW_PASSWORD) == 429
    browser.delete_cookie(SESSION)
    assert sign_in(browser, password=NEW_PASSWORD) == 303


def test_signing_in_again_keeps_the_number_of_a_browser(known):
    before = known.get_cookie(KNOWN).value
    sign_in(known)

    assert known.get_cookie(KNOWN).value == before


def test_a_family_shares_a_browser(visit, save):
    family, browser = save(*(make_member() for _ in range(3))), visit()
    for member in family:
        sign_in(browser, member.username)
    for member in family:
        guess(visit(), username=member.username)
        assert sign_in(visit(), member.username) == 429

    assert [sign_in(browser, member.username) for member in family] == [303] * 3


def test_the_cookie_holds_five_members_and_forgets_the_oldest(app, save):
    members, cookie = save(*(make_member() for _ in range(7))), None
    with app.app_context():
        for member in members:
            cookie = members_sign_in.cookie_with(cookie, member)
        knows = [members_sign_in.find_nonce(cookie, member) is not None for member in members]

    assert knows == [False] * 2 + [True] * 5


def test_the_cookie_says_nothing_of_who_signed_in(visit, alice):
    answer = visit().post("/sign-in", data={"username": "alice", "password": PASSWORD})

    (cookie,) = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith(KNOWN)]
    assert re.fullmatch(r"bookclub_known=[0-9a-f]{32}\.[\w-]{43}", cookie.partition(";")[0])
    for attribute in ("HttpOnly", "SameSite=Lax", "Max-Age=31536000", "Path=/"):
        assert attribute in cookie


def test_the_cookie_alone_signs_nobody_in(known):
    assert copy_of(known, KNOWN).get("/settings").status_code == 303


def test_a_browser_is_known_by_every_way_in(app, visit, write, save, alice, olive):
    with app.app_context():
        invitation = save(make_invitation(olive))
        invited = f"/sign-up?invite={members_actions.sign_code(invitation.code)}"
    link = write(lambda: members_actions.make_password_link(alice))
    joins, sets = visit(), visit()
    assert joins.post(invited, data=ADA).status_code == 303
    assert sets.post(link, data={"password": NEW_PASSWORD}).status_code == 303
    joins.post("/sign-out")
    guess(visit())
    guess(visit(), username="ada")

    assert sign_in(joins, "ada") == 303
    assert sign_in(sets, password=NEW_PASSWORD) == 303


def test_the_first_organiser_is_known_where_they_set_the_club_up(visit, write):
    browser = visit()
    assert browser.post(write(members_actions.make_setup_link), data=ADA).status_code == 303
    guess(visit(), username="ada")
    browser.delete_cookie(SESSION)

    assert sign_in(browser, "ada") == 303


def test_the_cookie_survives_signing_out_and_not_leaving(visit, alice, bob):
    browser = visit()
    sign_in(browser)
    answer = browser.post("/sign-out")
    assert browser.get_cookie(KNOWN)
    assert not set(re.findall(r'"(.*?)"', answer.headers.get("Clear-Site-Data", ""))) & {"cookies", "*"}
    sign_in(browser)

    browser.post("/settings/departure", data={"password": PASSWORD})

    assert browser.get_cookie(KNOWN) is None


# Every place at which something may be guessed


def secrets_asked_for():
    def kinds(kind):
        for each in kind.__subclasses__():
            yield each
            yield from kinds(each)

    return {
        f"{form.__name__}.{name}"
        for form in kinds(FlaskForm)
        for name, field in vars(form).items()
        if getattr(field, "field_class", None) is SecretField
    }


def test_every_form_that_asks_for_a_secret_is_tried(app):
    assert secrets_asked_for() == set(GUESSABLE) | CHOSEN


def test_secrets_are_guessed_ten_times_at_most(visit, save):
    for field, (path, data) in GUESSABLE.items():
        member, name = save(make_member()), field.partition(".")[2]
        client = visit(member)
        sent = {"username": member.username, **data}
        guesses = [client.post(path, data={**sent, name: WRONG}).status_code for _ in range(10)]

        answer = client.post(path, data={**sent, name: PASSWORD})

        assert (field, guesses, answer.status_code) == (field, [422] * 10, 429)
        assert "Wait a quarter of an hour" in answer.text.replace("\n", " ")
        assert answer.headers["Retry-After"] == "900"
        assert sign_in(visit(), member.username) == 429


def test_guessed_links_count_against_the_address(visit, rows, save, alice):
    for number, follow in enumerate(BY_TOKEN.values(), 1):
        address, client = f"192.0.2.{number}", visit()
        client.environ_base["REMOTE_ADDR"] = address
        assert follow(client, "nonsense").status_code in (200, 403, 404)
        counted = select(FailedAttempt).where(FailedAttempt.subject == address_subject(address))
        assert len(rows(counted)) == 1
        save(*(FailedAttempt(subject=address_subject(address)) for _ in range(49)))

        answer = follow(client, "nonsense")

        assert answer.status_code == 429
        assert "Wait a quarter of an hour" in answer.text
        assert answer.headers["Retry-After"] == "900"
        assert client.get("/sign-up").status_code == 200


def test_a_link_that_is_good_or_worn_out_is_no_guess(app, visit, rows, save, write, alice, olive):
    used = save(make_invitation(olive, uses=5))
    with app.app_context():
        worn_out = f"/sign-up?invite={members_actions.sign_code(used.code)}"
    link = write(lambda: members_actions.make_password_link(alice))

    assert "used up" in visit().get(worn_out).text
    assert visit().get(link).status_code == 200
    assert rows(select(FailedAttempt)) == []
