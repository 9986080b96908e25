"""Why a clause stands where it stands: which words at which level, and what each part of the score gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.analysis import Token
from search.plan import Plan


def explain_hit(plan: Plan, tokens: Sequence[Token], parts: Mapping[str, float]) -> list[dict[str, object]]:
    """Return a row per word of the query (its nearest level here, the written forms) and one per part of the score."""
    rows: list[dict[str, object]] = []
    for word in plan.words:
        for level in ("marked", "folded", "stem", "plural", "root"):
            term = getattr(word.terms, level)
            forms = list(dict.fromkeys(token.text for token in tokens if getattr(token.terms, level) == term))
            if forms:
                rows.append({"word": word.text, "level": level, "term": term, "forms": forms})
                break
        else:
            rows.append({"word": word.text, "level": None, "term": None, "forms": []})
    rows += [{"part": name, "score": round(value, 4)} for name, value in parts.items()]
    return rows
