"""`python -m bench.quality_page`: docs/quality.md, written from the newest run of `bench.quality` on file."""

from __future__ import annotations

from bench.places import CHECKOUT, RUNS

PAGE = CHECKOUT / "docs" / "quality.md"
HEAD = """# Quality: how well Arabic is found, beside Lucene

Written by `python -m bench.quality_page` from `bench/runs`; do not change it by hand. Real Lucene 9.9.1
(ArabicAnalyzer, BM25 1.2/.75) answers the same queries over the same documents in the same run (`python -m
bench.quality`; it fetches Lucene through Maven and is skipped with a reason without Java). nDCG@10 and recall@100 are
means over queries; the difference is paired against Lucene with a bootstrap interval and a randomisation test. The
collections are for tuning: what is fitted to them shows on others only. Word families of which the authors had seen
nothing are reported in `docs/decisions/0002-stemming.md`, each idea with its gain in `0007` and `0009`, and search by
meaning in `0015`.

"""


def page() -> str:
    """Return the page of the newest run; the head alone where none is on file."""
    runs = sorted(RUNS.glob("*/quality.md"))
    return HEAD + (runs[-1].read_text("utf-8") if runs else "No run is on file: `python -m bench.quality` makes one.\n")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
