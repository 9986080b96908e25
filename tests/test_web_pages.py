"""The pages on the specimen: what is on them, and that facets, chips, levels and links keep their word."""

from __future__ import annotations

import gzip
import html
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from search.results import Results
from search.searcher import Searcher
from tests.conftest import cases
from web import create_app, examples

RESOLUTION = "/r/ministers/7/1-political"


@pytest.fixture(scope="module")
def client(specimen: str) -> FlaskClient:
    return create_app(specimen).test_client()


def page(client: FlaskClient, address: str, status: int = 200) -> HTMLParser:
    answer = client.get(address)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    return HTMLParser(answer.get_data(as_text=True))


def words(node: Any) -> str:
    return " ".join(node.text().split())


@pytest.mark.parametrize("case", cases("web_pages"), ids=lambda case: case["input"])
def test_every_address_answers(client: FlaskClient, case: dict[str, str]) -> None:
    answer = client.get(case["input"])
    assert f"{answer.status_code} {answer.mimetype}" == case["expected"], case["why"]
    assert case["holds"] in html.unescape(answer.get_data(as_text=True))


def test_home_shows_the_collection_as_a_table(client: FlaskClient, searcher: Any) -> None:
    tree = page(client, "/")
    cells = [a.attributes["href"] for a in tree.css("table.grid td a")]
    assert len(cells) == sum(1 for (session, theme), count in searcher.grid().items() if count)
    assert words(tree.css_first(".tries a")) == '"منظمة الأمن والتعاون"'
    assert "autofocus" in tree.css_first("#q").attributes


def test_every_cell_of_the_table_keeps_its_word(client: FlaskClient) -> None:
    for cell in page(client, "/").css("table.grid td a")[:8]:
        found = client.get("/api/v1" + str(cell.attributes["href"])).get_json()
        assert found["total"] == int(words(cell))


def test_results_light_whole_words_with_their_marks(client: FlaskClient) -> None:
    marks = [mark.text() for mark in page(client, "/search?q=منظمة الأمن والتعاون").css(".hit mark")]
    assert "مُنَظَّمَةِ" in marks
    assert "بمنظمة" in marks
    assert not any(set(mark) & set(" ،؛.") for mark in marks)


def test_results_say_both_totals_and_the_query_back(client: FlaskClient, searcher: Any) -> None:
    said = words(page(client, "/search?q=منظمة الأمن والتعاون").css_first(".echo"))
    totals = searcher.search("منظمة الأمن والتعاون").totals
    assert f"{totals['all']} فقرة تجمع الكلمات كلها" in said
    assert f"من {totals['any']} فيها شيء منها" in said
    assert "«منظمة»" in said


def test_a_facet_count_is_what_choosing_it_gives(client: FlaskClient) -> None:
    for link in page(client, "/search?q=التعاون&theme=political").css(".facet li a")[:14]:
        if "chosen" in (link.attributes.get("class") or ""):
            continue
        count = int(words(link.css_first(".count")))
        address = str(link.attributes["href"])
        found = client.get(address.replace("/search?", "/api/v1/search?")).get_json()["facets"]
        field = str(link.parent.parent.parent.attributes["id"]).removeprefix("facet-")
        label = words(link.css_first(".label"))
        values = {value["value"]: value for value in found[field]}
        chosen = [value for value in values.values() if value["selected"]]
        assert count in {value["count"] for value in chosen}, (field, label, address)


def test_several_values_of_one_facet_are_joined_by_or(client: FlaskClient) -> None:
    one = client.get("/api/v1/search?q=التعاون&session=7").get_json()["total"]
    two = client.get("/api/v1/search?q=التعاون&session=8").get_json()["total"]
    assert client.get("/api/v1/search?q=التعاون&session=7&session=8").get_json()["total"] == one + two


def test_a_chip_takes_its_filter_off(client: FlaskClient) -> None:
    chip = page(client, "/search?q=التعاون&theme=political&session=7").css("a.chip")[0]
    assert words(chip).startswith("الدورة: الدورة السابعة")
    query = urlsplit(str(chip.attributes["href"])).query
    assert "session" not in query
    assert "theme=political" in query


