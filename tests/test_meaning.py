"""Search by meaning with a tiny encoder made here: the command, files, fusion, the second list, likeness, faults."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("onnxruntime", reason="needs the extra meaning-onnx")
pytest.importorskip("tokenizers", reason="needs the extra meaning-onnx")

import numpy as np

from index.build import add, build
from index.cli import main as index_cli
from index.engine import IndexProblem
from index.folder import IndexFolder
from index.meaning import filling
from index.meaning.encoder import Encoder, open_encoder
from index.meaning.making import Asked, make, take_out
from index.meaning.prepared import LONGEST, key_of, prepared, text_of, windows
from index.meaning.vector_file import FOLDER, VectorFile, listed, packed
from index.meaning.vectors import Vectors
from index.verify import verify
from search import open_index
from tests.tiny_encoder import write_encoder

# Groups of words of one meaning, in three languages: the tiny encoder gives all of a group one direction.
ROWS = [
    {"id": "a", "text": "يدعو إلى حماية الطفل", "title": "الأسرة", "session": "1"},
    {"id": "b", "text": "يرعى الصغار والأيتام", "title": "الأسرة", "session": "2"},
    {"id": "c", "text": "تمويل الطرق والجسور", "title": "الاقتصاد", "session": "1"},
    {"id": "d", "text": "إنشاء السكك والمعابر", "title": "الاقتصاد", "session": "2"},
    {"id": "e", "text": "مكافحة الجراد", "title": "الزراعة", "session": "2"},
]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_encoder(tmp_path_factory.mktemp("encoder") / "tiny-e5")


@pytest.fixture(scope="module", params=["tantivy", "whoosh"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, encoder: Path) -> str:
    place = tmp_path_factory.mktemp("index")
    where = str(place / "i")
    build([source(place, ROWS)], where, engine=request.param, finish=Asked(str(encoder)).begin)
    return where


def source(place: Path, rows: Sequence[dict[str, str]]) -> str:
    path = place / "rows.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return str(path)


@pytest.fixture
def built(tmp_path: Path, encoder: Path) -> str:
    """An index with vectors that a test may change."""
    where = str(tmp_path / "i")
    build([source(tmp_path, ROWS)], where, finish=Asked(str(encoder)).begin)
    return where


@pytest.fixture
def searcher(address: str) -> Iterator[Any]:
    opened = open_index(address)
    yield opened
    opened.close()


def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list into which every text goes that is encoded from now on."""
    seen: list[str] = []
    real = filling.Encoding.vectors

    def vectors(self: Any, texts: Sequence[str]) -> Any:
        seen.extend(texts)
        return real(self, texts)

    monkeypatch.setattr(filling.Encoding, "vectors", vectors)
    return seen


# What is encoded


def test_marks_and_tatweel_are_not_encoded() -> None:
    assert prepared("وَالْمُنَظَّمَاتُ  الدوليـــة\n") == "والمنظمات الدولية"
    assert key_of(prepared("كِتاب")) == key_of(prepared("كتـاب")) != key_of("كاتب")


def test_a_title_stands_before_its_clause_once() -> None:
    row = {"text": "نص", "title": "عنوان"}
    assert text_of(row, True) == "عنوان. نص"
    assert text_of(row, False) == text_of({"text": "نص", "title": ""}, True) == "نص"


@pytest.mark.parametrize(("count", "size", "lengths"), [(0, 4, [0]), (4, 4, [4]), (5, 4, [2, 3]), (9, 4, [3, 3, 3])])
def test_long_clauses_are_cut_into_like_windows(count: int, size: int, lengths: list[int]) -> None:
    parts = windows(range(count), size)
    assert sorted(len(part) for part in parts) == sorted(lengths)
    assert [one for part in parts for one in part] == list(range(count))


# Encoders in a folder


def test_an_encoder_in_a_folder_makes_unit_vectors_with_the_prefixes_of_its_family(encoder: Path) -> None:
    opened: Encoder = open_encoder(str(encoder))
    queries, clauses = opened.queries(["children"]), opened.clauses(["الطفل", "الجسور " * 700])
    assert queries.shape == (1, opened.dimension)
    assert np.allclose(np.linalg.norm(np.concatenate((queries, clauses)), axis=1), 1, atol=1e-5)
    assert queries[0] @ clauses[0] > 0.9 > queries[0] @ clauses[1]
    assert opened._query == "query: "
    assert opened._clause == "passage: "


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "model.onnx").write_bytes(b"cut short"), "cannot be opened"),
        (lambda folder: (folder / "tokenizer.json").write_text("{"), "cannot be opened"),
        (lambda folder: (folder / "tokenizer.json").unlink(), "no tokenizer.json"),
        (lambda folder: (folder / "model.onnx").unlink(), "no .onnx file"),
        (shutil.rmtree, "no folder"),
    ],
)
def test_a_damaged_encoder_is_told_in_one_sentence(tmp_path: Path, encoder: Path, spoil: Any, said: str) -> None:
    copy = tmp_path / "e"
    shutil.copytree(encoder, copy)
    spoil(copy)
    with pytest.raises(IndexProblem, match=said):
        open_encoder(str(copy))


