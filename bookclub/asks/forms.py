"""A question with what it is about, and a book that is proposed with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from wtforms import Field, Form, SearchField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from ..books.catalogue_queries import authors_in_use, tags_in_use
from ..books.forms import book_meant
from ..books.models import Author, Book, Tag
from ..books.queries import named
from ..forms import BaseForm, OnceForm
from ..lib.text.bidi import isolated
from ..members.forms import LineField, complain, refuse
from . import queries
from .rules import (
    LONGEST_QUESTION,
    LONGEST_REASON,
    ONE_SCOPE,
    near,
    say_again,
    say_unknown,
    tidy,
    words_problem,
)

NAME_A_BOOK = "Name a book of the catalogue."


@dataclass(frozen=True)
class Scope:
    """What an ask is about: one of these, or nothing in particular."""

    author: Author | None = None
    book: Book | None = None
    tag: Tag | None = None

    def __bool__(self) -> bool:
        return bool(self.author or self.book or self.tag)


class AskForm(OnceForm):
    """A question, and what it is about."""

    question = TextAreaField("What would you like to know?", filters=[tidy])
    author = SelectField("Author", validate_choice=False, default="")
    book = LineField("Book", [Length(max=300, message="Use at most %(max)d characters.")])
    tag = SelectField("Theme", validate_choice=False, default="")

    def validate_question(self, field: Field) -> None:
        nothing = "Write what you would like to know."
        refuse(words_problem(field.data, LONGEST_QUESTION, nothing, field.label.text))

    def scope(self) -> Scope | None:
        """What the ask is about; None, with the error beside its field, where there is no such thing."""
        said = [field for field in (self.author, self.book, self.tag) if field.data]
        if any(field.errors for field in said):
            return None
        if len(said) > 1:
            complain(said[1], ONE_SCOPE)
            return None
        if self.book.data:
            book = book_meant(self.book)
            return Scope(book=book) if book else None
        if self.author.data:
            author = queries.author_meant(self.author.data)
            return Scope(author=author) if author else self._unknown(self.author, authors_in_use())
        if self.tag.data:
            tag = queries.tag_meant(self.tag.data)
            return Scope(tag=tag) if tag else self._unknown(self.tag, tags_in_use())
        return Scope()

    def offer(self) -> Self:
        """Offer the authors and tags of the catalogue. Returns the form."""
        self._offer(self.author, "No author in particular", authors_in_use())
        self._offer(self.tag, "No theme in particular", tags_in_use())
        return self

    @staticmethod
    def _unknown(field: Field, known: Iterable[Author | Tag]) -> None:
        complain(field, say_unknown(field.data, near(field.data, (row.name for row in known))))

    @staticmethod
    def _offer(field: SelectField, nothing: str, rows: Iterable[Author | Tag]) -> None:
        choices: dict[str, Any] = {"": nothing} | {row.slug: row.name for row in rows}
        choices.setdefault(field.data or "", field.data or "")
        field.choices = choices


class AdviceForm(BaseForm):
    """A book that a member recommends, and why. Everybody reads the reason."""

    book = LineField("Book", [DataRequired(NAME_A_BOOK), Length(max=300)])
    reason = TextAreaField("Why this one?", filters=[tidy])

    def validate_reason(self, field: Field) -> None:
        nothing = "Say in a sentence or two why."
        refuse(words_problem(field.data, LONGEST_REASON, nothing, field.label.text))

    def meant(self) -> Book | None:
        """The book that is named; None, with the error beside its field, where there is no such book."""
        return book_meant(self.book)

    def refuse_other(self, book: Book) -> bool:
        """Whether the book that is named is the very one it is recommended for; that is said, too."""
        complain(self.book, f"Name another book than “{isolated(book.title)}” itself.")
        return True

    def refuse_again(self, book: Book) -> None:
        """Say that this was named before. What was typed is kept."""
        complain(self.book, say_again(book.title))


class SearchForm(Form):
    """What the asks are searched for, in the address."""

    q = SearchField("Search", default="", filters=[lambda text: (text or "").strip()])


def ask_form_for(address: Mapping[str, str]) -> tuple[AskForm, Scope]:
    """An empty form, about what the address says; what is not known is left out."""
    form = AskForm(formdata=None)
    author = queries.author_meant(address["author"]) if address.get("author") else None
    book = named(address["book"]) if address.get("book") and not author else None
    tag = queries.tag_meant(address["tag"]) if address.get("tag") and not (author or book) else None
    form.author.data = author.slug if author else ""
    form.book.data = book.slug if book else ""
    form.tag.data = tag.slug if tag else ""
    return form, Scope(author, book, tag)