def test_levels_are_offered_with_what_they_give(client: FlaskClient) -> None:
    for pill in page(client, "/search?q=منظمة").css(".pills a"):
        found = client.get(str(pill.attributes["href"]).replace("/search?", "/api/v1/search?")).get_json()
        assert found["total"] == int(words(pill.css_first(".count")))


def test_a_resolution_says_what_it_cites_and_what_cites_it(client: FlaskClient) -> None:
    tree = page(client, "/r/ministers/8/4-political")
    links = {str(link.attributes["href"]) for link in tree.css(".side .plain a")}
    assert {"/r/ministers/7/1-political", "/r/ministers/9/12-political"} <= links
    back = page(client, "/r/ministers/7/1-political")
    assert "/r/ministers/8/4-political" in {link.attributes["href"] for link in back.css(".side .plain a")}


def test_nothing_offers_nearer_queries_with_true_counts(client: FlaskClient) -> None:
    tree = page(client, "/search?q=زعفرانيات الأمن التعاون&match=all")
    offer = next(link for link in tree.css(".nothing a") if words(link) == "الأمن التعاون")
    found = client.get("/api/v1/search?match=all&q=الأمن التعاون").get_json()["total"]
    assert found > 0
    assert words(offer.parent).split()[2] == str(found)
    assert page(client, str(offer.attributes["href"])).css(".hit")


def test_names_complete_with_their_counts(client: FlaskClient) -> None:
    offers = client.get("/api/v1/suggest?q=منظمة الأمن وال").get_json()["suggestions"]
    names = [offer for offer in offers if offer["kind"] == "name"]
    assert [offer["text"] for offer in names] == ["منظمة الأمن والتعاون في أوروبا"]  # one of its spellings
    found = page(client, names[0]["url"])
    assert words(found.css_first(".totals")).startswith(str(names[0]["count"]))


def test_the_year_of_either_calendar_is_a_facet(client: FlaskClient) -> None:
    tree = page(client, "/search?q=منظمة")
    for name in ("year", "hijri_year"):
        choice = tree.css_first(f"#facet-{name} a")
        counted = words(choice.css_first(".count"))
        assert f"{name}=1" in choice.attributes["href"] or f"{name}=2" in choice.attributes["href"]
        filtered = page(client, str(choice.attributes["href"]))
        assert words(filtered.css_first(f"#facet-{name} a.chosen .count")) == counted
        assert filtered.css_first(".chip")


def test_a_query_beyond_its_time_is_partial_and_says_so(searcher: Searcher, client: FlaskClient) -> None:
    class Hurried(Searcher):
        """A searcher whose time is over when it begins."""

        def search(self, text: str, **how: Any) -> Results:  # type: ignore[override]
            return super().search(text, **how | {"time_limit": 0.0})

    found = searcher.search("منظمة الأمن والتعاون", time_limit=0.0)
    assert found.partial
    assert found.total > 0
    assert found.hits
    hurried = create_app(Hurried.open(searcher.address)).test_client()
    address = "/search?q=منظمة الأمن"
    assert page(hurried, address).css_first(".problems")
    assert not page(client, address).css_first(".problems")


def test_forms_are_listed_when_asked_for_and_can_be_left_out(client: FlaskClient) -> None:
    tree = page(client, "/search?q=منظمة&forms=1")
    forms = [str(box.attributes["value"]) for box in tree.css(".forms input[type=checkbox]")]
    assert "منظمة" in forms
    assert "منظمات" in forms
    both = page(client, "/search?q=منظمة&without=منظمة&without=منظمات")
    lit = {words(mark) for mark in both.css(".hit mark")}
    assert lit
    assert not lit & {"منظمة", "منظمات"}
    ticked = {box.attributes["value"] for box in both.css(".forms input[checked]")}
    assert ticked == {"منظمة", "منظمات"}
    assert len(both.css(".chip")) == 2


