"""The store of rows: what was committed comes back, in few files, and damage is named."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.engine import Entry, IndexProblem
from index.lock import FolderLock
from index.store import Store, StoreWriter

number = st.integers(0, 2**24 - 1)
name = st.text(st.characters(exclude_categories=("Cs",)), max_size=9)
row = st.builds(Entry, name, st.just({}), st.just({}), st.just(0), st.binary(max_size=90),
                st.lists(number, max_size=5).map(tuple))


def stored(store: Store) -> list[tuple[str, bytes, tuple[int, ...]]]:
    words = store.words(range(len(store)))
    return [(store.id(n), store.row(n), tuple(words[n].tolist())) for n in range(len(store))]


def fill(folder: Path, *commits: list[Entry]) -> None:
    for entries in commits:
        writer = StoreWriter(folder)
        for entry in entries:
            writer.append(entry)
        writer.commit()
        writer.close()


@given(commits=st.lists(st.lists(row, max_size=40), max_size=5))
@settings(max_examples=50, deadline=None)
def test_what_was_committed_comes_back(commits: list[list[Entry]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), *commits)
        store = Store(Path(folder))
        assert stored(store) == [(one.id, one.row, one.words) for entries in commits for one in entries]
        assert list(store.damages()) == []
        store.close()


def one(n: int, size: int = 100) -> Entry:
    return Entry(f"id{n}", {}, {}, 0, bytes([n % 256]) * size, (n,))


def test_many_small_commits_make_few_files(tmp_path: Path) -> None:
    fill(tmp_path, *([one(n)] for n in range(64)))
    assert len(list(tmp_path.glob("*.rows"))) <= 7
    assert [row for _, row, _ in stored(Store(tmp_path))] == [one(n).row for n in range(64)]


def test_long_rows_and_any_place_are_read(tmp_path: Path) -> None:
    fill(tmp_path, [one(n, n * 1000) for n in range(100)])
    store = Store(tmp_path)
    assert [store.row(n) for n in (99, 0, 50, 51, 49)] == [one(n, n * 1000).row for n in (99, 0, 50, 51, 49)]
    for beyond in (100, -1):
        with pytest.raises(IndexError, match="no clause has the number"):
            store.row(beyond)


def test_an_open_store_does_not_see_later_commits_nor_the_joining_of_files(tmp_path: Path) -> None:
    fill(tmp_path, [one(0)])
    store = Store(tmp_path)
    fill(tmp_path, [one(1)], [one(2)])
    assert stored(store) == [("id0", one(0).row, (0,))]
    assert len(Store(tmp_path)) == 3


def test_what_a_killed_writer_left_is_removed(tmp_path: Path) -> None:
    fill(tmp_path, [one(0)])
    (tmp_path / "0000000001.unfinished").write_bytes(b"half")
    (tmp_path / "0000000000-0000000001.rows").rename(tmp_path / "kept")
    fill(tmp_path, [one(n) for n in range(3)])
    (tmp_path / "kept").rename(tmp_path / "0000000000-0000000001.rows")
    assert len(Store(tmp_path)) == 3
    StoreWriter(tmp_path).close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0000000000-0000000003.rows", "writer.lock"]


@pytest.mark.parametrize("at", [5, -60, -8])
def test_a_changed_byte_is_found(at: int, tmp_path: Path) -> None:
    fill(tmp_path, [one(n) for n in range(20)])
    path = next(tmp_path.glob("*.rows"))
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    assert ["damaged" in sentence for sentence in Store(tmp_path).damages()] == [True]


def test_a_cut_file_and_a_missing_one_are_named(tmp_path: Path) -> None:
    fill(tmp_path, [one(n) for n in range(40)], [one(40)])
    first, second = sorted(tmp_path.glob("*.rows"))
    second.write_bytes(second.read_bytes()[:-3])
    with pytest.raises(IndexProblem, match="damaged"):
        Store(tmp_path)
    first.unlink()
    with pytest.raises(IndexProblem, match="lack clauses 0 to 39"):
        Store(tmp_path)


def test_the_lock_names_its_holder_and_can_be_given_back(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    with pytest.raises(IndexProblem, match=r"process \d+ on .* since 2"):
        FolderLock(tmp_path)
    lock.release()
    lock.release()
    FolderLock(tmp_path).release()
