"""Forms for books, editions and the catalogue's filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Self

from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    RadioField,
    SearchField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.widgets import TextArea

from ..edit_forms import EditForm
from ..extensions import utcnow
from ..forms import OnceForm, choices_of
from ..lib.matches import author_names, bylines, editions, field_values
from ..lib.matches import series as matches_series
from ..lib.matches.book_fields import BookFields
from ..lib.matches.bylines import Byline, BylineReading
from ..lib.matches.editions import EditionFields
from ..lib.positions import section_starts
from ..lib.text import cursors
from ..lib.text.characters import clean_text, trim_text
from ..lib.text.errors import TextError as ProseRefused
from ..lib.text.markdown import Prose, render
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext, list_text, ngettext, number_text
from ..lib.text.spoilers import hide_spoilers, spoiler_problem
from ..members.forms import add_error, warn_of_spoilers
from .models import Author, Book, Edition, Tag
from .queries import Twins, book_by_name, find_similar_titles


class Ruled(Field):
    """A field whose text a rule turns into a value, or refuses in a sentence."""

    rule: Callable[[str], Any]
    value: Any = None

    @property
    def sent(self) -> bool:
        return bool(self.raw_data)

    def pre_validate(self, form: Any) -> None:
        """Turn the typed text into its value. A form for an existing book may leave fields out."""
        # A client that sends only some fields, or a page from before an upgrade, must not empty the others.
        if form.may_omit and not self.sent:
            return
        try:
            self.value = self.rule(self.data or "")
        except ValueError as refusal:
            raise ValidationError(str(refusal)) from None


class RuledText(Ruled, StringField):
    """A text with a rule."""

    def __init__(self, label: str, rule: Callable[[str], Any], **options: Any) -> None:
        super().__init__(label, **options)
        self.rule = rule


def find_book(field: StringField) -> Book | None:
    """Return the book that a field names by slug or title; add an error if there is none."""
    text = field.data
    if not text or field.errors:
        return None
    book = book_by_name(text)
    if book is None:
        add_error(
            field,
            _("There is no “%(title)s” in the catalogue.", title=text)
            + " "
            + did_you_mean(find_similar_titles(text)),
        )
    return book


def did_you_mean(books: list[Book]) -> str:
    """Return a sentence that says what to try next if a book is unknown."""
    if not books:
        return _("Add the book first, then choose it here.")
    titles = list_text((_("“%(title)s”", title=book.title) for book in books), style="or")
    return _("Did you mean %(titles)s?", titles=titles)


SORT_NAMES = {
    "title": lazy_gettext("Title"),
    "year": lazy_gettext("Year, oldest first"),
    "rating": lazy_gettext("Rating, best first"),
}
NUMBERS: Any = {"several": lazy_gettext("Several"), "one": lazy_gettext("One")}
# Suggestions repeat the authors named before. If these are longer than this, none are made.
LONGEST_SUGGESTION = 1000


def latest_year() -> int:
    """Return the last year in which a book may be announced."""
    return field_values.latest_year(utcnow().year)


def render_description(text: str) -> Prose:
    """Return a description, rendered. Everybody reads it, so it may hold no spoiler."""
    if len(text) > field_values.MAX_DESCRIPTION:
        raise ProseRefused(
            _(
                "A description may have %(most)s characters; this has %(count)s. Shorten it.",
                most=number_text(field_values.MAX_DESCRIPTION),
                count=number_text(len(text)),
            )
        )
    if problem := spoiler_problem(text, _("The description")):
        raise ProseRefused(problem)
    return render(text)


def on_one_line(text: str | None) -> str | None:
    """Join names typed on several lines, so that a field of one line can show them."""
    names = (line.strip(" ;") for line in clean_text(text).split("\n"))
    return "; ".join(filter(None, names)) if text else text


class BookForm(OnceForm):
    """A book that the catalogue does not have yet."""

    may_omit = False
    characters = field_values.LONGEST_FORM

    title = RuledText(lazy_gettext("Title"), field_values.title_from)
    subtitle = RuledText(lazy_gettext("Subtitle"), field_values.subtitle_from)
    authors = RuledText(lazy_gettext("Authors"), bylines.parse_authors, filters=[on_one_line])
    authors_are = RadioField(
        lazy_gettext("How many authors"), choices=choices_of(NUMBERS), validate_choice=False
    )
    authors_asked = HiddenField()
    first_published = RuledText(
        lazy_gettext("First published"), lambda text: field_values.year_from(text, latest_year())
    )
    isbn = RuledText(lazy_gettext("ISBN"), editions.isbn_from)
    pages = RuledText(lazy_gettext("Pages"), editions.pages_from)
    tags = RuledText(lazy_gettext("Tags"), field_values.tags_from)
    series = RuledText(lazy_gettext("Series"), matches_series.series_from)
    description = RuledText(
        lazy_gettext("Description"), render_description, widget=TextArea(), filters=[trim_text]
    )
    adaptations = RuledText(
        lazy_gettext("Adaptations"),
        lambda text: field_values.adaptations_from(text, latest_year()),
        widget=TextArea(),
    )
    anyway = BooleanField(lazy_gettext("It is another book: save it anyway"))

    # The reading of the authors' field, if it is not clear whether its names are one author or several.
    doubt: BylineReading | None = None

    def is_in_doubt(self, before: BookFields | None = None) -> bool:
        """Return whether the member must be asked if the names that they typed are one author or several.

        Names that the book had ``before`` are not asked about again. An answer belongs to the text that it
        was given for: other names are a new question.
        """
        if not self.authors.sent or self.authors.value is None:
            return False
        known = (
            frozenset(author_names.identity_key(name) for name in before.authors) if before else frozenset()
        )
        self.authors.value = reading = bylines.parse_authors(self.authors.data or "", known)
        if not reading.is_doubtful:
            return False
        self.doubt = reading
        if self.authors_are.data in NUMBERS and self.authors_asked.data == self.authors.data:
            return False
        self.authors_are.data, self.authors_asked.data = None, self.authors.data
        add_error(self.authors, _("%(question)s Choose below.", question=self.question))
        return True

    @property
    def question(self) -> str:
        """The question that doubtful names ask: "Are these 2 authors, or 1?"."""
        assert self.doubt is not None
        several, one = (number_text(byline.count) for byline in (self.doubt.several, self.doubt.one))
        return _("Are these %(several)s authors, or %(one)s?", several=several, one=one)

    def counted(self, byline: Byline) -> str:
        """Return the number of authors in a byline in words, in front of their names."""
        return ngettext("%(num)s author:", "%(num)s authors:", byline.count)

    def fields(self, before: BookFields | None = None) -> BookFields:
        """Return the fields of the valid form, and those of ``before`` that the form leaves out."""
        sent_values = {
            field.short_name: field.value for field in self if isinstance(field, RuledText) and field.sent
        }
        if reading := sent_values.get("authors"):
            # If nothing is in doubt, both readings are the same.
            byline = reading.several if self.authors_are.data == "several" else reading.one
            sent_values |= {"authors": byline.authors, "contributors": byline.contributors}
        if (
            before
            and "description" in sent_values
            and self.description.data == hide_spoilers(before.description)
        ):
            # The editor was not shown a stored spoiler, so it stays until someone changes the description.
            del sent_values["description"]
        if "description" in sent_values:
            sent_values["description_html"] = sent_values["description"].html
            sent_values["description"] = self.description.data or ""
        return replace(before, **sent_values) if before else BookFields(**sent_values)

    def accepts(self, twins: Twins, others: Iterable[Edition] = ()) -> bool:
        """Return whether the book may be saved beside those that look like it.

        No ISBN may occur twice, not even in two of the book's own editions; ``others`` are the editions that
        are not in this form.
        """
        taken = bool(self.isbn.value) and any(edition.isbn == self.isbn.value for edition in others)
        if twins.by_isbn or taken:
            # "Save it anyway" does not help here, since the database allows an ISBN once.
            problem = (
                _("Another edition of this book has this ISBN.")
                if taken
                else _("Another book of the club has this ISBN.")
            )
            self.isbn.errors = [*self.isbn.errors, problem]
            return False
        return bool(self.anyway.data) or not twins.by_title

    def suggest(self, names: Iterable[str]) -> list[str]:
        """Return the authors' field with its last name replaced by each of these."""
        before, _last = field_values.split_last_name(self.authors.data or "")
        return [before + name for name in names] if len(before) < LONGEST_SUGGESTION else []

    @property
    def last_name(self) -> str:
        """The author whose name is being typed."""
        return field_values.split_last_name(self.authors.data or "")[1]


