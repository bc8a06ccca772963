"""Pages of a member's imports, and of the organisers' list of running ones."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response as BaseResponse

from ..body_limits import takes_files
from ..extensions import begin_write, db, utcnow
from ..hosts import full_address
from ..lib.library_files import entries
from ..lib.library_files.entries import Form, LibraryFileError
from ..lib.text.bidi import isolated
from ..lib.text.cursors import row_id_from
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext, ngettext
from ..members.queries import member_by_id
from ..permissions import may
from ..web import invalid, load, require, the_club, the_member
from . import actions, queries, report_text, rules, shelf_choices
from .forms import DESCRIPTION_CHOICES, FileForm, ShelvesForm, StopForm
from .models import Import

bp = Blueprint("imports", __name__)
blueprints = (bp,)

MEBIBYTE = 1024 * 1024
# The form around the file needs some bytes, too.
LARGEST = entries.MAX_BYTES + MEBIBYTE
TOO_LARGE = lazy_gettext(
    "A file may have %(limit)s MB, which is room for some 20,000 books with reviews. Split a larger one, and "
    "import the parts one by one.",
    limit=entries.MAX_BYTES // MEBIBYTE,
)
# Each import stores its rows until it is taken in, and its report until it is deleted.
MOST_IMPORTS = 20


@bp.get("/imports")
def index() -> str:
    """List the member's imports."""
    return render_template(
        "imports/index.html", imports=queries.imports_of(the_member().id), sources=entries.sources()
    )


@bp.get("/imports/new")
def new() -> str:
    """Show the form for a file."""
    return render_template("imports/new.html", form=FileForm())


@bp.post("/imports/new")
@takes_files(LARGEST, TOO_LARGE)
def create() -> BaseResponse:
    """Read a file, and stage its rows for review."""
    form, member = FileForm(), the_member()
    if not form.validate_on_submit():
        return invalid(render_template("imports/new.html", form=form))
    file = form.file.data
    try:
        with actions.spool_file(file.stream, file.filename or "") as read:
            if read.form is Form.BOOKLIST and not may(member, "add books to", the_club()):
                raise LibraryFileError(
                    _("This is a list of books, not a library. Only organisers can import it.")
                )
            # The file was read before this, so that a slow upload holds up nobody.
            begin_write()
            member_by_id(member.id, lock=True)  # The same form a second time waits for the first.
            sent = queries.import_sent(member.id, form.sent_as)
            if sent and actions.is_same(sent, read):
                return redirect(url_for(".show", import_id=sent.id), 303)
            if queries.count_of(member.id) >= MOST_IMPORTS:
                raise LibraryFileError(
                    ngettext(
                        "You have %(num)s import here. Delete it first.",
                        "You have %(num)s imports here. Delete one that you no longer need.",
                        MOST_IMPORTS,
                    )
                )
            # The mark of a form is taken once. Another file under the same form is an import without one.
            brought = actions.stage(member.id, read, utcnow(), None if sent else form.sent_as)
            db.session.commit()
    except LibraryFileError as refusal:
        form.file.errors = [str(refusal)]
        return invalid(render_template("imports/new.html", form=form))
    return redirect(url_for(".show", import_id=brought.id), 303)


@bp.get("/imports/<int:import_id>")
def show(import_id: int) -> str:
    """Show the content of a file, the progress of its import, or its report."""
    brought = load(Import, import_id, to="see")
    return page(brought, ShelvesForm.of(brought))


@bp.post("/imports/<int:import_id>/mapping")
def choose(import_id: int) -> BaseResponse:
    """Store what the shelves of a file become."""
    form = ShelvesForm()
    brought = load(Import, import_id, to="run")
    if not form.validate_on_submit() or not form.merge(ShelvesForm.of(brought)):
        return invalid(page(brought, form))
    actions.choose(brought, form.chosen(brought), gives_descriptions=form.gives_descriptions)
    db.session.commit()
    flash(_("Your choices are saved."), "good")
    return redirect(url_for(".show", import_id=import_id), 303)


