"""Names that changed in time or vary: found in a query, with the other names under which to search as well.

The table is `search/data/names.tsv`; a user's own file of the same form adds to it. Nothing is replaced: the caller
searches the alternatives beside what was typed, says so, and can leave it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from index.arabic import fold as fold_letters
from search.query_tables import GLUE, INSIDE
from search.query_tree import Bag, Must, Node, Not, Word, children

DEFAULT_PATH = Path(__file__).parent / "data" / "names.tsv"
KEYS_PATH = DEFAULT_PATH.with_name("name_keys.tsv")  # made from it by `python -m search.names`, to start sooner
COLUMNS = ("group", "name", "language", "from", "to", "use", "source", "note")
USES = ("", "typed", "other", "exact")
MOST_ALTERNATIVES = 12
MARKED_LETTERS = 2  # so short a name is compared with its marks, because folded it is another word: آب, أب

Fold = Callable[[str], str]
Key = tuple[str, ...]


class NamesError(ValueError):
    """A file of names that cannot be read; the text says where and what to do."""


@dataclass(frozen=True, slots=True)
class Name:
    """One row of the table. Years are those of official use, None is open. For `use` see the table's head."""

    group: str
    name: str
    language: str = "ar"
    first: int | None = None
    last: int | None = None
    use: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Expansion:
    """A name in a query: the words typed at [start, end), other names of the same thing, and why, for a person."""

    start: int
    end: int
    typed: str
    alternatives: list[str]
    why: str
    why_en: str = ""
    group: str = ""


@dataclass(slots=True)
class Names:
    """The table, ready to look names up by their first word."""

    rows: list[Name]
    fold: Fold = fold_letters
    groups: dict[str, list[tuple[Key, Name]]] = field(default_factory=dict)
    first_words: dict[str, list[tuple[Key, Name]]] = field(default_factory=dict)
    keys: Sequence[Key] = ()  # of the first rows, where they are known already

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows):
            key = self.keys[number] if number < len(self.keys) else self.key(row.name)
            if not key:
                continue
            self.groups.setdefault(row.group, []).append((key, row))
            if row.use != "other":
                self.first_words.setdefault(without_article(key[0]), []).append((key, row))

    def key(self, name: str) -> Key:
        """The folded words of a name, signs inside words left out, ة as ه."""
        return tuple(word for word in (word_key(part, self.fold) for part in _spaced(name).split()) if word)


def _spaced(name: str) -> str:
    return "".join(" " if c in GLUE else c for c in name)


def word_key(word: str, fold: Fold = fold_letters) -> str:
    """The form in which the words of names are compared."""
    return "".join(c for c in fold(word) if c not in INSIDE).replace("ة", "ه")


def without_article(word: str) -> str:
    """The folded word without ال at its head."""
    return word[2:] if word.startswith("ال") and len(word) > 3 else word


def without_clitics(word: str) -> Iterator[tuple[str, bool]]:
    """The folded word as it may stand in the table, and whether something was attached to it: و ف, then ب ل ك."""
    yield word, False
    if not word or not "\u0621" <= word[0] <= "\u064a":
        return
    bare = [word] + ([word[1:]] if word[0] in "وف" and len(word) > 3 else [])
    yield from ((rest, True) for rest in bare[1:])
    for rest in bare:
        if rest.startswith("لل") and len(rest) > 3:
            yield "ال" + rest[2:], True
        if rest[0] in "بلك" and len(rest) > 3:
            yield rest[1:], True


def _year(value: str, where: str) -> int | None:
    if not value:
        return None
    if not value.isdigit():
        raise NamesError(f"{where}: “{value}” is no year; write digits or leave it empty")
    return int(value)


def read_names(path: Path) -> list[Name]:
    """The rows of a file of names: tabs between columns, a first line that names them; # begins a remark.

    Raises NamesError, with the file and line, for what cannot be read.
    """
    try:
        text = path.read_bytes().decode().removeprefix("\ufeff")
    except (OSError, UnicodeDecodeError) as error:
        raise NamesError(f"the file of names {path} cannot be read ({error}); give a UTF-8 file") from error
    rows: list[Name] = []
    head: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if head is None:
            head = cells
            if not {"group", "name"} <= set(head):
                raise NamesError(
                    f"{path}, line {number}: the first line names the columns, at least group and name, "
                    f"with tabs between them; possible are {', '.join(COLUMNS)}"
                )
            continue
        row = dict(zip(head, cells, strict=False))
        where = f"{path}, line {number}"
        if not row.get("group") or not row.get("name"):
            raise NamesError(f"{where}: a row needs a group and a name, with a tab between them")
        if row.get("use", "") not in USES:
            raise NamesError(f"{where}: use “{row['use']}” is unknown; leave it empty or write typed, other or exact")
        first, last = _year(row.get("from", ""), where), _year(row.get("to", ""), where)
        rows.append(
            Name(row["group"], row["name"], row.get("language") or "ar", first, last, row.get("use", ""),
                 row.get("source", ""), row.get("note", ""))
        )  # fmt: skip
    if head is None:
        raise NamesError(f"the file of names {path} holds no names; its first line is: group, tab, name")
    return rows