def test_paging_has_prev_and_next_and_covers_all(client: FlaskClient) -> None:
    address, seen = "/search?q=التعاون", []
    while address:
        tree = page(client, address)
        seen += [
            str(link.attributes["href"]).split("?")[0] + str(link.attributes["href"]).rpartition("#")[2]
            for link in tree.css(".hit .symbol")
        ]
        link = tree.css_first('head link[rel="next"]')
        address = str(link.attributes["href"]) if link else ""
    total = client.get("/api/v1/search?q=التعاون").get_json()["total"]
    assert len(seen) == len(set(seen)) == total


def test_a_page_beyond_the_last_says_so(client: FlaskClient) -> None:
    assert "صفحات" in words(page(client, "/search?q=التعاون&page=900").css_first(".nothing"))


def test_grouping_puts_hits_under_their_resolution(client: FlaskClient) -> None:
    tree = page(client, "/search?q=منظمة الأمن والتعاون&group=resolution&limit=30")
    names = [words(heading) for heading in tree.css(".group > h2")]
    assert len(names) == len(set(names)) > 3
    assert len(tree.css(".hit")) == 30


def test_a_problem_is_underlined_in_the_query(client: FlaskClient) -> None:
    tree = page(client, "/search?q=" + quote('الأمن "التعاون'))
    assert tree.css_first(".asked u").text() == '"'
    assert "تنصيص" in words(tree.css_first(".problems"))


def test_a_wrong_parameter_is_told_and_the_rest_runs(client: FlaskClient) -> None:
    tree = page(client, "/search?q=التعاون&from=امس&page=x")
    assert "«امس» ليس تاريخاً" in words(tree.css_first(".problems"))
    assert tree.css(".hit")


def test_zero_results_say_which_word_and_which_filter(client: FlaskClient) -> None:
    tree = page(client, "/search?q=التعاون&theme=boycott&match=all")
    assert "دون المصفّيات توجد" in words(tree.css_first(".nothing"))
    absent = page(client, "/search?q=زعفرانيات").css_first(".nothing")
    assert "ليست في المجموعة" in words(absent)
    assert words(absent.css_first("s")) == "زعفرانيات"


def test_a_symbol_goes_to_its_resolution_or_offers_several(client: FlaskClient) -> None:
    answer = client.get("/search?q=12/7-س")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("/r/ministers/7/12-political")
    assert len(page(client, "/search?q=1/7").css(".meant a")) == 3


def test_a_resolution_reads_like_print(client: FlaskClient, searcher: Any) -> None:
    tree = page(client, RESOLUTION)
    rows = searcher.resolution("ministers/7/1-political")
    assert [words(heading) for heading in tree.css(".part > h2")] == ["الديباجة", "الفقرات العاملة"]
    assert [item.attributes["id"] for item in tree.css(".item")] == [row["id"].partition("#")[2] for row in rows]
    assert [words(item.css_first(".text")) for item in tree.css(".item")] == [
        " ".join(row["text"].split()) for row in rows
    ]
    assert words(tree.css_first("h1")) == rows[0]["title"]
    assert tree.css_first('link[rel="canonical"]').attributes["href"] == "http://localhost" + RESOLUTION
    assert json.loads(tree.css_first('script[type="application/ld+json"]').text())["@type"] == "Legislation"
    assert not tree.css("mark")


def test_a_resolution_lights_the_words_on_arrival(client: FlaskClient) -> None:
    tree = page(client, RESOLUTION + "?q=الأمن")
    lit = [item.attributes["id"] for item in tree.css(".item.lit")]
    assert lit
    assert [link.attributes["href"] for link in tree.css(".side ul.plain a")][: len(lit)] == [
        "#" + str(id) for id in lit
    ]


def test_steps_go_through_the_results_and_back(client: FlaskClient) -> None:
    links = [str(link.attributes["href"]) for link in page(client, "/search?q=منظمة الأمن").css(".hit .symbol")]
    tree = page(client, links[1].split("#")[0])
    assert tree.css_first('[data-key="previous"]').attributes["href"] == links[0]
    assert tree.css_first('[data-key="next"]').attributes["href"] == links[2]


