"""An index with the stem field alone, as a whole process: `python -m bench.one_field FILE … INDEX`."""

from __future__ import annotations

import sys

from index.build import build


def main() -> None:
    """Build it like `index.cli build` does, with two processes. Our searches cannot use such an index."""
    *sources, address = sys.argv[1:]
    report = build(sources, address, processes=2, fields=("stem",))
    print(f"{report.clauses:,} clauses with one term field: {address}")


if __name__ == "__main__":
    main()
