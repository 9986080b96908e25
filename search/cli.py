"""`python -m search.cli QUERY`: ranked clauses in a terminal or a pipe. Exit codes: 0 found, 1 nothing, 2 error."""

from __future__ import annotations

import argparse
import gc
import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from index.engine import DEFAULT_ADDRESS, resolve_address
from index.terminal import ERROR, guarded, say

if TYPE_CHECKING:
    from search.results import Results
    from search.searcher import Searcher

EXAMPLES = """examples:
  python -m search.cli منظمة الأمن والتعاون
  python -m search.cli '"منظمة الأمن والتعاون"' --session 8 --theme political
  python -m search.cli 'جذر:كتب -مكتبة' --format json | jq .total
  python -m search.cli --queries topics.tsv --format trec --limit 100 > run.txt
  echo 'دورة:7..8 موضوع:السياسية التعاون' | python -m search.cli -

The query language is explained in docs/query-syntax.md.
"""
FOUND, NOTHING = 0, 1
TREC_TAG = "kashshaf"


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = argparse.ArgumentParser(
        "python -m search.cli",
        description="Search an index clause by clause.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument(
        "query", nargs="*", metavar="QUERY", help="words and operators; - reads one query a line from standard input"
    )
    top.add_argument(
        "--index", metavar="ADDRESS", help=f"the index (default: $KASHSHAF_INDEX, then ./{DEFAULT_ADDRESS})"
    )
    for name, example in (
        ("session", "38"),
        ("theme", "political"),
        ("kind", "operative"),
        ("verb", "يدعو"),
        ("body", "ministers"),
        ("year", "2011"),
        ("hijri-year", "1432"),
    ):
        top.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar=name[0].upper(),
            help=f"only this {name}, as {example}; repeat it for several",
        )
    top.add_argument("--from", dest="date_from", metavar="DATE", help="not before YYYY, YYYY-MM or YYYY-MM-DD")
    top.add_argument("--to", dest="date_to", metavar="DATE", help="not after it")
    top.add_argument(
        "--match", choices=("best", "all"), default="best", help="clauses with any word, best first, or only with all"
    )
    top.add_argument(
        "--level", choices=("marked", "folded", "stem", "root"), default="stem", help="how plain words are compared"
    )
    top.add_argument("--limit", type=int, default=10, metavar="N", help="hits a page (default 10, at most 1,000)")
    top.add_argument("--page", type=int, default=1, metavar="N")
    top.add_argument(
        "--sort",
        choices=("relevance", "date", "session"),
        default="relevance",
        help="date: newest first; session: natural order",
    )
    top.add_argument("--format", choices=("text", "json", "ndjson", "csv", "trec"), default="text")
    top.add_argument(
        "--queries", metavar="FILE", help="lines qid<TAB>words; - for standard input; plain words unless --syntax"
    )
    top.add_argument("--syntax", action="store_true", help="read operators in --queries")
    top.add_argument(
        "--explain", action="store_true", help="say how the query was read and what gave how much of each score"
    )
    top.add_argument("--no-expand", action="store_true", help="do not search other names of the same body or place")
    top.add_argument(
        "--names",
        metavar="FILE",
        help="add a file of names of one's own, in the form of search/data/names.tsv (default: $KASHSHAF_NAMES)",
    )
    top.add_argument(
        "--meaning",
        choices=("off", "on", "only"),
        help="rank by meaning too and list near clauses beside the found ones (default: on where the index has "
        "vectors); only: the near clauses alone",
    )
    top.add_argument("--no-rerank", action="store_true", help="keep the engine's order")
    top.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one search, or a file of them, and return the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    collecting = gc.isenabled()
    try:
        return guarded(_run, parser().parse_args([_minus(argument) for argument in given]))
    finally:  # for who calls this from a program of theirs
        if collecting:
            gc.enable()


def _minus(argument: str) -> str:
    """An argument such as -مكتبة is an excluded word and no option: the minus sign keeps argparse from taking it."""
    return "\N{MINUS SIGN}" + argument[1:] if re.match(r"-[^-\x00-\x7f]", argument) else argument


def _start_quickly() -> None:
    """One question is over before a second thread of linear algebra or a collection of cycles has been worth its start.

    Must come before NumPy is imported. A file of questions turns the collector on again.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()


def _run(options: argparse.Namespace) -> int:
    if not options.query and not options.queries and not _filters(options):
        say("No query. Type words, or see python -m search.cli --help.")
        return ERROR
    _start_quickly()
    from search.names import NamesError, load_names
    from search.searcher import Searcher

    try:
        names = load_names(options.names or os.environ.get("KASHSHAF_NAMES") or None)
    except NamesError as problem:
        say(f"{str(problem)[0].upper()}{str(problem)[1:]}.")
        return ERROR
    searcher = Searcher.open(resolve_address(options.index))
    searcher.names = names
    try:
        if options.queries or options.query == ["-"]:
            gc.enable()
        if options.queries:
            return _batch(searcher, options)
        if options.query == ["-"]:
            codes = [_one(searcher, line.rstrip("\r\n"), options) for line in sys.stdin if line.strip()]
            return min(codes, default=NOTHING)
        return _one(searcher, " ".join(options.query), options)
    finally:
        searcher.close()


def _one(searcher: Searcher, text: str, options: argparse.Namespace) -> int:
    from search.output import show

    results = _ask(searcher, text, options, syntax=True)
    show(results, options.format, color=_color(options.color), explain=options.explain, qid="1", tag=TREC_TAG)
    return FOUND if results.total or results.nearest else NOTHING


def _batch(searcher: Searcher, options: argparse.Namespace) -> int:
    from search.output import show

    found = NOTHING
    try:
        with sys.stdin if options.queries == "-" else open(options.queries, encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                qid, tab, words = line.rstrip("\r\n").partition("\t")
                if not tab:
                    if line.strip():
                        say(f"{options.queries}:{number}: no tab between the query's id and its words (skipped)")
                    continue
                results = _ask(searcher, words, options, syntax=options.syntax)
                show(results, options.format, color=False, explain=options.explain, qid=qid, tag=TREC_TAG)
                if results.total or results.nearest:
                    found = FOUND
    except (OSError, UnicodeDecodeError) as problem:
        say(f"The queries in {options.queries} cannot be read: {problem}. Give a UTF-8 file with lines qid<TAB>words.")
        return ERROR
    return found


def _ask(searcher: Searcher, text: str, options: argparse.Namespace, *, syntax: bool) -> Results:
    from search.meant import NEAREST

    trec = options.format == "trec"
    return searcher.search(
        text,
        **_filters(options),
        date_from=options.date_from,
        date_to=options.date_to,
        match=options.match,
        level=options.level,
        limit=options.limit,
        page=options.page,
        sort=options.sort,
        syntax=syntax,
        expand=not options.no_expand,
        rerank=not options.no_rerank,
        explain=options.explain,
        facets=() if trec or options.format in ("csv", "ndjson") else ("session", "theme", "kind"),
        rows=not trec,
        suggest=not options.queries,
        meaning=options.meaning,
        nearest=0 if trec and options.meaning != "only" else NEAREST,
    )


def _filters(options: argparse.Namespace) -> dict[str, Any]:
    return {
        name: values
        for name in ("session", "theme", "kind", "verb", "body", "year", "hijri_year")
        if (values := getattr(options, name))
    }


def _color(wanted: str) -> bool:
    """Colours only on a terminal, and never against NO_COLOR (no-color.org)."""
    if wanted == "auto":
        return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return wanted == "always"


if __name__ == "__main__":
    sys.exit(main())
