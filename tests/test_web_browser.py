"""The pages in a real Chromium at 360 and 1440 px: search, chips, completion by keys, copy, steps, print, no errors."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.conftest import CHECKERS

pytestmark = pytest.mark.browser
WIDTHS = {"phone": (360, 780), "desk": (1440, 1000)}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = (
    "/",
    "/search?q=منظمة الأمن والتعاون&theme=political",
    '/search?q=الأمن "التعاون&forms=1',
    "/search?q=زعفرانيات",
    "/search?q=الأمن&group=resolution",
    "/r/ministers/7/1-political?q=الأمن&at=2#o2",
    "/browse",
    "/browse/session/7",
    "/help",
    "/api/",
    "/en/search?q=الأمن",
    "/fr/",
    "/nowhere",
)


@pytest.fixture(scope="module")
def site(specimen: str) -> Iterator[str]:
    from waitress import create_server

    from web import create_app

    server = create_server(create_app(specimen), host="127.0.0.1", port=0, threads=4, asyncore_use_poll=True)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    with playwright.sync_playwright() as running:
        if not found and not Path(running.chromium.executable_path).exists():
            pytest.skip("needs a browser: chromium on the path, or playwright install chromium")
        opened = running.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(params=WIDTHS)
def tab(request: pytest.FixtureRequest, browser: Any, site: str) -> Iterator[Any]:
    """A tab at one width whose console must stay empty."""
    width, height = WIDTHS[request.param]
    context = browser.new_context(
        viewport={"width": width, "height": height}, base_url=site, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert [line for line in said if "404" not in line] == []


def test_search_filter_and_take_the_chip_off(tab: Any) -> None:
    tab.goto("/")
    assert tab.evaluate("document.activeElement.id") == "q"
    tab.keyboard.type("منظمة الأمن والتعاون")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search?**")
    everything = tab.locator(".totals").inner_text()
    assert tab.locator(".hit mark").count() > 10
    if tab.locator(".fold > summary").is_visible():
        assert not tab.locator("#facet-theme a").first.is_visible()
        tab.locator(".fold > summary").click()
    tab.locator("#facet-theme a", has_text="السياسية").click()
    tab.wait_for_url("**theme=political**")
    assert tab.locator(".totals").inner_text() != everything
    tab.locator("a.chip").click()
    tab.wait_for_url(lambda url: "theme" not in url)
    assert tab.locator(".totals").inner_text() == everything


def test_the_first_hit_is_seen_without_scrolling(tab: Any) -> None:
    tab.goto("/search?q=منظمة الأمن والتعاون&theme=political")
    box = tab.locator(".hit .text").first.bounding_box()
    assert box["y"] + box["height"] < tab.viewport_size["height"]


@pytest.mark.parametrize("address", PAGES)
def test_nothing_overflows_and_letters_join(tab: Any, address: str) -> None:
    tab.goto(address)
    assert tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    fonts = tab.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].filter(f => f.status == 'loaded').length)"
    )
    assert fonts > 0


def test_a_lit_word_is_as_wide_as_an_unlit_one(tab: Any) -> None:
    """Letters that no longer joined, or a mark with padding, would change the width of a line."""
    tab.goto("/search?q=منظمة الأمن والتعاون")
    widths = tab.evaluate("""() => {
        const mark = document.querySelector(".hit mark"), lit = mark.getBoundingClientRect().width;
        const text = mark.closest(".text"), before = document.createRange(), word = document.createRange();
        before.setStart(text, 0); before.setEndBefore(mark);
        const at = before.toString().length, length = mark.textContent.length;
        text.textContent = text.textContent;
        word.setStart(text.firstChild, at); word.setEnd(text.firstChild, at + length);
        return [lit, word.getBoundingClientRect().width];
    }""")
    assert abs(widths[0] - widths[1]) < 1


def test_completion_by_keyboard(tab: Any) -> None:
    tab.goto("/")
    tab.keyboard.type("التع")
    tab.locator("#offers li").first.wait_for()
    assert tab.locator("#q").get_attribute("aria-expanded") == "true"
    tab.keyboard.press("ArrowDown")
    first = tab.locator("#offer-0")
    assert first.get_attribute("aria-selected") == "true"
    assert tab.locator("#q").get_attribute("aria-activedescendant") == "offer-0"
    tab.keyboard.press("Escape")
    assert tab.locator("#offers").is_hidden()
    tab.keyboard.type("ا")
    tab.locator("#offers li").first.wait_for()
    tab.keyboard.press("ArrowDown")
    chosen = first.locator("bdi").inner_text()
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/search?**")
    assert chosen in unquote(tab.url)


def test_a_clause_is_copied_with_its_permalink(tab: Any) -> None:
    tab.goto("/r/ministers/7/1-political")
    item = tab.locator("#o2")
    item.hover()
    item.locator(".copy").click()
    tab.wait_for_function("document.querySelector('#o2 .copy').textContent.includes('نُسخت')")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(item.locator(".text").inner_text().strip())
    assert copied.strip().endswith("/r/ministers/7/1-political#o2")


def test_keys_step_through_the_hits(tab: Any) -> None:
    tab.goto("/search?q=منظمة الأمن")
    links = [link.get_attribute("href") for link in tab.locator(".hit .symbol").all()]
    tab.goto(links[0])
    tab.keyboard.press("Alt+ArrowDown")
    tab.wait_for_url("**at=2**")
    assert tab.url.endswith(links[1])
    tab.keyboard.press("Alt+ArrowUp")
    tab.wait_for_url("**at=1**")
    assert tab.evaluate("getComputedStyle(document.querySelector(':target')).backgroundColor") != "rgba(0, 0, 0, 0)"


def test_it_prints_as_a_document(tab: Any) -> None:
    tab.goto("/r/ministers/7/1-political?q=الأمن")
    tab.emulate_media(media="print")
    assert tab.locator(".top").is_hidden()
    assert tab.locator(".side").is_hidden()
    assert tab.locator(".print").is_visible()
    tab.emulate_media(media="screen")


def test_it_works_without_scripts(browser: Any, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=site)
    page = context.new_page()
    page.goto("/")
    page.fill("#q", "التعاون")
    page.click("form button")
    assert page.locator(".hit").count() == 10
    page.locator(".pager a[rel=next]").click()
    page.locator(".hit .symbol").first.click()
    assert page.locator("mark").count() > 0
    assert page.locator(".copy").first.is_hidden()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(browser: Any, site: str, scheme: str, width: str) -> None:
    places = [os.environ.get("KASHSHAF_AXE", ""), CHECKERS / "node_modules" / "axe-core" / "axe.min.js"]
    axe = next((Path(place) for place in places if place and Path(place).is_file()), None)
    if axe is None:
        pytest.skip("needs axe-core, which `make checkers` gets by npm, or KASHSHAF_AXE=…/axe.min.js")
    context = browser.new_context(
        viewport=dict(zip(("width", "height"), WIDTHS[width], strict=True)),
        base_url=site,
        color_scheme=scheme,
        bypass_csp=True,
    )
    page = context.new_page()
    found = []
    for address in PAGES:
        page.goto(address)
        page.evaluate(axe.read_text("utf-8"))
        rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        result = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules)
        found += [(address, one["id"], one["nodes"][0]["html"][:120]) for one in result["violations"]]
    context.close()
    assert found == []
