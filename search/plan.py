"""A query's plan: which clauses are listed, what finds candidates, what ranks where the engine ranks alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.analysis import Token
from index.clause import Clause
from index.stem import stop_words
from search.compiler import Compiler, Mode
from search.highlight import lightable
from search.problem import Problem
from search.query import Query
from search.query_tree import Bag, Field, FieldRange, Fuzzy, NearNode, Node, PhraseNode, Symbol, Wildcard, Word, leaves
from search.ranking import candidate_scores, content_of, name_scores, neighbour_scores, word_scores
from search.torn_words import whole_words

if TYPE_CHECKING:
    from search.names import Expansion

# Other names of one name in the query that are ranked like the name itself; further ones only list their clauses.
MAX_VARIANTS = 3


@dataclass(slots=True)
class Plan:
    """A compiled query.

    `any` and `all` are the two lists. `alone` gives what ranks where the engine ranks alone; `first` finds the
    candidates for the re-ranker, which looks at places itself. `plain` says that the query is nothing but words, so
    that `first` alone lists the clauses and scores them. `words` are the content tokens in order, `typed` the stop
    words as well; `variants` are the same with a name in the query replaced by another one. `whole` says that the
    words are all there is to rank by: the re-ranker knows nothing of wildcards. `problems` holds what only became
    known here.
    """

    any: Clause
    all: Clause
    alone: Callable[[], tuple[Clause, ...]]
    first: tuple[Clause, ...]
    plain: bool
    words: list[Token]
    typed: list[Token]
    variants: list[list[Token]]
    whole: bool
    names: list[Expansion] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _lit: Clause | None = None

    @property
    def lit(self) -> Clause:
        """Return what lights words in the clauses of either list."""
        if self._lit is None:
            self._lit = lightable(self.any)
        return self._lit

    @property
    def also(self) -> tuple[Clause, ...]:
        """Return what ranks the listed clauses where the engine ranks alone; made only when it is asked for."""
        return self.alone()


def listing(query: Query, compiler: Compiler, match: Mode) -> Clause:
    """Return `plan(query, compiler).any` or `.all`, without what ranks."""
    tree, _, _ = _read(query, compiler)
    return compiler.match(tree, match)


def _read(query: Query, compiler: Compiler) -> tuple[Node, list[Token], list[Token]]:
    """Return the tree with torn words whole, its plain words, and those that are no stop words, if there are any."""
    tree = whole_words(query.tree, compiler.analyzer)
    plain = [token for leaf in leaves(tree) if isinstance(leaf, Word) for token in compiler.tokens_of(leaf)]
    content = [token for token in plain if token.terms.folded not in stop_words()]
    compiler.keep_stop_words = not content
    return tree, plain, content


def plan(query: Query, compiler: Compiler) -> Plan:
    """Return the plan of a query; never raises for any tree that `search.query.parse` makes."""
    tree, plain, content = _read(query, compiler)
    listed = compiler.match(tree, "any")
    strict = compiler.match(tree, "all", quiet=True)
    others = [leaf for leaf in leaves(tree) if not isinstance(leaf, (Word, Field, FieldRange, Symbol))]
    typed = [token for leaf in leaves(tree) for token in _ranking_tokens(leaf, compiler)]
    words = content_of(typed)
    names = [compiler.other_name(other) for name in compiler.names for other in name.alternatives]
    rest = (*name_scores(names), *(compiler.match(leaf, "any", quiet=True) for leaf in others))
    return Plan(
        any=listed,
        all=strict,
        alone=lambda: (
            *word_scores(words),
            *rest,
            *neighbour_scores(words),
        ),
        first=(*candidate_scores(content or plain), *rest),
        plain=_is_plain(tree, compiler),
        words=words,
        typed=typed,
        variants=_variants(typed, compiler),
        whole=not any(isinstance(leaf, (Wildcard, Fuzzy)) for leaf in others),
        names=compiler.names,
        problems=compiler.problems,
    )


def _is_plain(tree: Node, compiler: Compiler) -> bool:
    """Say whether a query is a bag of plain words, one token each, compared by stem and plural, without names."""
    children = tree.children if isinstance(tree, Bag) else (tree,)
    return (
        compiler.level == "stem"
        and not compiler.names
        and all(isinstance(w, Word) and w.level is None and len(compiler.tokens_of(w)) <= 1 for w in children)
    )


def _ranking_tokens(leaf: Node, compiler: Compiler) -> list[Token]:
    """Return the tokens that a leaf gives to rank by: plain words, and those inside quotes."""
    if isinstance(leaf, Word):
        return compiler.tokens_of(leaf)
    if isinstance(leaf, (PhraseNode, NearNode)):
        return [token for word in leaf.words for token in compiler.tokens_of(word)]
    return []


def _variants(typed: list[Token], compiler: Compiler) -> list[list[Token]]:
    """Return what would have been typed with each other name in place of the one in the query."""
    return [
        [token for token in typed if token.start < name.start]
        + compiler.analyzer.tokens(other)
        + [token for token in typed if token.start >= name.end]
        for name in compiler.names
        for other in name.alternatives[:MAX_VARIANTS]
    ]
