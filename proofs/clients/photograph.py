"""Pictures of pages in Chromium: photograph.py PLAN, where Playwright is installed beside this Python.

The plan is a file of JSON: `{"login": {"address", "form"} or null, "pages": [{"address", "picture", "width", "height",
"seconds", "wait_for"}]}`. Says what the pages complained of. It imports nothing of the house.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright


def main() -> None:
    plan = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    browser_there = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_there, args=["--no-sandbox"])
        context = browser.new_context()
        if plan["login"]:
            context.request.post(plan["login"]["address"], form=plan["login"]["form"])
        for each in plan["pages"]:
            page = context.new_page()
            page.on("pageerror", lambda error: print(f"error: {error}"))
            page.set_viewport_size({"width": each["width"], "height": each["height"]})
            page.goto(each["address"])
            if each.get("wait_for"):
                page.wait_for_selector(each["wait_for"], timeout=60_000)
            page.wait_for_timeout(1000 * each["seconds"])
            page.screenshot(path=each["picture"])
            print(f"text: {json.dumps(page.inner_text('body'))}")
            page.close()
        browser.close()


main()
