"""The words of an index on a cluster: written in pieces while it is fed, joined in a local folder for reading.

Whoever feeds (a part of a build, an addition) numbers its words by itself, so that many machines need not agree. At a
checkpoint it writes a piece: what was acknowledged until then, the new words with their keys, and what their counts
grew by. A reader joins all pieces to the files of `index.words` in a folder of its own, and keeps for each feeder which
number its words have there.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.engines.opensearch_state import State
from index.words import COLUMNS, COUNTS, KEYS, WORDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

Json = dict[str, Any]

KEPT_FOLDERS = 4  # of one name: of generations and additions lately read
WRITTEN = ("folded", "marked")  # fields whose words are listed with their counts
_DTYPES = {"keys": "<u4", "numbers": "<i4", "totals": "<u4", "clauses": "<u4"}


def piece(words: Sequence[str], keys: Sequence[int], grown: Mapping[str, NDArray[Any]],
          marked: Mapping[str, int]) -> Json:
    """Return what a checkpoint writes of words: new ones in the order of their numbers with their keys, and for
    `grown["numbers"]` how much their totals and clauses grew; words as marked with how many more clauses hold them."""
    return {
        "words": _packed("\n".join(words).encode()),
        "keys": _packed(np.asarray(keys, _DTYPES["keys"]).tobytes()),
        **{name: _packed(np.asarray(grown[name], _DTYPES[name]).tobytes())
           for name in ("numbers", "totals", "clauses")},
        "marked": _packed(json.dumps(marked, ensure_ascii=False).encode()),
    }


def words_of(pieces: Iterable[Json]) -> list[str]:
    """Return the words of one feeder's pieces, which come in order; the place in the list is the number."""
    return [word for one in pieces for word in _words(one)]


def _words(one: Json) -> list[str]:
    text = _unpacked(one["words"]).decode()
    return text.split("\n") if text else []


@dataclass(frozen=True, slots=True)
class Tables:
    """The joined words of a generation: their folder, for each feeder the numbers that its words have in it, and how
    many clauses were fed; an index that holds fewer has had some replaced or removed."""

    folder: Path
    maps: dict[str, NDArray[Any]]
    fed: int


def local_tables(state: State, generation: str) -> Tables | None:
    """Return the joined words of a generation, made now unless they are there; None where none are written."""
    listed = state.listed(generation, ["made", "fed.clauses"])
    if not listed:
        return None
    made = [(one["id"], one.get("made")) for one in listed]
    stamp = hashlib.sha256(f"{generation}\0{made}".encode()).hexdigest()[:16]
    place = _cache() / state.connection.address.name
    folder = place / f"{generation}-{stamp}"
    if not (folder / "maps.json").is_file():
        place.mkdir(parents=True, exist_ok=True)
        pieces: dict[str, list[Json]] = {}
        for one in listed:
            found = state.get(one["id"])
            if found is not None:
                pieces.setdefault(one["part"], []).append(found)
        making = Path(tempfile.mkdtemp(prefix="making-", dir=place))
        try:
            _join(pieces, making)
            making.rename(folder)
        except OSError:  # another process was first
            shutil.rmtree(making, ignore_errors=True)
        _sweep(place, folder)
    os.utime(folder)
    names = json.loads((folder / "maps.json").read_text("utf-8"))
    fed = {one["part"]: int(one["fed"]["clauses"]) for one in listed}
    return Tables(folder, {part: np.load(folder / name) for part, name in names.items()}, sum(fed.values()))


def _join(pieces: Mapping[str, list[Json]], folder: Path) -> None:
    """Write the joined files of `index.words` and `index.word_grams`, the vocabularies, and the maps."""
    from index.word_grams import write_grams

    numbers: dict[str, int] = {}
    keys: list[NDArray[Any]] = []
    maps: dict[str, NDArray[Any]] = {}
    for part, some in sorted(pieces.items()):
        words = words_of(some)
        theirs = np.concatenate([_array(one, "keys") for one in some]).reshape(-1, COLUMNS)
        fresh = [place for place, word in enumerate(words) if word not in numbers]
        for place in fresh:
            numbers[words[place]] = len(numbers)
        keys.append(theirs[fresh])
        maps[part] = np.fromiter((numbers[word] for word in words), np.int32, len(words))
    totals = np.zeros(len(numbers), np.uint32)
    clauses = np.zeros(len(numbers), np.int64)
    marked: Counter[str] = Counter()
    for part, some in pieces.items():
        for one in some:
            places = maps[part][_array(one, "numbers")]
            np.add.at(totals, places, _array(one, "totals"))
            np.add.at(clauses, places, _array(one, "clauses"))
            marked.update(json.loads(_unpacked(one["marked"])))
    words = list(numbers)
    (folder / WORDS).write_text("".join(f"{word}\n" for word in words), "utf-8")
    (folder / KEYS).write_bytes(np.concatenate(keys).astype("<u4").tobytes() if keys else b"")
    (folder / COUNTS).write_bytes(totals.tobytes())
    write_grams(folder, words)
    _write_vocabulary(folder, "folded", dict(zip(words, clauses.tolist(), strict=True)))
    _write_vocabulary(folder, "marked", marked)
    names = {part: f"map-{number}.npy" for number, part in enumerate(maps)}
    for part, name in names.items():
        np.save(folder / name, maps[part])
    (folder / "maps.json").write_text(json.dumps(names), "utf-8")


def _write_vocabulary(folder: Path, field: str, counts: Mapping[str, int]) -> None:
    lines = (f"{word}\t{count}\n" for word, count in sorted(counts.items()) if count > 0)
    (folder / f"vocabulary-{field}").write_text("".join(lines), "utf-8")


def read_vocabulary(folder: Path, field: str) -> list[tuple[str, int]] | None:
    """Return (word, number of clauses) in code point order; None for a field whose words are not listed."""
    path = folder / f"vocabulary-{field}"
    if not path.is_file():
        return None
    entries = (line.rpartition("\t") for line in path.read_text("utf-8").split("\n")[:-1])
    return [(word, int(count)) for word, _, count in entries]


def _cache() -> Path:
    """Return where this user's machine keeps what can be made again: KASHSHAF_CACHE, else the system's place for it."""
    if given := os.environ.get("KASHSHAF_CACHE"):
        return Path(given)
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(home) / "kashshaf"


def _sweep(place: Path, keep: Path) -> None:
    """Remove all but the folders lately read; open ones stay readable on systems that allow it."""
    def age(path: Path) -> float:
        try:
            return path.stat().st_mtime
        except OSError:
            return 0.0

    folders = sorted((path for path in place.iterdir() if path.is_dir() and path != keep), key=age, reverse=True)
    for path in folders[KEPT_FOLDERS - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _packed(data: bytes) -> str:
    import zstandard

    return base64.b64encode(zstandard.compress(data, 3)).decode()


def _unpacked(text: str) -> bytes:
    import zstandard

    return zstandard.decompress(base64.b64decode(text))


def _array(one: Json, name: str) -> NDArray[Any]:
    return np.frombuffer(_unpacked(one[name]), _DTYPES[name])
