"""What is served against the rules of its format: feeds and descriptions by schema, pages by an HTML checker."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import ROOT, cases
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


def test_every_page_is_valid_html(client: FlaskClient, tmp_path: Path) -> None:
    own = ROOT / "node_modules" / ".bin" / "html-validate"
    checker = os.environ.get("KASHSHAF_HTML_VALIDATE") or (str(own) if own.exists() else shutil.which("html-validate"))
    if not checker:
        pytest.skip("needs html-validate: npm install html-validate, or KASHSHAF_HTML_VALIDATE=…/html-validate")
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
