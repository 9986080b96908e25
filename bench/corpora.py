"""Collections of any size, made of real texts so that words stay as frequent and as new as in nature: `bench.corpora`.

A clause has 20 to 80 words: runs of twelve neighbouring words each, from random places of `shared/data/corpora`. So
word frequencies, neighbours and vowel signs are those of the real texts, and no clause comes twice. Drawing again from
the same texts would bring no new words after a while; in nature they never cease (Heaps: V = K·n^β distinct words in
n). So K and β are taken from the real texts, and where the draws give fewer new words than that, a word at a random
place is turned into a new one by changing two of its letters. New words come back as Simon's process has it (1955):
as often as their share of all words so far. Same seed, same collection. The sessions and themes are those of the text
that a clause begins with. Files are kept in the cache, outside the repository.
"""

from __future__ import annotations

import gzip
import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from bench.places import CACHE, data_file
from index.arabic import fold

SHORTEST, LONGEST, RUN = 20, 80, 12  # words of a clause, of a run
BATCH = 5_000  # clauses made at a time
SEED = 1443
RECIPE = b"1"  # another one makes the collections anew
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


@dataclass(frozen=True, slots=True)
class Size:
    """One collection: how many clauses, and which share of its words is vowelled (of the hadith)."""

    clauses: int
    vowelled: float


SIZES = {"S": Size(12_500, 0.55), "A": Size(125_000, 0.55), "B": Size(1_250_000, 0.15), "G": Size(5_000_000, 0.15),
         "A-of-G": Size(125_000, 0.15)}  # fmt: skip


def rows_of(name: str) -> Iterator[dict[str, object]]:
    """Yield the rows of a collection of real texts: laws, hadith or un."""
    with gzip.open(data_file("corpora", f"{name}.jsonl.gz"), "rb") as lines:
        yield from map(orjson.loads, lines)


def corpus(name: str) -> Path:
    """Return the JSON Lines file of a collection, made at the first call. Raises BenchProblem without the texts."""
    sources = [data_file("corpora", f"{part}.jsonl.gz") for part in ("hadith", "laws", "un")]
    parts = (SEED, SHORTEST, LONGEST, RUN, SIZES[name], [path.stat().st_size for path in sources])
    recipe = RECIPE + repr(parts).encode()
    path = CACHE / "corpora" / f"{name}-{hashlib.blake2b(recipe, digest_size=4).hexdigest()}.jsonl"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as out:
            for row in made(SIZES[name]):
                out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        part.rename(path)
    return path


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a collection: id, session, theme, text."""
    with corpus(name).open("rb") as lines:
        yield from map(orjson.loads, lines)


def text_bytes(name: str) -> int:
    """Return the bytes of all texts of a collection in UTF-8."""
    known = corpus(name).with_suffix(".bytes")
    if not known.exists():
        known.write_text(str(sum(len(row["text"].encode()) for row in rows(name))), "ascii")
    return int(known.read_text("ascii"))


@dataclass(slots=True)
class _Pool:
    """Words of real texts one after another as numbers, and each text's place, session and theme."""

    tokens: NDArray[np.int32]
    begins: NDArray[np.int64]
    where: list[tuple[str, str]]


@dataclass(slots=True)
class _Words:
    """All words by number, the new ones after those of the texts, and where new ones stand."""

    words: list[str]
    counts: NDArray[np.int64]  # of the real texts
    k: float
    beta: float
    coined: list[int] = field(default_factory=list)  # every occurrence of a new word

    def coining(self, n: int) -> float:
        """Return how likely the n-th word must be turned into a new one for Heaps' law to hold."""
        total = self.counts.sum()
        drawn = float((self.counts / total * np.exp(-self.counts * (n / total))).sum())
        natural: float = self.k * self.beta * float(n) ** (self.beta - 1)
        return max(0.0, natural - drawn)

    def coin(self, base: int) -> int:
        """Return the number of a new word: the letters of the word `base` with two of them changed."""
        letters = list(fold(self.words[base])) or ["ا"]
        turn = len(self.words)
        for step in range(2):
            turn, letter = divmod(turn, len(LETTERS))
            letters[(turn + step) % len(letters)] = LETTERS[letter]
        self.words.append("".join(letters) + (LETTERS[turn % len(LETTERS)] if len(letters) < 4 else ""))
        return len(self.words) - 1


