"""What is served against the rules of its format: feeds and descriptions by schema, pages by an HTML checker."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from tests.conftest import CHECKERS, cases
from web import create_app

SCHEMAS = Path(__file__).with_name("schemas")
FEEDS = (
    ("/atom?q=التعاون", "atom"),
    ('/en/atom?q="الأمن والتعاون" -قمة&theme=political', "atom"),
    ("/atom?q=زعفرانيات", "atom"),
    ("/atom?q=<%26>\x0b\ufffe", "atom"),
    ("/opensearch.xml", "opensearch"),
    ("/en/opensearch.xml", "opensearch"),
    ("/fr/opensearch.xml", "opensearch"),
    ("/sitemap.xml", "sitemap"),
    ("/sitemap-1.xml", "sitemap"),
)
RULES = """{"root": true, "extends": ["html-validate:standard"],
"rules": {"no-trailing-whitespace": "off", "long-title": "off", "doctype-style": "off", "void-style": "off"}}"""


@pytest.fixture(scope="module")
def client(specimen: str) -> FlaskClient:
    return create_app(specimen).test_client()


@pytest.mark.parametrize(("address", "schema"), FEEDS)
def test_a_feed_follows_its_schema(client: FlaskClient, address: str, schema: str) -> None:
    etree = pytest.importorskip("lxml.etree", reason="needs lxml")
    rules = etree.RelaxNG(etree.parse(SCHEMAS / f"{schema}.rng"))
    tree = etree.fromstring(client.get(address).data, etree.XMLParser(resolve_entities=False))
    assert rules.validate(tree), rules.error_log
    ids = [node.text for node in tree.iter("{http://www.w3.org/2005/Atom}id")]
    assert len(ids) == len(set(ids))
    links = [node.get("rel") for node in tree.findall("{http://www.w3.org/2005/Atom}link")]
    assert links == (["self", "alternate"] if schema == "atom" else [])


# What schema.org says of Legislation and its parts (schema.org/Legislation, release 29), as far as we write it:
# key → pattern of its text, or the keys of what it holds.
LEGISLATION: dict[str, Any] = {
    "@context": r"https://schema\.org",
    "@type": "Legislation",
    "@id": r"https?://\S+",
    "url": r"https?://\S+",
    "inLanguage": r"[a-z]{2}",
    "name": r".+",
    "legislationIdentifier": r".+",
    "legislationDate": r"\d{4}(-\d{2}(-\d{2})?)?",
    "legislationPassedBy": {"@type": "Organization", "name": r".+"},
    "about": r".+",
}
# CSL-JSON, schema 1.0.2 (citationstyles.org), as far as we write it.
CSL: dict[str, Any] = {
    "id": r".+",
    "type": "legislation",
    "title": r".+",
    "number": r".+",
    "event-title": r".+",
    "event-place": r".+",
    "URL": r"https?://\S+",
    "language": r"[a-z]{2}",
    "author": [{"literal": r".+"}],
    "issued": {"date-parts": [[r"\d{1,4}"]]},
}


def unlike(data: Any, rules: Any, at: str = "") -> list[str]:
    """What in `data` is not as `rules` say: patterns of whole texts, keys of objects, the one item of lists."""
    if isinstance(rules, dict):
        if not isinstance(data, dict):
            return [f"{at} is no object"]
        found = [f"{at}.{key} is unknown" for key in data.keys() - rules.keys()]
        both = data.keys() & rules.keys()
        return found + [fault for key in both for fault in unlike(data[key], rules[key], f"{at}.{key}")]
    if isinstance(rules, list):
        if not isinstance(data, list) or not data:
            return [f"{at} is no list"]
        return [fault for item in data for fault in unlike(item, rules[0], f"{at}[]")]
    return [] if re.fullmatch(rules, str(data)) else [f"{at} is {data!r}"]


def test_linked_data_and_citations_follow_their_schemas(client: FlaskClient, searcher: Any) -> None:
    ids = [value for value, _, _ in searcher.values("resolution")]
    assert len(ids) > 10
    for id in ids:
        page = HTMLParser(client.get(f"/r/{quote(id)}").data)
        data = json.loads(page.css_first('script[type="application/ld+json"]').text())
        assert unlike(data, LEGISLATION) == []
        assert {"@context", "@type", "@id", "name"} <= data.keys()
        cited = client.get(f"/cite/csl/{quote(id)}").get_json(force=True)
        assert unlike(cited, [CSL]) == []
        assert {"id", "type", "title"} <= cited[0].keys()


def test_every_page_is_valid_html(client: FlaskClient, tmp_path: Path) -> None:
    own = CHECKERS / "node_modules" / ".bin" / "html-validate"
    checker = os.environ.get("KASHSHAF_HTML_VALIDATE") or (str(own) if own.exists() else shutil.which("html-validate"))
    if not checker:
        pytest.skip("needs html-validate, which `make checkers` gets by npm, or KASHSHAF_HTML_VALIDATE=…/html-validate")
    (tmp_path / ".htmlvalidate.json").write_text(RULES, "utf-8")
    names = {}
    for number, case in enumerate(cases("web_pages")):
        for language in ("", "/en", "/fr"):
            if case["expected"] in ("200 text/html", "404 text/html"):
                answer = client.get(language + case["input"])
                name = f"{number}{language.replace('/', '-')}.html"
                names[name] = language + case["input"]
                (tmp_path / name).write_bytes(answer.data)
    assert names
    found = subprocess.run([checker, *names, "-f", "text"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert found.returncode == 0, f"{names}\n{found.stdout}{found.stderr}"
