"""Modules that are imported for what they register: kinds of jobs, handlers of events, words to search.

Nothing calls them by name: the table of jobs and the registries do.
"""

from . import stale_text
from .archive import departures
from .asks import search_queries as words_of_asks
from .books import search_queries as words_of_books
from .home import letter_pages
from .imports import jobs as import_jobs
from .mail import jobs as mail_jobs
from .mail import trial as mail_trial
from .mailbox import jobs as mailbox_jobs
from .mailbox import mails as mailbox_mails
from .meetings import jobs as meeting_jobs
from .meetings import search_queries as words_of_meetings
from .members import jobs as member_jobs
from .members import mails as member_mails
from .members import search_queries as words_of_members
from .mergers import jobs as merger_jobs
from .notices import jobs as notice_jobs
from .notices import mail_pages as notice_mails
from .openlibrary import actions as openlibrary_actions
from .openlibrary import covers as openlibrary_covers
from .passages import search_queries as words_of_passages
from .pictures import jobs as picture_jobs
from .questions import search_queries as words_of_questions
from .recommendations import jobs as recommendation_jobs
from .reviews import search_queries as words_of_reviews
from .rounds import jobs as round_jobs
from .rounds import search_queries as words_of_rounds
from .search import changes as search_changes
from .search import jobs as search_jobs
from .threads import search_queries as words_of_threads

__all__ = (
    "departures",
    "import_jobs",
    "letter_pages",
    "mail_jobs",
    "mail_trial",
    "mailbox_jobs",
    "mailbox_mails",
    "meeting_jobs",
    "member_jobs",
    "member_mails",
    "merger_jobs",
    "notice_jobs",
    "notice_mails",
    "openlibrary_actions",
    "openlibrary_covers",
    "picture_jobs",
    "recommendation_jobs",
    "round_jobs",
    "search_changes",
    "search_jobs",
    "stale_text",
    "words_of_asks",
    "words_of_books",
    "words_of_meetings",
    "words_of_members",
    "words_of_passages",
    "words_of_questions",
    "words_of_reviews",
    "words_of_rounds",
    "words_of_threads",
)