def made(size: Size) -> Iterator[dict[str, str]]:
    """Yield the clauses of a collection, the same ones at every call."""
    chance = np.random.default_rng(SEED)
    numbers: dict[str, int] = {}
    pools = [_pool(("hadith",), numbers), _pool(("laws", "un"), numbers)]
    words = _heaps(list(numbers), np.concatenate([pool.tokens for pool in pools]))
    done = 0
    for first in range(0, size.clauses, BATCH):
        count = min(BATCH, size.clauses - first)
        lengths = chance.integers(SHORTEST, LONGEST + 1, count)
        tokens, begins = _runs(pools, lengths, size.vowelled, chance)
        _renewed(tokens, words, done, chance)
        done += len(tokens)
        ends = np.cumsum(lengths).tolist()
        texts = list(map(words.words.__getitem__, tokens.tolist()))
        for n, (start, end) in enumerate(itertools.pairwise([0, *ends])):
            session, theme = begins[n]
            yield {"id": f"c{first + n}", "session": session, "theme": theme, "text": " ".join(texts[start:end])}


def _pool(names: tuple[str, ...], numbers: dict[str, int]) -> _Pool:
    tokens: list[int] = []
    begins, where = [], []
    for row in itertools.chain.from_iterable(map(rows_of, names)):
        begins.append(len(tokens))
        where.append((str(row.get("session") or ""), str(row.get("theme") or "")))
        tokens += [numbers.setdefault(word, len(numbers)) for word in str(row["text"]).split()]
    return _Pool(np.array(tokens, np.int32), np.array(begins), where)


def _heaps(words: list[str], tokens: NDArray[np.int32]) -> _Words:
    """Fit V = K·n^β through the distinct words of every second token and of all of them."""
    half, whole = len(np.unique(tokens[::2])), len(np.unique(tokens))
    beta = float(np.log2(whole / half))
    return _Words(words, np.bincount(tokens, minlength=len(words)), whole / len(tokens) ** beta, beta)


def _runs(pools: list[_Pool], lengths: NDArray[np.int64], vowelled: float,
          chance: np.random.Generator) -> tuple[NDArray[np.int32], list[tuple[str, str]]]:
    """Return the words of a batch of clauses, and session and theme of each."""
    parts = -(-lengths // RUN)
    sizes = np.full(int(parts.sum()), RUN)
    last = np.cumsum(parts) - 1
    sizes[last] = lengths - (parts - 1) * RUN
    which = np.repeat(chance.random(len(lengths)) >= vowelled, parts).astype(np.int64)  # one pool a clause
    starts = np.array([chance.integers(0, len(pool.tokens) - RUN, len(sizes)) for pool in pools])
    chosen = starts[which, np.arange(len(sizes))]
    offsets = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    place, pool_of = np.repeat(chosen, sizes) + offsets, np.repeat(which, sizes)
    tokens = np.where(pool_of == 0, pools[0].tokens[np.minimum(place, len(pools[0].tokens) - 1)],
                      pools[1].tokens[np.minimum(place, len(pools[1].tokens) - 1)])
    where = []
    for start, number in zip(chosen[last - parts + 1].tolist(), which[last].tolist(), strict=True):
        pool = pools[number]
        where.append(pool.where[int(np.searchsorted(pool.begins, start, "right")) - 1])
    return tokens, where


def _renewed(tokens: NDArray[np.int32], words: _Words, done: int, chance: np.random.Generator) -> None:
    """Turn some words of a batch into new ones, and some into new ones of before."""
    again = chance.binomial(len(tokens), len(words.coined) / max(1, done))
    for place in chance.choice(len(tokens), again, replace=False).tolist() if again else ():
        tokens[place] = words.coined[int(chance.integers(len(words.coined)))]
        words.coined.append(int(tokens[place]))
    fresh = chance.binomial(len(tokens), min(1.0, words.coining(done + len(tokens) // 2)))
    for place in chance.choice(len(tokens), fresh, replace=False).tolist() if fresh else ():
        base = int(tokens[place])
        tokens[place] = words.coin(base)
        words.coined.append(int(tokens[place]))