@cache
def _shipped() -> Names:
    lines = KEYS_PATH.read_bytes().decode().split("\n")[:-1]
    return Names(read_names(DEFAULT_PATH), keys=[tuple(line.split()) for line in lines])


def write_keys() -> None:
    """Write the keys of the shipped names, one line a name; a test holds that the file is up to date."""
    names = Names(read_names(DEFAULT_PATH))
    KEYS_PATH.write_text("".join(" ".join(names.key(row.name)) + "\n" for row in names.rows), "utf-8", newline="\n")


def load_names(path: str | Path | None = None) -> Names:
    """The names that ship with the package and, added to them, those of the file `path`. Raises NamesError."""
    if path is None:
        return _shipped()
    shipped = _shipped()
    return Names([*shipped.rows, *read_names(Path(path))], keys=shipped.keys)


def expansions(tree: Node, names: Names | None = None, fold: Fold = fold_letters) -> list[Expansion]:
    """The names among the plain words of a query, in order, never overlapping; the longest name wins.

    A name in quotes, at a level (`=word`) or under a Not is not expanded: there the person asked for letters.
    """
    from search.session_numbers import number_expansion

    table = names or load_names()
    found: list[Expansion] = []
    for run in runs(tree):
        keys = [word_key(word.text, fold) for word in run]
        at = 0
        while at < len(run):
            named = _name_at(table, run, keys, at) or number_expansion(run, keys, at)
            if named is None:
                at += 1
                continue
            length, expansion = named
            if expansion.alternatives:
                found.append(expansion)
            at += length
    return sorted(found, key=lambda expansion: expansion.start)


def runs(node: Node) -> Iterator[list[Word]]:
    """The plain words that stand beside each other, run by run."""
    if isinstance(node, Not):
        return
    if isinstance(node, Word):
        if node.level is None:
            yield [node]
        return
    if not isinstance(node, Bag):
        for child in children(node):
            yield from runs(child)
        return
    run: list[Word] = []
    for child in node.children:
        inner = child.child if isinstance(child, Must) else child
        if isinstance(inner, Word) and inner.level is None:
            run.append(inner)
            continue
        if run:
            yield run
            run = []
        yield from runs(child)
    if run:
        yield run


def _name_at(table: Names, run: Sequence[Word], keys: Sequence[str], at: int) -> tuple[int, Expansion] | None:
    """The longest name that begins at word `at`, and how many words it has."""
    best: list[tuple[Key, Name]] = []
    for candidate, _ in without_clitics(keys[at]):
        for key, row in table.first_words.get(without_article(candidate), ()):
            if best and len(key) < len(best[0][0]):
                continue
            if tuple(keys[at + 1 : at + len(key)]) != key[1:]:
                continue
            if row.use == "exact" and " ".join(word.text for word in run[at : at + len(key)]) != row.name:
                continue
            if best and len(key) > len(best[0][0]):
                best = []
            best.append((key, row))
        if best:  # what needs fewer letters taken off is the better reading
            break
    if not best:
        return None
    length = len(best[0][0])
    typed = run[at : at + length]
    return length, _expansion(table, best, typed)


def _expansion(table: Names, matched: Iterable[tuple[Key, Name]], typed: Sequence[Word]) -> Expansion:
    alternatives: dict[Key, Name] = {}
    own = list(matched)
    for key, row in own:
        for other, other_row in table.groups[row.group]:
            if (other_row.use in ("", "other") or _by_marks(other_row)) and not _holds(other, key):
                alternatives.setdefault((without_article(other[0]), *other[1:]), other_row)
    chosen = list(alternatives.values())[:MOST_ALTERNATIVES]
    why, why_en = reason(own[0][1], chosen)
    text = " ".join(word.text for word in typed)
    return Expansion(typed[0].start, typed[-1].end, text, [row.name for row in chosen], why, why_en, own[0][1].group)


def _by_marks(row: Name) -> bool:
    """Whether an exact name can be searched all the same, with its marks: the Arabic آب, which is not أب. Capitals,
    which tell WHO from who, are in no term."""
    return row.use == "exact" and row.language == "ar" and len(row.name) <= MARKED_LETTERS


def _holds(longer: Key, key: Key) -> bool:
    """Whether the words of `key` stand in `longer`: then a search for `key` finds it already."""
    for at in range(len(longer) - len(key) + 1):
        if without_article(longer[at]) == without_article(key[0]) and longer[at + 1 : at + len(key)] == key[1:]:
            return True
    return False


def reason(typed: Name, others: Sequence[Name]) -> tuple[str, str]:
    """Why the other names are searched, in Arabic and English: renamed in a year, or another name of the same."""
    if typed.last is not None and any(row.first == typed.last for row in others):
        return f"تغيّر الاسم سنة {typed.last}", f"renamed in {typed.last}"
    if typed.first is not None and any(row.last == typed.first for row in others):
        return f"تغيّر الاسم سنة {typed.first}", f"renamed in {typed.first}"
    return "اسم آخر للمسمى نفسه", "another name of the same"


if __name__ == "__main__":
    write_keys()