def test_titles_of_one_session_with_missing_numbers(client: FlaskClient) -> None:
    said = words(page(client, "/browse/session/7").css_first("main"))
    assert "الدورة السابعة" in said
    assert "أرقام ليست في المجموعة" in said


@pytest.mark.parametrize(
    "row", [row for row in examples.examples() if row.section != "first"], ids=lambda row: row.arabic
)
def test_every_example_of_the_help_is_live(client: FlaskClient, row: examples.Example) -> None:
    totals = []
    for query in (row.arabic, row.latin):
        found = client.get("/api/v1/search", query_string={"q": query}).get_json()
        assert found["problems"] == [], query
        totals.append(found["total"])
    assert totals[0] == totals[1]
    assert totals[0] > 0, row.arabic


def test_languages_change_the_words_and_the_direction(client: FlaskClient) -> None:
    tree = page(client, "/en/search?q=التعاون")
    assert tree.css_first("html").attributes == {"lang": "en", "dir": "ltr"}
    assert words(tree.css_first(".field button")) == "Search"
    assert all(str(link.attributes["href"]).startswith("/en/") for link in tree.css(".facet a, .hit a"))
    other = {link.attributes["hreflang"]: link.attributes["href"] for link in tree.css(".menu a[hreflang]")}
    assert other == {
        "ar": "/search?q=%D8%A7%D9%84%D8%AA%D8%B9%D8%A7%D9%88%D9%86",
        "fr": "/fr/search?q=%D8%A7%D9%84%D8%AA%D8%B9%D8%A7%D9%88%D9%86",
    }


def test_a_page_needs_no_script_no_style_and_no_other_host(client: FlaskClient) -> None:
    for address in ("/", "/search?q=التعاون", RESOLUTION, "/help", "/browse", "/nowhere"):
        answer = client.get(address)
        text = answer.get_data(as_text=True)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", text)
        tree = HTMLParser(text)
        sources = [
            node.attributes.get("src") or node.attributes.get("href") or ""
            for node in tree.css('script[src], link[rel="stylesheet"], link[rel="preload"], link[rel="icon"], img')
        ]
        assert sources
        assert all(source.startswith("/static/") for source in sources)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_results_page_is_light(client: FlaskClient) -> None:
    addresses = ("/search?q=منظمة الأمن والتعاون", "/static/kashshaf.css", "/static/kashshaf.js")
    answers = [client.get(address, headers={"Accept-Encoding": "gzip"}) for address in addresses]
    assert {answer.headers["Content-Encoding"] for answer in answers} == {"gzip"}
    assert sum(len(answer.data) for answer in answers) < 40_000
    plain = client.get(addresses[0])
    assert len(plain.data) < 40_000
    assert gzip.decompress(answers[0].data).count(b"<mark>") == plain.data.count(b"<mark>") > 10


def test_an_unchanged_page_is_answered_by_304(client: FlaskClient) -> None:
    first = client.get("/search?q=التعاون")
    again = client.get("/search?q=التعاون", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get("/search?q=الأمن", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_clauses_without_a_resolution_have_a_page_with_all_their_keys(tmp_path: Path) -> None:
    from index.build import build

    source = tmp_path / "rows.jsonl"
    rows = [
        {"id": "a/1", "text": "نصّ قصير <b>", "session": "الكتاب", "colour": "أخضر"},
        {"id": "a 2", "text": "كلمة " * 300 + "زعفران " + "أخرى " * 300, "title": "عنوان طويل"},
    ]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([str(source)], str(tmp_path / "index"))
    other = create_app(str(tmp_path / "index")).test_client()
    text = html.unescape(other.get("/c/a/1").get_data(as_text=True))
    assert "نصّ قصير <b>" in text
    assert "أخضر" in text
    tree = page(other, "/search?q=زعفران")
    assert words(tree.css_first(".hit mark")) == "زعفران"
    assert words(tree.css_first(".hit .text")).startswith("… ")
    assert other.get(str(tree.css_first(".hit .text a").attributes["href"])).status_code == 200
    assert other.get("/").status_code == 200
