"""Building, end to end: whole processes of `index.cli build` on real texts, beside Lucene with one and two threads."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import orjson

from bench import lucene_peer
from bench.child import run
from bench.places import CACHE, data_file
from bench.report import table

CORPORA = ("laws", "hadith")
BUILDS = ((("laws",), "tantivy"), (("hadith",), "tantivy"), (CORPORA, "tantivy"), (("laws",), "whoosh"))
LUCENE_BUILDS = (("laws",), CORPORA)


@dataclass(slots=True)
class Input:
    """What is built: one corpus or several, with the number of clauses and the bytes of their texts in UTF-8."""

    names: tuple[str, ...]
    clauses: int = 0
    size: int = 0

    def rows(self) -> Iterator[dict[str, object]]:
        """Yield the rows of the corpora, one after the other."""
        for name in self.names:
            yield from rows_of(name)

    def count(self) -> Input:
        """Return this input with its clauses and bytes counted."""
        for row in self.rows():
            self.clauses += 1
            self.size += len(str(row["text"]).encode())
        return self

    def figures(self, by: str, seconds: float, cpu: float, peak: int, stored: int) -> dict[str, object]:
        """Return one row of figures: rates, peak memory in MB, index ÷ text."""
        return {"corpus": " + ".join(self.names), "by": by, "seconds": round(seconds, 2), "cpu_s": round(cpu, 2),
                "clauses_s": round(self.clauses / seconds), "mb_s": round(self.size / seconds / 1e6, 2),
                "peak_mb": round(peak / 1e6), "index_by_text": round(stored / self.size, 2)}


def rows_of(name: str) -> Iterator[dict[str, object]]:
    """Yield the rows of a corpus."""
    with gzip.open(data_file("corpora", f"{name}.jsonl.gz"), "rb") as lines:
        for line in lines:
            yield orjson.loads(line)


def building(engines: Sequence[str], *, with_lucene: bool) -> tuple[list[dict[str, object]], str]:
    """Return figures and a table of building. Rates are of the whole process, its start included.

    CPU seconds tell more than the clock where other programs share the cores.
    """
    inputs = {names: Input(names).count() for names in {names for names, _ in BUILDS}}
    found = [_build(inputs[names], engine) for names, engine in BUILDS if engine in engines]
    for names in LUCENE_BUILDS if with_lucene else ():
        for threads in (1, 2):
            found += _build_lucene(inputs[names], threads)
    heads = ("corpus", "built by", "clauses/s", "MB/s", "CPU s", "peak MB", "index ÷ text")
    keys = ("corpus", "by", "clauses_s", "mb_s", "cpu_s", "peak_mb", "index_by_text")
    return found, "### Building, end to end\n\n" + table(heads, [[row[key] for key in keys] for row in found])


def _build(source: Input, engine: str) -> dict[str, object]:
    folder = CACHE / "built"
    shutil.rmtree(folder, ignore_errors=True)
    files = [str(data_file("corpora", f"{name}.jsonl.gz")) for name in source.names]
    ran = run(["-m", "index.cli", "build", *files, "--index", str(folder), "--engine", engine, "--quiet"])
    manifest = json.loads(run(["-m", "index.cli", "info", "--index", str(folder), "--json"]).output)
    shutil.rmtree(folder)
    return source.figures(f"Kashshaf {engine}", ran.seconds, ran.cpu, ran.peak, manifest["bytes"])


def _build_lucene(source: Input, threads: int) -> list[dict[str, object]]:
    name = "-".join(source.names)
    lines, folder = CACHE / "lucene" / f"{name}.tsv", CACHE / "lucene" / f"{name}-built"
    lucene_peer.write_lines(source.rows(), lines)
    shutil.rmtree(folder, ignore_errors=True)
    seconds, peak = lucene_peer.build(lines, folder, threads=threads, repeats=3)
    stored = sum(path.stat().st_size for path in folder.iterdir())
    shutil.rmtree(folder)
    told = f"Lucene, {threads} thread{'s' if threads > 1 else ''}"
    return [source.figures(f"{told}, first run", *seconds[0], peak, stored),
            source.figures(f"{told}, warm", *min(seconds), peak, stored)]
