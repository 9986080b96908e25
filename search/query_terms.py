"""Reading one term of a query: a word with its level, wildcard or typo sign, a quoted phrase, a filter, a symbol.

Each function answers the nodes it read and where reading goes on; no nodes where the sign had nothing to stand on,
which is then reported.
"""

from __future__ import annotations

import re
from functools import cache

from index.arabic import fold
from index.clause import MAX_NEAR_TERMS
from search import query_tables as tables
from search.limits import limit
from search.query_text import Source, bounded_distance, has_letter, make_word, read_chunk, read_number, read_quoted
from search.query_tree import (
    EMPTY,
    All,
    Any,
    Field,
    FieldRange,
    Fuzzy,
    Level,
    NearNode,
    Node,
    PhraseNode,
    Symbol,
    Wildcard,
    Word,
)

Read = tuple[tuple[Node, ...], int]

_SUFFIXES = "|".join(re.escape(s) for s in sorted(tables.SYMBOL_SUFFIXES, key=len, reverse=True))
_DASHES = "[-−‐‑–—ـ]{1,2}"
# Two numbers and a suffix of the table; or two numbers alone, where no third follows (20/8/1982 is a date).
SYMBOL = re.compile(
    r"(?<![\w/])\d{1,3} ?/ ?\d{1,3}(?![\d/])"
    rf"(?: ?{_DASHES} ?(?:{_SUFFIXES})(?!\w)|(?! ?/ ?\d)(?!{_DASHES}\d)(?!\w))"
)


@cache
def _spellings() -> dict[str, str]:
    """Folded spelling → field, date end, level field or "symbol"."""
    every = {**tables.FIELDS, **tables.DATE_ENDS, **tables.LEVEL_FIELDS, "symbol": tables.SYMBOL_FIELD}
    return {fold(spelling): name for name, spellings in every.items() for spelling in spellings}


def one_node(nodes: tuple[Node, ...]) -> Node:
    """A term's nodes as a single one: the words of a glued chunk (a-b) stand beside each other in order."""
    if len(nodes) == 1:
        return nodes[0]
    words = tuple(node for node in nodes if isinstance(node, Word))
    if not nodes:
        return EMPTY
    if len(words) < len(nodes) or any(word.level for word in words):
        return All(nodes, nodes[0].start, nodes[-1].end)
    return NearNode(words, 0, True, None, nodes[0].start, nodes[-1].end)


def read_term(source: Source, at: int) -> Read:
    """The term that begins at `at`, where a word character, `*`, `\\`, a quotation mark or `=` stands."""
    c = source.text[at]
    if c == "=":
        return _read_equals(source, at)
    if c in tables.QUOTES:
        return _read_phrase(source, at, at, strict=False, level="folded")
    if c.isdigit():
        found = SYMBOL.match(source.text, at)
        if found:
            typed = re.sub(_DASHES, "-", re.sub(r"\s+", "", found.group()))
            return (Symbol(typed, source.start(at), source.end(found.end())),), found.end()
    return _read_words(source, at, at, None)


def _read_equals(source: Source, at: int) -> Read:
    """`=word`, `==word`, `="phrase"`, `=="phrase"`."""
    after = at
    while source.peek(after) == "=":
        after += 1
    level: Level = "folded" if after - at == 1 else "marked"
    following = source.peek(after)
    begins = source.is_word(after) or following in tables.QUOTES or following in ("*", "\\")
    if after - at > 2 or not begins:
        source.remark("equals", at, after)
        return (), after
    if following in tables.QUOTES:
        return _read_phrase(source, at, after, strict=True, level=level)
    return _read_words(source, at, after, level)


