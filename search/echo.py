"""How a query was understood, in one sentence. What a person reads here must be what the tree says, no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from search.echo_words import FIELD_NAMES, SAYINGS, Language
from search.query import Query
from search.query_shape import is_filter
from search.query_tree import (
    All,
    Any,
    Bag,
    Field,
    FieldRange,
    Fuzzy,
    Level,
    Must,
    NearNode,
    Node,
    Not,
    PhraseNode,
    Symbol,
    Wildcard,
    Word,
)

Match = Literal["best", "all"]


def echo(query: Query, language: Language = "ar", match: Match = "best", level: Level = "stem") -> str:
    """One sentence, without a full stop, that says how the query was read; never empty.

    `match` and `level` are the searcher's: "best" lists clauses with any of the plain words, "all" those with all of
    them; `level` is how plain words are compared.
    """
    return _Teller(language, match, level).sentence(query.tree)


class _Teller:
    """Tells trees in one language."""

    def __init__(self, language: Language, match: Match, level: Level) -> None:
        self.language: Language = language
        self.level: Level = level
        self.say = SAYINGS[language]
        self.names = FIELD_NAMES[language]
        self.match = match

    def sentence(self, node: Node) -> str:
        """The whole tree."""
        if isinstance(node, Bag):
            return self._bag_sentence(node) if node.children else self.say["nothing"]
        if is_filter(node):
            return self.say["head_filter"].format(filters=self._within([node]))
        if isinstance(node, Symbol):
            return self.say["head_symbol"].format(what=self.part(node))
        if isinstance(node, Not):
            return self._without("", [node.child])
        return self.say["head"].format(what=self.part(node))

    def _bag_sentence(self, bag: Bag) -> str:
        filters = [child.child for child in bag.children if isinstance(child, Must) and is_filter(child.child)]
        musts = [child.child for child in bag.children if isinstance(child, Must) and not is_filter(child.child)]
        nots = [child.child for child in bag.children if isinstance(child, Not)]
        plain = [child for child in bag.children if not isinstance(child, (Must, Not))]
        if self.match == "all":
            musts, plain = ([*musts, *plain], []) if musts else ([], plain)
        said = ""
        if musts:
            said = self.say["head"].format(what=self._joined(musts, "and"))
            if plain:
                said += self.say["prefer"].format(what=self._joined(plain, "or"))
        elif plain:
            said = self.say["head"].format(what=self._beside(plain))
        if not said and filters:
            said, filters = self.say["head_filter"].format(filters=self._within(filters)), []
        said = self._without(said, nots)
        return said + (self.say["where"].format(filters=self._within(filters)) if filters else "")

    def _without(self, said: str, nodes: Sequence[Node]) -> str:
        """The sentence so far with what is left out; under a Not the words of a Bag are always alternatives."""
        teller = _Teller(self.language, "best", self.level)
        contents = [node for node in nodes if not is_filter(node)]
        filters = [node for node in nodes if is_filter(node)]
        if contents:
            what = teller._joined(contents, "or")
            said = said + self.say["without"].format(what=what) if said else self.say["head_not"].format(what=what)
        if filters:
            within = self.say["in"].format(filters=teller._joined(filters, "or"))
            said += self.say["outside" if said else "head_outside"].format(filters=within)
        return said

    def _within(self, filters: Sequence[Node]) -> str:
        return self.say["in"].format(filters=self._joined(filters, "also"))

    def _beside(self, nodes: Sequence[Node]) -> str:
        """Plain children of a Bag; one remark for all when they are nothing but words."""
        if len(nodes) == 1:
            return self.part(nodes[0])
        bare = all(isinstance(node, Word) and node.level is None for node in nodes)
        listed = self.say["comma" if bare else "list"].join(
            self._bare(node) if bare else self._operand(node) for node in nodes
        )
        kind = ("all" if self.match == "all" else "any") + ("_of" if bare else "_mixed")
        return self.say[kind].format(what=listed, how=self._how(None))

    def _how(self, level: Level | None) -> str:
        return self.say[f"how_{level or self.level}"]

    def _quoted(self, text: str, level: Level | None) -> str:
        """A word and how it is compared."""
        return self.say["forms"].format(what=self.say["word"].format(text=text), how=self._how(level))

    def _joined(self, nodes: Sequence[Node], sign: str) -> str:
        """Nodes with "and" or "or" between them; one remark for all when they are nothing but words."""
        if all(isinstance(node, Word) and node.level is None for node in nodes):
            return self.say["forms"].format(
                what=self.say[sign].join(self._bare(node) for node in nodes), how=self._how(None)
            )
        return self.say[sign].join(self._operand(node) if len(nodes) > 1 else self.part(node) for node in nodes)

    def _bare(self, node: Node) -> str:
        return self.say["word"].format(text=node.text) if isinstance(node, Word) else self.part(node)

    def _operand(self, node: Node) -> str:
        said = self.part(node)
        return self.say["group"].format(what=said) if isinstance(node, (Bag, All, Any)) else said

    def part(self, node: Node) -> str:
        """One node as a part of the sentence."""
        say = self.say
        if isinstance(node, (All, Any)):
            return self._joined(node.children, "and" if isinstance(node, All) else "or")
        if isinstance(node, Bag):
            return self._nested_bag(node)
        if isinstance(node, Must):
            return self.part(node.child)
        if isinstance(node, Not):
            return say["not"].format(what=_Teller(self.language, "best", self.level)._operand(node.child))
        if isinstance(node, Word):
            return say["root"].format(text=node.text) if node.level == "root" else self._quoted(node.text, node.level)
        if isinstance(node, PhraseNode):
            if len(node.words) == 1:
                return self._quoted(node.words[0].text, node.level)
            kind = "phrase_marked" if node.level == "marked" else "phrase_strict" if node.strict else "phrase"
            return say[kind].format(text=" ".join(word.text for word in node.words))
        if isinstance(node, NearNode):
            return self._near(node)
        if isinstance(node, Wildcard):
            return self._wildcard(node.pattern)
        if isinstance(node, Fuzzy):
            return say[f"fuzzy_{min(node.distance, 2)}"].format(text=node.text)
        if isinstance(node, Symbol):
            return say["symbol"].format(text=node.text)
        return self._field(node)

    def _nested_bag(self, bag: Bag) -> str:
        if all(not isinstance(child, (Must, Not)) for child in bag.children):
            return self._joined(bag.children, "and" if self.match == "all" else "or")
        required = [child for child in bag.children if isinstance(child, (Must, Not))]
        plain = [child for child in bag.children if not isinstance(child, (Must, Not))]
        said = self._joined([child.child if isinstance(child, Must) else child for child in required], "and")
        if not plain:
            return said
        if any(isinstance(child, Must) and not is_filter(child.child) for child in required):
            return said + self.say["prefer"].format(what=self._joined(plain, "or"))
        beside = self._operand(Bag(tuple(plain))) if len(plain) > 1 else self.part(plain[0])
        return beside + self.say["and"] + said

    def _near(self, node: NearNode) -> str:
        listed = self.say["and"].join(self.say["word"].format(text=word.text) for word in node.words)
        level: Level = node.level or ("stem" if self.level == "root" else self.level)
        kind = "near" if node.distance else "near_0"
        return self.say[kind].format(text=listed, how=self._how(level), distance=node.distance)

    def _wildcard(self, pattern: str) -> str:
        letters = pattern.strip("*")
        if "*" in letters or "?" in letters or pattern == f"*{letters}*":
            return self.say["wildcard"].format(text=pattern)
        return self.say["prefix" if pattern.endswith("*") else "suffix"].format(text=letters)

    def _field(self, node: Field | FieldRange) -> str:
        name = self.names[node.name]
        if isinstance(node, FieldRange) and node.name == "date":
            name = self.say["time"]
        if isinstance(node, Field):
            return self.say["title" if node.name == "title" else "field"].format(name=name, value=node.value)
        kind = "until" if node.low is None else "since" if node.high is None else "between"
        return self.say[kind].format(name=name, low=node.low, high=node.high)
