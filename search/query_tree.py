"""The tree that a query is read as. It knows what was typed; it knows no field of the index and no analyzer.

A tree is made by `search.query.parse`, written again by `search.canonical.to_text`, told in words by `search.echo` and
compiled to the questions of `index.clause` by `search.ranking`. Nodes compare equal whatever their places:
`start` and `end` (code points of the text typed, end exclusive) are for messages and highlighting only.

How a tree stands for a set of clauses:

* `Bag` is what people type: words beside each other. Every `Must` in it holds and no `Not` does; of the other children
  any (or, as the searcher is asked, all) hold; beside a `Must` that is more than a filter they only rank. `Bag(())`
  says nothing.
* `All`: every child holds. `Any`: one does. `Not`: the child does not; inside it a Bag means any of its children.
* The parser puts `All` and filters (`Field` but title, `FieldRange`, alternatives of them) into `Must` where they stand
  in a Bag, and joins the values of one field by `Any`.
* Canonical form: no Bag, All or Any of one child (but `Bag(())`), no All in an All, no Any in an Any, no Bag without
  marks directly in a Bag, `Must` only directly in a Bag, never `Not` in a `Not`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["marked", "folded", "stem", "root"]
LEVELS: tuple[Level, ...] = ("marked", "folded", "stem", "root")


@dataclass(frozen=True, slots=True)
class Word:
    """One word as typed (never empty, without spaces). Level None: as the searcher is asked, by stem and plural.

    An analyzer may still make several tokens of it ("20شعبان", "a.b") or drop it (a stop word outside quotes).
    """

    text: str
    level: Level | None = None
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class PhraseNode:
    """These words, at least one, in this order, stop words included. `level` is folded or marked.

    Unless `strict`, the first word may carry an attached و ف ب ل ك or a combination of them.
    """

    words: tuple[Word, ...]
    strict: bool = False
    level: Level = "folded"
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class NearNode:
    """These words, at least two, with at most `distance` other words between them; in this order if `ordered`.

    Level None is stem. The parser makes it ordered exactly when the distance is 0 (adjacent, in order); only such a
    one may have more than `index.clause.MAX_NEAR_TERMS` words.
    """

    words: tuple[Word, ...]
    distance: int
    ordered: bool = False
    level: Level | None = None
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Words of this shape, compared by letters: `*` stands for any letters or none, `?` for one. Never only those."""

    pattern: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words that differ from this one in at most `distance` letters (1 or 2)."""

    text: str
    distance: int = 1
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """Clauses whose field `name` (a name of `query_tables.FIELDS`) holds `value`, as typed; title: the word `value`."""

    name: str
    value: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FieldRange:
    """Clauses whose field `name` lies between `low` and `high`, both included, as typed; None is open, not both."""

    name: str
    low: str | None
    high: str | None
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A resolution by its symbol as typed, spaces left out: "38/32-س", "38/32"; its numbers may be in either order."""

    text: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Must:
    """A child of a Bag that is required."""

    child: Node
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """What does not match the child."""

    child: Node
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Bag:
    """Terms beside each other; see the head of this file."""

    children: tuple[Node, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class All:
    """Every child (two or more), joined by AND."""

    children: tuple[Node, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Any:
    """At least one child (of two or more), joined by OR."""

    children: tuple[Node, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


Leaf = Word | PhraseNode | NearNode | Wildcard | Fuzzy | Field | FieldRange | Symbol
Node = Leaf | Must | Not | Bag | All | Any

EMPTY = Bag(())


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside `node`; none for a leaf."""
    if isinstance(node, (Bag, All, Any)):
        return node.children
    if isinstance(node, (Must, Not)):
        return (node.child,)
    return ()


def leaves(node: Node, *, negated: bool = False) -> Iterator[Leaf]:
    """The leaves in the order typed; those under a Not only when `negated`."""
    if isinstance(node, (Word, PhraseNode, NearNode, Wildcard, Fuzzy, Field, FieldRange, Symbol)):
        yield node
    elif negated or not isinstance(node, Not):
        for child in children(node):
            yield from leaves(child, negated=negated)


def words(node: Node, *, negated: bool = False) -> tuple[Word, ...]:
    """The words asked for, in the order typed: plain, quoted and near ones, with their places and levels.

    Wildcards, typo words, filters and symbols are not words. Those under a Not only when `negated`.
    """
    found: list[Word] = []
    for leaf in leaves(node, negated=negated):
        if isinstance(leaf, Word):
            found.append(leaf)
        elif isinstance(leaf, (PhraseNode, NearNode)):
            found.extend(leaf.words)
    return tuple(found)
