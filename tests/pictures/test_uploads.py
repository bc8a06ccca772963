"""Pictures that come with a form: kept, put into its text, given to its post, or refused in words."""

from __future__ import annotations

import ast
import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import bookclub
from bookclub.pictures import decoder, uploads
from bookclub.pictures.decoder import DecoderBusyError
from bookclub.threads.forms import IllustratedForm
from tests.factories import make_book, make_comment, make_draft, make_review
from tests.pictures.conftest import HTMX
from tests.pictures.samples import packed, picture, upload

SVG = (BytesIO(b"<svg/>"), "drawing.svg")


def area(page, name="body"):
    """The text in a box of a form."""
    return re.search(rf'<textarea[^>]*name="{name}"[^>]*>\s*(.*?)</textarea>', page.text, re.DOTALL)[1]


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
def test_a_comment_is_posted_with_its_picture(say, visit, alice, bob, pictures, latest, headers):
    answer = say(
        alice, headers=headers, alt="A blue door", picture_caption="The hall", picture_credit="Photo by Bob"
    )

    assert answer.status_code == (200 if headers else 303)
    (kept,) = pictures()
    comment = latest()
    assert (kept.comment_id, kept.member_id, kept.loose_at) == (comment.id, alice.id, None)
    assert comment.body == f'Look.\n\n![A blue door](/pictures/{kept.id} "The hall\n— Photo by Bob")'
    page = visit(bob).get(f"/comments/{comment.id}").text
    assert 'alt="A blue door"' in page
    assert "The hall <small>Photo by Bob</small></figcaption>" in page
    assert f'srcset="/pictures/{kept.id}/480.webp 480w, /pictures/{kept.id}/600.webp 600w"' in page
    assert 'width="600" height="400"' in page
    assert 'loading="lazy"' in page


def test_several_pictures_come_in_one_form_each_with_its_words(say, alice, latest, pictures):
    say(
        alice,
        "",
        upload(),
        upload(packed(picture(80, 40), "PNG"), "b.png"),
        picture_alt=["First", "Second"],
        picture_caption=["", "Two"],
    )

    one, two = pictures()
    assert latest().body == f'![First](/pictures/{one.id})\n\n![Second](/pictures/{two.id} "Two")'


def test_words_stay_with_their_file_where_a_field_is_empty(say, alice, latest, pictures):
    empty = (BytesIO(b""), "")
    say(alice, "Look.", upload(), empty, upload(packed(picture(90, 90))), picture_alt=["First", "", "Third"])

    assert [*re.findall(r"!\[(\w+)\]", latest().body)] == ["First", "Third"]
    assert len(pictures()) == 2


def test_a_review_is_published_with_its_picture(visit, alice, bob, book, pictures):
    sent = {"title": "Fine", "body": "Good.", "horizon": "0", "picture": upload(), "picture_alt": "A door"}
    answer = visit(alice).post(f"/books/{book.slug}/reviews/new", data=sent)

    (kept,) = pictures()
    assert answer.status_code == 303
    assert kept.review_id == int(answer.location.rpartition("/")[2])
    assert f'src="/pictures/{kept.id}/600.webp"' in visit(bob).get(answer.location).text


def test_a_conversation_is_opened_with_its_picture(visit, alice, book, pictures, latest):
    sent = {"title": "Doors", "body": "Look.", "horizon": "0", "picture": upload(), "picture_alt": "A door"}
    for address in (f"/books/{book.slug}/threads", "/threads/new"):
        sent["picture"] = upload()
        assert visit(alice).post(address, data=sent).status_code == 303
        assert pictures()[-1].comment_id == latest().id


# The form comes back


