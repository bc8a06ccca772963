"""A real Chromium on a real server: every page silent, and nothing that leaves the machine.

The browser is the machine's own: BOOKCLUB_TEST_CHROMIUM, or the first one on the PATH.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Route,
    expect,
    sync_playwright,
)
from waitress.server import create_server

from bookclub.members.models import Member
from tests.conftest import NO_BROWSER, Visit, cannot_run

HERE = Path(__file__).parent
STATIC = HERE.parent.parent / "bookclub" / "static"
HTMX_ON_CDN = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js"
HTMX = STATIC / "js" / "htmx-4.0.1.min.js"
AXE = HERE / "third_party" / "axe-core-4.14.1.min.js"
# WCAG 2.2 AA, and what axe's makers think good practice beyond it.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """async (tagsOrRules) => {
    const {violations} = await axe.run({runOnly: tagsOrRules, resultTypes: ["violations"]});
    return violations.map(({id, help, helpUrl, nodes}) => (
        {id, help, helpUrl, nodes: nodes.map((node) => [node.target.join(" "), node.failureSummary])}
    ));
}"""

# The headless shell does the same work in half the processor time, since it has no windows to draw.
SHELL = "chromium-headless-shell"
WINDOWED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # Whatever slips past the interception below finds no address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
# In milliseconds; a page of ours that takes longer is broken, however busy the machine is.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)

# Playwright's own word for what a browser does that keeps no service workers.
NO_WORKER = "Service Worker registration blocked by Playwright"

Browse = Callable[..., Page]


@dataclass
class Watch:
    """What the pages of one test did that they should not have, and what the test said they would."""

    heard: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    allowed: dict[str, int] = field(default_factory=dict)

    def allows(self, text: str) -> None:
        """Declare that a console message with this text will come; it must."""
        self.allowed.setdefault(text, 0)

    def hear(self, message: ConsoleMessage) -> None:
        """Chromium reports a violation of the content security policy as a console error, too."""
        if message.text == NO_WORKER:
            return
        if message.type in ("error", "warning", "assert"):
            self.note(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def note(self, what: str) -> None:
        for text in self.allowed:
            if text in what:
                self.allowed[text] += 1
                return
        self.heard.append(what)

    def complain(self) -> None:
        """Raise AssertionError for what should not have been, and for what should but was not."""
        problems = [f"the console said {what}" for what in self.heard]
        problems += [f"the page asked for {url}" for url in self.left]
        problems += [f"the console never said {text!r}" for text, times in self.allowed.items() if not times]
        assert not problems, "\n".join(problems)


def find_browser(*names: str) -> str:
    """Path of the browser's program: the one that is set, or the first of these on the PATH."""
    wanted = os.environ.get("BOOKCLUB_TEST_CHROMIUM")
    program = wanted or next(filter(None, map(shutil.which, names)), None)
    if program is None:
        cannot_run(NO_BROWSER, "no Chromium on the PATH, and BOOKCLUB_TEST_CHROMIUM is not set")
    return program


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, one for all tests."""
    program = find_browser(SHELL, *WINDOWED)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=program, args=QUIET, chromium_sandbox=os.geteuid() != 0
            )
        except Error as problem:
            cannot_run(NO_BROWSER, f"{program} did not start: {problem.message.splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The application served on this machine, with CSRF tokens wanted; its address."""
    app.config["WTF_CSRF_ENABLED"] = True
    sockets: dict[int, Any] = {}
    server = create_server(
        app, map=sockets, host="127.0.0.1", port=0, threads=4, clear_untrusted_proxy_headers=True
    )
    thread = threading.Thread(target=server.run, name="site", daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"

    def close_all() -> None:
        for each in list(sockets.values()):
            each.close()

    # Run in the server's own thread: its loop ends when the last socket is closed.
    server.trigger.pull_trigger(close_all)
    thread.join(timeout=10)
    server.task_dispatcher.shutdown()
    assert not thread.is_alive(), "the server did not stop"


@pytest.fixture
def watch() -> Watch:
    """What the pages of this test did."""
    return Watch()


@pytest.fixture
def page_allows(watch: Watch) -> Callable[[str], None]:
    """``page_allows("status of 422")`` declares a console message that belongs to the test."""
    return watch.allows


@pytest.fixture
def browse(site: str, chromium: Browser, visit: Visit, app: Flask, watch: Watch) -> Iterator[Browse]:
    """``browse(alice)`` is a page of a browser in which Alice has signed in, ``browse()`` a visitor's.

    ``phone`` is 360 px wide, ``dark`` prefers dark colours, ``javascript=False`` has none, and a
    ``worker`` keeps a page for when it is offline. The script
    from the CDN is served from our own copy, so that the browser checks its integrity hash. At the end
    the test fails where a page logged an error or a warning that was not declared, or asked for
    anything else that is not on this machine.
    """
    contexts: list[BrowserContext] = []

    def serve_elsewhere(route: Route) -> None:
        if route.request.url == HTMX_ON_CDN:
            route.fulfill(
                path=HTMX,
                content_type="text/javascript; charset=utf-8",
                headers={"access-control-allow-origin": "*"},
            )
        else:
            watch.left.append(route.request.url)
            route.abort()

    def note_elsewhere(request: Request) -> None:
        if not request.url.startswith(f"{site}/"):
            watch.left.append(request.url)

    def browse(
        member: Member | None = None,
        *,
        phone: bool = False,
        dark: bool = False,
        javascript: bool = True,
        worker: bool = False,
        time_zone: str = "UTC",
    ) -> Page:
        context = chromium.new_context(
            base_url=site,
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id=time_zone,
            reduced_motion="reduce",
            service_workers="allow" if worker else "block",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("console", watch.hear)
        context.on("weberror", lambda problem: watch.note(f"uncaught {problem.error}"))
        if app.extensions["bookclub"].htmx == "cdn":
            context.route(re.compile(f"^(?!{re.escape(site)}/)"), serve_elsewhere)
        else:
            # Nothing is intercepted, since that turns the browser's cache off; the names are unknown anyway.
            context.on("request", note_elsewhere)
        if member is not None:
            name = app.config["SESSION_COOKIE_NAME"]
            cookie = visit(member).get_cookie(name)
            assert cookie is not None
            context.add_cookies([{"name": name, "value": cookie.value, "url": site, "httpOnly": True}])
        return context.new_page()

    yield browse
    for context in contexts:
        context.close()
    watch.complain()


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The accessibility checker."""
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def check_accessibility(axe_source: str) -> Callable[..., None]:
    """``check_accessibility(page)`` fails with a readable list where axe finds anything.

    ``only`` names the rules to look at, where most cannot have changed since the last look.
    """

    def check(page: Page, only: Sequence[str] = AXE_TAGS) -> None:
        if page.evaluate("typeof axe") == "undefined":
            # Evaluated by the debugger, which the page's content security policy does not bind.
            page.evaluate(axe_source)
        violations = page.evaluate(RUN_AXE, list(only))
        found = [
            f"{violation['id']}: {violation['help']}\n"
            + "\n".join(
                f"    {target}\n        {why}".replace("\n  ", "\n          ")
                for target, why in violation["nodes"]
            )
            + f"\n    {violation['helpUrl']}"
            for violation in violations
        ]
        assert not found, f"axe finds on {page.url}:\n" + "\n".join(found)

    return check
