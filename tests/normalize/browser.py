"""A real Chromium that tells what of a body is alive: scripts it compiled, dialogs, requests, live elements."""

import html
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Dialog, Route, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_PAGE = "http://batch.example/"
# What is left in a frame that no article needs: by element, attribute and scheme of a link.
_LIVE_ELEMENTS = """
() => [...document.querySelectorAll("iframe")].flatMap(frame =>
  [...frame.contentDocument.querySelectorAll("*")].flatMap(element => [
    ...[...element.attributes].map(a => a.name).filter(n => !/^(href|src|alt|class|start|title)$/.test(n)),
    ...(/^(SCRIPT|STYLE|LINK|META|BASE|IFRAME|OBJECT|EMBED|FORM|INPUT|BUTTON|SVG|MATH|VIDEO|AUDIO|TEXTAREA)$/i
      .test(element.tagName) ? [element.tagName] : []),
    ...(element.href && !/^(https?|mailto):/.test(element.href) ? [element.href] : []),
  ]))
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield the installed browser, without a window."""
    arguments = ["--no-sandbox"] if os.getuid() == 0 else []  # Chromium refuses root otherwise
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def live(browser: Browser, bodies: Sequence[str]) -> list[str]:
    """Return what the bodies do, each in a document of its own, that reading needs not: empty if they are dead.

    An image that an article shows may be asked for; nothing else may. No request leaves the machine either way.
    """
    found: list[str] = []
    frames = "".join(f'<iframe srcdoc="{html.escape(body)}"></iframe>' for body in bodies)

    def answer(route: Route) -> None:
        if route.request.url == _PAGE:
            route.fulfill(content_type="text/html; charset=utf-8", body=f"<!doctype html><body>{frames}</body>")
            return
        if route.request.resource_type != "image":
            found.append(f"{route.request.resource_type} {route.request.url}")
        route.abort()

    def dismiss(dialog: Dialog) -> None:
        found.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page = browser.new_page()
    page.route("**", answer)
    page.on("dialog", dismiss)
    page.on("popup", lambda popup: found.append(f"window {popup.url}"))
    debugger = page.context.new_cdp_session(page)
    debugger.on("Debugger.scriptParsed", lambda script: found.extend(scripts_of_the_page(script)))
    debugger.send("Debugger.enable")
    page.goto(_PAGE)
    page.wait_for_timeout(100)  # for what a script would do a moment later
    debugger.send("Debugger.disable")  # the next line is a script of ours
    found += page.evaluate(_LIVE_ELEMENTS)
    page.close()
    return found


def scripts_of_the_page(script: dict[str, Any]) -> list[str]:
    """Return what the debugger calls a script that was compiled; nothing of one that the page has no part in."""
    # The tool that steers the browser has a world of its own in every frame, with scripts of its own.
    is_page = script["executionContextAuxData"]["isDefault"]
    return [f"script {script['url'] or script['length']}"] if is_page else []
