"""A tree written as a query again, in one way: for links, saved searches, and for asking what was understood.

`parse(to_text(tree)).tree == tree` for every tree that `parse` makes, as long as the text keeps within the limits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.arabic import fold
from search import query_tables as tables
from search.query_shape import is_filter, same_field
from search.query_terms import SYMBOL
from search.query_tree import (
    All,
    Any,
    Bag,
    Field,
    FieldRange,
    Fuzzy,
    Must,
    NearNode,
    Node,
    Not,
    PhraseNode,
    Symbol,
    Wildcard,
    Word,
)

_LEVEL_SIGNS = {None: "", "folded": "=", "marked": "==", "stem": "stem:", "root": "root:"}
_OPERATORS = set(tables.LATIN_OPERATORS) | set(tables.ARABIC_OPERATORS) | set(tables.NEAR_WORDS)
# What ends or splits an unquoted value.
_NEEDS_QUOTES = re.compile(r"[\s()|,،;؛…]|\.\.|^\.|\.$|[" + "".join(map(re.escape, sorted(tables.QUOTES))) + "]")


def to_text(node: Node) -> str:
    """The query that reads as this tree, with Latin operators and straight quotation marks; "" for the empty Bag."""
    if isinstance(node, Bag):
        return _beside(node.children)
    if isinstance(node, All):
        return " AND ".join(_single(child) for child in node.children)
    if isinstance(node, Any):
        return " OR ".join(_single(child) for child in node.children)
    if isinstance(node, Not):
        return "-" + _single(node.child)
    if isinstance(node, Must):
        return "+" + _single(node.child)
    return _leaf(node)


def _beside(nodes: Sequence[Node]) -> str:
    """The children of a Bag. The + is left out where the parser sets it by itself."""
    fields = [same_field(node.child) for node in nodes if isinstance(node, Must)]
    written: list[str] = []
    for node in nodes:
        inner = node.child if isinstance(node, Must) else node
        by_itself = isinstance(inner, All) or (is_filter(inner) and fields.count(same_field(inner)) < 2)
        sign = "+" if isinstance(node, Must) and not by_itself else ""
        written.append(sign + _single(inner))
    return " ".join(written)


def _single(node: Node) -> str:
    """The node as one operand: in brackets where it is made of several."""
    return f"({to_text(node)})" if isinstance(node, (Bag, All, Any)) else to_text(node)


def _leaf(node: Node) -> str:
    if isinstance(node, Word):
        bare = node.level is None and (node.text in _OPERATORS or fold(node.text) in _OPERATORS)
        return ("\\" if bare else "") + _LEVEL_SIGNS[node.level] + node.text
    if isinstance(node, PhraseNode):
        return _LEVEL_SIGNS[node.level if node.strict else None] + _quoted(node.words)
    if isinstance(node, NearNode):
        return f"{_LEVEL_SIGNS[node.level]}{_quoted(node.words)}~{node.distance}"
    if isinstance(node, Wildcard):
        return node.pattern
    if isinstance(node, Fuzzy):
        return f"{node.text}~{node.distance}"
    if isinstance(node, Field):
        return f"{node.name}:{_value(node.value)}"
    if isinstance(node, FieldRange):
        return f"{node.name}:{node.low or ''}..{node.high or ''}"
    assert isinstance(node, Symbol)
    return node.text if SYMBOL.fullmatch(node.text) else f"symbol:{_value(node.text)}"


def _quoted(words: Sequence[Word]) -> str:
    return '"' + " ".join(word.text for word in words) + '"'


def _value(value: str) -> str:
    """A field's value, in quotation marks where it needs them; of the family that the value does not hold."""
    if not _NEEDS_QUOTES.search(value):
        return value
    return f"«{value}»" if any(mark in value for mark in tables.QUOTE_FAMILIES[0]) else f'"{value}"'
