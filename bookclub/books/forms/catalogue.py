"""The form in which a book is added and edited, and the filters of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Self

from wtforms import BooleanField, Form, HiddenField, RadioField, SearchField, SelectField
from wtforms.widgets import TextArea

from ...accounts.forms.fields import complain, point_out
from ...characters import clean_text
from ...edit_forms import EditForm
from ...extensions import utcnow
from ...forms import OnceForm
from ...prose import Prose, render
from ...prose import Refused as ProseRefused
from ...spoilers import hide, public_problem
from .. import rules
from ..models import Author, Book, Edition, Tag
from ..queries import Twins
from ..rules import BookFields, Byline, Reading
from .fields import Entry, plain_lines

SORT_NAMES = {"title": "Title", "year": "Year, oldest first", "rating": "Rating, best first"}
NUMBERS: Any = {"several": "Several", "one": "One"}
COUNTED = {1: "One", 2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six"}
# Where so many authors are named already, nobody needs to have them repeated.
LONGEST_SUGGESTION = 1000


def latest_year() -> int:
    """How far ahead a book may be announced."""
    return rules.latest_year(utcnow().year)


def described(text: str) -> Prose:
    """A description, rendered. Everybody reads it, so nothing in it can be a spoiler."""
    if len(text) > rules.MAX_DESCRIPTION:
        raise ProseRefused(
            f"A description may have {rules.MAX_DESCRIPTION} characters; this has {len(text)}."
        )
    if problem := public_problem(text, "The description"):
        raise ProseRefused(problem)
    return render(text)


def on_one_line(text: str | None) -> str | None:
    """Names typed on lines as a field of one line can show them."""
    names = (line.strip(" ;") for line in clean_text(text or "").split("\n"))
    return "; ".join(filter(None, names)) if text else text


class BookForm(OnceForm):
    """A book that is not there yet."""

    may_omit = False
    characters = rules.LONGEST_FORM

    title = Entry("Title", rules.title_from)
    subtitle = Entry("Subtitle", rules.subtitle_from)
    authors = Entry("Authors", rules.reading_from, filters=[on_one_line])
    authors_are = RadioField("How many authors", choices=NUMBERS, validate_choice=False)
    authors_asked = HiddenField()
    first_published = Entry("First published", lambda text: rules.year_from(text, latest_year()))
    isbn = Entry("ISBN", rules.isbn_from)
    pages = Entry("Pages", rules.pages_from)
    tags = Entry("Tags", rules.tags_from)
    series = Entry("Series", rules.series_from)
    description = Entry("Description", described, widget=TextArea(), filters=[plain_lines])
    adaptations = Entry(
        "Adaptations", lambda text: rules.adaptations_from(text, latest_year()), widget=TextArea()
    )
    anyway = BooleanField("It is another book: save it anyway")

    # The names in the field of the authors, where it is open whether they are one or several.
    doubt: Reading | None = None

    def is_in_doubt(self, before: BookFields | None = None) -> bool:
        """Return whether the member must be asked if the names that they typed are one author or several.

        Names that the book had ``before`` are not asked about again, and an answer goes with what was
        typed: other names are a new question.
        """
        if not self.authors.sent or self.authors.value is None:
            return False
        known = frozenset(rules.identity_key(name) for name in before.authors) if before else frozenset()
        self.authors.value = reading = rules.reading_from(self.authors.data or "", known)
        if not reading.is_doubtful:
            return False
        self.doubt = reading
        if self.authors_are.data in NUMBERS and self.authors_asked.data == self.authors.data:
            return False
        self.authors_are.data, self.authors_asked.data = None, self.authors.data
        complain(self.authors, f"{self.question} Choose below.")
        return True

    @property
    def question(self) -> str:
        """The question that doubtful names ask: "Two authors, or one?"."""
        assert self.doubt is not None
        return f"{self.counted(self.doubt.several)} authors, or {self.counted(self.doubt.one).lower()}?"

    def counted(self, byline: Byline) -> str:
        """The number of authors in a byline, in a word as far as there is one."""
        return COUNTED.get(byline.count, str(byline.count))

    def fields(self, before: BookFields | None = None) -> BookFields:
        """What the valid form says, and ``before`` where it says nothing."""
        said = {field.short_name: field.value for field in self if isinstance(field, Entry) and field.sent}
        if reading := said.get("authors"):
            byline = reading.several if self.authors_are.data == "several" else reading.one
            said |= {"authors": byline.authors, "contributors": byline.contributors}
        if before and "description" in said and self.description.data == hide(before.description):
            # A spoiler that is stored was not shown to its editor, and stays until somebody writes over it.
            del said["description"]
        if "description" in said:
            said["description_html"] = said["description"].html
            said["description"] = self.description.data or ""
        return replace(before, **said) if before else BookFields(**said)

    def accepts(self, twins: Twins, others: Iterable[Edition] = ()) -> bool:
        """Whether the book may be saved beside those that look like it.

        An ISBN is never given twice, not even to two of its own editions; ``others`` are those that
        this form does not speak of.
        """
        taken = bool(self.isbn.value) and any(edition.isbn == self.isbn.value for edition in others)
        if twins.by_isbn or taken:
            whose = "Another edition of this book" if taken else "Another book of the club"
            self.isbn.errors = [*self.isbn.errors, f"{whose} has this ISBN."]
            return False
        return bool(self.anyway.data) or not twins.by_title

    def suggest(self, names: Iterable[str]) -> list[str]:
        """What the authors' field would hold if its last name were one of these."""
        before, _ = rules.names_so_far(self.authors.data or "")
        return [before + name for name in names] if len(before) < LONGEST_SUGGESTION else []

    @property
    def last_name(self) -> str:
        """The author whose name is being typed."""
        return rules.names_so_far(self.authors.data or "")[1]


class BookEditForm(EditForm, BookForm):
    """A book that is there."""

    may_omit = True
    aside = frozenset({"anyway", "authors_are"})

    def sent_texts(self) -> dict[str, str]:
        """Every field that was sent, as the book would give it back: an ISBN without its hyphens."""
        known = self.fields(BookFields(title="", authors=())).texts()
        return {name: known[name] for name in super().sent_texts()}


class FilterForm(Form):
    """What the catalogue is asked for, in its address."""

    q = SearchField("Search", default="")
    author = SelectField("Author", validate_choice=False, default="")
    tag = SelectField("Tag", validate_choice=False, default="")
    sort = SelectField("Sorted by", choices=SORT_NAMES, validate_choice=False, default="title")

    def offer(self, authors: Iterable[Author], tags: Iterable[Tag]) -> Self:
        """Offer these authors and tags, and what is asked for already. Returns the form."""
        for field, name, rows in ((self.author, "Everybody", authors), (self.tag, "All", tags)):
            choices = {"": name} | {row.slug: row.name for row in rows}
            choices.setdefault(field.data or "", field.data or "")
            field.choices = choices
        return self

    def asked(self) -> dict[str, str]:
        """What to look for, without what is not asked for or means nothing."""
        sort = self.sort.data if self.sort.data in rules.SORTS else "title"
        asked = {"q": (self.q.data or "").strip(), "author": self.author.data, "tag": self.tag.data}
        return {"sort": sort} | {name: value for name, value in asked.items() if value}


def edit_form_for(book: Book) -> BookEditForm:
    """The form as the edit page shows it, filled with what is known."""
    texts = book.fields.texts()
    form = BookEditForm(formdata=None, data={**texts, "description": hide(texts["description"])})
    point_out(form.title, form.subtitle, form.authors, form.tags, form.series)
    return form
