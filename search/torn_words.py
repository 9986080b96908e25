"""Words of a query that its text tears apart are one word, exactly where a clause's would be: ال أمن, 1432 هـ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.analysis import Analyzer
from search.query_tree import All, Any, Bag, Must, NearNode, Node, Not, PhraseNode, Word

MOST_LETTERS = 4  # of the piece that stands alone: "ال", "والا"; the mark of a year: "هـ"


def whole_words(node: Node, analyzer: Analyzer) -> Node:
    """The tree with each torn word as one Word, which holds the space: "ال أمن"; everything else as it is."""
    match node:
        case PhraseNode() | NearNode():
            words = tuple(word for word in _rejoined(node.words, analyzer) if isinstance(word, Word))
            if isinstance(node, NearNode) and len(words) < 2:
                return node
            return replace(node, words=words)
        case Bag():
            nodes = tuple(whole_words(child, analyzer) for child in _rejoined(node.children, analyzer))
            return nodes[0] if len(nodes) == 1 and not isinstance(nodes[0], Must) else replace(node, children=nodes)
        case All() | Any():
            return replace(node, children=tuple(whole_words(child, analyzer) for child in node.children))
        case Must() | Not():
            return replace(node, child=whole_words(node.child, analyzer))
    return node


def _rejoined(nodes: Sequence[Node], analyzer: Analyzer) -> list[Node]:
    found: list[Node] = []
    for node in nodes:
        if found and isinstance(node, Word) and (one := _one(found[-1], node, analyzer)):
            found[-1] = one
        else:
            found.append(node)
    return found


def _one(left: Node, right: Word, analyzer: Analyzer) -> Word | None:
    """The two as one word, None where they are two: with a sign between them, or where the analyzer reads two."""
    if not isinstance(left, Word) or left.level != right.level or right.start - left.end != 1:
        return None
    if min(len(left.text), len(right.text)) > MOST_LETTERS:
        return None
    text = f"{left.text} {right.text}"
    if len(analyzer.tokens(text)) != 1:
        return None
    return Word(text, left.level, left.start, right.end)