@pytest.mark.parametrize("headers", [None, HTMX], ids=["page", "htmx"])
def test_the_button_puts_a_picture_into_the_text_and_posts_nothing(say, alice, pictures, latest, headers):
    page = say(alice, "Before.\n\nAfter.", picture_at="7", add_picture="1", headers=headers)

    (kept,) = pictures()
    assert page.status_code == 422
    assert latest() is None
    assert area(page) == f"Before.\n\n![A door](/pictures/{kept.id})\n\nAfter."
    assert f'<img src="/pictures/{kept.id}/480.webp"' in page.text
    assert kept.loose_at is not None
    assert 'class="error"' not in page.text


def test_the_button_asks_for_nothing_else_that_is_missing(visit, alice, book, pictures):
    sent = {"title": "", "body": "", "picture": upload(), "picture_alt": "A door", "add_picture": "1"}
    page = visit(alice).post(f"/books/{book.slug}/reviews/new", data=sent)

    assert page.status_code == 422
    assert area(page) == f"![A door](/pictures/{pictures()[0].id})"
    assert 'class="error"' not in page.text


def test_a_form_that_comes_back_has_its_pictures_in_the_text(say, visit, alice, thread, pictures, latest):
    """Nothing is lost where something else was wrong: the picture is not asked for again."""
    page = say(alice, "Look.", horizon="nonsense")
    (kept,) = pictures()

    assert page.status_code == 422
    assert area(page) == f"Look.\n\n![A door](/pictures/{kept.id})"
    again = {"body": area(page), "horizon": "0"}
    assert visit(alice).post(f"/threads/{thread.id}/comments", data=again).status_code == 303
    assert pictures()[0].comment_id == latest().id


def test_a_preview_keeps_and_shows_the_picture(visit, alice, thread, pictures, latest):
    sent = {"body": "Look.", "horizon": "0", "picture": upload(), "picture_alt": "A door"}
    page = visit(alice).post(f"/threads/{thread.id}/comments/preview", data=sent)

    assert page.status_code == 200
    assert latest() is None
    # Beside the text, and as each of three readers would see it.
    assert page.text.count(f'<img src="/pictures/{pictures()[0].id}/') == 4


def test_a_picture_needs_words(say, visit, alice, thread, pictures, latest):
    page = say(alice, "Look.", alt="")
    (kept,) = pictures()

    assert page.status_code == 422
    assert latest() is None
    assert area(page) == f"Look.\n\n![](/pictures/{kept.id})"
    assert f"write them between the brackets of ![](/pictures/{kept.id})." in page.text
    again = {"body": f"Look.\n\n![A door](/pictures/{kept.id})", "horizon": "0"}
    assert visit(alice).post(f"/threads/{thread.id}/comments", data=again).status_code == 303


def test_words_need_a_picture(visit, alice, thread, latest):
    sent = {"body": "Look.", "horizon": "0", "picture_alt": "A door"}
    page = visit(alice).post(f"/threads/{thread.id}/comments", data=sent)

    assert page.status_code == 422
    assert latest() is None
    assert "Choose the picture that these words are about." in page.text
    assert 'value="A door"' in page.text


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (
            b"<svg/>",
            "“door.jpg” is not a picture that can be shown here. Choose a JPEG, PNG, WebP, GIF or AVIF.",
        ),
        (packed(picture())[:900], "“door.jpg” is damaged or incomplete."),
        (packed(Image.new("1", (30_000, 10)), "PNG"), "“door.jpg” has too many pixels."),
        (packed(picture()) + b"<script>", "“door.jpg” is a picture and something else in one file."),
    ],
)
def test_a_file_that_is_refused_says_why_and_costs_nothing_else(say, alice, pictures, latest, sent, says):
    page = say(alice, "Look.", upload(sent), picture_caption="The hall")

    assert page.status_code == 422
    assert says in page.text
    assert area(page) == "Look."
    assert 'value="A door"' in page.text
    assert 'value="The hall"' in page.text
    assert pictures() == []
    assert latest() is None


