"""Takes the pictures in this folder anew: `python docs/pictures/make.py [INDEX]`, by default ./kashshaf-index.

Needs Chromium and the package playwright. The pages are served from the index for as long as it takes.
"""

from __future__ import annotations

import shutil
import sys
import threading
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

QUERY = "منظمة الأمن والتعاون"
DESK, PHONE = (1440, 1000), (360, 780)
# name → address, window, colours, medium
PICTURES = {
    "home": ("/", DESK, "light", "screen"),
    "results": (f"/search?q={QUERY}&theme=political", DESK, "light", "screen"),
    "results-dark": (f"/search?q={QUERY}&theme=political", DESK, "dark", "screen"),
    "results-phone": (f"/search?q={QUERY}&theme=political", PHONE, "light", "screen"),
    "results-english": (f"/en/search?q={QUERY}", DESK, "light", "screen"),
    "resolution": (f"/r/ministers/7/1-political?q={QUERY}&at=6#p3", DESK, "light", "screen"),
    "resolution-dark-phone": (f"/r/ministers/7/1-political?q={QUERY}&at=6#o1", PHONE, "dark", "screen"),
    "resolution-print": ("/r/ministers/7/1-political", (794, 1123), "light", "print"),
    "nothing": ("/search?q=زعفرانيات الأمن&match=all&theme=political", DESK, "light", "screen"),
    "help": ("/help", DESK, "light", "screen"),
    "session": ("/browse/session/7", DESK, "light", "screen"),
}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]


def main(index: str) -> None:
    """Write every picture of `PICTURES` as a PNG into this folder."""
    from playwright.sync_api import sync_playwright
    from waitress import create_server

    from web import create_app

    server = create_server(create_app(index), host="127.0.0.1", port=0)
    threading.Thread(target=server.run, daemon=True).start()
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        for name, (address, (width, height), scheme, media) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.emulate_media(media=media, color_scheme=scheme)
            page.goto(f"http://127.0.0.1:{server.effective_port}{address}")
            page.evaluate("document.fonts.ready")
            page.screenshot(path=HERE / f"{name}.png", full_page=name == "resolution")
            page.close()
            print(HERE.name, name, flush=True)
        browser.close()
    server.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "kashshaf-index")
