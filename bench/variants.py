"""Other values for the ranking's constants, for one measurement: `pair=0,rerank.k1=1.2`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from bench.places import BenchProblem
from search.rerank_weights import CONSTANTS
from search.weights import WEIGHTS


def parse_variant(text: str) -> dict[str, float]:
    """Return name → value of `name=value,…`, names as `engine.NAME` or `rerank.NAME` where both tables have NAME.

    Raises BenchProblem for an unknown or ambiguous name and for a value that is no number.
    """
    values = {}
    for part in text.split(","):
        name, _, value = part.strip().partition("=")
        try:
            values[_full_name(name)] = float(value)
        except ValueError:
            told = f"{part.strip()!r} is no setting. Write NAME=NUMBER, as pair=0 or rerank.k1=1.2."
            raise BenchProblem(told) from None
    return values


@contextmanager
def changed(values: dict[str, float]) -> Iterator[None]:
    """Set the constants to these values within the context, and put the old ones back after it."""
    weights, constants = dict(WEIGHTS), dict(CONSTANTS)
    try:
        for full_name, value in values.items():
            where, name = full_name.split(".", 1)
            if where == "engine":
                WEIGHTS[name] = replace(WEIGHTS[name], value=value)
            else:
                CONSTANTS[name] = replace(CONSTANTS[name], value=value)
        yield
    finally:
        WEIGHTS.update(weights)
        CONSTANTS.update(constants)


def _full_name(name: str) -> str:
    where, _, bare = name.rpartition(".")
    tables = {"engine": WEIGHTS.keys(), "rerank": CONSTANTS.keys()}
    found = [table for table, names in tables.items() if bare in names and where in ("", table)]
    if len(found) == 1:
        return f"{found[0]}.{bare}"
    if found:
        raise BenchProblem(f"{name!r} stands in both tables. Write engine.{bare} or rerank.{bare}.")
    known = "; ".join(f"{table}: {', '.join(sorted(names))}" for table, names in tables.items())
    raise BenchProblem(f"There is no constant {name!r}. There are {known}.")
