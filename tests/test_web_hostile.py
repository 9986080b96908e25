"""The pages under hostile requests and limits: no error, no leak, one sentence; and the feeds that programs read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from index.engine import IndexProblem
from web import create_app
from web.security import UNSEEN

RESOLUTION = "/r/ministers/7/1-political"


@pytest.fixture(scope="module")
def client(specimen: str) -> FlaskClient:
    return create_app(specimen).test_client()


HOSTILE = st.text(max_size=30) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "\"'><img src=x onerror=a>",
        "\u202eabc",
        "\x00",
        "{{7*7}}",
        "((((",
        '"' * 99,
        "جذر:" * 50,
        "a" * 5000,
        "%s%n{0}",
    ]
)
NAMES = st.sampled_from(
    [
        "q",
        "session",
        "theme",
        "kind",
        "year",
        "from",
        "to",
        "match",
        "level",
        "sort",
        "page",
        "limit",
        "group",
        "at",
        "more",
        "forms",
        "expand",
        "cursor",
        "x",
    ]
)
PATHS = st.sampled_from(
    [
        "/search",
        "/",
        RESOLUTION,
        "/browse",
        "/browse/session/7",
        "/atom",
        "/suggestions",
        "/export.csv",
        "/cite-search",
        "/api/v1/search",
        "/api/v1/facets",
        "/api/v1/suggest",
        "/api/v1/analyze",
        "/en/search",
    ]
)


@given(PATHS, st.lists(st.tuples(NAMES, HOSTILE), max_size=4))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_parameter_breaks_a_page_or_leaks_into_it(
    client: FlaskClient, path: str, query: list[tuple[str, str]]
) -> None:
    answer = client.get(path, query_string=[(name, value.encode("utf-8", "replace")) for name, value in query])
    assert answer.status_code < 500
    if answer.mimetype == "text/html":
        text = answer.get_data(as_text=True)
        assert not UNSEEN.search(text.replace("\n", ""))
        tree = HTMLParser(text)
        assert not tree.css("img")
        assert all(
            node.attributes.get("src") or node.attributes.get("type") == "application/ld+json"
            for node in tree.css("script")
        )


@given(
    st.sampled_from(["/r/", "/c/", "/browse/session/", "/cite/bibtex/", "/api/v1/clauses/", "/static/", "/sitemap-"]),
    st.text(max_size=20),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_address_breaks_a_page(client: FlaskClient, path: str, rest: str) -> None:
    assert client.get(path + quote(rest.encode("utf-8", "replace"))).status_code < 500


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_other_methods_are_refused_in_a_sentence(client: FlaskClient, method: str) -> None:
    answer = client.open("/search?q=أ", method=method)
    assert answer.status_code == 405
    assert "يُقرأ فقط" in answer.get_data(as_text=True)


@pytest.mark.parametrize("host", ["a" * 5000, "évil", "a b", "<x>", "a..b:99999999", "", "[::1"])
def test_a_broken_host_header_breaks_nothing(client: FlaskClient, host: str) -> None:
    assert client.get("/search?q=أ", headers={"Host": host}).status_code == 200


def test_a_missing_index_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(IndexProblem) as error:
        create_app(str(tmp_path / "nothing"))
    assert "\n" not in str(error.value)


def test_a_client_that_asks_too_often_is_told_when_to_come_back(specimen: str) -> None:
    other = create_app(specimen, rate=2).test_client()
    answers = [other.get("/help", environ_base={"REMOTE_ADDR": "192.0.2.1"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) >= 1
    assert "طلبات كثيرة" in answers[2].get_data(as_text=True)


def documents(client: FlaskClient) -> Iterator[tuple[str, etree._Element]]:
    for address in ("/atom?q=التعاون", "/opensearch.xml", "/sitemap.xml", "/sitemap-1.xml"):
        yield address, etree.fromstring(client.get(address).data)


def test_feeds_are_well_formed_and_complete(client: FlaskClient) -> None:
    found = dict(documents(client))
    atom = "{http://www.w3.org/2005/Atom}"
    feed = found["/atom?q=التعاون"]
    assert feed.tag == atom + "feed"
    for entry in feed.iter(atom + "entry"):
        assert {child.tag for child in entry} >= {atom + "id", atom + "title", atom + "updated", atom + "content"}
    short = found["/opensearch.xml"].findtext("{http://a9.com/-/spec/opensearch/1.1/}ShortName")
    assert 0 < len(short or "") <= 16
    places = [loc.text for loc in found["/sitemap-1.xml"].iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert all(client.get(urlsplit(str(place)).path).status_code == 200 for place in places)


def test_the_index_is_never_written_to(specimen: str) -> None:
    def files() -> dict[str, tuple[int, int]]:
        found = (path for path in Path(specimen).rglob("*"))
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in found}

    before = files()
    client = create_app(specimen).test_client()
    searches = ("/search?q=التعاون&forms=1", "/atom?q=التعاون", "/export.csv?q=التعاون")
    for address in ("/", RESOLUTION, "/browse", *searches):
        assert client.get(address).status_code == 200
        client.get(address).get_data()
    assert files() == before
