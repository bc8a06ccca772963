"""Every form of the club comes back as it was typed, to the member whose session had ended."""

from __future__ import annotations

import re

from tests.crawl import addresses
from tests.forms import Field, Form, forms_on

# What no form keeps.
DROPPED = {"csrf_token", "from_member"}
# It ends a session, so there is nothing to come back to.
LEFT_OUT = {"/sign-out"}
# Nobody need be signed in for these.
VISITORS = {
    "/ballot-links/<token>",
    "/confirmations/<token>",
    "/forgotten-password",
    "/rsvp-links/<token>",
    "/sign-in",
    "/sign-in/<token>",
    "/sign-up",
    "/unsubscribe/<token>",
}
# Buttons without anything to fill in, on pages as they are at other times.
BUTTONS = {
    "/authors/<slug>/merger",
    "/books/<slug>/merger",
    "/books/<slug>/split",
    "/answers/<int:answer_id>/endorsement/deletion",
    "/answers/<int:answer_id>/taking/deletion",
    "/books/<slug>/cover/removal",
    "/books/<slug>/muting/deletion",
    "/books/<slug>/promises/deletion",
    "/books/<slug>/reading/newness",
    "/books/<slug>/reading/question/deletion",
    "/books/<slug>/reading/newness/deletion",
    "/books/<slug>/reading/undo",
    "/books/<slug>/reveal/deletion",
    "/books/<slug>/unlocked/seen",
    "/books/<slug>/wish/deletion",
    "/club/mail-test",
    "/club/picture/removal",
    "/club/word/dismissal",
    "/drafts/publication",
    "/imports/<int:import_id>/stop",
    "/members/<username>/suspension/deletion",
    "/mergers/<int:merger_id>/reversal",
    "/notices/seen",
    "/settings/confirmation",
    "/settings/picture/removal",
    "/shelf/past-reads/<int:moment>/deletion",
    "/threads/<int:thread_id>/lock/deletion",
    "/threads/<int:thread_id>/reveal",
    "/threads/<int:thread_id>/reveal/deletion",
}
# Where the month for a suggested book is asked for without the rest of its reading, it is called otherwise.
OTHER_LABELS = {"planned_month"}
SECRET = "a moth in the lantern"


def fill(form: Form) -> None:
    """Give every visible field a value of its own."""
    chosen = set()
    for number, each in enumerate(form.fields, 1):
        if each.kind == "radio" and each.name not in chosen:
            # The last of the group stays on.
            group = [other for other in form.fields if other.name == each.name]
            for other in group:
                other.on = other is group[-1]
            chosen.add(each.name)
        elif each.kind == "checkbox":
            each.on = not each.on
        elif each.kind == "select":
            others = [option for option in each.options if option != each.value]
            each.value = others[-1] if others else each.value
        elif each.kind == "password":
            each.value = SECRET
        elif each.kind == "date":
            each.value = f"2031-05-{number % 28 + 1:02}"
        elif each.kind == "datetime-local":
            each.value = f"2031-05-{number % 28 + 1:02}T10:30"
        elif each.kind == "number":
            each.value = str(number)
        elif each.is_visible and each.kind not in ("file", "radio"):
            each.value = f"canary{number}x"[: each.longest]


def shown(form: Form) -> list[tuple[str, str, str]]:
    """Label, name and value of every visible field that says something."""
    return [
        ("" if each.name in OTHER_LABELS else each.label, each.name, each.value if each.on else "")
        for each in form.visible()
        if each.kind not in ("password", "file") and (each.on or each.kind == "checkbox")
    ]


def kinds_of_forms(client, app) -> dict[tuple[str, ...], tuple[str, Form]]:
    """A form of every kind that somebody meets on any page, with that page: by its route and its fields."""
    adapter = app.url_map.bind("localhost")
    met = {}
    for page in addresses(app):
        if "?" in page:
            continue
        answer = client.get(page)
        for form in forms_on(answer.text if answer.mimetype == "text/html" else ""):
            for formaction in dict.fromkeys(address for address, _ in form.buttons):
                action = formaction or form.action or page
                rule, _ = adapter.match(action.partition("?")[0], "POST", return_rule=True)
                kind = (rule.rule, *sorted({each.name for each in form.fields}))
                if rule.rule not in LEFT_OUT | VISITORS and kind not in met:
                    met[kind] = page, Form(form.method, action, [Field(**vars(each)) for each in form.fields])
    return met


def sign_in_link(answer) -> str:
    return re.search(r'href="/sign-in\?next=([^"&]+)"', answer.text)[1]


def test_every_form_comes_back_as_it_was_typed(app, world, visit, left, bob):
    before, signed_in, other = left(world), visit(world), visit(bob)
    found = kinds_of_forms(signed_in, app)
    posts = {rule.rule for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    assert posts - {rule for rule, *_ in found} == VISITORS | LEFT_OUT | BUTTONS

    lost = {}
    for (rule, *_names), (page, form) in found.items():
        fill(form)
        answer = before.post(form.action, data=form.sent(), headers={"Referer": f"http://localhost{page}"})
        assert answer.status_code == 401, rule
        assert "canary" not in answer.text, rule
        address = sign_in_link(answer)

        theirs = other.get(address)
        assert (theirs.status_code, theirs.location) == (303, "/"), rule
        assert "canary" not in theirs.text, rule
        if problem := came_back(form, signed_in.get(address)):
            lost[rule, form.action] = problem
    assert lost == {}
    assert "canary" not in other.get("/").text


def came_back(form: Form, answer) -> object:
    """The first value that is missing on the page that a member finds, or None."""
    wanted = shown(form)
    if not wanted:
        if answer.status_code == 303 or answer.status_code == 200:
            return None
        return answer.status_code
    if answer.status_code != 200:
        return answer.status_code, answer.location
    if SECRET in answer.text:
        return "the password"
    if "You were signed out before this was sent." not in answer.text:
        return "no notice"
    names = {each.name for each in form.fields}
    candidates = [each for each in forms_on(answer.text) if names & {one.name for one in each.visible()}]
    missing = [[said for said in wanted if said not in shown(each)] for each in candidates]
    kept = {name: text for name, text in form.hidden().items() if text and name not in DROPPED}
    hidden = [kept.items() - {(one.name, one.value) for one in each.fields} for each in candidates]
    if any(not one and not other for one, other in zip(missing, hidden, strict=True)):
        return None
    return [(one, other, shown(each)) for one, other, each in zip(missing, hidden, candidates, strict=True)]