class BookEditForm(EditForm, BookForm):
    """A book that the catalogue has."""

    may_omit = True
    aside = frozenset({"anyway", "authors_are"})

    def sent_texts(self) -> dict[str, str]:
        """Return every field that was sent, as the book would return it: an ISBN without its hyphens."""
        # What was not sent comes from an empty book here, and is left out of the result.
        known = self.fields(BookFields(title="", authors=())).texts()
        return {name: known[name] for name in super().sent_texts()}


class FilterForm(Form):
    """The catalogue's filters, from its address."""

    q = SearchField(lazy_gettext("Search"), default="")
    author = SelectField(lazy_gettext("Author"), validate_choice=False, default="")
    tag = SelectField(lazy_gettext("Tag"), validate_choice=False, default="")
    sort = SelectField(
        lazy_gettext("Sort by"), choices=choices_of(SORT_NAMES), validate_choice=False, default="title"
    )

    def offer(self, authors: Iterable[Author], tags: Iterable[Tag]) -> Self:
        """Offer these authors and tags, and the present choice. Returns the form."""
        for field, name, rows in ((self.author, _("All authors"), authors), (self.tag, _("All tags"), tags)):
            choices = {"": name} | {row.slug: row.name for row in rows}
            # A choice that is not on offer, because it is one too many, stays selected.
            choices.setdefault(field.data or "", field.data or "")
            field.choices = choices
        return self

    def asked(self) -> dict[str, str]:
        """Return the filters that were given and mean something."""
        # Anything may stand in an address. An order that is unknown is the one by title.
        sort = self.sort.data if self.sort.data in cursors.SORTS else "title"
        asked = {"q": (self.q.data or "").strip(), "author": self.author.data, "tag": self.tag.data}
        return {"sort": sort} | {name: value for name, value in asked.items() if value}