def _read_phrase(source: Source, begin: int, at: int, *, strict: bool, level: Level) -> Read:
    """The quoted words whose mark stands at `at`, with what follows: `~3`."""
    words, after = read_quoted(source, at)
    if not words:
        return (), after
    start = source.start(begin)
    if source.peek(after) != "~":
        return (PhraseNode(words, strict, level, start, source.end(after)),), after
    number, end = read_number(source, after + 1)
    if number is None:
        source.remark("no_distance", after, after + 1)
        return (PhraseNode(words, strict, level, start, source.end(after)),), after + 1
    if len(words) < 2:
        source.remark("stray_tilde", after, end)
        return (PhraseNode(words, strict, level, start, source.end(end)),), end
    distance = bounded_distance(source, number, after, end)
    if distance and len(words) > MAX_NEAR_TERMS:
        source.remark("near_too_many", begin, end, limit=MAX_NEAR_TERMS)
        words = words[:MAX_NEAR_TERMS]
    return (NearNode(words, distance, distance == 0, level if strict else None, start, source.end(end)),), end


def _read_words(source: Source, begin: int, at: int, level: Level | None) -> Read:
    """A chunk of words from `at` on, with wildcards, `~1`, or as the name of a field before a colon."""
    chunk = read_chunk(source, at)
    after = max(chunk.at, at + 1)
    parts = [(text.strip("?"), start, end, escaped) for text, start, end, escaped in chunk.parts]
    if not parts:
        if source.text[at] == "*":
            source.remark("lone_wildcard", at, after, typed=source.text[at:after])
        return (), after
    if len(parts) == 1 and source.peek(after) == ":" and level is None and not parts[0][3]:
        found = _read_field(source, at, after)
        if found is not None:
            return found
    if source.peek(after) == "~":
        return _read_fuzzy(source, begin, parts, after)
    nodes: list[Node] = []
    for text, start, end, _ in parts:
        if "*" not in text and "?" not in text:
            nodes.append(make_word(source, text, start, end, level))
        elif not has_letter(text):
            source.remark("lone_wildcard", start, end, typed=text)
        else:
            if level == "marked" or level == "root":
                source.remark("wildcard_at_level", begin, end, typed="==" if level == "marked" else "root:")
            nodes.append(_pattern(source, text, start, end))
    words = tuple(node for node in nodes if isinstance(node, Word))
    if level in ("folded", "marked") and len(words) == len(nodes) > 1:
        plain = tuple(Word(word.text, None, word.start, word.end) for word in words)
        return (PhraseNode(plain, True, level, source.start(begin), source.end(after)),), after
    return tuple(nodes), after


def _pattern(source: Source, text: str, start: int, end: int) -> Node:
    """The wildcard of a chunk's part; a row of stars is one."""
    pattern = re.sub(r"\*{2,}", "*", text)
    if len(pattern) > limit("word"):
        cut = pattern[: limit("word")].rstrip("?")
        if ("*" not in cut and "?" not in cut) or not has_letter(cut):
            return make_word(source, re.sub(r"[*?]", "", pattern), start, end)
        source.remark("long_word", start, end, limit=limit("word"))
        pattern = cut
    return Wildcard(pattern, source.start(start), source.end(end))


def _read_fuzzy(source: Source, begin: int, parts: list[tuple[str, int, int, bool]], at: int) -> Read:
    """`word~`, `word~1`, `word~2`; the tilde stands at `at`."""
    number, after = read_number(source, at + 1)
    if number is None:
        after = at + 1
    text, start, end, _ = parts[-1]
    if len(parts) > 1 or "*" in text or "?" in text:
        source.remark("stray_tilde", at, after)
        return tuple(
            _pattern(source, t, s, e) if "*" in t or "?" in t else make_word(source, t, s, e)
            for t, s, e, _ in parts
            if has_letter(t)
        ), after
    most = limit("typos")
    if number is not None and number > most:
        source.remark("typos", at, after, limit=most)
    word = make_word(source, text, start, end)
    if number == 0:
        return (Word(word.text, "folded", source.start(begin), source.end(after)),), after
    return (Fuzzy(word.text, min(number or 1, most), source.start(begin), source.end(after)),), after


