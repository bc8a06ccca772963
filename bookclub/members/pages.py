"""Pages of a member, of their settings, and of the club's settings, and links to members in prose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import segno
from flask import current_app, g, render_template, request, url_for
from markupsafe import Markup, escape

from ..books.forms import find_book
from ..books.models import Book
from ..books.queries import book_by_name, current_book
from ..extensions import utcnow
from ..forms import BaseForm
from ..lib.text.member_mentions import link_members
from ..lib.text.spoilers import show_placeholders
from ..mail.queries import count_waiting, last_problem, last_sent, mails_of_kind
from ..mail_kinds import sends_mail
from ..mailbox.queries import last_look
from ..pictures.queries import space_by_member, space_of_all
from ..pictures.rules import SPACE
from ..readings.queries import own_tags_of, promised, shelf, wishes_of
from ..readings.rules import MAX_OWN_TAG
from ..recommendations.queries import muted_by
from ..reviews.draft_queries import count_drafts
from ..reviews.queries import reviews_by
from ..threads.comment_queries import threads_revealed
from ..web import current_member, current_viewer, the_club, the_member
from .forms import ChangePasswordForm, ClubForm, DepartureForm, InvitationForm, ProfileForm, RoleForm
from .invitation_urls import invitation_url, key_parameter
from .models import Club, Invitation, Member
from .queries import invitations_before, present_usernames


def show_member(person: Member, role_form: RoleForm) -> str:
    """Render a member's page, with the form of their role as it is or as it was sent."""
    viewer = current_viewer()
    is_me, chosen_tag = viewer.id == person.id, request.args.get("tag", "")[:MAX_OWN_TAG]
    books = shelf(viewer, person.id, own_tag=chosen_tag)
    return render_template(
        "members/show.html",
        person=person,
        reviews=reviews_by(viewer, person.id, key_parameter("after")),
        shelf=books,
        # Tags and drafts are known to their owner alone.
        own_tags=own_tags_of(viewer) if is_me else [],
        chosen_tag=chosen_tag,
        drafts=count_drafts(viewer)[0] if is_me else 0,
        promised=promised(viewer, [reading.id for _, reading in books]),
        role_form=role_form,
    )


def show_settings(**forms: BaseForm) -> str:
    """Render the settings, with the form that was sent as it was typed, and the others fresh."""
    member, club = the_member(), the_club()
    fresh: dict[str, Callable[[], BaseForm]] = {
        # With formdata=None the others do not read what was sent to one of them.
        "profile": lambda: ProfileForm(member, club, formdata=None),
        "password": lambda: ChangePasswordForm(member, club, formdata=None),
        "departure": lambda: DepartureForm(formdata=None),
    }
    shown = {f"{name}_form": forms.get(name) or make() for name, make in fresh.items()}
    return render_template(
        "members/settings/show.html",
        books_revealed=[book for _, book in wishes_of(current_viewer())],
        threads_revealed=threads_revealed(current_viewer()),
        muted=muted_by(member.id),
        has_mail=sends_mail(),
        **shown,
    )


def show_club(form: ClubForm) -> str:
    """Render the club's settings."""
    return render_template(
        "members/club/settings.html",
        form=form,
        has_mail=sends_mail(),
        mail=current_app.extensions["bookclub"],
        waiting=count_waiting(),
        sent=last_sent(),
        problem=last_problem(),
        look=last_look(),
        pictures=space_of_all(),
        shares=space_by_member(),
        limit=SPACE,
    )


def show_invitations(form: InvitationForm) -> str:
    """Render the invitations, with a form for another, and what became of those that went by mail."""
    invitations, next_before = invitations_before(key_parameter("before"))
    return render_template(
        "members/invitations/index.html",
        form=form,
        has_mail=sends_mail(),
        invitations=invitations,
        mails=mails_of_kind("invitation", "invitation_id", [each.id for each in invitations]),
        next_before=next_before,
        now=utcnow(),
        link_of=invitation_url,
    )


def show_sheet(invitation: Invitation) -> str:
    """Render an invitation as a sheet to print, or why it admits nobody."""
    link, problem = invitation_url(invitation), invitation.problem(utcnow())
    code = "" if problem else draw_code(link)
    template = "members/invitations/sheet.html"
    return render_template(template, invitation=invitation, problem=problem, link=link, code=code)


def draw_code(link: str) -> Markup:
    """Draw a QR code as inline SVG, black on white in dark colours, too: few phones read the reverse.

    Its margin is the four modules that ISO/IEC 18004 asks for. A sixth of it may be damaged.
    """
    code = segno.make_qr(link, error="m")
    drawn = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return Markup(drawn)


def club_form_for(club: Club, **choices: Any) -> ClubForm:
    """Return the form of the club's settings, which names the book that the club reads."""
    return ClubForm(club, book_text(current_book(club)), **choices)


def book_text(book: Book | None) -> str:
    """Return how the form names a book: by its title, or by its slug if another book has the same title."""
    if book is None:
        return ""
    found = book_by_name(book.title)
    return book.title if found and found.id == book.id else book.slug


def find_current_book(form: ClubForm) -> Book | None:
    """Return the book that the form says the club reads; add an error if there is none."""
    return find_book(form.current_book)


def show_prose(html: str | None) -> Markup:
    """Return rendered prose, if any, with its mentions of members who are here linked to their pages.

    The words that stand for spoilers are in the reader's language. The links are made when a text is shown,
    so that a name is plain text once its member has left. For visitors it always is: they know of no members.
    """
    return Markup(link_members(show_placeholders(html or ""), address_of_member))


def address_of_member(username: str) -> str | None:
    """Return the escaped address of the page of a member who is here, by username in lower case."""
    if current_member() is None:
        return None
    # One statement serves all texts of a page, however many of them mention somebody.
    if "present_members" not in g:
        g.present_members = {name.lower(): name for name in present_usernames()}
    name = g.present_members.get(username)
    return str(escape(url_for("members.show", username=name))) if name else None
