"""Words without their clitics: one decision for all words of a core, so that terms do not depend on clitics."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import NamedTuple

from index.making.classes import Lemma
from index.making.lemmas import Choice
from index.making.readings import Reading
from index.making.templates import DISTINCT, singulars_by_template

OWN_SHARE = 0.08  # a reading as itself with this share of a core decides its stem
PLURAL_SHARE = 0.05  # a reading as broken plural with this share, and PLURAL_FIT, decides its plural class
PLURAL_FIT = 0.4
SINGULAR_WINS = 0.9  # a singular noun is a plural only if that reading has so much of the other's share
LISTED_FIT = 0.15
TEMPLATE_FIT = 0.4
SINGULAR = "مفرد"
BROKEN = "جمع"
SOUND_ENDINGS = ("ات", "ون", "ين", "و", "ي")


class Core(NamedTuple):
    """A word without clitics: how often it stands with any, its lemma by stem and by plural, and its root."""

    seen: int
    stem_lemma: str
    plural_lemma: str
    root: str


def core_of(word: str, reading: Reading) -> str | None:
    """The word without the clitics of its reading, None where the letters do not fit."""
    proclitics = reading.proclitics
    for head in (proclitics, proclitics.replace("لال", "لل")):
        if word.startswith(head):
            word = word[len(head) :]
            break
    else:
        return None
    if reading.enclitics:
        if not word.endswith(reading.enclitics):
            return None
        word = word[: -len(reading.enclitics)]
    return word if len(word) > 1 else None


def _restored(core: str, counts: dict[str, int]) -> str:
    """A word before a pronoun with its ending as it stands alone: ة for ت, ي (ى) for ا."""
    for ending, alone in (("ت", "ة"), ("ا", "ي")):
        if core.endswith(ending):
            other = core[:-1] + alone
            if counts.get(other, 0) + counts.get("ال" + other, 0) > counts.get(core, 0):
                return other
    return core


def cores_of(counts: dict[str, int], lemmas: dict[str, list[Lemma]]) -> dict[str, str]:
    """Each word with a lemma → its core, by the reading that fits best."""
    cores: dict[str, str] = {}
    for word, found in lemmas.items():
        reading = found[0].best.reading
        core = core_of(word, reading) or word
        cores[word] = _restored(core, counts) if reading.enclitics and core != word else core
    return cores


def is_broken(choice: Choice) -> bool:
    """Whether the reading is a broken plural of its lemma."""
    return choice.reading.number == BROKEN and not choice.reading.suffixes.startswith(SOUND_ENDINGS)


def decide(
    counts: dict[str, int],
    lemmas: dict[str, list[Lemma]],
    cores: dict[str, str],
    plurals: dict[str, set[str]],
    singulars: frozenset[str],
) -> dict[str, Core]:
    """The decision for each core, from all its words together, weighted by log(1 + count).

    `plurals` and `singulars` are a second dictionary's (`index.making.plurals`): it decides for a core that it lists as
    a plural only, where the singular is common enough.
    """
    totals: dict[str, int] = defaultdict(int)
    own: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    broken: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    nouns: dict[str, float] = defaultdict(float)
    roots: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for word, core in cores.items():
        totals[core] += counts[word]
        mass = math.log1p(counts[word])
        for lemma in lemmas[word]:
            part = mass * lemma.share
            if is_broken(lemma.best):
                if lemma.best.fit >= PLURAL_FIT:
                    broken[core][lemma.letters] += part
            else:
                own[core][lemma.letters] += part
                if lemma.best.reading.key.endswith(" n") and lemma.best.reading.number == SINGULAR:
                    nouns[core] += part
            if lemma.best.reading.root:
                roots[core][lemma.best.reading.root] += part
    origin = {core: _heaviest(found, 0) or "" for core, found in roots.items()}
    decisions: dict[str, Core] = {}
    for core, count in totals.items():
        everything = sum(own[core].values()) + sum(broken[core].values()) + 1e-9
        stem_lemma = _heaviest(own[core], OWN_SHARE * everything)
        least = max(PLURAL_SHARE * everything, SINGULAR_WINS * nouns[core])
        enough = {
            single: part * math.log1p(totals.get(single, 0)) for single, part in broken[core].items() if part >= least
        }
        plural_lemma = _heaviest(enough, 0)
        best = _heaviest(own[core], 0) or _heaviest(broken[core], 0) or core
        listed = [single for single in plurals.get(core, ()) if totals.get(single, 0) >= LISTED_FIT * count]
        if listed and core not in singulars and (plural_lemma is None or plural_lemma not in listed):
            plural_lemma = max(listed, key=lambda single: (totals[single], single))
        if plural_lemma is None and core not in singulars and best == core:
            plural_lemma = _by_template(core, count, totals, origin)
        decisions[core] = Core(
            count, stem_lemma or plural_lemma or best, plural_lemma or best, origin.get(core, "")
        )
    return decisions


def _by_template(core: str, count: int, totals: dict[str, int], origin: dict[str, str]) -> str | None:
    """The singular of a core that has the shape of a broken plural: common enough and of the same root."""
    for single in singulars_by_template(core):
        if totals.get(single, 0) < TEMPLATE_FIT * count or single == core:
            continue
        same = origin.get(single, "") == origin.get(core, "")
        if (same and origin.get(core)) or (len(core) >= DISTINCT and not origin.get(core)):
            return single
    return None


def _heaviest(masses: dict[str, float], least: float) -> str | None:
    """The key with the largest mass, None when none reaches `least`."""
    if not masses:
        return None
    key = max(masses, key=lambda k: (masses[k], k))
    return key if masses[key] >= least else None
