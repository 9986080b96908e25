"""A query tree written out for the tables of cases: every node by its name, without places."""

from __future__ import annotations

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


def tree_text(node: Node) -> str:
    """Return the node as `name(…)`; a plain word is itself, a level follows a word after @."""
    match node:
        case Word(text, level):
            return text + (f"@{level}" if level else "")
        case PhraseNode(words, strict, level):
            return f"phrase({_words(words)}{' strict' if strict else ''}{' marked' if level == 'marked' else ''})"
        case NearNode(words, distance, ordered, level):
            return f"near({_words(words)} /{distance}{' ordered' if ordered else ''}{f' {level}' if level else ''})"
        case Wildcard(pattern):
            return f"wild({pattern})"
        case Fuzzy(text, distance):
            return f"fuzzy({text} {distance})"
        case Field(name, value):
            return f"field({name}={value})"
        case FieldRange(name, low, high):
            return f"range({name}={low or ''}..{high or ''})"
        case Symbol(text):
            return f"symbol({text})"
        case Must(child):
            return f"must({tree_text(child)})"
        case Not(child):
            return f"not({tree_text(child)})"
        case Bag(children) | All(children) | Any(children):
            return f"{type(node).__name__.lower()}({' '.join(map(tree_text, children))})"


def _words(words: tuple[Word, ...]) -> str:
    return " ".join(f"'{word.text}'" for word in words)
