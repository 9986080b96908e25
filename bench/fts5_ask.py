"""`python fts5_ask.py DATABASE QUERY LIMIT`: one question to SQLite's FTS5 as a whole process, through apsw.

Run with the Python of the cache's virtual environment, where apsw is; so it imports nothing of ours.
"""

from __future__ import annotations

import json
import sys


def main() -> int:
    """Print the first rows, best first, and how many there are; 0 found, 1 nothing."""
    import apsw  # type: ignore[import-not-found, unused-ignore]

    connection = apsw.Connection(sys.argv[1], flags=apsw.SQLITE_OPEN_READONLY)
    asked = " OR ".join(f'"{word}"' for word in sys.argv[2].split())
    total = connection.execute("SELECT count(*) FROM found WHERE found MATCH ?", (asked,)).fetchall()[0][0]
    hits = connection.execute(
        "SELECT c.id, c.session, c.theme, c.text, rank FROM found JOIN clauses c ON c.rowid = found.rowid "
        "WHERE found MATCH ? ORDER BY rank LIMIT ?", (asked, int(sys.argv[3]))).fetchall()
    json.dump({"total": total, "hits": hits}, sys.stdout, ensure_ascii=False)
    return 0 if hits else 1


if __name__ == "__main__":
    sys.exit(main())