# Files


def test_vectors_in_eight_bits_keep_their_direction() -> None:
    vectors = np.random.default_rng(3).standard_normal((50, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    kept = packed([bytes(16)] * 50, vectors).floats(list(range(50)))
    assert np.allclose(np.linalg.norm(kept, axis=1), 1, atol=1e-5)
    assert (np.einsum("ij,ij->i", kept, vectors) > 0.9998).all()


def test_the_manifest_names_the_model_and_verify_checks_the_file(built: str) -> None:
    folder = IndexFolder(built)
    manifest = folder.manifest()
    assert manifest.meaning["clauses"] == len(ROWS)
    assert {"model", "fingerprint", "dimension"} <= set(manifest.meaning)
    assert verify(built) == []
    path = next((folder.generation(manifest) / FOLDER).iterdir())
    assert VectorFile(path).whole()
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.unlink()
    path.write_bytes(data)
    assert not VectorFile(path).whole()
    assert any("vectors" in damage for damage in verify(built))


def test_nearest_is_the_brute_force_order(address: str) -> None:
    folder = IndexFolder(address)
    manifest = folder.manifest()
    vectors = Vectors(folder.generation(manifest), manifest.meaning)
    stored, known = vectors.at(range(len(ROWS)))
    assert known.all()
    ordinals, cosines = vectors.nearest(stored[2], 3)
    assert ordinals.tolist() == np.argsort(-(stored @ stored[2]), kind="stable")[:3].tolist()
    vectors._dot = None  # NumPy alone
    assert vectors.nearest(stored[2], 3)[0].tolist() == ordinals.tolist()
    assert cosines[0] == pytest.approx(1, abs=1e-3)


# The life of an index


def test_only_new_texts_are_encoded(built: str, tmp_path: Path, encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = counting(monkeypatch)
    new = {"id": "f", "text": "رعاية الأيتام", "session": "3"}
    changed = {**ROWS[0], "session": "9"}
    report = add([source(tmp_path, [new, changed])], built)
    assert (report.notes, seen) == ([], ["رعاية الأيتام"])
    searcher = open_index(built)
    assert {hit.id for hit in searcher.search("children", meaning="only").nearest[:3]} == {"a", "b", "f"}
    searcher.close()
    build([source(tmp_path, [*ROWS, new])], built, finish=Asked(str(encoder)).begin)
    assert len(seen) == 1
    assert make(built, Asked(str(encoder))).encoded == 0
    assert make(built, Asked(str(encoder)), again=True).encoded == len(ROWS) + 1
    assert verify(built) == []


def test_a_killed_run_goes_on_where_it_was(built: str, encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "ENCODED_AT_ONCE", 2)
    before = IndexFolder(built).manifest()

    def killed(done: int, whole: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(built, Asked(str(encoder), title=True, progress=killed))
    assert IndexFolder(built).manifest() == before  # the living index is as it was
    seen = counting(monkeypatch)
    made = make(built, Asked(str(encoder), title=True))
    assert made.encoded == len(seen) == 1
    assert not (Path(built) / filling.UNFINISHED).exists()
    assert IndexFolder(built).manifest().meaning["title"] is True


def test_many_small_additions_leave_few_files(built: str, tmp_path: Path) -> None:
    for number in range(6):
        add([source(tmp_path, [{"id": f"n{number}", "text": f"الجسور {number}"}])], built)
    folder = IndexFolder(built)
    files = listed(folder.generation(folder.manifest()))
    assert sum(len(file.rows) for file in files) == len(ROWS) + 6
    assert len(files) <= 3


def test_added_clauses_without_their_encoder_are_told(built: str, tmp_path: Path, encoder: Path) -> None:
    manifest = IndexFolder(built).manifest()
    manifest.meaning["encoder"] = str(tmp_path / "gone")
    (Path(built) / "manifest.json").write_text(json.dumps(manifest.to_json()), "utf-8")
    report = add([source(tmp_path, [{"id": "x", "text": "الجسور الجديدة"}])], built)
    assert len(report.notes) == 1
    assert "no vectors" in report.notes[0]
    searcher = open_index(built)
    found = searcher.search("الجسور")
    assert {hit.id for hit in found.hits} == {"c", "x"}
    assert [problem.code for problem in found.problems] == ["no_meaning"]
    searcher.close()


def test_vectors_are_taken_out(built: str) -> None:
    assert take_out(built)
    assert not take_out(built)
    searcher = open_index(built)
    assert searcher.search("children").nearest == []
    assert [p.code for p in searcher.search("children", meaning="on").problems] == ["no_meaning"]
    searcher.close()


# Searching


def test_the_list_the_counts_and_the_lit_words_stay_lexical(searcher: Any) -> None:
    off, on = searcher.search("الطرق والسكك", meaning="off"), searcher.search("الطرق والسكك")
    assert (on.total, on.totals, on.facets) == (off.total, off.totals, off.facets)
    assert sorted((h.id, h.highlights) for h in on.hits) == sorted((h.id, h.highlights) for h in off.hits)
    assert off.nearest == []


def test_explain_shows_what_meaning_gave(searcher: Any) -> None:
    found = searcher.search("الطرق والسكك", explain=True)
    given = [part["score"] for hit in found.hits for part in hit.explanation if part.get("part") == "meaning"]
    assert len(given) == len(found.hits) == 2
    assert sum(given) == pytest.approx(0, abs=1e-3)  # around the mean of the first hundred


@pytest.mark.parametrize("query", ["children", "enfants"])
def test_another_language_finds_arabic_clauses_in_the_second_list(searcher: Any, query: str) -> None:
    found = searcher.search(query)
    assert (found.total, found.hits) == (0, [])
    assert {hit.id for hit in found.nearest} == {"a", "b"}
    assert not any(hit.highlights for hit in found.nearest)


def test_the_second_list_shares_no_word_and_passes_the_filters(searcher: Any) -> None:
    found = searcher.search("الطفل")
    assert [hit.id for hit in found.hits] == ["a"]
    assert [hit.id for hit in found.nearest] == ["b"]
    assert searcher.search("الطفل", session=["1"]).nearest == []
    assert searcher.search("session:1 الطفل").nearest == []
    assert searcher.search("الطفل -الجراد").nearest == []  # what is excluded cannot be told there
    assert searcher.search("الطفل", nearest=0).nearest == []


def test_what_lies_far_is_not_shown(searcher: Any) -> None:
    assert searcher.search("zzz").nearest == []
    assert searcher.search("").nearest == []


def test_meaning_alone_answers_with_the_near_list(searcher: Any) -> None:
    found = searcher.search("الطفل", meaning="only", limit=2)
    assert (found.total, found.hits, [hit.id for hit in found.nearest]) == (0, [], ["a", "b"])
    assert found.nearest[0].highlights
    assert found.main_list == found.nearest


def test_similar_clauses_light_what_they_share(searcher: Any) -> None:
    similar = searcher.similar("c")
    assert [hit.id for hit in similar] == ["d"]
    assert searcher.similar("nobody") is None


def test_the_vector_of_a_query_is_remembered(searcher: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    searcher.search("children")
    monkeypatch.setattr(type(searcher.meaning.encoder), "queries", lambda *_: pytest.fail("encoded again"))
    assert searcher.search("children").nearest


def test_a_clause_of_a_hundred_thousand_words_is_encoded(tmp_path: Path, encoder: Path) -> None:
    where = str(tmp_path / "i")
    build([source(tmp_path, [{"id": "long", "text": "الطفل " * 100_000}])], where, finish=Asked(str(encoder)).begin)
    searcher = open_index(where)
    assert [hit.id for hit in searcher.search("children", meaning="only").nearest] == ["long"]
    assert LONGEST < 600_000
    searcher.close()


# Faults: a sentence each, and the search by words goes on


def spoiled_head(path: Path, address: str) -> None:
    path.write_bytes(b"x" + path.read_bytes()[1:])


def spoiled_length(path: Path, address: str) -> None:
    path.write_bytes(path.read_bytes()[:-8])


def gone(path: Path, address: str) -> None:
    path.unlink()


def of_another_model(path: Path, address: str) -> None:
    manifest = json.loads((Path(address) / "manifest.json").read_text("utf-8"))
    manifest["meaning"]["fingerprint"] = "0123456789abcdef"
    (Path(address) / "manifest.json").write_text(json.dumps(manifest), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoiled_head, "damaged"),
        (spoiled_length, "damaged"),
        (gone, "clauses have vectors"),
        (of_another_model, "made by"),
    ],
)
@pytest.mark.parametrize("engine", ["tantivy", "whoosh"])
def test_vectors_that_cannot_be_used_are_told_and_words_are_searched(
    tmp_path: Path, encoder: Path, engine: str, spoil: Any, said: str
) -> None:
    built = str(tmp_path / "i")
    build([source(tmp_path, ROWS)], built, engine=engine, finish=Asked(str(encoder)).begin)
    folder = IndexFolder(built)
    spoil(next((folder.generation(folder.manifest()) / FOLDER).iterdir()), built)
    searcher = open_index(built)
    found = searcher.search("الجسور")
    assert [hit.id for hit in found.hits] == ["c"]
    assert len(found.problems) == 1
    assert said in found.problems[0].message_en
    searcher.close()


def test_a_search_without_vectors_loads_nothing_of_meaning(specimen: str) -> None:
    code = (
        "import sys; from search import open_index; open_index(sys.argv[1]).search('التعاون'); "
        "print([m for m in sys.modules if m.startswith(('index.meaning', 'search.meaning', 'onnxruntime', 'simsimd'))])"
    )
    done = subprocess.run([sys.executable, "-c", code, specimen], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# The command


def test_the_command_makes_and_takes_out(
    tmp_path: Path, encoder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = str(tmp_path / "i")
    build([source(tmp_path, ROWS)], where)
    assert index_cli(["meaning", "--index", where, "--encoder", str(encoder), "--processes", "1"]) == 0
    assert "5 clauses have vectors by tiny-e5" in capsys.readouterr().out
    assert index_cli(["info", "--index", where]) == 0
    assert "5 clauses by tiny-e5" in capsys.readouterr().out
    assert index_cli(["meaning", "--index", where, "--off"]) == 0
    assert index_cli(["meaning", "--index", where, "--encoder", str(tmp_path / "none")]) == 2


def test_two_processes_make_the_same_vectors(built: str, encoder: Path) -> None:
    from index.meaning.encoding import Encoding

    opened = open_encoder(str(encoder))
    texts = [row["text"] for row in ROWS] * 20
    with Encoding(opened, 2) as two:
        assert np.allclose(two.vectors(texts), opened.clauses(texts), atol=1e-6)


# The page and the API


@pytest.fixture(scope="module")
def client(address: str) -> Any:
    from web import create_app

    return create_app(index=address).test_client()


def test_the_page_shows_near_clauses_apart_and_says_why_nothing_is_lit(client: Any) -> None:
    page = client.get("/en/search", query_string={"q": "children"}).get_data(as_text=True)
    near = page[page.index('class="near"') :]
    assert near.count('class="hit"') == 2
    assert "share no word with your query" in near
    assert "<mark>" not in near
    off = client.get("/en/search", query_string={"q": "children", "meaning": "off"}).get_data(as_text=True)
    assert 'class="hit"' not in off
    assert "By words and meaning" in off  # the switch back


def test_the_api_lists_near_and_similar_clauses(client: Any) -> None:
    found = client.get("/api/v1/search", query_string={"q": "الطفل"}).get_json()
    assert [hit["id"] for hit in found["hits"]] == ["a"]
    assert [hit["id"] for hit in found["nearest"]] == ["b"]
    only = client.get("/api/v1/search", query_string={"q": "الطفل", "meaning": "only"}).get_json()
    assert ([hit["id"] for hit in only["nearest"]][:2], only["total"]) == (["a", "b"], 0)
    similar = client.get("/api/v1/clauses/c/similar").get_json()
    assert [hit["id"] for hit in similar["similar"]] == ["d"]
    assert client.get("/api/v1/clauses/nobody/similar").status_code == 404
    assert client.get("/api/v1/search", query_string={"q": "x", "meaning": "perhaps"}).status_code == 400


def test_every_clause_has_a_page_of_similar_ones(client: Any) -> None:
    assert "/similar/c" in client.get("/c/c").get_data(as_text=True)
    page = client.get("/similar/c")
    assert page.status_code == 200
    assert page.get_data(as_text=True).count('class="hit"') == 1
    assert client.get("/similar/nobody").status_code == 404


def test_without_vectors_the_page_and_the_api_say_nothing_of_meaning(specimen: str) -> None:
    from web import create_app

    plain = create_app(index=specimen).test_client()
    clause = plain.get("/api/v1/search", query_string={"q": "التعاون"}).get_json()["hits"][0]["id"]
    assert 'class="near"' not in plain.get("/search", query_string={"q": "التعاون"}).get_data(as_text=True)
    answer = plain.get(f"/api/v1/clauses/{clause.replace('#', '%23')}/similar")
    assert (answer.status_code, "no vectors" in answer.get_json()["detail"]) == (404, True)
