"""Pictures in what a member takes along, in the club's export, and through a merger and its undoing."""

from __future__ import annotations

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image
from sqlalchemy import select

from bookclub.archive.json_lines import write_lines
from bookclub.archive.site import Site
from bookclub.extensions import begin_write, db, utcnow
from bookclub.members.models import Member
from bookclub.mergers.book_merge import merge_books
from bookclub.mergers.models import Merger
from bookclub.pictures.models import Picture, PictureCopy
from tests.factories import make_book, make_copy, make_draft, make_picture
from tests.pictures.samples import upload


@pytest.fixture
def exported(app, tmp_path):
    """``exported(everything=False)`` is the folder of the club's export."""

    def exported(*, everything=False):
        folder = tmp_path / f"copy-{everything}"
        folder.mkdir()
        with app.test_request_context():
            write_lines(folder, everything=everything)
            Site(app, folder / "site", everything=everything).write()
        return folder

    return exported


@pytest.fixture
def merge(app, olive):
    """``merge(kept, gone)`` makes one book of two."""

    def merge(kept, gone):
        with app.app_context():
            begin_write()
            merge_books(kept.id, gone.id, db.session.get(Member, olive.id), utcnow())
            db.session.commit()

    return merge


def lines_of(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


def review(visit, member, book, **fields):
    sent = {"title": "Fine", "body": "Good.", "horizon": "0", "picture": upload(), "picture_alt": "A door"}
    answer = visit(member).post(f"/books/{book.slug}/reviews/new", data=sent | fields)
    assert answer.status_code == 303
    return int(answer.location.rpartition("/")[2])


def test_a_member_takes_their_pictures_along(say, visit, alice, bob):
    say(alice)
    say(bob)
    answer = visit(alice).get("/my-data.zip", buffered=True)

    with ZipFile(BytesIO(answer.data)) as archive:
        (row,) = json.loads(archive.read("pictures.json"))
        assert (row["id"], row["comment_id"], row["file"]) == (1, 1, "pictures/1.webp")
        assert (
            Image.open(BytesIO(archive.read(row["file"]))).size == (600, 400) == (row["width"], row["height"])
        )
        assert [name for name in archive.namelist() if name.startswith("pictures/")] == ["pictures/1.webp"]
        assert "pictures/, pictures.json" in archive.read("README.txt").decode()


def test_the_clubs_export_has_the_pictures_of_what_it_shows(say, visit, alice, bob, book, exported):
    safe, locked = say(alice), say(alice, horizon="5000")
    assert (safe.status_code, locked.status_code) == (303, 303)
    review(visit, bob, book, body="||Look||")
    folder = exported()

    assert {file.name for file in (folder / "pictures").iterdir()} == {"1.webp", "3.webp"}
    rows = {row["id"]: row for row in lines_of(folder / "pictures.jsonl")}
    assert (rows[1]["comment_id"], rows[3]["review_id"]) == (1, 1)
    page = (folder / "site" / "threads" / "1.html").read_text()
    assert '<img src="../pictures/1.webp" width="600" height="400" alt="A door"' in page
    assert "pictures/2" not in page
    assert "srcset" not in page
    assert {file.name for file in (folder / "site" / "pictures").iterdir()} == {"1.webp", "3.webp"}


def test_a_picture_in_bars_stays_out_of_the_export(say, alice, pictures, exported):
    say(alice, add_picture="1")
    say(alice, f"||![A door](/pictures/{pictures()[0].id})||", (BytesIO(b""), ""), alt="")
    folder = exported()

    assert list((folder / "pictures").iterdir()) == []
    assert lines_of(folder / "pictures.jsonl") == []
    assert "A door" not in (folder / "site" / "threads" / "1.html").read_text()


def test_an_export_of_everything_has_locked_pictures_but_no_unused_ones(say, alice, exported):
    say(alice, horizon="5000")
    say(alice, "||Bars||", add_picture="1")

    folder = exported(everything=True)
    assert [file.name for file in (folder / "pictures").iterdir()] == ["1.webp"]


@pytest.mark.databases("sqlite", "postgresql")
def test_a_merger_moves_pictures_with_their_words_and_back(
    app, save, merge, visit, alice, bob, olive, book, pictures, status
):
    other = save(make_book("Emma, again"))
    older = review(visit, alice, book)
    newer = review(visit, alice, other, body="Better.")
    merge(other, book)

    assert {each.review_id for each in pictures()} == {newer}
    page = visit(bob).get(f"/reviews/{newer}/revisions").text
    assert '<img src="/pictures/1/' in page
    assert status(bob, 1) == 200
    visit(alice).post(f"/reviews/{newer}/edit", data={"title": "Fine", "body": "Best.", "horizon": "10000"})
    assert status(bob, 1) == 404
    visit(alice).post(f"/reviews/{newer}/edit", data={"title": "Fine", "body": "Best.", "horizon": "0"})

    with app.app_context():
        merger = db.session.scalars(select(Merger)).one()
    assert visit(olive).post(f"/mergers/{merger.id}/reversal").status_code == 303
    assert [each.review_id for each in pictures()] == [older, newer]
    assert '<img src="/pictures/1/' in visit(bob).get(f"/reviews/{older}").text


def test_drafts_that_are_joined_keep_both_their_pictures(save, merge, visit, alice, book, pictures):
    other = save(make_book("Emma, again"))
    for each in (book, other):
        draft = save(make_draft(alice, each))
        sent = {"title": "Fine", "body": "Good.", "picture": upload(), "picture_alt": "A door"}
        assert visit(alice).post(f"/drafts/{draft.id}/edit", data=sent).status_code == 303
    merge(other, book)

    assert {each.draft_id for each in pictures()} == {2}
    assert visit(alice).post("/drafts/2/publication").status_code == 303
    assert [each.review_id for each in pictures()] == [1, 1]


@pytest.mark.parametrize("has_own", [False, True])
def test_a_cover_moves_unless_the_kept_book_has_its_own(save, merge, alice, book, pictures, has_own):
    other = save(make_book("Emma, again"))
    save(make_picture(alice, book_id=book.id))
    if has_own:
        save(make_picture(alice, book_id=other.id))
    merge(other, book)

    cover = pictures()[0]
    assert (cover.book_id, cover.loose_at is None) == ((None, False) if has_own else (other.id, True))


def test_copies_go_with_their_picture(app, save, alice):
    picture = save(make_picture(alice))
    save(make_copy(picture), make_copy(picture, 960))
    with app.app_context():
        begin_write()
        db.session.delete(db.session.get(Picture, picture.id))
        db.session.commit()
        assert db.session.scalars(select(PictureCopy)).all() == []