@bp.post("/imports/<int:import_id>/start")
def start(import_id: int) -> BaseResponse:
    """Start or continue an import, with the choices made on the same page."""
    form = ShelvesForm()
    brought = load(Import, import_id, to="run")
    if not form.validate_on_submit() or not form.merge(ShelvesForm.of(brought)):
        return invalid(page(brought, form))
    actions.choose(brought, form.chosen(brought), gives_descriptions=form.gives_descriptions)
    actions.start(brought)
    db.session.commit()
    return redirect(url_for(".show", import_id=import_id), 303)


@bp.post("/imports/<int:import_id>/stop")
def stop(import_id: int) -> BaseResponse:
    """Stop an import."""
    brought = load(Import, import_id, to="run")
    actions.stop(brought)
    db.session.commit()
    return redirect(url_for(".show", import_id=import_id), 303)


@bp.get("/imports/<int:import_id>/report.csv")
def report(import_id: int) -> BaseResponse:
    """Send the report as CSV, one line per row."""
    load(Import, import_id, to="see")

    def rows() -> Iterator[tuple[object, ...]]:
        for *cells, slug in queries.report_of(import_id):
            yield (*cells, full_address(url_for("books.show", slug=slug)) if slug else "")

    answer = Response(stream_with_context(report_text.report_lines(rows())), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{import_id}.csv"'
    # The report holds private readings.
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/imports/<int:import_id>/deletion")
def destroy(import_id: int) -> BaseResponse:
    """Delete an import and its report; what was taken from it stays."""
    brought = load(Import, import_id, to="delete")
    actions.forget(brought)
    db.session.commit()
    flash(_("The import is deleted. What was taken from it stays."), "good")
    return redirect(url_for(".index"), 303)


@bp.get("/club/imports")
def under_way() -> str:
    """Show organisers the running imports of all members, and their progress."""
    require("oversee imports of", the_club())
    imports = queries.imports_under_way()
    return render_template(
        "imports/under_way.html", imports=imports, say_stopped=rules.stopped_text_for_organisers
    )


@bp.route("/club/imports/<int:import_id>/stop", methods=["GET", "POST"])
def stop_for_club(import_id: int) -> str | BaseResponse:
    """Stop another member's import, with a reason that they read."""
    form = StopForm()
    fits = form.validate_on_submit()
    found = load(queries.ImportUnderWay, import_id, to="stop")
    if not fits:
        page = render_template("imports/stop.html", found=found, form=form)
        return page if request.method == "GET" else invalid(page)
    was_running = found.brought.state == "running"
    actions.stop(found.brought, "organiser", form.reason.data)
    db.session.commit()
    if was_running:
        flash(
            _(
                "The import of %(name)s is stopped. What came in before stays.",
                name=isolated(found.member.display_name),
            ),
            "good",
        )
    else:
        flash(_("This import had already ended."))
    return redirect(url_for(".under_way"), 303)


def page(brought: Import, form: ShelvesForm) -> str:
    """Render an import: staged, under way, or with its report."""
    outcome = request.args.get("outcome", "")
    outcome = outcome if outcome in report_text.OUTCOMES else ""
    is_going = brought.state == "running" and queries.has_job(brought.id)
    # The counts are enough while rows change with every chunk.
    rows = (
        []
        if is_going
        else queries.rows_of(brought.id, outcome or None, row_id_from(request.args.get("after")) or 0)
    )
    return render_template(
        "imports/show.html",
        brought=brought,
        counts=brought.counts,
        choices=brought.choices,
        form=form,
        is_going=is_going,
        # Skipped rows have no book to search for.
        is_looking=brought.state == "staged" and brought.looked < brought.total - brought.skipped,
        outcome=outcome,
        outcomes=report_text.OUTCOMES,
        becomes=shelf_choices.BECOMES,
        description_choices=DESCRIPTION_CHOICES,
        rows=rows,
        next_after=rows[-1][0].number if len(rows) == queries.PAGE else None,
    )