def test_of_two_files_the_good_one_is_kept(say, alice, pictures):
    page = say(alice, "Look.", upload(), SVG, picture_alt=["A door", "A drawing"])

    assert page.status_code == 422
    assert area(page) == f"Look.\n\n![A door](/pictures/{pictures()[0].id})"
    assert 'value="A drawing"' in page.text
    assert "“drawing.svg” is not a picture" in page.text


def test_a_file_of_more_than_ten_megabytes_is_refused(say, alice, monkeypatch):
    monkeypatch.setattr(decoder, "LARGEST", 1_000)

    page = say(alice)
    assert page.status_code == 422
    assert "“door.jpg” is larger than 10 MB." in page.text


def test_whose_space_is_full_is_told_so(say, alice, pictures, monkeypatch):
    say(alice)
    monkeypatch.setattr(uploads, "SPACE", pictures()[0].size + 10)

    page = say(alice, "More.", upload(packed(picture(80, 80))))
    assert page.status_code == 422
    assert "Your pictures fill the 300 MB that each member has." in page.text
    assert len(pictures()) == 1


def test_who_has_to_wait_is_told_so(say, alice, monkeypatch):
    def wait(_content, _widths):
        raise DecoderBusyError

    monkeypatch.setattr(decoder, "decode", wait)
    page = say(alice)

    assert page.status_code == 422
    assert "Choose it again in a minute." in page.text


# Sent twice


def test_a_form_that_is_sent_twice_makes_one_post_with_one_picture(say, alice, pictures, latest):
    first = say(alice, submission="abc")
    second = say(alice, submission="abc", picture=[upload()])

    assert first.location == second.location
    assert len(pictures()) == 1
    assert latest().id == 1


def test_the_same_picture_may_stand_in_two_posts(say, visit, alice, bob, pictures, latest):
    say(alice, submission="abc")
    say(alice, submission="def")

    one, two = pictures()
    assert {one.comment_id, two.comment_id} == {1, 2}
    assert f'<img src="/pictures/{two.id}/' in visit(bob).get("/comments/2").text


# A picture belongs to one post


def test_in_another_post_only_the_typed_words_show(say, visit, alice, bob, thread, pictures, latest):
    say(alice, "Mine.", alt="SECRET words")
    (kept,) = pictures()
    for member in (alice, bob):
        sent = {"body": f'![Typed](/pictures/{kept.id} "Caption")', "horizon": "0"}
        visit(member).post(f"/threads/{thread.id}/comments", data=sent)
        assert latest().body_html == '<p dir="auto">Typed</p>\n'
    assert pictures()[0].comment_id == 1


def test_nobody_takes_a_picture_that_another_member_has_not_used(
    say, visit, alice, bob, thread, pictures, latest
):
    say(alice, add_picture="1")
    (kept,) = pictures()
    sent = {"body": f"![Mine now](/pictures/{kept.id})", "horizon": "0"}
    visit(bob).post(f"/threads/{thread.id}/comments", data=sent)

    assert latest().body_html == '<p dir="auto">Mine now</p>\n'
    assert pictures()[0].loose_at is not None


def test_two_posts_that_claim_one_picture_at_once(app, say, alice, thread, pictures, latest, monkeypatch):
    """The second was checked while the picture was free, and shows its words when it is not."""
    from bookclub.threads import actions

    say(alice, add_picture="1")
    (kept,) = pictures()
    genuine = actions.pictures.claim

    def claim(*arguments, **options):
        return genuine(*arguments, **options) if latest() is None else set()

    monkeypatch.setattr(actions.pictures, "claim", claim)
    for _ in range(2):
        say(alice, f"![A door](/pictures/{kept.id})", (BytesIO(b""), ""), alt="")
    assert latest().id == 2
    assert "<img" not in latest().body_html
    assert "<img" not in latest().safe_html


# Editing and deleting


