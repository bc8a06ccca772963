"""Forms for a question with its scope, for a proposed book with its reason, and for the search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from wtforms import Field, Form, SearchField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from ..books.catalogue_queries import authors_in_use, tags_in_use
from ..books.forms import find_book
from ..books.models import Author, Book, Tag
from ..books.queries import book_by_name
from ..forms import BaseForm, OnceForm
from ..lib.text.bidi import isolated
from ..lib.text.characters import clean_lines
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from ..members.forms import LineField, add_error, refuse
from . import queries
from .rules import (
    LONGEST_QUESTION,
    LONGEST_REASON,
    ONE_SCOPE,
    already_named_text,
    similar_names,
    unknown_name_text,
    words_problem,
)

NAME_A_BOOK = lazy_gettext("Type the title of a book.")


@dataclass(frozen=True)
class Scope:
    """Scope of an ask: one author, book or tag, or nothing in particular."""

    author: Author | None = None
    book: Book | None = None
    tag: Tag | None = None

    def __bool__(self) -> bool:
        return bool(self.author or self.book or self.tag)


class AskForm(OnceForm):
    """Form for a question and its scope."""

    question = TextAreaField(lazy_gettext("What would you like to know?"), filters=[clean_lines])
    # Choices are filled in only when the form is shown. scope() looks up what was sent, a name as well as a
    # slug.
    author = SelectField(lazy_gettext("Author"), validate_choice=False, default="")
    book = LineField(
        lazy_gettext("Book"), [Length(max=300, message=lazy_gettext("Use at most %(max)d characters."))]
    )
    tag = SelectField(lazy_gettext("Theme"), validate_choice=False, default="")

    def validate_question(self, field: Field) -> None:
        nothing = _("Type what you would like to know.")
        refuse(words_problem(field.data, LONGEST_QUESTION, nothing, field.label.text))

    def scope(self) -> Scope | None:
        """Return the scope of the ask, or None with the error beside its field if there is no such thing."""
        # A field with an error holds nothing to look up, so the form is shown again as it is.
        given = [field for field in (self.author, self.book, self.tag) if field.data]
        if any(field.errors for field in given):
            return None
        if len(given) > 1:
            add_error(given[1], ONE_SCOPE)
            return None
        if self.book.data:
            book = find_book(self.book)
            return Scope(book=book) if book else None
        if self.author.data:
            author = queries.find_author(self.author.data)
            return Scope(author=author) if author else self._complain_unknown(self.author, authors_in_use())
        if self.tag.data:
            tag = queries.find_tag(self.tag.data)
            return Scope(tag=tag) if tag else self._complain_unknown(self.tag, tags_in_use())
        return Scope()

    def offer(self) -> Self:
        """Fill in the authors and tags of the catalogue as choices. Returns the form."""
        self._set_choices(self.author, _("No author in particular"), authors_in_use())
        self._set_choices(self.tag, _("No theme in particular"), tags_in_use())
        return self

    @staticmethod
    def _complain_unknown(field: Field, known: Iterable[Author | Tag]) -> None:
        add_error(
            field, unknown_name_text(field.data, similar_names(field.data, (row.name for row in known)))
        )

    @staticmethod
    def _set_choices(field: SelectField, nothing: str, rows: Iterable[Author | Tag]) -> None:
        choices: dict[str, Any] = {"": nothing} | {row.slug: row.name for row in rows}
        # An unknown value from the address stays selected, so that its error stands beside what was sent.
        choices.setdefault(field.data or "", field.data or "")
        field.choices = choices


class AdviceForm(BaseForm):
    """Form for a book that a member recommends, and the reason, which everybody reads."""

    book = LineField(lazy_gettext("Book"), [DataRequired(NAME_A_BOOK), Length(max=300)])
    reason = TextAreaField(lazy_gettext("Why this one?"), filters=[clean_lines])

    def validate_reason(self, field: Field) -> None:
        nothing = _("Type a sentence or two that say why.")
        refuse(words_problem(field.data, LONGEST_REASON, nothing, field.label.text))

    def meant(self) -> Book | None:
        """Return the named book, or None with the error beside its field if there is no such book."""
        return find_book(self.book)

    def refuse_other(self, book: Book) -> bool:
        """Add the error that a book cannot be recommended for itself. Always returns True."""
        add_error(self.book, _("Type another title than “%(title)s” itself.", title=isolated(book.title)))
        return True

    def refuse_again(self, book: Book) -> None:
        """Add the error that the member has named this book before. What they typed is kept."""
        add_error(self.book, already_named_text(book.title))


class AskSearchForm(Form):
    """Search form for asks, filled from the address."""

    q = SearchField(lazy_gettext("Search"), default="", filters=[lambda text: (text or "").strip()])


def ask_form_for(address: Mapping[str, str]) -> tuple[AskForm, Scope]:
    """Return an empty form with the scope that the address names, and that scope.

    The address may name an author, a book or a tag; unknown ones are left out, and only the first counts.
    """
    form = AskForm(formdata=None)
    author = queries.find_author(address["author"]) if address.get("author") else None
    book = book_by_name(address["book"]) if address.get("book") and not author else None
    tag = queries.find_tag(address["tag"]) if address.get("tag") and not (author or book) else None
    form.author.data = author.slug if author else ""
    form.book.data = book.slug if book else ""
    form.tag.data = tag.slug if tag else ""
    return form, Scope(author, book, tag)
