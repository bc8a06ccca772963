"""The words of each picture: those that its page shows to everybody."""

from __future__ import annotations

from ..books.catalogue_queries import catalogue
from ..books.models import Author, Book
from ..lib.link_previews.picture import LinkPreview
from ..reviews.models import Review
from ..threads.models import Thread
from ..web import the_club

# Between two texts in one line: no word, since nobody knows the language of the reader.
BETWEEN = " · "


def preview_of_club() -> LinkPreview:
    """Return the words of the club's picture: its name. Of a private club there is no other."""
    name = the_club().name
    return LinkPreview(name, "", "", "", (name, ""))


def preview_of_book(book: Book) -> LinkPreview:
    """Return the words of a book's picture."""
    year = str(book.year) if book.year else ""
    return LinkPreview(book.title, book.authors_line, year, the_club().name, (book.title, book.authors_line))


def preview_of_author(author: Author) -> LinkPreview:
    """Return the words of an author's picture: with titles, the first of the page's list."""
    titles = [book.title for book in catalogue(author=author.slug, sort="year").entries[:6]]
    return LinkPreview(author.name, "", BETWEEN.join(titles), the_club().name, (author.name, ""))


def preview_of_review(review: Review) -> LinkPreview:
    """Return the words of a review's picture: title and summary are safe for everybody."""
    summary = "" if review.deleted_at else review.summary
    return _on_book(review.title or review.book.title, review.book, summary)


def preview_of_thread(thread: Thread) -> LinkPreview:
    """Return the words of the picture of a thread with a title, which is safe for everybody."""
    name = the_club().name
    if thread.book is None:
        return LinkPreview(thread.title or "", "", "", name, (name, ""))
    return _on_book(thread.title or "", thread.book, "")


def _on_book(title: str, book: Book, summary: str) -> LinkPreview:
    byline = BETWEEN.join(filter(None, (book.title, book.authors_line)))
    return LinkPreview(title, byline, summary, the_club().name, (book.title, book.authors_line))
