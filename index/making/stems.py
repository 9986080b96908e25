"""The stem field of known words: the light stem of the core, kept apart by lemma.

Two cores that the rules give one stem keep it only if their lemmas belong together (شعب is no شعبة); the commonest
group keeps the short name, the others are named by their lemma.
"""

from __future__ import annotations

import re
from collections import defaultdict

from index.light import LightRules
from index.making.cores import Core

ACTING = re.compile("م[^اوي]ا[^اوي][^اوي]").fullmatch  # participle of the third form, whose feminine is its verbal noun


def core_stems(counts: dict[str, int], cores: dict[str, Core]) -> dict[str, str]:
    """Each core's stem."""
    rules = LightRules(lambda word: counts.get(word, 0))
    stems = {core: rules.stem_of_core(core) or core for core in cores}
    return _separate(stems, cores)


def _groups(weights: dict[str, float], own: dict[str, str]) -> dict[str, str]:
    """Lemma → the name of its group: lemmas joined by nisba (إسلام, إسلامي), a person and what he does (مشارك, مشاركة),
    and lemmas of which one is read as a form of another (`own`: core → its lemma; إشعار, أشعار)."""
    parent = {lemma: lemma for lemma in weights}

    def find(lemma: str) -> str:
        while parent[lemma] != lemma:
            lemma = parent[lemma]
        return lemma

    for core, lemma in own.items():
        if core != lemma and core in weights:
            parent[find(core)] = find(lemma)
    for lemma in weights:
        if lemma + "ة" in weights and ACTING(lemma):
            parent[find(lemma)] = find(lemma + "ة")
        if lemma.endswith("ي"):
            bases = [base for base in (lemma[:-1], lemma[:-1] + "ة", lemma[:-1] + "ا") if base in weights]
            if bases:
                parent[find(lemma)] = find(max(bases, key=lambda base: (weights[base], base)))
    return {lemma: find(lemma) for lemma in weights}


def _separate(stems: dict[str, str], cores: dict[str, Core]) -> dict[str, str]:
    classes: dict[str, list[str]] = defaultdict(list)
    for core, stem in stems.items():
        classes[stem].append(core)
    taken = set(stems.values())
    result = dict(stems)
    for members in classes.values():
        weights: dict[str, float] = defaultdict(float)
        for core in members:
            weights[cores[core].stem_lemma] += cores[core].seen + 1e-6
        if len(weights) == 1:
            continue
        groups = _groups(weights, {core: cores[core].stem_lemma for core in members})
        mass: dict[str, float] = defaultdict(float)
        for lemma, weight in weights.items():
            mass[groups[lemma]] += weight
        biggest = max(mass, key=lambda group: (mass[group], group))
        for core in members:
            group = groups[cores[core].stem_lemma]
            if group != biggest:
                result[core] = group + "ء" if group in taken else group
    return result
