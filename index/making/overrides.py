"""What the hand-made tables say, spread over the forms in which a word stands: behind clitics, before pronouns."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from index.arabic import fold
from index.language_tables import rows

HEADS: tuple[str, ...] = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل")
ARTICLES: tuple[str, ...] = ("ال", "وال", "فال", "بال", "كال", "لل", "وبال", "ولل", "وكال", "فلل", "فبال")
PLAIN_HEADS = frozenset({"و", "ب", "ل", "وب", "ول"})
RARE = 0.3
LEXICAL = 0.05
PRONOUNS: tuple[str, ...] = ("ه", "ها", "هم", "هما", "هن", "نا", "كم", "ك", "ي")
PLACES = frozenset({"state", "city"})
NISBA_ENDINGS: tuple[str, ...] = ("", "ة", "ه", "ون", "ين", "ات", "ان", "تين", "تان", "ا")
SHORT = 3  # before a pronoun a word of so few letters is not spread: too many other words look like it

Terms = tuple[str, str, str]


def with_heads(word: str) -> Iterator[str]:
    """The word behind every combination of clitics, itself among them."""
    yield from (head + word for head in HEADS)
    yield from (article + word for article in ARTICLES)


def with_pronouns(word: str) -> Iterator[str]:
    """The word before every pronoun, with its ة as ت and its final ى as ا."""
    if len(word) < SHORT:
        return
    if word.endswith("ة"):
        word = word[:-1] + "ت"
    for head in HEADS:
        for pronoun in PRONOUNS:
            yield head + word + pronoun


def apply(words: dict[str, Terms], counts: dict[str, int], root: Callable[[str], str]) -> None:
    """Write the tables' terms over those of `words`; a word that the counts do not know is added only as itself."""
    for singular, plurals, _ in rows("plurals", 3):
        base = fold(singular)
        target = words.get(base, (base, base, root(base)))
        _put(words, counts, base, target)
        for plural in map(fold, plurals.split()):
            old = words.get(plural)
            _spread(words, counts, plural, (old[0] if old else plural, target[1], target[2]))
    names = {fold(name.lstrip("~")): kind for name, kind, _ in rows("names", 3)}
    for word in names:
        terms = (word, word, words[word][2] if word in words else root(word))
        for form in with_heads(word):
            if form == word or (form in counts and form not in names):
                words[form] = terms
    nisba = {_nisba(word): word for word, kind in names.items() if kind in PLACES}
    for word, (stem, plural, origin) in words.items():
        if plural in nisba and word not in names and stem != nisba[plural]:
            words[word] = (nisba[plural], plural, origin)
    for adjective, place in nisba.items():
        for ending in NISBA_ENDINGS:
            for form in with_heads(adjective + ending):
                if form in words and form not in names and words[form][1] in (place, adjective):
                    words[form] = (place, adjective, words[form][2])
    for word, stem, plural, _ in rows("exceptions", 4):
        word = fold(word)
        _spread(words, counts, word, (stem, plural, words[word][2] if word in words else root(word)))


def _nisba(place: str) -> str:
    """The adjective of a place: تونسي of تونس, سعودي of سعودية, فرنسي of فرنسا."""
    for ending in ("يا", "ية", "ا", "ة"):
        if place.endswith(ending) and len(place) - len(ending) >= 3:
            return place[: -len(ending)] + "ي"
    return place + "ي"


def _put(words: dict[str, Terms], counts: dict[str, int], word: str, terms: Terms) -> None:
    if word not in words:
        words[word] = terms
        counts.setdefault(word, 1)


def _spread(words: dict[str, Terms], counts: dict[str, int], word: str, terms: Terms) -> None:
    """Give the word's forms its terms: behind the article always, behind و ب ل where the form is rare beside the word,
    elsewhere and before a pronoun where the form had the word's old terms or none."""
    old = words.get(word)
    for form in with_heads(word):
        head = form[: len(form) - len(word)]
        if head and head not in ARTICLES and counts.get("ال" + form, 0) > LEXICAL * counts.get(form, 0):
            continue  # it takes the article, so its first letter is no clitic: وليد, بلقاء
        own = head in ARTICLES or (head in PLAIN_HEADS and counts.get(form, 0) <= RARE * counts.get(word, 0))
        if form == word or (form in counts and (own or form not in words or _related(words[form], old))):
            words[form] = terms
    for form in with_pronouns(word):
        if form in counts and (form not in words or _related(words[form], old)):
            words[form] = terms
    counts.setdefault(word, 1)


def _related(terms: Terms, old: Terms | None) -> bool:
    return old is not None and (terms[0] == old[0] or terms[1] == old[1])