def edit_form_for(book: Book) -> BookEditForm:
    """Return the form of the edit page, filled with what is known."""
    texts = book.fields.texts()
    # A description from before spoilers were refused may hold one, which its editor must not read.
    form = BookEditForm(formdata=None, data={**texts, "description": hide_spoilers(texts["description"])})
    warn_of_spoilers(form.title, form.subtitle, form.authors, form.tags, form.series)
    return form


class FormatField(Ruled, SelectField):
    """A format, chosen from a list, or none."""

    # Without staticmethod the field itself would be passed as the first argument.
    rule = staticmethod(editions.format_from)


class EditionForm(OnceForm):
    """A printing or recording that the catalogue does not have yet."""

    may_omit = False

    format = FormatField(lazy_gettext("Format"), choices=editions.format_choices)
    pages = RuledText(lazy_gettext("Pages"), editions.pages_from)
    minutes = RuledText(lazy_gettext("Length of the recording"), editions.minutes_from)
    isbn = RuledText(lazy_gettext("ISBN"), editions.isbn_from)

    def fields(self, before: EditionFields | None = None) -> EditionFields:
        """Return the fields of the valid form, and those of ``before`` that the form leaves out."""
        sent_values: dict[str, Any] = {
            field.short_name: field.value for field in self if isinstance(field, Ruled) and field.sent
        }
        return replace(before or EditionFields(), **sent_values)

    def accepts(
        self, fields: EditionFields, holder: tuple[Edition, Book] | None, edition_id: int | None
    ) -> bool:
        """Return whether these fields say anything, and their ISBN is free or belongs to this edition."""
        if not fields:
            self.form_errors.append(_("Fill in at least one of these: a length, an ISBN or a format."))
        if holder and holder[0].id != edition_id:
            self.isbn.errors = [
                *self.isbn.errors,
                _("An edition of “%(title)s” has this ISBN.", title=holder[1].title),
            ]
        return not self.errors


class EditionEditForm(EditForm, EditionForm):
    """An edition that the catalogue has. Fields that are not sent stay as they are."""

    may_omit = True

    def sent_texts(self) -> dict[str, str]:
        """Return every field that was sent, as the edition would show it: an ISBN with its hyphens."""
        known = texts_of(self.fields())
        return {name: known[name] for name in super().sent_texts()}


def edition_form_for(edition: Edition) -> EditionEditForm:
    """Return the form of the edit page, filled with what is known."""
    return EditionEditForm(formdata=None, data=texts_of(edition.fields))


def texts_of(fields: EditionFields) -> dict[str, str]:
    """Return every field of an edition as the form writes it."""
    return {
        "format": fields.format or "",
        "pages": str(fields.pages or ""),
        "minutes": str(section_starts.Start("minute", fields.minutes)) if fields.minutes else "",
        "isbn": editions.isbn_text(fields.isbn) if fields.isbn else "",
    }
