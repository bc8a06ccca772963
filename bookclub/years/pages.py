"""Pages of the year: the years that there are, the club's, and a member's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from flask import render_template

from ..extensions import utcnow
from ..lib.positions.visibility import Viewer
from ..members.models import Member
from ..web import current_viewer, time_zone
from . import charts, facts, queries, rules
from .charts import YearChart
from .facts import Find
from .rules import Year


def today() -> date:
    """Return the day by the clocks of the person who asks."""
    return utcnow().astimezone(ZoneInfo(time_zone())).date()


@dataclass(frozen=True)
class Turns:
    """The years before and after the one on a page that have something to show."""

    before: int | None
    after: int | None

    @classmethod
    def of(cls, year: int, known: dict[int, int]) -> Turns:
        return cls(*rules.neighbours(year, known))


def show_index() -> str:
    """Render the list of the club's years and of the viewer's own, and who shows theirs."""
    viewer, until = current_viewer(), today().year
    undated, number_undated = queries.undated_books(viewer)
    return render_template(
        "years/index.html",
        of_club=queries.books_by_year(viewer, None, until),
        own=queries.books_by_year(viewer, viewer.id, until),
        undated=[Find(book) for book in undated],
        number_undated=number_undated,
        others=queries.members_with_years(viewer),
    )


def show_member_index(person: Member) -> str:
    """Render the list of another member's years."""
    found = queries.books_by_year(current_viewer(), person.id, today().year)
    return render_template("years/member_index.html", person=person, years=found)


def show_club(number: int) -> str:
    """Render the club's year: what all members read together, without anything private."""
    viewer = current_viewer()
    year = queries.year_of(viewer, None, number)
    span = rules.span(number, time_zone())
    return render_template(
        "years/show_club.html",
        year=year,
        is_over=number < today().year,
        turns=Turns.of(number, queries.books_by_year(viewer, None, today().year)),
        totals=facts.totals(year, of_club=True),
        charts=[*_charts_of_months(year), charts.club_ratings(year), charts.decades(year)],
        chosen=queries.nominations_chosen(span),
        read_together=facts.read_together(year),
        liked_best=facts.liked_best(year),
        discussed=_discussed(queries.most_discussed(viewer, viewer, None, number, span)),
        lengths=facts.lengths(year),
        ages=facts.ages(year),
        say_author=facts.say_author,
        books=facts.books_of_club(year),
        most_covers=rules.COVERS,
        most_behind=rules.BEHIND,
        others=queries.members_with_years(viewer),
    )


def show_member(person: Member, number: int, *, as_others: bool = False) -> str:
    """Render a member's year. ``as_others``: as others would see it, for the member to look at."""
    viewer = current_viewer()
    is_mine = viewer.id == person.id and not as_others
    # A visitor is nobody in particular: they know of nothing private.
    seen_as = Viewer() if as_others else viewer
    year = queries.year_of(seen_as, person.id, number)
    span = rules.span(number, time_zone())
    return render_template(
        "years/show_member.html",
        person=person,
        year=year,
        is_mine=is_mine,
        is_preview=viewer.id == person.id and as_others,
        is_over=number < today().year,
        turns=Turns.of(number, queries.books_by_year(seen_as, person.id, today().year)),
        totals=facts.totals(year),
        charts=[
            *_charts_of_months(year),
            charts.own_ratings(year, is_mine=is_mine),
            charts.decades(year),
        ],
        lengths=facts.lengths(year),
        ages=facts.ages(year),
        say_author=facts.say_author,
        own_mean=facts.stars_text(year.own_mean),
        club_mean=facts.stars_text(year.club_mean),
        furthest_apart=facts.furthest_apart(year),
        discussed=_discussed(queries.most_discussed(viewer, seen_as, person.id, number, span)),
        chosen=queries.nominations_chosen(span, person.id),
        books=facts.books_of_member(year),
        most_covers=rules.COVERS,
        most_behind=rules.BEHIND,
        number_undated=queries.undated_books(viewer)[1] if is_mine else 0,
    )


def _charts_of_months(year: Year) -> list[YearChart]:
    hours = [charts.hours_by_month(year)] if year.minutes else []
    return [charts.books_by_month(year), charts.pages_by_month(year), *hours]


def _discussed(found: list[queries.Discussed]) -> list[Find]:
    return [Find(each.book, facts.say_comments(each.comments)) for each in found]
