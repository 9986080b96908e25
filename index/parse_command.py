"""What `python -m index.cli parse` shows of pages: JSON Lines, a cover in colours, or a report with a row a page."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from index.document import Resolution
from index.engine import IndexProblem
from index.parse import parse
from index.progress import Progress
from index.sources import Fault, Row, count_bytes, read_sources
from index.terminal import say


def run(options: argparse.Namespace) -> int:
    """Return 0 when a document was found in any page, else 2."""
    return _report(options) if options.report else _show(options)


def _show(options: argparse.Namespace) -> int:
    shown = 0
    for item in read_sources(options.files, stdin=sys.stdin.buffer):
        if isinstance(item, Fault):
            say(f"{item.source}{f':{item.line}' if item.line else ''}: {item.problem} ({item.action})")
            continue
        if isinstance(item, Row):
            say(f"{item.source}:{item.line}: is a row of JSONL or CSV, no page to parse (skipped)")
            continue
        resolutions = parse(item.text, source=item.source, kind=options.kind)
        if not resolutions:
            say(f"{item.source}: no document was found in this page (skipped)")
        shown += len(resolutions)
        for note in item.notes:
            say(f"{item.source}: {note}")
        if options.cover:
            _cover(item.source, item.text, resolutions, options.cover)
            continue
        for resolution in resolutions:
            print(json.dumps(resolution.to_json(), ensure_ascii=False))
    return 0 if shown else 2


def _cover(source: str, text: str, resolutions: list[Resolution], form: str) -> None:
    from index.cover import cover, share_unassigned, to_ansi, to_html

    spans = cover(text, resolutions)
    print(to_html(text, spans, source) if form == "html" else to_ansi(text, spans, sys.stdout.isatty()))
    say(f"{source}: {share_unassigned(text, spans):.1%} of the page is unassigned")


def _report(options: argparse.Namespace) -> int:
    from index.parse_report import write_report

    found = read_sources(options.files, stdin=sys.stdin.buffer)
    whole = count_bytes(options.files)
    bar = None if options.quiet else Progress(lambda: found.bytes_read / whole if whole else None, what="pages")
    started = time.monotonic()
    path = Path(options.report)
    try:
        out = path.open("w", encoding="utf-8", newline="")
    except OSError as problem:
        raise IndexProblem(
            f"The report cannot be written to {path}: {problem.strerror}. Name a file in a folder that exists."
        ) from problem
    with out:
        done = write_report(found, out, kind=options.kind, processes=options.processes, progress=bar)
    if bar is not None:
        bar.clear()
    seconds = max(time.monotonic() - started, 1e-9)
    print(
        f"{done.pages:,} pages in {seconds:.1f} s ({done.pages / seconds:,.0f}/s): {done.documents:,} documents with "
        f"{done.clauses:,} clauses and {done.warnings:,} warnings; {done.without:,} pages without a document, "
        f"{done.faults:,} faults. Report: {path}"
    )
    return 0 if done.documents else 2
