"""The table of known sessions, used to check what a page says and to fill what it leaves out;
what is filled is marked.
"""

from __future__ import annotations

from functools import cache

from index.calendar_dates import day_number, is_calendar_date
from index.document import PageWarning, Reading, Resolution
from index.page_text import fold
from index.parse_tables import table

_CALENDAR_SLACK = 2  # days: even official pages differ by a day or two between the calendars
_DATE_SLACK = 3


@cache
def known_sessions() -> dict[tuple[str, str], dict[str, str]]:
    """(body, session) → row of sessions.tsv."""
    return {(row["body"], row["session"]): row for row in table("sessions")}


@cache
def city_spellings() -> dict[str, str]:
    """Folded spelling of a city, without spaces → canonical name."""
    return {
        fold(name).replace(" ", ""): row["city"]
        for row in table("places")
        for name in (row["city"], *row.get("spellings", "").split("|"))
        if name
    }


def same_place(one: str, other: str) -> bool:
    """Whether two printed names mean one city, as far as the table knows."""
    first, second = (fold(name).replace(" ", "") for name in (one, other))
    spelled = city_spellings()
    return spelled.get(first, first) == spelled.get(second, second)


def check_and_fill(document: Resolution, islamic: bool) -> None:
    """Warns where the page contradicts the table or its own other calendar;
    fills empty fields and names them in `filled`.
    """
    _check_calendars(document)
    row = known_sessions().get((document.body or "", document.session or ""))
    if (
        row is None
        or not islamic
        or document.extraordinary
        or document.kind not in ("resolution", "communique", "declaration")
    ):
        return
    if _is_another_series(document, row):
        return
    where = f"table of sessions ({row['source']})"
    if document.place and not same_place(document.place, row["place"]):
        message = (
            f"The page places session {document.session} in {document.place}, the table of sessions in "
            f"{row['place']}; the page was kept."
        )
        document.warnings.append(
            PageWarning("place", message, [Reading(document.place, "page"), Reading(row["place"], where)])
        )
        return
    if document.date_start:
        apart = abs(day_number(document.date_start, "gregorian") - day_number(row["date_start"], "gregorian"))
        if apart > _DATE_SLACK:
            message = (
                f"The page dates session {document.session} from {document.date_start}, the table from "
                f"{row['date_start']}; the page was kept."
            )
            document.warnings.append(
                PageWarning(
                    "date_start", message, [Reading(document.date_start, "page"), Reading(row["date_start"], where)]
                )
            )
            return
    if document.hijri_start and row["hijri_start"] and not document.date_start:
        apart = abs(day_number(document.hijri_start, "hijri") - day_number(row["hijri_start"], "hijri"))
        if apart > _DATE_SLACK:
            message = (
                f"The page dates session {document.session} from {document.hijri_start} (Hijri), "
                f"the table from {row['hijri_start']}; the page was kept."
            )
            readings = [Reading(document.hijri_start, "page"), Reading(row["hijri_start"], where)]
            document.warnings.append(PageWarning("hijri", message, readings))
            return
    _fill(document, row)


def _is_another_series(document: Resolution, row: dict[str, str]) -> bool:
    """Whether place and year both contradict the table: then another conference counts its own sessions."""
    if not document.place or same_place(document.place, row["place"]) or not document.date_start:
        return False
    return abs(day_number(document.date_start, "gregorian") - day_number(row["date_start"], "gregorian")) > 180


def _fill(document: Resolution, row: dict[str, str]) -> None:
    if not document.place:
        document.place = row["place"]
        document.filled.append("place")
    if not document.date_start:
        document.date_start, document.date_end = row["date_start"], row["date_end"]
        document.filled += ["date_start", "date_end"]
    if not document.hijri_start and row["hijri_start"]:
        document.hijri_start, document.hijri_end = row["hijri_start"], row["hijri_end"]
        document.filled += ["hijri_start", "hijri_end"]
    if not document.session_title and row["motto"]:
        document.session_title = row["motto"]
        document.filled.append("session_title")


def _check_calendars(document: Resolution) -> None:
    for name in ("date_start", "date_end"):
        value: str | None = getattr(document, name)
        if value and not is_calendar_date(value):
            document.warnings.append(
                PageWarning(name, f"The page prints {value}, a day that does not exist.", [Reading(value, "page")])
            )
            return
    if not (document.date_start and document.hijri_start):
        return
    apart = day_number(document.date_start, "gregorian") - day_number(document.hijri_start, "hijri")
    if abs(apart) > _CALENDAR_SLACK:
        message = (
            f"{document.hijri_start} (Hijri) and {document.date_start} are {abs(apart)} days apart; both were "
            f"kept as printed."
        )
        readings = [Reading(document.hijri_start, "Hijri date"), Reading(document.date_start, "Gregorian date")]
        document.warnings.append(PageWarning("date_start", message, readings))
