"""A person at a page, in Chromium, by Playwright that is installed beside this Python. It imports nothing of the house.

Obeys lines of JSON on its input, `[word, argument, ...]`, and answers each with one: `{"text": ...}` or `{"error": ...}`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable

from playwright.sync_api import Error, Page, sync_playwright

SECONDS = 60


def obey(page: Page, word: str, *given: str) -> str:
    """Do what a line says; gives what is read on the page."""
    doing: dict[str, Callable[..., object]] = {
        "go": page.goto,
        "click": lambda part: page.locator(part).first.click(),
        "fill": lambda part, text: page.locator(part).first.fill(text),
        "press": page.keyboard.press,
        "see": lambda part: page.locator(part).first.wait_for(),
        "size": lambda width, height: page.set_viewport_size({"width": int(width), "height": int(height)}),
        "wait": lambda seconds: page.wait_for_timeout(1000 * float(seconds)),
        "picture": lambda path: page.screenshot(path=path),
        "read": lambda part: page.locator(part).first.inner_text(),
    }
    done = doing[word](*given)
    return done if word == "read" and isinstance(done, str) else ""


def main() -> None:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 860})
        page.set_default_timeout(SECONDS * 1000)
        print(json.dumps({"text": browser.version}), flush=True)
        for line in sys.stdin:
            try:
                answer = {"text": obey(page, *json.loads(line))}
            except Error as error:
                answer = {"error": f"{line.strip()}: {error.message.splitlines()[0]}"}
            print(json.dumps(answer), flush=True)
        browser.close()


main()