def test_an_edit_adds_and_drops_pictures(say, visit, alice, pictures, latest):
    say(alice)
    (kept,) = pictures()
    cat = upload(packed(picture(50, 50)))
    sent = {"body": "Look again.", "horizon": "0", "picture": cat, "picture_alt": "Cat"}
    assert visit(alice).post("/comments/1/edit", data=sent).status_code == 303

    dropped, added = pictures()
    assert dropped.id == kept.id
    assert dropped.loose_at is not None
    assert dropped.comment_id is None
    assert added.comment_id == 1
    assert latest().body == f"Look again.\n\n![Cat](/pictures/{added.id})"


def test_an_edit_that_leaves_the_picture_alone_keeps_it(say, visit, alice, pictures, latest):
    say(alice)
    sent = {"body": latest().body + " Really.", "horizon": "0"}
    visit(alice).post("/comments/1/edit", data=sent)

    assert pictures()[0].comment_id == 1
    assert "<img" in latest().body_html


def test_a_former_version_of_a_review_keeps_its_picture(visit, alice, bob, book, pictures, status):
    sent = {"title": "Fine", "body": "Good.", "horizon": "0", "picture": upload(), "picture_alt": "A door"}
    visit(alice).post(f"/books/{book.slug}/reviews/new", data=sent)
    (kept,) = pictures()
    sent = {"title": "Fine", "body": "Better.", "horizon": "0"}
    visit(alice).post("/reviews/1/edit", data=sent)

    assert f'<img src="/pictures/{kept.id}/' not in visit(bob).get("/reviews/1").text
    assert f'<img src="/pictures/{kept.id}/' in visit(bob).get("/reviews/1/revisions").text
    assert status(bob, kept.id) == 200
    # The former version is hidden as far as the review is by now.
    visit(alice).post("/reviews/1/edit", data={**sent, "horizon": "10000"})
    assert status(bob, kept.id) == 404


@pytest.mark.databases("sqlite", "postgresql")
def test_a_picture_is_deleted_with_its_post(say, visit, alice, bob, mod, book, pictures, status):
    say(alice)
    visit(alice).post("/comments/1/deletion")
    assert pictures() == []
    sent = {"title": "Fine", "body": "Good.", "horizon": "0", "picture": upload(), "picture_alt": "A door"}
    visit(bob).post(f"/books/{book.slug}/reviews/new", data=sent)
    (kept,) = pictures()
    visit(mod).post("/reviews/2/removal", data={"reason": "x"})
    visit(mod).post("/reviews/1/removal", data={"reason": "Not about the book."})
    assert pictures() == []
    assert status(bob, kept.id) == 404


# Drafts


def test_a_draft_keeps_its_pictures_and_its_review_gets_them(save, visit, alice, bob, book, pictures, status):
    draft = save(make_draft(alice, book, "Good."))
    sent = {"title": "Fine", "body": "Good.", "picture": upload(), "picture_alt": "A door"}
    assert visit(alice).post(f"/drafts/{draft.id}/edit", data=sent).status_code == 303

    (kept,) = pictures()
    assert (kept.draft_id, kept.loose_at) == (draft.id, None)
    assert (status(alice, kept.id), status(bob, kept.id)) == (200, 404)
    form = visit(alice).get(f"/books/{book.slug}/reviews/new")
    sent = {"title": "Fine", "body": area(form), "horizon": "0", "submission": draft.submission}
    assert visit(alice).post(f"/books/{book.slug}/reviews/new", data=sent).status_code == 303
    assert (pictures()[0].draft_id, pictures()[0].review_id) == (None, 1)
    assert status(bob, kept.id) == 200


def test_a_draft_is_published_from_the_list_with_its_pictures(save, visit, alice, book, pictures):
    draft = save(make_draft(alice, book, "Good."))
    sent = {"title": "Fine", "body": "Good.", "picture": upload(), "picture_alt": "A door"}
    visit(alice).post(f"/drafts/{draft.id}/edit", data=sent)
    visit(alice).post(f"/drafts/{draft.id}/publication")

    assert pictures()[0].review_id == 1


