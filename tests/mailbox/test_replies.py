"""Replies by mail become comments, for the right readers, and each once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from bookclub.extensions import begin_write, db, utcnow
from bookclub.mailbox import jobs
from bookclub.mailbox.imap import Folder
from bookclub.mailbox.models import ReturnedReply, TakenMail
from bookclub.notices.models import Notice
from bookclub.threads.models import Thread
from tests.factories import make_book, make_comment, make_reading, make_review, make_thread

END = 10_000


@pytest.fixture
def book(save):
    return save(make_book("Emma"))


@pytest.fixture
def talk(save, alice, book):
    """Alice opened a conversation about Emma without spoilers."""
    return save(make_thread(alice, book, "Mr Knightley"))


@pytest.fixture
def said(save, alice, talk):
    return save(make_comment(talk, alice, "Did he know all along?"))


def test_a_reply_becomes_a_comment_and_is_confirmed(
    reply, fetch, comments, rows, inbox, post_office, look, save, alice, bob, book, said
):
    save(make_reading(bob, book, position=4000))
    reply(bob, said, "I *think* so.\n\nOn Mon, Alice wrote:\n> Did he know all along?\n")

    fetch()

    _, comment = comments()
    assert (comment.parent_id, comment.member_id, comment.body) == (said.id, bob.id, "I *think* so.")
    assert "<em>think</em>" in comment.body_html
    assert (comment.horizon_choice, comment.horizon) == ("mine", 4000)
    assert rows(select(Thread))[0].comment_count == 2
    assert [(notice.member_id, notice.kind) for notice in rows(select(Notice))] == [(alice.id, "reply")]
    assert inbox.flags() == [{r"\Seen"}]
    assert look().fetched_at is not None
    assert post_office.recipients == ["bob@example.org"]
    assert "It is up to 40 %" in post_office.text()
    assert f"/comments/{comment.id}/edit" in post_office.text()
    assert "know all along" not in post_office.arrived[0].as_string()


@pytest.mark.parametrize(
    ("words", "mark", "horizon", "said_so"),
    [
        ("Safe.\n\nLovely.", 4000, 0, "You wrote “safe”, so everybody can read it."),
        ("spoiler\nHe dies.", 4000, END, "You wrote “spoiler”"),
        ("Lovely.", None, END, "as you have not said how far you are"),
        ("Lovely.", END, END, "Only people who have finished the book"),
        ("Lovely.", 0, 0, "as you have not started the book"),
    ],
)
def test_the_first_line_or_the_mark_says_who_can_read_it(
    reply, fetch, comments, post_office, save, bob, book, said, words, mark, horizon, said_so
):
    if mark is not None:
        save(make_reading(bob, book, position=mark))
    reply(bob, said, words)

    fetch()

    assert comments()[1].horizon == horizon
    assert comments()[1].body == words.splitlines()[-1]
    assert said_so in post_office.text()


def test_a_reply_is_never_safer_than_what_it_answers(
    reply, fetch, comments, post_office, save, alice, bob, book, talk
):
    later = save(make_comment(talk, alice, "The ball!", horizon=6000))
    save(make_reading(bob, book, position=2000))
    reply(bob, later, "safe\nLovely.")
    reply(bob, later, "Lovely.")

    fetch()

    assert [comment.horizon for comment in comments()] == [6000] * 3
    assert "what you answer goes further, so it is up to 60 %" in post_office.text(0)


def test_under_a_review_it_stands_at_the_top(reply, fetch, comments, save, alice, bob, book):
    review = save(make_review(alice, book, horizon=3000))
    reply(bob, review, "safe\nWell said.")

    fetch()

    (comment,) = comments()
    assert (comment.thread_id, comment.parent_id, comment.horizon) == (review.thread_id, None, 3000)


def test_without_a_book_everything_is_safe_and_spoilers_are_returned(
    reply, fetch, comments, rows, post_office, save, alice, bob
):
    talk = save(make_thread(alice, None, "Cake"))
    said = save(make_comment(talk, alice, "Who brings it?"))
    reply(bob, said, "I do.")
    reply(bob, said, "spoiler\nHe dies in it.")

    fetch()

    assert [comment.body for comment in comments()] == ["Who brings it?", "I do."]
    assert comments()[1].horizon == 0
    taken, returned = sorted((mail["Subject"], n) for n, mail in enumerate(post_office.arrived))
    assert "not about a book" in post_office.text(taken[1])
    assert "can take no spoilers" in post_office.text(returned[1])
    assert "He dies in it." in post_office.text(returned[1])


def test_html_alone_is_converted_and_attachments_are_left_out(
    reply, inbox, address_for, fetch, comments, post_office, bob, said
):
    reply(
        bob, said, None,
        "<html><head><style>p { color: red }</style></head><body><div>I <b>do</b> agree: ||he knew||.</div>"
        '<div><br></div><div>See <a href="https://example.org/emma">this</a>.</div><div class="gmail_quote">'
        "<div>On Mon, Club &lt;club@example.org&gt; wrote:<br></div>"
        "<blockquote>Did he know?</blockquote></div></body></html>",
    )  # fmt: skip
    mail = EmailMessage()
    mail["From"], mail["To"] = "bob@example.org", address_for(bob, said)
    mail["Message-ID"] = "<photo@phone.example>"
    mail.set_content("My copy.")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="copy.png")
    inbox.put(mail)

    fetch()

    assert [comment.body for comment in comments()[1:]] == [
        "I **do** agree: ||he knew||.\n\nSee [this](https://example.org/emma).",
        "My copy.",
    ]
    assert "he knew" not in comments()[1].safe_html
    assert "1 attachment was left out." in post_office.text(1)
    assert "left out" not in post_office.text(0)


def test_the_same_mail_twice_is_one_comment(reply, inbox, fetch, comments, save, post_office, bob, said):
    inbox.put(reply(bob, said, "Once.", Message_ID="<once@phone.example>"))
    fetch()
    inbox.put(reply(bob, said, "Nameless.", Message_ID=None))
    fetch()
    # The folder was moved to another server.
    reply(bob, said, "Once.", Message_ID="<once@phone.example>")
    fetch()

    assert [comment.body for comment in comments()[1:]] == ["Once.", "Nameless."]
    assert inbox.flags() == [{r"\Seen"}] * 5
    assert len(post_office.arrived) == 2


def test_an_id_that_somebody_else_used_stops_nobody(reply, fetch, comments, save, alice, bob, book, said):
    answer = save(make_comment(said.thread, bob, "Who knows?"))
    reply(alice, answer, "Mine.", Message_ID="<same@phone.example>")
    reply(bob, said, "Mine, too.", Message_ID="<same@phone.example>")

    fetch()

    assert [comment.body for comment in comments()[2:]] == ["Mine.", "Mine, too."]


@pytest.mark.databases("sqlite", "postgresql")
def test_two_workers_at_once_and_a_killed_one_take_it_once(
    app, reply, inbox, fetch, comments, monkeypatch, bob, said
):
    for number in range(4):
        reply(bob, said, f"Reply {number}.")

    def work(_):
        with app.app_context():
            begin_write()
            jobs.fetch_mail()
            db.session.commit()

    with monkeypatch.context() as patch:
        # As if each worker was killed between its commit and the flag.
        patch.setattr(Folder, "mark_seen", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            work(0)
    assert len(comments()) == 2
    assert inbox.flags() == [set()] * 4

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))

    assert sorted(comment.body for comment in comments()[1:]) == [f"Reply {number}." for number in range(4)]
    assert inbox.flags() == [{r"\Seen"}] * 4


# What is not taken


def test_what_cannot_be_posted_comes_back_once_with_its_words(
    reply, inbox, fetch, comments, rows, save, write, post_office, alice, bob, book, talk, said
):
    talk.lock(alice.id, "Enough of Highbury.", utcnow())
    save(talk)
    other = save(make_thread(alice, book, "Miss Bates"))
    gone, there = save(make_comment(other, alice, "Badly done.")), save(make_comment(other, alice, "Was it?"))
    gone.wipe(utcnow(), None, None)
    save(gone)
    inbox.put(reply(bob, said, "I agree on Highbury."))
    reply(bob, gone, "It was.")
    reply(bob, there, "long " * 5000)
    reply(bob, there, "On Mon, Alice wrote:\n> Was it?\n")

    fetch()

    assert [comment.body for comment in comments()] == ["Did he know all along?", "", "Was it?"]
    assert [mail["Subject"] for mail in post_office.arrived] == ["Your reply was not posted"] * 4
    locked, missing, long, empty = (post_office.text(number) for number in range(4))
    assert "was locked by a moderator" in locked
    assert "I agree on Highbury." in locked
    assert "Enough" not in locked
    assert "is not there any more" in missing
    assert "It was." in missing
    assert "Shorten it to 20,000" in long
    assert "no words of yours" in empty
    assert "Was it?" not in empty
    assert set(post_office.recipients) == {"bob@example.org"}
    assert "I agree" not in str(
        [mail.__dict__ for mail in rows(select(db.Model.registry._class_registry["Mail"]))]
    )
    # Once they have gone, the words are kept no longer.
    assert len(rows(select(ReturnedReply))) == 4
    fetch()
    assert rows(select(ReturnedReply)) == []
    assert len(post_office.arrived) == 4


def test_to_an_unconfirmed_address_nothing_is_sent(
    reply, fetch, comments, save, rows, post_office, bob, talk, said
):
    bob.email_confirmed_at = None
    save(bob)
    reply(bob, said, "Lovely.")
    reply(bob, said, "x" * 20_001)

    fetch()

    assert len(comments()) == 2
    assert post_office.arrived == []
    assert rows(select(ReturnedReply)) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<talk.example.org>"},
        {"Return_Path": "<>"},
    ],
)
def test_programs_and_lists_are_not_taken(reply, fetch, comments, inbox, post_office, bob, said, headers):
    reply(bob, said, "I am away until Monday.", **headers)

    fetch()

    assert len(comments()) == 1
    assert post_office.arrived == []
    assert inbox.flags() == [{r"\Seen"}]


@pytest.mark.parametrize(
    "sender",
    [
        "Mallory <mallory@example.net>",
        '"bob@example.org" <mallory@example.net>',
        "=?utf-8?q?bob=40example=2Eorg?= <mallory@example.net>",
        "bob@example.org, mallory@example.net",
        "bob@example.org <mallory@example.net>",
        "Bobs: bob@example.org, mallory@example.net;",
        "(" * 900,
        "",
    ],
)
def test_only_the_member_it_was_mailed_to_is_taken(
    inbox, address_for, fetch, comments, post_office, caplog, bob, said, sender
):
    inbox.put(f"From: {sender}\r\nTo: {address_for(bob, said)}\r\n\r\nLet me in.\r\n".encode())

    fetch()

    assert len(comments()) == 1
    assert post_office.arrived == []
    assert "is left alone" in caplog.text
    assert inbox.flags() == [{r"\Seen"}]


def test_two_senders_in_two_headers_are_nobody(inbox, address_for, fetch, comments, bob, said):
    to = address_for(bob, said)
    inbox.put(
        f"From: bob@example.org\r\nFrom: mallory@example.net\r\nTo: {to}\r\n\r\nLet me in.\r\n".encode()
    )
    inbox.put(f"From: Bob <BOB@Example.ORG>\r\nDelivered-To: {to.upper()}\r\n\r\nIt is me.\r\n".encode())

    fetch()

    assert [comment.body for comment in comments()[1:]] == ["It is me."]


@pytest.mark.parametrize(
    ("email", "sender"),
    [
        ("jürgen@example.org", "Jürgen <jürgen@example.org>"),
        ("bob@bücher.example", "Bob <bob@xn--bcher-kva.example>"),
        ("bob@bücher.example", "bob@BÜCHER.example"),
    ],
)
def test_an_address_in_any_script_is_known(
    inbox, address_for, fetch, comments, save, bob, said, email, sender
):
    bob.change_email(email)
    save(bob)
    inbox.put(f"From: {sender}\r\nTo: {address_for(bob, said)}\r\n\r\nIt is me.\r\n".encode())

    fetch()

    assert [comment.body for comment in comments()[1:]] == ["It is me."]


def test_a_forged_or_ended_address_takes_nothing_and_other_mail_is_left_unread(
    reply, inbox, fetch, comments, address_for, save, bob, said, look
):
    address = address_for(bob, said)
    reply(bob, said, "Forged.", To=address.replace("talk+ee", "talk+ef").replace("talk+m", "talk+n"))
    reply(bob, said, "For a person.", To="club@example.org")
    reply(bob, said, "Of another day.")
    bob.end_links()
    save(bob)

    fetch()

    assert len(comments()) == 1
    assert inbox.flags() == [{r"\Seen"}, set(), {r"\Seen"}]
    assert look().last_uid == 3


def test_what_was_taken_long_ago_is_forgotten(write, save, rows):
    save(TakenMail(key="old", taken_at=utcnow() - timedelta(days=401)), TakenMail(key="new"))
    write(jobs.forget_mail)
    assert [mail.key for mail in rows(select(TakenMail))] == ["new"]
