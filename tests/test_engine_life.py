"""The life of an engine's index: replacing, removing, snapshots, locks, rollback and kills."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from engine_samples import EMBEDDED, EVERY_ENGINE, entry, ids, open_writer, opened, reader, write

from index.clause import MISSING, Clause, Everything, Or, Phrase, Term
from index.engine import IndexProblem, Matches, Writer


@EVERY_ENGINE
def test_a_clause_is_replaced_in_one_commit_and_in_a_later_one(engine: str, tmp_path: Path) -> None:
    write(engine, tmp_path, [entry(0, "old"), entry(1, "other")])
    for text in ("new", "newer"):
        writer = open_writer(engine, tmp_path, create=False)
        writer.remove("id", ["c0"])
        writer.add([entry(0, "draft")])
        writer.remove("id", ["c0"])
        writer.add([entry(0, text)])
        writer.commit()
        writer.close()
        index = reader(engine, tmp_path)
        assert ids(index, Everything()) == ["c1", "c0"]
        assert index.vocabulary("stem") == sorted([(text, 1), ("other", 1)])
        assert index.fetch(["c0"]) == [entry(0, text).row]
        index.close()


@EVERY_ENGINE
def test_a_resolution_is_removed_with_all_its_clauses(engine: str, tmp_path: Path) -> None:
    write(engine, tmp_path, [entry(n, "a", resolution=f"r{n % 2}") for n in range(6)])
    writer = open_writer(engine, tmp_path, create=False)
    writer.remove("resolution", ["r1", "nowhere"])
    writer.commit()
    writer.close()
    index = reader(engine, tmp_path)
    assert ids(index, Everything()) == ["c0", "c2", "c4"]
    index.close()


@EVERY_ENGINE
def test_an_open_reader_keeps_its_snapshot(engine: str, tmp_path: Path) -> None:
    write(engine, tmp_path, [entry(0, "a"), entry(1, "b")])
    old = reader(engine, tmp_path)
    for number in range(2, 12):
        writer = open_writer(engine, tmp_path, create=False)
        writer.add([entry(number, "a b")])
        writer.remove("id", [f"c{number - 2}"])
        writer.commit()
        writer.close()
    assert ids(old, Everything()) == ["c0", "c1"]
    assert old.search(Term("stem", "a"), limit=1, facets=("theme",)).facets == {"theme": {MISSING: 1}}
    assert old.fetch(["c0", "c5"]) == [entry(0, "a").row, None]
    assert old.vocabulary("stem") == [("a", 1), ("b", 1)]
    new = reader(engine, tmp_path)
    assert ids(new, Everything()) == ["c10", "c11"]
    old.close()
    new.close()


@EVERY_ENGINE
@pytest.mark.parametrize("leave", ["rollback", "close"])
def test_what_is_not_committed_is_forgotten_and_the_lock_is_free(engine: str, leave: str, tmp_path: Path) -> None:
    write(engine, tmp_path, [entry(0, "a")])
    writer = open_writer(engine, tmp_path, create=False)
    writer.add([entry(n, "b") for n in range(1, 50)])
    writer.remove("id", ["c0"])
    getattr(writer, leave)()
    writer.close()
    writer = open_writer(engine, tmp_path, create=False)
    writer.add([entry(50, "c")])
    writer.commit()
    writer.close()
    index = reader(engine, tmp_path)
    assert ids(index, Everything()) == ["c0", "c50"]
    index.close()


@EVERY_ENGINE
def test_a_second_writer_is_told_who_writes(engine: str, tmp_path: Path) -> None:
    first = open_writer(engine, tmp_path, create=True)
    first.commit()
    with pytest.raises(IndexProblem, match=r"process \d+ .*try again"):
        open_writer(engine, tmp_path, create=False)
    first.close()
    open_writer(engine, tmp_path, create=False).close()


@EVERY_ENGINE
def test_a_folder_without_an_index_is_said_so(engine: str, tmp_path: Path) -> None:
    with pytest.raises(IndexProblem, match="build it"):
        reader(engine, tmp_path)
    with pytest.raises(IndexProblem, match="build it"):
        open_writer(engine, tmp_path, create=False)


@EVERY_ENGINE
def test_an_empty_index_answers(engine: str) -> None:
    with opened(engine, []) as index:
        assert (index.count(Everything()), index.vocabulary("stem"), index.fetch(["c0"])) == (0, [], [None])
        answer = index.search(Or((Term("stem", "a"),)), limit=5, facets=("theme",))
        assert (answer.total, answer.hits, answer.facets) == (0, [], {"theme": {}})


@EMBEDDED
def test_what_was_committed_survives_a_kill(engine: str, tmp_path: Path) -> None:
    """A killed writer leaves files that nobody names; readers and the next writer do without them."""
    write(engine, tmp_path, [entry(0, "a")])
    program = (
        "import os, sys; sys.path[:0] = [sys.argv[1], sys.argv[2]]\n"
        "from pathlib import Path; from engine_samples import entry, open_writer\n"
        "writer = open_writer(sys.argv[3], Path(sys.argv[4]), create=False)\n"
        "writer.remove('id', ['c0']); writer.add(entry(n, f'b{n}') for n in range(1, 400))\n"
        "writer._store.commit(); writer._flush() if sys.argv[3] == 'whoosh' else None\n"
        "os._exit(9)"
    )
    here = Path(__file__).parent
    command = [sys.executable, "-c", program, str(here), str(here.parent), engine, str(tmp_path)]
    run = subprocess.run(command, check=False)
    assert run.returncode == 9
    index = reader(engine, tmp_path)
    assert ids(index, Everything()) == ["c0"]
    index.close()
    writer: Writer = open_writer(engine, tmp_path, create=False)
    writer.add([entry(1, "c")])
    writer.commit()
    writer.close()
    index = reader(engine, tmp_path)
    assert [match.row for match in index.search(Everything(), limit=9).hits] == [entry(0, "a").row, entry(1, "c").row]
    index.close()


@EVERY_ENGINE
def test_one_reader_answers_several_threads(engine: str) -> None:
    data = [entry(n, f"a w{n % 7} w{n % 11} b", session=str(n % 5)) for n in range(300)]
    asked = [Or((Term("stem", f"w{n}"), Term("plural", "b"))) for n in range(11)] + [
        Phrase("stem", (("a",), (f"w{n}",))) for n in range(7)]
    with opened(engine, data[:100], data[100:]) as index:
        def answer(clause: Clause) -> Matches:
            return index.search(clause, limit=20, facets=("session",))

        alone = [answer(clause) for clause in asked]
    with opened(engine, data[:100], data[100:]) as index, ThreadPoolExecutor(4) as threads:
        assert list(threads.map(answer, asked * 3)) == alone * 3
