"""Views of the word from the organisers: they write it, and each member dismisses it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from ..body_limits import takes_text
from ..edit_forms import Latest
from ..extensions import db, utcnow
from ..lib.text.messages import gettext as _
from ..members.models import Club, Member
from ..web import answer, invalid, load, require, the_club, the_member
from . import actions, queries
from .forms import DismissalForm, WordForm

bp = Blueprint("word", __name__)


@bp.get("/club/word")
def edit() -> str:
    """Show the form in which organisers write their word."""
    require("say a word to", the_club())
    return show_form(WordForm(queries.word_of_club()))


@bp.post("/club/word")
@takes_text(WordForm.characters)
def update() -> Response:
    """Say a word to the club, change it, or take it down."""
    require("say a word to", the_club())
    form = WordForm(queries.word_of_club())
    fits = form.validate()
    # Validation has only read; load() opens the writing transaction.
    db.session.close()
    load(Club, the_club().id, to="say a word to")
    word = queries.word_of_club()
    if not fits or not form.merge(WordForm(word, formdata=None), Latest(when=word.said_at if word else None)):
        return invalid(show_form(form))
    # A text that the organiser did not change stays as it is stored.
    is_new = "body" not in form.kept and actions.say_word(form.text, form.body_html, utcnow())
    db.session.commit()
    if not is_new:
        flash(_("Nothing has changed, so your word keeps its date."))
    elif form.text:
        flash(_("Your word is on every member’s home page."), "good")
    else:
        flash(_("Your word is taken down."), "good")
    return redirect(url_for("home.show"), 303)


@bp.post("/club/word/dismissal")
def dismiss() -> Response:
    """Hide the word that the member has seen from their front page, until there is another one."""
    form = DismissalForm()
    fits = form.validate_on_submit()
    member = load(Member, the_member().username, to="edit")
    later = actions.dismiss_word(member, form.number.data if fits else None)
    db.session.commit()
    if later:
        words = _("The organisers have written something new. Read it before you dismiss it.")
    else:
        words = _("Dismissed. When the organisers write something new, you read it here.")
    return answer("home/dismiss_word.htmx.html", otherwise=url_for("home.show"), words=words, word=later)


def show_form(form: WordForm) -> str:
    """Render the form of the word."""
    return render_template("home/edit_word.html", form=form, word=queries.word_of_club())
