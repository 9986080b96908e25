"""`python -m index.cli`: build, add, remove, meaning, parse, analyze, info, export, verify.

Exit codes: 0 done, 1 damaged, 2 error.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.engine import DEFAULT_ADDRESS, ENGINES, IndexProblem, resolve_address
from index.meaning import options as meaning_options
from index.remote_command import add_options, build_on_cluster, refuse_options
from index.terminal import guarded, say

if TYPE_CHECKING:
    from index.intake import Report
    from index.sources import Fault

KINDS = ("resolution", "communique", "declaration", "treaty", "other")  # as in index.document, which loads slower
EXAMPLES = """examples:
  python -m index.cli build samples --index ./kashshaf-index
  python -m index.cli add new-pages.zip more.jsonl.gz
  python -m index.cli remove ministers/38/32-political
  python -m index.cli meaning --index ./kashshaf-index
  python -m index.cli parse page.html --json
  python -m index.cli parse pages/ --report report.csv
  echo 'وبالمنظمات' | python -m index.cli analyze --json
  python -m index.cli verify
"""


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = argparse.ArgumentParser(
        "python -m index.cli",
        description="Make and look after a Kashshaf index.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    address = argparse.ArgumentParser(add_help=False)
    address.add_argument(
        "--index", metavar="ADDRESS", help=f"the index (default: $KASHSHAF_INDEX, then ./{DEFAULT_ADDRESS})"
    )
    sources = argparse.ArgumentParser(add_help=False)
    sources.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="files, archives or folders of .txt .html .docx .pdf .jsonl .csv (also .gz); - is JSONL on standard input",
    )
    sources.add_argument("--strict", action="store_true", help="stop at the first fault and leave the old index")
    sources.add_argument("--kind", choices=KINDS, help="take every page for this kind")
    _add_processes(sources)
    sources.add_argument("--quiet", action="store_true", help="no progress")

    build = commands.add_parser(
        "build", parents=[sources, address], help="make a new index; an old one answers until it is complete"
    )
    build.add_argument("--engine", default="tantivy", help=f"one of {', '.join(ENGINES)} (default: tantivy)")
    build.add_argument(
        "--analyzer", choices=("light", "snowball"), default="light", help="language rules (default: light)"
    )
    add_options(build)
    meaning = commands.add_parser("meaning", parents=[address], help="make an index's vectors, for search by meaning")
    meaning_options.add_options(build, meaning)
    commands.add_parser("add", parents=[sources, address], help="add to an index; a known id is replaced")
    remove = commands.add_parser("remove", parents=[address], help="remove clauses by id, or a resolution by its id")
    remove.add_argument("ids", nargs="+", metavar="ID")
    parse = commands.add_parser("parse", help="show what the parser makes of pages")
    parse.add_argument("files", nargs="+", metavar="FILE")
    parse.add_argument("--json", action="store_true", help="one JSON object per resolution (the default)")
    parse.add_argument("--kind", choices=KINDS, help="take every page for this kind")
    parse.add_argument(
        "--cover",
        choices=("ansi", "html"),
        nargs="?",
        const="ansi",
        help="show each page with every character assigned",
    )
    parse.add_argument("--report", metavar="FILE.csv", help="write a row for each page: what it was taken for, and why")
    _add_processes(parse)
    parse.add_argument("--quiet", action="store_true", help="no progress")
    analyze = commands.add_parser("analyze", help="show the terms of a text at every level")
    analyze.add_argument("text", nargs="*", metavar="TEXT", help="texts; without any, the lines of standard input")
    analyze.add_argument("--json", action="store_true", help="one JSON object per text")
    analyze.add_argument("--analyzer", choices=("light", "snowball"), default="light")
    analyze.add_argument("--explain", action="store_true", help="say which rule fired, which did not, and why")
    info = commands.add_parser("info", parents=[address], help="what an index holds")
    info.add_argument("--json", action="store_true")
    export = commands.add_parser("export", parents=[address], help="write all clauses as JSONL, CSV or Akoma Ntoso")
    export.add_argument("--format", choices=("jsonl", "csv", "akn"), default="jsonl")
    export.add_argument("--output", metavar="PATH", help="a file, or a folder for akn (default: standard output)")
    commands.add_parser(
        "verify", parents=[address], help="exit 0 when the index is whole, 1 when it is damaged, and how"
    )
    return top


def _add_processes(command: argparse.ArgumentParser) -> None:
    cores = min(2, os.cpu_count() or 1)
    command.add_argument("--processes", type=int, choices=(1, 2), default=cores, help="1 or 2 (default: by the cores)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = parser().parse_args(arguments)
    return guarded(COMMANDS[options.command], options)


def _build(options: argparse.Namespace) -> int:
    if "://" in resolve_address(options.index):
        meaning_options.refuse_on_cluster(options)
        return build_on_cluster(options, _run_sources)
    refuse_options(options)
    from index.build import build

    finish = meaning_options.finish_of(options)
    return _run_sources(
        options,
        lambda **hooks: build(
            options.sources,
            resolve_address(options.index),
            engine=options.engine,
            analyzer=options.analyzer,
            strict=options.strict,
            processes=options.processes,
            kind=options.kind,
            finish=finish,
            **hooks,
        ),
    )


def _add(options: argparse.Namespace) -> int:
    from index.build import add

    return _run_sources(
        options,
        lambda **hooks: add(
            options.sources, resolve_address(options.index), strict=options.strict, kind=options.kind, **hooks
        ),
    )


def _run_sources(options: argparse.Namespace, run: object) -> int:
    import time

    from index.progress import Progress
    from index.sources import count_bytes, read_sources

    if not options.sources:
        raise IndexProblem("Name the sources: files, archives or folders, or - for JSONL on standard input.")
    found = read_sources(options.sources, stdin=sys.stdin.buffer)
    whole = count_bytes(options.sources)
    bar = Progress(lambda: found.bytes_read / whole if whole else None)

    def tell(fault: Fault) -> None:
        bar.clear()
        place = fault.source + (f":{fault.line}" if fault.line else "")
        say(f"{place}: {fault.problem} ({fault.action})")

    started = time.monotonic()
    report: Report = run(found=found, tell=tell, **({} if options.quiet else {"progress": bar}))  # type: ignore[operator]
    bar.clear()
    seconds = time.monotonic() - started
    print(_summary(report, seconds, resolve_address(options.index)))
    for note in report.notes:
        say(note)
    return 0


def _summary(report: Report, seconds: float, address: str) -> str:
    parts = [f"{report.clauses:,} clauses indexed in {seconds:.1f} s ({report.clauses / max(seconds, 1e-9):,.0f}/s)"]
    if report.pages:
        parts.append(f"from {report.pages:,} pages")
    if report.replaced:
        parts.append(f"{report.replaced:,} of them replaced older ones")
    if report.warnings:
        parts.append(f"{report.warnings:,} warnings of the parser (index.cli parse shows them)")
    parts.append(f"{len(report.faults):,} skipped" if report.faults else "nothing skipped")
    return "; ".join(parts) + f". Index: {address}"


def _remove(options: argparse.Namespace) -> int:
    from index.build import remove

    gone, missing = remove(options.ids, resolve_address(options.index))
    for name in missing:
        say(f"{name}: no clause and no resolution has this id (nothing removed for it)")
    print(f"{gone:,} clauses removed.")
    return 0 if gone or not missing else 2


def _parse(options: argparse.Namespace) -> int:
    from index.parse_command import run

    return run(options)


def _analyze(options: argparse.Namespace) -> int:
    from index.analysis import Analyzer

    analyzer = Analyzer(options.analyzer)
    lines = options.text or (line.rstrip("\r\n") for line in sys.stdin)
    for text in lines:
        if options.explain:
            for token, steps in analyzer.explain(text):
                print(f"{token.text}")
                for step in steps:
                    print(f"  {'✓' if step.fired else '·'} {step.rule}: {step.before} → {step.after}  ({step.why})")
            continue
        tokens = analyzer.tokens(text)
        if options.json:
            print(json.dumps({"text": text, "tokens": [token.to_json() for token in tokens]}, ensure_ascii=False))
        else:
            for token in tokens:
                levels = "  ".join(f"{level} {term}" for level, term in token.terms._asdict().items())
                print(f"{token.start:>5}–{token.end:<5} {token.text}\t{levels}")
    return 0


def _info(options: argparse.Namespace) -> int:
    from index.info import lines_of, read_info

    data = read_info(resolve_address(options.index))
    print(json.dumps(data, ensure_ascii=False) if options.json else "\n".join(lines_of(data)))
    return 0


def _export(options: argparse.Namespace) -> int:
    from pathlib import Path

    from index.export import export_rows
    from index.opening import open_reader
    from index.stored import all_rows

    if options.format == "akn" and not options.output:
        raise IndexProblem("Akoma Ntoso is one file a document. Name a folder: --output FOLDER")
    reader, _ = open_reader(resolve_address(options.index))
    try:
        if options.format == "akn":
            count = export_rows(all_rows(reader), "akn", Path(options.output))
        elif options.output:
            with open(options.output, "wb") as out:
                count = export_rows(all_rows(reader), options.format, out)
        else:
            count = export_rows(all_rows(reader), options.format, sys.stdout.buffer)
    except OSError as problem:
        if isinstance(problem, BrokenPipeError):
            raise
        raise IndexProblem(
            f"{options.output} cannot be written: {problem.strerror or problem}. Name another place."
        ) from None
    finally:
        reader.close()
    say(f"{count:,} {'documents' if options.format == 'akn' else 'clauses'} written.")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from index.verify import verify

    address = resolve_address(options.index)
    damages = verify(address)
    for damage in damages:
        say(damage)
    print(
        f"{address}: damaged, see above. Build it again: python -m index.cli build SOURCE --index {address}"
        if damages
        else f"{address}: whole."
    )
    return 1 if damages else 0


COMMANDS = {
    "build": _build,
    "add": _add,
    "remove": _remove,
    "meaning": meaning_options.run,
    "parse": _parse,
    "analyze": _analyze,
    "info": _info,
    "export": _export,
    "verify": _verify,
}


if __name__ == "__main__":
    sys.exit(main())

__all__ = ["IndexProblem", "main", "parser"]
