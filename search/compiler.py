"""Query tree → the index's questions: which clauses are listed, what ranks them, and which words the query is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from index.analysis import Analyzer, Token
from index.arabic import fold
from index.clause import MAX_NEAR_TERMS, And, Clause, Near, Not, Or, Phrase, Prefix, Term
from index.engines.near import count_placings
from index.stem import stop_words
from search.filters import Values, date_clause, is_date, range_clause, value_clause
from search.names import MARKED_LETTERS
from search.problem import Problem, problem
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
    PhraseNode,
    Symbol,
    Wildcard,
    Word,
)
from search.query_tree import Not as NotNode
from search.vocabulary import MAX_EXPANSIONS, Vocabulary

if TYPE_CHECKING:
    from search.names import Expansion

Mode = Literal["any", "all"]

# Words between the terms of one NEAR, by how many terms it has: beyond it the ways to place them are too many to ask
# exactly (index.engines.near), and a question that is not exact is not asked.
MAX_NEAR_DISTANCE = {2: 100, 3: 20, 4: 5}
# Placings times the clauses of the rarest term, of all NEARs of three and four words in one query together. One costs
# 20 to 100 ns (50,000 clauses, tantivy), so this is 0.15 s at most, for a question that a page asks about five times.
NEAR_WORK = 1_500_000


class Compiler:
    """Compiles one query. `level` is how plain words are compared; `names` are the other names found in the query."""

    def __init__(
        self,
        analyzer: Analyzer,
        vocabulary: Vocabulary,
        values: Values,
        level: Level = "stem",
        names: list[Expansion] | None = None,
    ) -> None:
        self.analyzer = analyzer
        self.vocabulary = vocabulary
        self.values = values
        self.level: Level = level
        self.names = names or []
        self.problems: list[Problem] = []
        self._analysed: dict[tuple[str, int], list[Token]] = {}
        self.keep_stop_words = False
        self._work: dict[int, int] = {}  # of NEARs, by where they stand: the second pass over a tree takes no more

    def match(self, node: Node, mode: Mode, quiet: bool = False) -> Clause:
        """Return the question that lists a node's clauses: any word of a bag, or all of them."""
        if quiet:  # the second pass over the same tree would tell every problem again
            before = len(self.problems)
            clause = self.match(node, mode)
            del self.problems[before:]
            return clause
        match node:
            case Word():
                return And(tuple(self._with_names(token, node) for token in self._content(node)))
            case PhraseNode():
                return self._phrase(node)
            case NearNode():
                return self._near(node)
            case Wildcard(pattern):
                return self._wildcard(node, pattern)
            case Fuzzy(text, distance):
                return self._fuzzy(node, text, distance)
            case Field(name, value):
                return self._field(node, name, value)
            case FieldRange(name, low, high):
                self._check_dates(node, name, low, high)
                return range_clause(name, low, high, self.values)
            case Symbol(text):
                return self._symbol(text)
            case Must(child):
                return self.match(child, mode)
            case NotNode(child):
                return Not(self.match(child, "any"))
            case All(children):
                return And(tuple(self.match(child, mode) for child in children if not self._says_nothing(child)))
            case Any(children):
                return Or(tuple(self.match(child, mode) for child in children if not self._says_nothing(child)))
            case Bag(children):
                return self._bag(children, mode)

    def _bag(self, children: tuple[Node, ...], mode: Mode) -> Clause:
        """A filter beside plain words leaves them needed; a required word (+) makes the others mere ranking."""
        required: list[Clause] = []
        optional: list[Clause] = []
        words_required = False
        seen: set[tuple[str, Level | None]] = set()
        for child in children:
            if self._says_nothing(child):
                continue
            if isinstance(child, Word) and not self.names:  # a word typed twice lists the same clauses
                if (child.text, child.level) in seen:
                    continue
                seen.add((child.text, child.level))
            if isinstance(child, (Must, NotNode)):
                required.append(self.match(child, mode))
                words_required |= isinstance(child, Must) and not _is_filter(child.child)
            else:
                optional.append(self.match(child, mode))
        if mode == "all":
            required += optional
        elif optional and not words_required:
            required.append(optional[0] if len(optional) == 1 else Or(tuple(optional)))
        return And(tuple(required)) if required else Or(())

    def _says_nothing(self, node: Node) -> bool:
        """Say whether a plain word is only punctuation or a dropped stop word, or a bag holds only such."""
        if isinstance(node, Word):
            return not self._content(node)
        if isinstance(node, (Must, NotNode)):
            return self._says_nothing(node.child)
        if isinstance(node, (Bag, All, Any)):
            return all(self._says_nothing(child) for child in node.children)
        return False

    def _content(self, node: Word) -> list[Token]:
        tokens = self.tokens_of(node)
        if node.level is not None or self.keep_stop_words:
            return tokens
        return [token for token in tokens if token.terms.folded not in stop_words()]

    def tokens_of(self, node: Word) -> list[Token]:
        """Return the tokens of a typed word, their places counted in the whole query."""
        place = (node.text, node.start)
        if place not in self._analysed:
            self._analysed[place] = [
                Token(t.text, t.start + node.start, t.end + node.start, t.terms) for t in self.analyzer.typed(node.text)
            ]
        return self._analysed[place]

    def _token(self, token: Token, level: Level | None) -> Clause:
        terms = token.terms
        match level or self.level:
            case "marked":
                return Term("marked", terms.marked)
            case "folded":
                return Term("folded", terms.folded)
            case "root":
                own = (Term("stem", terms.stem), Term("plural", terms.plural))
                return Or((*own, self.vocabulary.root_clause(terms.root)))
            case _:
                return Or((Term("stem", terms.stem), Term("plural", terms.plural)))

    def _with_names(self, token: Token, node: Word) -> Clause:
        """A word that is part of a name is also held by a clause that says the name's other form."""
        own = self._token(token, node.level)
        if node.level is not None:
            return own
        others = [
            self.other_name(other)
            for name in self.names
            if name.start <= token.start < name.end
            for other in name.alternatives
        ]
        return Or((own, *others)) if others else own

    def other_name(self, name: str) -> Clause:
        """Another name: several words by their stems as a phrase, a single one by its letters, since stems of foreign
        names meet other words (سيكا and سيك), a very short one with its marks (آب, which is not أب)."""
        tokens = self.analyzer.tokens(name)
        if len(tokens) == 1:
            letters = tokens[0].terms.folded
            if len(letters) <= MARKED_LETTERS and letters != name:
                return Term("marked", tokens[0].terms.marked)
            forms = self.vocabulary.with_clitics(letters) + self.vocabulary.with_clitics(f"ال{letters}")
            return Or(tuple(Term("folded", form) for form in dict.fromkeys(forms)))
        return Phrase("stem", tuple((token.terms.stem,) for token in tokens)) if tokens else Or(())

    def _phrase(self, node: PhraseNode) -> Clause:
        tokens = [token for word in node.words for token in self.tokens_of(word)]
        if not tokens:
            return Or(())
        if node.level == "root":  # roots have no places; the words need only stand in one clause
            return And(tuple(self._token(token, "root") for token in tokens))
        if node.level == "marked":
            # Marks have no places: the letters stand side by side, and each word is written so in the clause.
            letters = Phrase("folded", tuple((token.terms.folded,) for token in tokens))
            return And((letters, *(Term("marked", token.terms.marked) for token in tokens)))
        first = tokens[0].terms.folded
        starts = (first,) if node.strict else self.vocabulary.with_clitics(first)
        return Phrase("folded", (starts, *((token.terms.folded,) for token in tokens[1:])))

    def _near(self, node: NearNode) -> Clause:
        tokens = [token for word in node.words for token in self.tokens_of(word)]
        level = node.level or ("stem" if self.level == "root" else self.level)
        if level == "marked":  # marks have no places of their own
            marks = tuple(Term("marked", token.terms.marked) for token in tokens)
            return And((self._near(replace(node, level="folded")), *marks))
        if len(tokens) < 2 or level == "root":
            return And(tuple(self._token(token, node.level) for token in tokens)) if tokens else Or(())
        terms = tuple(getattr(token.terms, level) for token in tokens)
        if node.ordered and node.distance == 0:
            return Phrase(level, tuple((term,) for term in terms))
        terms = terms[:MAX_NEAR_TERMS]
        distance = min(node.distance, MAX_NEAR_DISTANCE[len(terms)])
        if distance < node.distance:
            self.problems.append(problem("distance", node.start, node.end, limit=distance))
        return self._placed(node, Near(level, terms, distance, node.ordered))

    def _placed(self, node: NearNode, near: Near) -> Clause:
        """Return what a Near asks within the work that one query may take: as far apart as that allows, and told."""
        if len(near.terms) < 3:
            return near
        rarest = min(self.vocabulary.reader.frequency(near.field, term) for term in near.terms)
        before = sum(work for place, work in self._work.items() if place != node.start)
        for distance in range(near.distance, -1, -1):
            asked = replace(near, distance=distance)
            work = count_placings(asked) * rarest
            if before + work <= NEAR_WORK or (not before and not distance):
                self._work[node.start] = work
                if distance < near.distance:
                    self.problems.append(problem("near_work", node.start, node.end, limit=distance))
                return asked
        self._work[node.start] = 0
        self.problems.append(problem("near_common", node.start, node.end))
        return And(tuple(Term(near.field, term) for term in near.terms))

    def _wildcard(self, node: Wildcard, pattern: str) -> Clause:
        head = pattern.rstrip("*")
        if pattern == head + "*" and not set("*?") & set(head):
            return Prefix("folded", fold(head))
        words, more = self.vocabulary.matching(pattern, fold)
        return self._words_found(node, words, more)

    def _fuzzy(self, node: Fuzzy, text: str, distance: int) -> Clause:
        tokens = self.analyzer.tokens(text)
        if len(tokens) != 1:
            return And(tuple(self._token(token, None) for token in tokens)) if tokens else Or(())
        words, more = self.vocabulary.similar(tokens[0].terms.folded, distance)
        return self._words_found(node, words, more)

    def _words_found(self, node: Wildcard | Fuzzy, words: list[str], more: int) -> Clause:
        if more:
            self.problems.append(problem("too_many_forms", node.start, node.end, limit=MAX_EXPANSIONS, more=more))
        return Or(tuple(Term("folded", word) for word in words))

    def _symbol(self, text: str) -> Clause:
        from search.symbols import lookup_keys

        return Or(tuple(Term("symbol", key) for key in lookup_keys(text)))

    def _field(self, node: Field, name: str, value: str) -> Clause:
        if name == "title":
            return And(tuple(Term("title", token.terms.stem) for token in self.analyzer.tokens(value)))
        if name == "date":
            self._check_dates(node, name, value, value)
            return date_clause(value, value)
        if name in ("id", "resolution"):
            return Term(name, value)
        clause, unknown = value_clause(name, [value], self.values)
        if unknown:
            self.problems.append(problem("unknown_value", node.start, node.end, field=name, value=value))
        return clause

    def _check_dates(self, node: Field | FieldRange, name: str, *dates: str | None) -> None:
        for date in dates if name == "date" else ():
            if date and not is_date(date):
                self.problems.append(problem("no_date", node.start, node.end, value=date))
                return


def _is_filter(node: Node) -> bool:
    """Say whether a node only filters: a field, a range, a symbol, or several of them."""
    if isinstance(node, (Field, FieldRange, Symbol)):
        return True
    if isinstance(node, (All, Any, Bag)):
        return bool(node.children) and all(_is_filter(child) for child in node.children)
    return isinstance(node, (Must, NotNode)) and _is_filter(node.child)
