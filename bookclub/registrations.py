"""Modules that are imported for what they register: kinds of jobs, and handlers of events.

Nothing calls them by name: the table of jobs and the registries do.
"""

from . import stale_text
from .archive import departures
from .home import letter_pages
from .imports import jobs as import_jobs
from .mail import jobs as mail_jobs
from .mail import trial as mail_trial
from .mailbox import jobs as mailbox_jobs
from .mailbox import mails as mailbox_mails
from .meetings import jobs as meeting_jobs
from .members import jobs as member_jobs
from .members import mails as member_mails
from .mergers import jobs as merger_jobs
from .notices import jobs as notice_jobs
from .notices import mail_pages as notice_mails
from .openlibrary import actions as openlibrary_actions
from .recommendations import jobs as recommendation_jobs
from .rounds import jobs as round_jobs

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
    "recommendation_jobs",
    "round_jobs",
    "stale_text",
)
