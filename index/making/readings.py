"""All readings that a dictionary of Arabic morphology gives a word, and how likely each is on its face.

The dictionary is farahidi 0.4.0 (GPL-3.0-or-later, a port of AlKhalil Morpho Sys 2), the words are those of wordfreq
3.1.1 (data CC BY-SA 4.0). Reading all 580,000 takes twenty minutes on one core; the readings are kept in a file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

PER_WORDS = 100_000_000  # counts are per so many words of the source
_ARABIC_WORD = re.compile("[\u0621-\u063a\u0641-\u064a]{2,}").fullmatch
_VOWELS = re.compile("[\u064b-\u0652\u0670]")


class Reading(NamedTuple):
    """One reading of a word as typed.

    `key` names the lemma: its letters and n(oun, particle) or v(erb). `weight` says how likely such a lemma is,
    `form` what share of a lemma's uses stands in this form, 1 for its basic forms.
    """

    key: str
    root: str
    kind: str
    number: str
    proclitics: str
    suffixes: str
    enclitics: str
    weight: float
    form: float


# How likely a lemma of this kind is on its face. Rare kinds would win without this. Judged by eye, not fitted.
KIND_WEIGHTS: dict[str | None, float] = {
    "مصدر مرة": 0.05, "مصدر هيئة": 0.05, "مصدر ميمي": 0.2, "مبالغة اسم الفاعل": 0.3, "اسم آلة": 0.5, "اسم مفعول": 0.8,
    "مصدر أصلي": 0.8, "اسم علم": 0.9,
}  # fmt: skip
# What share of a verb's uses is in this tense and voice; the active is the basic form.
VERB_FORMS: dict[tuple[str | None, str | None], float] = {
    ("ماض", "معلوم"): 1.0, ("مضارع", "معلوم"): 1.0, ("ماض", "مجهول"): 0.05, ("مضارع", "مجهول"): 0.1,
    ("أمر", "معلوم"): 0.01,
}  # fmt: skip
VERB_PREFIXES: dict[str, float] = {"أ": 0.05, "ا": 0.05, "آ": 0.05, "ن": 0.05}  # I and we speak seldom in print
# What share of a noun's uses has this clitic or ending; ال and a leading و are basic.
PROCLITIC_FORMS: dict[str, float] = {"ك": 0.005, "ف": 0.02, "أ": 0.002, "و": 0.1, "ب": 0.05, "ل": 0.05, "س": 0.1}
ENCLITIC_FORMS: dict[str, float] = {"ه": 0.1, "ها": 0.1, "هم": 0.05, "نا": 0.03, "ي": 0.03, "ك": 0.02, "ني": 0.03}
RARE_ENCLITIC = 0.02
VERB_OBJECT = 0.3  # a pronoun behind a verb is rarer than behind a noun
NUMBER_FORMS: dict[str, float] = {"مثنى": 0.03, "جمع": 0.5}
FEMININE = 0.5
EMPHATIC_LAM = 0.002
EMPHATIC_NUN = 0.001
HIDDEN_NUN = 0.01
SHORTENED = 0.1  # jussive and imperative of weak verbs lose a letter: يد of ودي, نقل of قال
# Only these take ة as the feminine of the same word; elsewhere ة makes another word (مكتب, مكتبة).
GENDERED = frozenset({"اسم فاعل", "اسم مفعول", "صفة مشبهة", "نسبة"})
OTHER_WORD = 0.02
PARTICLE = 3.0  # a closed class
PARTICLES = frozenset({"ضمير", "إشارة", "موصول", "شرط", "استفهام", "استفهام:موصول", "ظرف", "استثناء"})


def bare(text: str) -> str:
    """The text without vowel signs."""
    return _VOWELS.sub("", text)


def _verb_form(fields: list[str | None]) -> float:
    form = VERB_FORMS.get((fields[14], fields[15]), 0.3)
    suffixes = fields[9] or ""
    form *= VERB_PREFIXES.get(bare(fields[8] or "")[:1], 1.0)
    if suffixes.startswith("ن") and (fields[2] or "").endswith("نّ"):
        form *= EMPHATIC_NUN
    elif suffixes not in ("", "ت", "وا", "ون"):
        form *= 0.1
    elif bare(fields[2] or "").endswith("ن") and not bare(fields[0] or "").endswith("ن"):
        form *= HIDDEN_NUN  # feminine plural or emphatic that the dictionary writes into the stem: يعلن from على
    root = fields[1] or ""
    needed = 2 if root[:1] == "و" or root[1:2] == root[2:3] else 3
    if len(bare(fields[2] or "")) - len(bare(fields[8] or "")) < needed:
        form *= SHORTENED
    return form


def _noun_form(fields: list[str | None]) -> float:
    suffixes = bare(fields[9] or "")
    form = NUMBER_FORMS.get(fields[6] or "", 1.0)
    if "ة" in suffixes and not bare(fields[0] or "").endswith("ة"):
        form *= FEMININE if fields[4] in GENDERED else OTHER_WORD
    if suffixes in ("ي", "و", "ا"):
        form *= 0.3
    return form


def _reading(fields: list[str | None]) -> Reading:
    pos = {"اسم": "n", "فعل": "v"}.get(fields[3] or "", "p")
    kind = fields[4] or ""
    if pos == "n" and kind in PARTICLES:
        pos = "p"
    form = {"v": _verb_form, "n": _noun_form}.get(pos, lambda _: 1.0)(fields)
    proclitics, enclitics = fields[7] or "", bare(fields[10] or "")
    if proclitics.replace("لَل", "لَ").find("لَ") >= 0:
        form *= EMPHATIC_LAM
        proclitics = proclitics.replace("لَ", "", 1)
    for letter in bare(proclitics.replace("ال", "")):
        form *= PROCLITIC_FORMS.get(letter, 1.0)
    if enclitics:
        form *= ENCLITIC_FORMS.get(enclitics, RARE_ENCLITIC) * (VERB_OBJECT if pos == "v" else 1.0)
    return Reading(
        f"{bare(fields[0] or '')} {'v' if pos == 'v' else 'n'}", fields[1] or "", kind, fields[6] or "",
        bare(fields[7] or ""), bare(fields[9] or ""), enclitics,
        PARTICLE if pos == "p" else KIND_WEIGHTS.get(kind, 1.0), form,
    )  # fmt: skip


def load_readings(path: Path) -> Iterator[tuple[str, int, list[Reading]]]:
    """(surface, count, readings) of each word of a readings file, one reading a lemma: its likeliest."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if not line.endswith("\n"):
                break
            surface, frequency, rows = json.loads(line)
            best: dict[str, Reading] = {}
            for row in rows:
                reading = _reading(row)
                old = best.get(reading.key)
                if old is None or old.weight * old.form < reading.weight * reading.form:
                    best[reading.key] = reading
            yield surface, round(frequency * PER_WORDS), list(best.values())


def _joined(affixes: tuple[Any, ...]) -> str:
    return "+".join(affix.form for affix in affixes)


def write_readings(path: Path, limit: int | None = None) -> int:
    """Read the commonest `limit` words of wordfreq (all when None) with farahidi into `path`; how many were written."""
    from farahidi import Analyzer
    from wordfreq import get_frequency_dict

    words = sorted(
        ((word, count) for word, count in get_frequency_dict("ar", "large").items() if _ARABIC_WORD(word)),
        key=lambda item: (-item[1], item[0]),
    )[:limit]
    analyzer = Analyzer()
    with path.open("w", encoding="utf-8") as file:
        for word, frequency in words:
            rows = [
                [a.lemma, a.root, a.stem, a.pos, a.type, a.gender, a.number, _joined(a.proclitics),
                 _joined(a.prefixes), _joined(a.suffixes), _joined(a.enclitics), a.score, a.pattern, a.lemma_pattern,
                 a.tense, a.voice]
                for a in analyzer.analyze(word)
            ]  # fmt: skip
            file.write(json.dumps([word, frequency, rows], ensure_ascii=False) + "\n")
    return len(words)
