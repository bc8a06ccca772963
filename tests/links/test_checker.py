"""The walk finds each kind of fault: here is one of each, and none where nothing is wrong."""

from __future__ import annotations

import pytest

from tests.links.markup import Markup
from tests.links.walk import Answer, Walk

WHOLE = """
<a href="#main" aria-describedby="one two">Down</a><p id="one">None of it.</p><p id="two">Undefined terms</p>
<main id="main"><form id="f" method="post" action="/" hx-target="#one" hx-status:422="target:#f select:#f">
<label for="name">Name</label><input id="name" list="names" form="f" value="Nonesuch">
<datalist id="names"><option value="1"></datalist></form>
<a href="/" hx-get="/" hx-select="#elsewhere" hx-target="closest li">Up</a></main>
"""
FAULTY = [
    ('<p id="a">1</p><p id="a">2</p>', "id 'a' stands 2 times"),
    ('<a href="#gone">Down</a>', "<a> points to #gone"),
    ('<label for="gone">Name</label>', "<label> points to #gone"),
    ('<label for="a">Name</label><p id="a">1</p>', "labels nothing that takes a label"),
    ('<input list="gone">', "<input> points to #gone"),
    ('<button form="gone">Go</button>', "<button> points to #gone"),
    ('<td headers="a gone"></td><p id="a">1</p>', "<td> points to #gone"),
    ('<p aria-labelledby="gone">1</p>', "<p> points to #gone"),
    ('<p aria-describedby="a gone">1</p><p id="a">2</p>', "<p> points to #gone"),
    ('<p aria-controls="gone">1</p>', "<p> points to #gone"),
    ('<p aria-owns="gone">1</p>', "<p> points to #gone"),
    ('<p aria-activedescendant="gone">1</p>', "<p> points to #gone"),
    ('<form hx-target="#gone"></form>', "<form> points to #gone"),
    ('<form hx-status:422="target:#gone select:#gone"></form>', "<form> points to #gone"),
    ("<p> None\n</p>", "the text 'None'"),
    ("<p><b>Undefined</b></p>", "the text 'Undefined'"),
    ('<input value="None">', "<input value='None'>"),
    ('<a href="<Macro &#39;place&#39;>">Up</a>', "<a href=\"<Macro 'place'>\">"),
    ("<p>By &lt;Macro 'who'&gt;</p>", "the text \"By <Macro 'who'>\""),
    ("<p>&lt;bound method Round.state of x&gt;</p>", "the text '<bound method"),
    ("<p>&lt;Book object at 0x7f3a&gt;</p>", "the text '<Book object at 0x7f3a>'"),
]


def test_a_page_that_is_whole_has_no_faults():
    assert list(Markup(WHOLE).faults()) == []


@pytest.mark.parametrize(("html", "fault"), FAULTY, ids=[fault for _, fault in FAULTY])
def test_each_fault_of_a_page_is_found(html, fault):
    (found,) = Markup(html).faults()

    assert fault in found


def walk(pages: dict[str, Answer | str]) -> list[str]:
    """Faults that a walk from the first page of a small site finds."""

    def ask(method: str, address: str, fields: dict[str, str] | None) -> Answer:
        page = pages.get(address if method == "GET" else f"{method} {address}", Answer(404))
        return page if isinstance(page, Answer) else Answer(200, html=page)

    found = Walk(ask)
    found.go(["/"])
    return list(found.faults)


@pytest.mark.parametrize(
    ("pages", "fault"),
    [
        ({"/": '<a href="/gone">Go</a>'}, "/ leads to /gone: 404"),
        ({"/": '<a href="gone?a=1#b">Go</a>'}, "/ leads to /gone?a=1#b: 404"),
        ({"/": '<a href="/a">Go</a>', "/a": Answer(403)}, "/ leads to /a: 403"),
        ({"/": '<a href="/a">Go</a>', "/a": '<a href="/b">Go</a>'}, "/a leads to /b: 404"),
        ({"/": '<a href="/a">Go</a>', "/a": Answer(302, "/b")}, "/ leads to /b#: 404"),
        ({"/": '<a href="/a#b">Go</a>', "/a": "<p>1</p>"}, "/ leads to /a#b, where that is not"),
        ({"/": '<a href="/a#c">Go</a>', "/a": Answer(302, "/b"), "/b": "1"},
         "/ leads to /b#c, where that is not"),
        ({"/": '<a href="/a">Go</a>', "/a": Answer(302, "/b#c"), "/b": "1"},
         "/ leads to /b#c, where that is not"),
        ({"/": '<a href="/a">Go</a>', "/a": Answer(303, "/sign-in?next=/a"), "/sign-in?next=/a": "1"},
         "/ leads to /a, which is not for whoever reads this"),
        ({"/": '<form action="/gone"></form>'}, "/ leads to /gone: 404"),
        ({"/": '<p hx-get="/gone">1</p>'}, "/ leads to /gone: 404"),
        ({"/": '<p hx-get="/a" hx-select="#b">1</p>', "/a": "1"}, "/ leads to /a#b, where that is not"),
        ({"/": '<script src="/gone.js"></script>'}, "/ leads to /gone.js: 404"),
        ({"/": '<form method="post" action="/a"></form>', "POST /a": Answer(403)},
         "/ has a form for /a: 403"),
        ({"/": '<form method="post"><button formaction="/a">1</button></form>', "POST /": Answer(303)},
         "/ has a form for /a: 404"),
        ({"/": '<form method="post" action="/a"></form>', "POST /a": Answer(422, html="<p>None</p>")},
         "POST /a holds the text 'None'"),
        ({"/": '<form id="f" method="post" action="/a" hx-status:422="target:#f select:#f"></form>',
          "POST /a": Answer(422, html="<p>1</p>")}, "/ takes #f from POST /a, where that is not"),
        ({"/": Answer(403, html='<p id="a">1</p><p id="a">2</p>')}, "/ holds id 'a' stands 2 times"),
    ],
)  # fmt: skip
def test_each_link_that_leads_nowhere_is_found(pages, fault):
    assert walk(pages) == [fault]


def test_links_that_lead_somewhere_are_no_faults():
    form = '<form id="f" method="post" action="/b" hx-status:422="target:#f select:#f"></form>'
    refused = Answer(422, html='<form id="f" method="post" action="/b"></form>')
    pages = {
        "/": f'<a href="https://example.org/">Out</a><a href="mailto:a@example.org">Mail</a>'
        f'<a href="/a?b=1#c">Go</a><a href="/sign-in">Sign in</a>{form}',
        "/a?b=1": Answer(302, "/d"),
        "/d": '<p id="c">1</p>',
        "/sign-in": Answer(302, "/"),
        "POST /b": refused,
    }

    assert walk(pages) == []
