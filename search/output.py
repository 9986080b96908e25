"""Results on a terminal and in a pipe: text, JSON, NDJSON, CSV, TREC."""

from __future__ import annotations

import json
import sys
import unicodedata

from search.labels import field_label, label
from search.problem import caret_lines
from search.results import Facet, Hit, Results

LIT = "\x1b[1;33m"
DIM = "\x1b[2m"
RESET = "\x1b[0m"
_CSV_KEYS = ("id", "score", "session", "theme", "kind", "number", "symbol", "date", "title", "text")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so (OWASP: CSV injection)
FACET_VALUES_SHOWN = 6
NEAR_HEAD = "قريبة في المعنى"


def show(results: Results, form: str, *, color: bool, explain: bool, qid: str, tag: str) -> None:
    """Print results in one of the forms text, json, ndjson, csv, trec."""
    match form:
        case "json":
            print(json.dumps(results.to_json(), ensure_ascii=False))
        case "ndjson":
            for hit in results.main_list:
                print(json.dumps(hit.to_json(), ensure_ascii=False))
        case "csv":
            _csv(results)
        case "trec":
            first = (results.page - 1) * results.limit + 1
            sys.stdout.writelines(
                f"{qid} Q0 {hit.id} {rank} {hit.score:.6f} {tag}\n"
                for rank, hit in enumerate(results.main_list, first)
            )
        case _:
            _text(results, color, explain)


def _csv(results: Results) -> None:
    import csv

    writer = csv.writer(sys.stdout)
    writer.writerow(_CSV_KEYS)
    for hit in results.main_list:
        data = hit.to_json()
        writer.writerow([_safe(data.get(key)) for key in _CSV_KEYS])


def _safe(value: object) -> object:
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _text(results: Results, color: bool, explain: bool) -> None:
    for remark in results.problems:
        print(caret_lines(results.query, remark) if remark.end else remark.said(), file=sys.stderr)
    for other in results.expansions:
        print(f"وبحثنا أيضا عن: {' · '.join(other.alternatives)}  ({other.typed})")
    if explain:
        print(results.echo)
    for offer in results.suggestions:
        print(f"لعلك تريد: {_printable(offer.query)}  ({offer.count:,})")
    if results.partial:
        print("Not all of the index answered; these results are partial.", file=sys.stderr)
    if not results.total:
        if not results.meaning_only:
            print("لا نتيجة.")
        _nearest(results, color)
        return
    print(
        f"{results.total:,} فقرة (كل الكلمات: {results.totals['all']:,}؛ بعضها: {results.totals['any']:,})"
        f" · {results.took_ms:.0f} م.ث · صفحة {results.page} من {results.pages:,}"
    )
    for rank, hit in enumerate(results.hits, (results.page - 1) * results.limit + 1):
        print(f"\n{rank}. {_lit(hit, color)}")
        print(_quiet(_place(hit), color))
        for part in hit.explanation or () if explain else ():
            print("     " + "  ".join(f"{key} {value}" for key, value in part.items()))
    _nearest(results, color)
    for name, values in results.facets.items():
        if values:
            print("\n" + _quiet(f"{field_label(name)}: {_facet(values)}", color), end="")
    print()


def _nearest(results: Results, color: bool) -> None:
    """The second list, under its own head: its clauses share no word with the query, so that nothing is lit."""
    if results.nearest:
        print(f"\n{NEAR_HEAD}")
        for hit in results.nearest:
            print(f"\n≈ {hit.score:.2f}  {_lit(hit, color)}")
            print(_quiet(_place(hit), color))


def _lit(hit: Hit, color: bool) -> str:
    """The clause (or its snippet) with the found words lit: by colour, or between ‹ › where there is none."""
    start, end = hit.snippet or (0, len(hit.text))
    before, after = (LIT, RESET) if color else ("‹", "›")
    parts, place = [], start
    for low, high in hit.highlights:
        if start <= low and high <= end:
            parts += [_printable(hit.text[place:low]), before, _printable(hit.text[low:high]), after]
            place = high
    parts.append(_printable(hit.text[place:end]))
    return ("… " if start else "") + " ".join("".join(parts).split()) + (" …" if end < len(hit.text) else "")


def _place(hit: Hit) -> str:
    row = hit.row
    shown = [
        row.get("symbol") or row.get("resolution") or hit.id,
        label("kind", str(row.get("kind") or "")),
        f"الدورة {row['session']}" if row.get("session") else None,
        label("theme", str(row["theme"])) if row.get("theme") else None,
        row.get("date"),
    ]
    return "   " + " · ".join(str(part) for part in shown if part)


def _facet(values: list[Facet]) -> str:
    shown = " · ".join(f"{value.label} {value.count}" for value in values[:FACET_VALUES_SHOWN])
    return shown + (f" · و{len(values) - FACET_VALUES_SHOWN} غيرها" if len(values) > FACET_VALUES_SHOWN else "")


def _quiet(line: str, color: bool) -> str:
    return f"{DIM}{_printable(line)}{RESET}" if color else _printable(line)


def _printable(line: str) -> str:
    """Control characters of a stored text must not reach a terminal; direction controls would mix up the line.

    Joiners (U+200C, U+200D) stay: they shape letters. Line breaks become spaces.
    """
    return "".join(
        c if c in "\u200c\u200d" or unicodedata.category(c) not in ("Cc", "Cf") else " " if c in "\n\t\r" else ""
        for c in line
    )
