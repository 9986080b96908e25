"""A user's string to a tree and problems. It never raises, takes time in proportion to the text, and guesses nothing
silently: whatever is wrong is a `Problem` with its place, and the rest of the query runs.

How tightly things bind: a bracket; NEAR; NOT, + and -; AND; OR; and, loosest, words beside each other. So
`حقوق المرأة أو الطفل` asks for حقوق and for either of المرأة and الطفل. `docs/query-syntax.md` is the whole grammar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from search.canonical import to_text
from search.lexer import Token, tokens
from search.limits import limit
from search.problem import Problem, problem
from search.query_shape import all_of, any_of, bag_of, near_of, negated, required
from search.query_terms import one_node
from search.query_text import Source, plain_words
from search.query_tree import EMPTY, Fuzzy, NearNode, Node, PhraseNode, Wildcard, leaves, words


@dataclass(frozen=True, slots=True)
class Query:
    """A query as typed, the tree it was read as, and what was wrong with it."""

    text: str
    tree: Node
    problems: tuple[Problem, ...] = ()


def parse(text: str, *, syntax: bool = True) -> Query:
    """The tree and the problems of `text`, for any str. Without words the tree is `Bag(())`.

    `syntax=False` reads operators, quotation marks and colons as spaces: the tree is a Bag of plain words, or one
    Word. Limits: `search.limits`.
    """
    source = Source.of(text)
    if not syntax:
        line = _within_terms([Token("term", w.start, w.end, nodes=(w,)) for w in plain_words(source)], source)
        tree = bag_of([node for token in line for node in token.nodes])
    else:
        line = _pair_brackets(list(tokens(source)), source.problems)
        tree = _Parser(_settle_arabic(_within_terms(line, source)), source.problems).query()
    return Query(text, tree, _few(source.problems))


def _few(problems: list[Problem]) -> tuple[Problem, ...]:
    """The problems by place, not more than the limit; the last one counts those left out."""
    ordered = sorted(problems, key=lambda p: (p.start, p.end))
    most = limit("problems")
    if len(ordered) > most:
        rest = ordered[most - 1 :]
        ordered = [*ordered[: most - 1], problem("more_problems", rest[0].start, rest[-1].end, count=len(rest))]
    return tuple(ordered)


def _within_terms(line: list[Token], source: Source) -> list[Token]:
    """The tokens up to the limit of terms, and the brackets after it."""
    most = {name: limit(name) for name in ("terms", "patterns", "phrases")}
    kept: list[Token] = []
    left_out: list[Token] = []
    count: Counter[str] = Counter()
    over = ""
    for token in line:
        if token.kind == "term":
            count += _weight([leaf for node in token.nodes for leaf in leaves(node)])
            over = over or next((name for name in most if count[name] > most[name]), "")
            if over:
                while not left_out and kept and kept[-1].kind not in ("term", "open", "close"):
                    kept.pop()
                left_out.append(token)
                continue
        if not left_out or token.kind in ("open", "close"):
            kept.append(token)
    if left_out:
        source.problems.append(problem(f"too_many_{over}", left_out[0].start, left_out[-1].end, limit=most[over]))
    return kept


def _weight(found: Sequence[Node]) -> Counter[str]:
    """How much of each limit some leaves take: words, words that the vocabulary is searched for, and placed words."""
    return Counter({
        "terms": sum(len(getattr(leaf, "words", (leaf,))) for leaf in found),
        "patterns": sum(isinstance(leaf, (Wildcard, Fuzzy)) for leaf in found),
        "phrases": sum(isinstance(leaf, (PhraseNode, NearNode)) and len(leaf.words) > 1 for leaf in found),
    })  # fmt: skip


def _pair_brackets(line: list[Token], problems: list[Problem]) -> list[Token]:
    """The tokens without brackets that have no partner or lie too deep, which are reported."""
    dropped: set[int] = set()
    deep: list[Token] = []
    opened: list[int] = []
    for at, token in enumerate(line):
        if token.kind == "open":
            opened.append(at)
            if len(opened) > limit("nesting"):
                deep.append(token)
                dropped.add(at)
        elif token.kind == "close":
            if not opened:
                problems.append(problem("lone_bracket", token.start, token.end))
                dropped.add(at)
            elif opened.pop() in dropped:
                dropped.add(at)
    lone = [at for at in opened if at not in dropped]
    for at in lone:
        problems.append(problem("lone_bracket", line[at].start, line[at].end))
    if deep:
        problems.append(problem("too_deep", deep[0].start, deep[-1].end, limit=limit("nesting")))
    dropped.update(lone)
    return [token for at, token in enumerate(line) if at not in dropped]


def _settle_arabic(line: list[Token]) -> list[Token]:
    """The tokens with every Arabic operator that does not stand between two terms turned into the word it is.

    Operators beside each other ("و / أو") are one: OR where one of them is, and NOT where it ends so.
    """
    settled: list[Token] = []
    at = 0
    while at < len(line):
        if not line[at].arabic:
            settled.append(line[at])
            at += 1
            continue
        end = at
        while end < len(line) and line[end].arabic:
            end += 1
        run = line[at:end]
        before = settled[-1].kind if settled else None
        after = line[end].kind if end < len(line) else None
        if before in ("term", "close") and after in ("term", "open", "must_not", "must", "not"):
            both = next((t for t in run if t.kind == "or"), next((t for t in run if t.kind == "and"), None))
            if both:
                settled.append(replace(both, nodes=()))
            if run[-1].kind == "not":
                settled.append(replace(run[-1], nodes=()))
        else:
            settled.extend(replace(token, kind="term") for token in run)
        at = end
    return settled


class _Parser:
    """Recursive descent over the tokens; as deep as brackets nest, which is limited; no node is an empty list."""

    def __init__(self, line: list[Token], problems: list[Problem]) -> None:
        self.line = line
        self.at = 0
        self.problems = problems

    def _kind(self) -> str:
        return self.line[self.at].kind if self.at < len(self.line) else ""

    def _take(self) -> Token:
        self.at += 1
        return self.line[self.at - 1]

    def _remark(self, code: str, token: Token, **values: object) -> None:
        self.problems.append(problem(code, token.start, token.end, **values))

    def query(self) -> Node:
        """The whole query."""
        return self._sequence() or EMPTY

    def _sequence(self) -> Node | None:
        """Terms beside each other, up to a closing bracket or the end."""
        found: list[Node] = []
        while self.at < len(self.line) and self._kind() != "close":
            found.extend(self._or())
        return bag_of(found) if found else None

    def _or(self) -> list[Node]:
        """Alternatives. Several nodes only for a bare glued chunk, whose words join those around it."""
        return self._chain("or", self._and)

    def _and(self) -> list[Node]:
        return self._chain("and", self._negation)

    def _chain(self, kind: str, operand: Callable[[], list[Node]]) -> list[Node]:
        """Operands with the operator `kind` between them; an operator without one beside it is reported."""
        parts: list[list[Node]] = [operand()]
        while self._kind() == kind:
            operator = self._take()
            right = operand()
            if not parts[-1] or not right:
                self._remark("lone_operator", operator, typed=operator.typed)
                parts[-1] = parts[-1] or right
            else:
                parts.append(right)
        if len(parts) == 1:
            return parts[0]
        join = any_of if kind == "or" else all_of
        return [join([one_node(tuple(part)) for part in parts], self.problems)]

    def _negation(self) -> list[Node]:
        """A term with the NOTs, + and - before it."""
        signs: list[Token] = []
        while self._kind() in ("not", "must", "must_not"):
            signs.append(self._take())
        operand = self._near()
        if not signs:
            return operand
        nots = [sign for sign in signs if sign.kind != "must"]
        if not operand:
            self._remark("nothing_negated", signs[0], typed=signs[0].typed)
            return []
        if len(nots) > 1:
            self._remark("double_negation", replace(nots[0], end=nots[-1].end))
        node = one_node(tuple(operand))
        if len(nots) % 2:
            return [negated(node, signs[0].start)]
        return [node] if nots else [required(node, signs[0].start)]

    def _near(self) -> list[Node]:
        """A term, or terms with NEAR/n between them."""
        parts: list[list[Node]] = [self._primary()]
        operators: list[Token] = []
        while self._kind() == "near":
            operator = self._take()
            right = self._primary()
            if not parts[-1] or not right:
                self._remark("lone_operator", operator, typed=operator.typed)
                parts[-1] = parts[-1] or right
            else:
                operators.append(operator)
                parts.append(right)
        if not operators:
            return parts[0]
        return [near_of(parts, operators, self.problems)]

    def _primary(self) -> list[Node]:
        """A term or a bracket; nothing, and nothing taken, where neither stands."""
        if self._kind() == "term":
            return list(self._take().nodes)
        if self._kind() != "open":
            return []
        opening = self._take()
        inside = self._sequence()
        closing = self._take() if self._kind() == "close" else opening
        if inside is None:
            self._remark("empty_brackets", replace(opening, end=closing.end))
            return []
        return [inside]


__all__ = ["Problem", "Query", "parse", "to_text", "words"]
