"""What leaves the club as files: nobody else's locked words, and of the whole club none but on purpose."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from bookclub.archive.json_lines import write_lines
from bookclub.archive.site import Site
from bookclub.asks.models import Answer, Endorsement
from bookclub.extensions import db
from bookclub.members.models import Member
from bookclub.passages.models import Passage
from bookclub.questions.models import Question
from bookclub.reviews.models import Review, ReviewRevision
from bookclub.rounds.models import Nomination
from bookclub.threads.models import Comment
from tests.spoilers.story import ALL, GONE, KEPT, VEILED, WORDS, Story, up_to


def words_in(text: str) -> set[str]:
    return {word for word in ALL if word in text.lower()}


def own_words(story: Story, username: str) -> set[str]:
    """The words in what this member wrote and has not taken away."""
    columns = (
        (Review.body, Review.member_id),
        (Comment.body, Comment.member_id),
        (Answer.reason, Answer.member_id),
        (Endorsement.reason, Endorsement.member_id),
        (Nomination.pitch, Nomination.member_id),
        (Question.body, Question.member_id),
        (Passage.text, Passage.member_id),
        (Passage.body, Passage.member_id),
    )
    with story.app.app_context():
        who = db.session.scalars(select(Member.id).where(Member.username == username)).one()
        texts = [
            text for body, owner in columns for text in db.session.scalars(select(body).where(owner == who))
        ]
        revised = select(ReviewRevision.body).join(ReviewRevision.review).where(Review.member_id == who)
        return words_in("\n".join([*texts, *db.session.scalars(revised)]))


def test_a_members_zip_holds_their_own_words_and_nobody_elses(read_story):
    found: dict[str, set[str]] = {}
    for who, client in read_story.clients.items():
        if who in ("visitor", "faye"):
            continue
        answer = client.get("/my-data.zip", buffered=True)
        with ZipFile(io.BytesIO(answer.data)) as archive:
            found[who] = words_in("\n".join(archive.read(name).decode() for name in archive.namelist()))
        library = client.get("/my-library.csv", buffered=True).text
        assert words_in(library) <= found[who]
        # Their own words are as they typed them, those of others are not.
        assert (VEILED in found[who]) <= bool(own_words(read_story, who)), who
        assert VEILED in found[who] or who != "bob"
        found[who].discard(VEILED)

        assert found[who] == own_words(read_story, who) | (KEPT if who == "bob" else set()), who

    assert {"canaryalices", "canaryalicebars", "canarywassafe"} == found["alice"]
    assert found["finished"] == set(), "they may read everything, and wrote nothing"
    assert "canarypitch" in found["bob"]


def test_a_visitor_gets_no_zip(read_story):
    for path in ("/my-data.zip", "/my-library.csv", "/settings/data"):
        assert read_story.clients["visitor"].get(path).status_code == 303


@pytest.mark.parametrize("everything", [False, True])
def test_the_club_leaves_with_what_is_safe_for_everybody_unless_all_is_asked_for(
    read_story, tmp_path, everything
):
    with read_story.app.app_context():
        write_lines(tmp_path, everything=everything)
        Site(read_story.app, tmp_path / "site", everything=everything).write()

    lines = words_of_files(tmp_path.glob("*.jsonl"))
    pages = words_of_files((tmp_path / "site").rglob("*.html"))
    expected = set(WORDS) if everything else up_to(0)
    assert lines == (expected | {VEILED} if everything else expected)
    # A page shows no revisions, no meetings and no passages.
    left_out = ("revision", "revisionbars", "wassafe", "question", "questionbars", "passage", "passagebars",
                "remark")  # fmt: skip
    assert pages == {word for word in expected if not word.endswith(left_out)}
    assert not (lines | pages) & {*GONE, *KEPT}
    said = "\n".join(file.read_text() for file in tmp_path.rglob("*.*") if file.suffix in (".html", ".jsonl"))
    assert "@example.org" not in said


def words_of_files(files) -> set[str]:
    found: set[str] = set()
    for file in files:
        assert isinstance(file, Path)
        found |= words_in(file.read_text(encoding="utf-8"))
    return found
