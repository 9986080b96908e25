"""Putting nodes together in the canonical form that the head of `query_tree` describes."""

from __future__ import annotations

from collections.abc import Sequence

from index.clause import MAX_NEAR_TERMS
from search.lexer import Token
from search.problem import Problem, problem
from search.query_terms import one_node
from search.query_tree import (
    EMPTY,
    All,
    Any,
    Bag,
    Field,
    FieldRange,
    Must,
    NearNode,
    Node,
    Not,
    PhraseNode,
    Word,
)


def negated(node: Node, start: int) -> Node:
    """What does not match the node; the child of a Not is its negation."""
    return node.child if isinstance(node, Not) else Not(node, start, node.end)


def required(node: Node, start: int) -> Node:
    """The node marked with + at `start`; a Not stays as it is, because it is required anyway."""
    return node if isinstance(node, Not) else Must(node, start, node.end)


def all_of(nodes: Sequence[Node], problems: list[Problem]) -> Node:
    """The nodes joined by AND; + changes nothing there."""
    return _joined(All, [node.child if isinstance(node, Must) else node for node in nodes])


def any_of(nodes: Sequence[Node], problems: list[Problem]) -> Node:
    """The nodes joined by OR; + has no meaning there and is reported."""
    for node in nodes:
        if isinstance(node, Must):
            problems.append(problem("plus_in_or", node.start, node.start + 1))
    return _joined(Any, [node.child if isinstance(node, Must) else node for node in nodes])


def _joined(kind: type[All] | type[Any], nodes: Sequence[Node]) -> Node:
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.children if isinstance(node, kind) else (node,))
    return flat[0] if len(flat) == 1 else kind(tuple(flat), flat[0].start, flat[-1].end)


def is_filter(node: Node) -> bool:
    """Whether the node only narrows the list: a filter, or alternatives of filters."""
    if isinstance(node, Any):
        return all(is_filter(child) for child in node.children)
    return isinstance(node, FieldRange) or (isinstance(node, Field) and node.name != "title")


def same_field(node: Node) -> str | None:
    """The name of the field when all of the node are closed values of one field."""
    if isinstance(node, Any):
        names = {same_field(child) for child in node.children}
        return names.pop() if len(names) == 1 else None
    if isinstance(node, FieldRange):
        return node.name if node.low is not None and node.high is not None else None
    return node.name if isinstance(node, Field) and is_filter(node) else None


def bag_of(nodes: Sequence[Node]) -> Node:
    """The nodes beside each other, in canonical form: marks set, filters of one field joined, single ones bare."""
    flat: list[Node] = []
    for node in nodes:
        plain = isinstance(node, Bag) and not any(isinstance(child, (Must, Not)) for child in node.children)
        flat.extend(node.children if plain and isinstance(node, Bag) else (node,))
    placed: list[Node] = []
    fields: dict[str, int] = {}
    for node in flat:
        name = same_field(node)
        if name is None:
            placed.append(node)
        elif name in fields:
            at = fields[name]
            placed[at] = _joined(Any, [placed[at], node])
        else:
            fields[name] = len(placed)
            placed.append(node)
    if not placed:
        return EMPTY
    if len(placed) == 1:
        only = placed[0]
        return only.child if isinstance(only, Must) else only
    marked = tuple(
        Must(node, node.start, node.end) if isinstance(node, All) or is_filter(node) else node for node in placed
    )
    return Bag(marked, min(node.start for node in marked), max(node.end for node in marked))


def near_of(parts: Sequence[Sequence[Node]], operators: Sequence[Token], problems: list[Problem]) -> Node:
    """The operands of a chain of NEAR/n as one node; joined by AND, and reported, where they are no words."""
    start, end = operators[0].start, operators[-1].end
    nodes = [node for part in parts for node in part]
    words: list[Word] = []
    for node in nodes:
        if isinstance(node, Word):
            words.append(node)
        elif isinstance(node, PhraseNode) and len(node.words) == 1 and node.level != "root":
            words.append(Word(node.words[0].text, node.level, node.start, node.end))
    if len(words) < len(nodes):
        problems.append(problem("near_words", start, end))
        return all_of([one_node(tuple(part)) for part in parts], problems)
    distances = {operator.distance for operator in operators}
    distance = max(distances)
    if len(distances) > 1:
        problems.append(problem("two_distances", start, end, count=distance))
    levels = {word.level for word in words}
    level = words[0].level
    if len(levels) > 1 or level == "root":
        problems.append(problem("near_levels", words[0].start, words[-1].end))
        level = None
    if distance and len(words) > MAX_NEAR_TERMS:
        problems.append(problem("near_too_many", words[0].start, words[-1].end, limit=MAX_NEAR_TERMS))
        words = words[:MAX_NEAR_TERMS]
    plain = tuple(Word(word.text, None, word.start, word.end) for word in words)
    return NearNode(plain, distance, distance == 0, None if level == "stem" else level, plain[0].start, plain[-1].end)
