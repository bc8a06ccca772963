"""A picture shows to those alone to whom a page would show it, wherever it stands."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bookclub.extensions import begin_write, db
from bookclub.members.models import Club
from tests.spoilers.story import MARKS, may_see


def words_of_pictures(story, who, **asked):
    """The words whose pictures a reader gets, and the answers for all others."""
    seen, refused = set(), []
    for number, word in story.pictures.items():
        answer = story.clients[who].get(f"/pictures/{number}/480.webp", **asked)
        if answer.status_code == 200:
            assert word.encode() in answer.data
            seen.add(word)
        else:
            refused.append(answer)
    return seen, refused


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("who", MARKS)
def test_a_picture_is_seen_by_those_who_may_read_the_words_beside_it(read_story, who):
    seen, refused = words_of_pictures(read_story, who)

    assert seen == may_see(who) & set(read_story.pictures.values())
    assert {answer.status_code for answer in refused} <= {404}


def test_there_are_pictures_of_every_kind_in_the_story(read_story):
    words = set(read_story.pictures.values())
    for kind in ("review", "comment", "reply", "opening", "revision"):
        assert {f"canary{level}{kind}" for level in ("safe", "fifth", "later", "ending")} <= words
    assert {"canaryreviewbars", "canaryrevisionbars", "canarycommentbars", "canaryalicebars"} <= words


def test_whoever_knows_the_tag_learns_nothing_by_it(read_story):
    """A cached copy is asked for again, and a mark that went back, or a report, ends what may be seen."""
    tags = {
        number: read_story.clients["finished"].get(f"/pictures/{number}/480.webp").headers["ETag"]
        for number in read_story.pictures
    }
    for number, word in read_story.pictures.items():
        asked = {"headers": {"If-None-Match": tags[number]}}
        answer = read_story.clients["unread"].get(f"/pictures/{number}/480.webp", **asked)
        assert answer.status_code == (304 if word in may_see("unread") else 404)


def test_a_revealed_book_shows_its_pictures_until_it_is_hidden_again(story):
    story.post("unread", f"/books/{story.book}/reveal")
    assert words_of_pictures(story, "unread")[0] == set(story.pictures.values())

    story.post("unread", f"/books/{story.book}/reveal/deletion")
    assert words_of_pictures(story, "unread")[0] == may_see("unread") & set(story.pictures.values())


def test_visitors_of_a_private_club_get_no_picture(story):
    with story.app.app_context():
        begin_write()
        db.session.execute(update(Club).values(is_public=False))
        db.session.commit()

    there = story.clients["visitor"].get("/pictures/1/480.webp")
    nowhere = story.clients["visitor"].get("/pictures/999999/480.webp")
    assert there.status_code == nowhere.status_code == 303
    assert there.location.replace("/1/", "/999999/").replace("%2F1%2F", "%2F999999%2F") == nowhere.location