def _read_field(source: Source, at: int, colon: int) -> Read | None:
    """`name:value`, the name at `at`; None where this is ordinary punctuation and the name a word."""
    typed = source.text[at:colon]
    name = _spellings().get(fold(typed))
    following = source.peek(colon + 1)
    if name is None:
        named = any(c.isalpha() for c in typed)
        if named and (source.is_word(colon + 1) or following in tables.QUOTES):
            shown = " ".join(f"{names[0]}: {names[1]}:" for names in tables.FIELDS.values())
            source.remark("unknown_field", at, colon + 1, typed=typed, fields=shown)
        return None
    if not following or following.isspace() or following in "()|":
        source.remark("no_value", at, colon + 1, typed=typed, example=tables.EXAMPLES[name])
        return None
    if name in tables.LEVEL_FIELDS:
        return _read_level_field(source, at, colon, "root" if name == "root" else "stem")
    return _read_value(source, at, colon, name)


def _read_level_field(source: Source, at: int, colon: int, level: Level) -> Read | None:
    """`root:word`, `stem:word`, `root:"two words"`."""
    begin = colon + 1
    if source.text[begin] in tables.QUOTES:
        words, after = read_quoted(source, begin)
        words = words or ()
    elif source.is_word(begin):
        nodes, after = _read_words(source, at, begin, level)
        words = tuple(node for node in nodes if isinstance(node, Word))
        if len(words) < len(nodes):
            return nodes, after
    else:
        typed = source.text[at:colon]
        source.remark("no_value", at, begin, typed=typed, example=tables.EXAMPLES[level])
        return None
    return tuple(Word(word.text, level, word.start, word.end) for word in words), after


def _value_end(source: Source, at: int) -> int:
    """Where an unquoted value that begins at `at` ends: before a space, a bracket, a bar or a quotation mark."""
    while at < len(source.text) and not source.text[at].isspace() and source.text[at] not in tables.QUOTES:
        if source.text[at] in "()|":
            break
        at += 1
    return at


def _read_value(source: Source, at: int, colon: int, name: str) -> Read | None:
    """The value of the filter `name`: a word, "a quoted one", a range a..b, or several with commas between."""
    begin = colon + 1
    start = source.start(at)
    if source.text[begin] in tables.QUOTES:
        words, after = read_quoted(source, begin, literal=True)
        if not words:
            return (), after
        quoted = " ".join(source.text[begin + 1 : after - 1].split())
        literal = name not in tables.DATE_ENDS and name != "symbol"
        if name in tables.DATE_ENDS:
            quoted = re.sub(r"[^\w.-]+", "-", quoted).strip("-")
        end = source.end(after)
        nodes = [Field(name, quoted, start, end) if literal else _value_node(name, quoted, start, end)]
    else:
        after = _value_end(source, begin)
        end = source.end(after)
        values = [v for v in re.split("[,،;؛]", source.text[begin:after]) if has_letter(v)]
        nodes = [_value_node(name, value, start, end) for value in values]
    found = tuple(node for node in nodes if node is not None)
    if not found:
        source.remark("no_value", at, after, typed=source.text[at:colon], example=tables.EXAMPLES[name])
        return (), after
    return (found[0] if len(found) == 1 else Any(found, start, end),), after


def _value_node(name: str, value: str, start: int, end: int) -> Node | None:
    """One value as a node; None when nothing is left of it."""
    if name == "symbol":
        return Symbol(re.sub(r"\s+", "", value.strip(".…")), start, end)
    low, dots, high = (side.strip(".") if side != ".." else side for side in value.replace("…", "..").partition(".."))
    if name == "from":
        name, dots, high = "date", "..", ""
    elif name == "to":
        name, dots, low, high = "date", "..", "", high or low
    if not dots:
        return Field(name, low, start, end) if low else None
    low, high = (side if has_letter(side) else "" for side in (low, high))
    return FieldRange(name, low or None, high or None, start, end) if low or high else None
