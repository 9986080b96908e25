"""Our engine Whoosh beside Whoosh used as its manual says, at equal quality: both know the same stems.

The manual's way: a schema, `writer.add_document`, `QueryParser(…, OrGroup)`, `searcher.search(…, limit=10)`. Its own
analyzers tear vowelled words, so its text field is given the stems of our plain analysis, joined by spaces. Both begin
with raw text. Ours indexes all fields; asked are both for ten hits by BM25 of stems, and ours for a full page besides.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from whoosh import fields, index
from whoosh.analysis.tokenizers import RegexTokenizer
from whoosh.qparser.default import QueryParser
from whoosh.qparser.syntax import OrGroup

from bench.asking import one_field, page, timed
from bench.child import run
from bench.corpora import corpus, rows
from bench.indexes import index_of
from bench.metrics import percentile
from bench.places import CACHE
from bench.query_samples import Question, draw
from bench.rows import Row, middle
from index.analysis import Analyzer
from search.searcher import Searcher

ASKED = ("three words", "common word", "rare word")
BUILT, ASKING = "Whoosh by its manual, our stems", "Whoosh by its manual"


def comparing(name: str, repeats: int, count: int) -> list[Row]:
    """Return clauses a second of building and milliseconds of questions, both by turns."""
    folder, peer = CACHE / "built", CACHE / "whoosh-peer"
    total = sum(1 for _ in rows(name))
    analyzer = Analyzer()
    ours, theirs = [], []
    for _ in range(repeats):
        shutil.rmtree(folder, ignore_errors=True)
        where = ["--index", str(folder), "--engine", "whoosh", "--quiet"]
        ours.append(total / run(["-m", "index.cli", "build", str(corpus(name)), *where]).seconds)
        theirs.append(total / _build(peer, name))
    shutil.rmtree(folder, ignore_errors=True)
    found = [Row("whoosh", "engine whoosh, raw text to index, all our fields", name, "clauses/s", middle(ours),
                 middle(theirs), BUILT, 1.0, True)]
    questions = [question for question in draw(rows(name), count) if question.name in ASKED]
    searcher = Searcher.open(str(index_of(name, [corpus(name)], "whoosh")))
    try:
        mine = timed(questions, lambda question: one_field(searcher, question))
        pages = timed(questions, lambda question: page(searcher, question))
    finally:
        searcher.close()
    peers = _ask(peer, analyzer, questions)
    shutil.rmtree(peer, ignore_errors=True)
    for cls in ASKED:
        theirs_ms = round(percentile(peers[cls], 0.5), 3)
        found.append(Row("whoosh", f"engine whoosh, ten hits by stems, {cls}, p50", name, "ms",
                         round(percentile(mine[cls], 0.5), 3), theirs_ms, ASKING, 1.0))
        found.append(Row("whoosh", f"engine whoosh, full page, {cls}, p50", name, "ms",
                         round(percentile(pages[cls], 0.5), 3), theirs_ms, ASKING))
    return found


def _build(folder: Path, name: str) -> float:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    split = RegexTokenizer(r"\S+")
    schema = fields.Schema(id=fields.ID(stored=True), session=fields.ID(stored=True), theme=fields.ID(stored=True),
                           stem=fields.TEXT(analyzer=split), text=fields.STORED)
    started = time.perf_counter()
    analyzer = Analyzer()
    writer = index.create_in(str(folder), schema).writer()
    for row in rows(name):
        stems = " ".join([terms.stem for terms in analyzer.terms_of(row["text"])])
        writer.add_document(id=row["id"], session=row["session"], theme=row["theme"], stem=stems, text=row["text"])
    writer.commit()
    return time.perf_counter() - started


def _ask(folder: Path, analyzer: Analyzer, questions: list[Question]) -> dict[str, list[float]]:
    opened = index.open_dir(str(folder))
    parser = QueryParser("stem", opened.schema, group=OrGroup)
    with opened.searcher() as searcher:

        def ask(question: Question) -> object:
            words = " ".join(token.terms.stem for token in analyzer.typed(question.words))
            hits = searcher.search(parser.parse(words), limit=10)
            return [hit.fields() for hit in hits], len(hits)

        return timed(questions, ask)