def test_a_deleted_draft_takes_its_pictures_along(save, visit, alice, book, pictures):
    draft = save(make_draft(alice, book, "Good."))
    sent = {"title": "Fine", "body": "Good.", "picture": upload(), "picture_alt": "A door"}
    visit(alice).post(f"/drafts/{draft.id}/edit", data=sent)
    visit(alice).post(f"/drafts/{draft.id}/deletion")

    assert pictures() == []


# Without a session


def test_a_visitor_keeps_nothing(visitor, thread, pictures):
    sent = {"body": "Look.", "horizon": "0", "picture": upload(), "picture_alt": "A door"}
    assert visitor.post(f"/threads/{thread.id}/comments", data=sent).status_code in (303, 401)
    assert pictures() == []


def test_stored_words_render_again_with_their_pictures(app, say, save, alice, latest, pictures):
    """An upgrade of the renderer keeps the pictures that are the post's, and no others."""
    from sqlalchemy import update

    from bookclub import stale_text
    from bookclub.extensions import begin_write, db
    from bookclub.threads.models import Comment

    say(alice)
    say(alice)
    one, two = pictures()
    with app.app_context():
        begin_write()
        both = f"![Own](/pictures/{one.id})\n\n![Other](/pictures/{two.id})"
        db.session.execute(update(Comment).where(Comment.id == 1).values(body=both, renderer_version=0))
        db.session.commit()
        read = db.session.scalars(db.select(Comment.body_html).where(Comment.id == 1)).one()
        db.session.close()
        begin_write()
        stale_text.render_again()
        db.session.commit()
        again = db.session.get(Comment, 1)
        assert read == again.body_html == again._body_html
    assert f'<img src="/pictures/{one.id}/' in read
    assert f"/pictures/{two.id}/" not in read
    assert "Other" in read


def test_text_that_comes_by_another_way_shows_no_picture(say, save, thread, alice):
    """By mail, say, or out of a file."""
    say(alice)
    assert "<img" not in save(make_comment(thread, alice, "![x](/pictures/1)")).body_html


# Wherever comments and reviews are written


def illustrated(form=IllustratedForm):
    """The names of the forms whose text may have pictures."""
    return {form.__name__}.union(*(illustrated(each) for each in form.__subclasses__()))


def test_every_view_that_makes_such_a_form_takes_its_pictures():
    """A form that is sent to a view without them would lose its files without a word."""
    names, wrong, met = illustrated(), [], 0
    for path in sorted(Path(bookclub.__file__).parent.glob("*/*views.py")):
        for function in ast.parse(path.read_text()).body:
            if not isinstance(function, ast.FunctionDef):
                continue
            decorators = [ast.unparse(each) for each in function.decorator_list]
            if not any("post" in each.lower() for each in decorators):
                continue
            made = {
                call.func.id
                for call in ast.walk(function)
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in names
            }
            met += bool(made)
            if made and not any(each.startswith("takes_pictures(") for each in decorators):
                wrong.append(f"{path.parent.name}/{path.name}: {function.name}")
    assert met > 10
    assert wrong == []


def test_every_page_with_such_a_form_sends_files(app, save, visit, alice, book, thread):
    """Without multipart a browser sends the names of the files alone."""
    save(make_comment(thread, alice), make_review(alice, save(make_book("Persuasion"))))
    pages = ["/threads/1", "/threads/new", "/comments/1", "/comments/1/edit", "/reviews/1", "/reviews/1/edit"]
    pages += [f"/books/{book.slug}", f"/books/{book.slug}/reviews/new"]
    for url in pages:
        text = visit(alice).get(url).text
        forms = re.findall(r"<form[^>]*>(?:(?!</form>).)*name=\"picture\"", text, re.DOTALL)
        assert forms, url
        for form in forms:
            assert 'enctype="multipart/form-data"' in form.partition(">")[0], url
