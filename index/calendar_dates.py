"""Dates of both calendars in folded text: "من 26 إلى 28 رجب 1432هـ", "28 - 30 يونيه 2011م", "27-28/5/2015"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from index.ordinals import ordinal_forms
from index.page_text import LETTER, fold
from index.parse_tables import table

_NOT_LETTER = f"(?<![{LETTER}])"


@dataclass(slots=True, frozen=True)
class DateSpan:
    """A date or a range as printed; `start` and `end` are ISO strings of the named calendar,
    `at` the place in the folded text.
    """

    calendar: str  # gregorian or hijri
    start: str
    end: str
    at: tuple[int, int]


@cache
def _months() -> dict[str, tuple[str, int]]:
    """Folded name without spaces → (calendar, month)."""
    return {
        fold(name).replace(" ", ""): (row["calendar"], int(row["month"]))
        for row in table("months")
        for name in row["names"].split("|")
    }


@cache
def month_names() -> str:
    """A regular expression of all month names in folded text, longest first."""
    names = {fold(name) for row in table("months") for name in row["names"].split("|")}
    return "|".join(name.replace(" ", " ?") for name in sorted(names, key=len, reverse=True))


@cache
def _spelled() -> re.Pattern[str]:
    """A day or a list of days, a month (perhaps under two names), a year;
    the first month and year of a range may be missing.
    """
    day = rf"(?:\d{{1,2}}|غره|(?<![{LETTER}])ا(?= )|{_worded_day()})"
    weekday = r"(?:(?:يوم )?(?:ال)?(?:احد|اثنين|ثلاثاء|اربعاء|خميس|جمعه|سبت) )?"
    link = rf"(?: ?(?:-|،|/|الي|حتي|و) ?{weekday})"
    second = rf"(?: ?[/(\"]+ ?(?:{month_names()}) ?[)\"]*| (?:{month_names()}))"
    year = (
        r"(?: ?[،,]? ?(?:من )?(?:عام |سنه )?\(?(?P<year{n}>\d{{4}})(?!\d)(?: ?(?:ميلادي|هجري)[هة]?| ?(?:هـ|ه|م)(?!["
        + LETTER
        + r"]))?)"
    )
    mark = r"(?: ?[،,]? ?)"
    first = rf"(?P<month1>{month_names()}){second}?{year.replace('{n}', '1').replace('{{', '{').replace('}}', '}')}?"
    last = rf"(?P<month2>{month_names()}){second}?{year.replace('{n}', '2').replace('{{', '{').replace('}}', '}')}"
    return re.compile(
        rf"(?P<days>{day}(?:{link}{{1,2}}{day}){{0,6}}) ?(?:من )?(?:شهر )?"
        rf"(?:{first}{mark}{link}(?P<days2>{day}) ?(?:من )?(?:شهر )?)?{last}"
    )


@cache
def _worded_days() -> dict[str, int]:
    """Folded ordinal → day of the month: "الخامس", "الحادي والعشرين"."""
    return {fold(form): day for day in range(1, 32) for form in ordinal_forms(day) if form.startswith("ال")}


@cache
def _numeric() -> re.Pattern[str]:
    return re.compile(
        r"(?<![\d/])(?:(?:(?P<first>\d{1,2})(?: ?[/.] ?(?P<month1>\d{1,2}))? ?(?:-|الي) ?)?"
        r"(?P<day>\d{1,2}) ?[/.] ?(?P<month>\d{1,2}) ?[/.] ?(?P<year>\d{4})"
        r"|(?P<year0>\d{4}) ?[/.-] ?(?P<month0>\d{1,2}) ?[/.-] ?(?P<day0>\d{1,2}))(?![\d/])"
    )


_YEAR = re.compile(r"\d{4}")


def find_dates(folded: str) -> list[DateSpan]:
    """All full dates (day, month, year) of a folded text in order of place; a date without a year is none."""
    if not _YEAR.search(folded):
        return []
    found = [span for match in _spelled().finditer(folded) if (span := _from_spelled(match))]
    for match in _numeric().finditer(folded):
        year, month, day = (int(match[name] or match[name + "0"]) for name in ("year", "month", "day"))
        if month > 12 and day <= 12:  # an American hand
            month, day = day, month
        first, first_month = int(match["first"] or day), int(match["month1"] or month)
        plausible = 1 <= first_month <= month <= 12 and 1 <= day <= 31 and 1 <= first <= 31 and 1300 <= year <= 2200
        if plausible and not any(s.at[0] <= match.start() < s.at[1] for s in found):
            if first_month == month:
                first, day = min(first, day), max(first, day)
            calendar = "hijri" if year < 1700 else "gregorian"
            found.append(DateSpan(calendar, _iso(year, first_month, first), _iso(year, month, day), match.span()))
    return sorted(found, key=lambda span: span.at)


def _from_spelled(match: re.Match[str]) -> DateSpan | None:
    year = int(match["year2"])
    days = [_day(d) for d in _day_words().findall(match["days"])]
    calendar, month = _months()[match["month2"].replace(" ", "")]
    if match["month1"]:
        first_calendar, first_month = _months()[match["month1"].replace(" ", "")]
        if first_calendar != calendar:
            return None
        first_year = int(match["year1"] or (year - 1 if first_month > month else year))
        start, end = _iso(first_year, first_month, days[0]), _iso(year, month, _day(match["days2"]))
    else:
        days = sorted(days)  # "18-17 محرم" is a range turned round by a right-to-left editor
        start, end = _iso(year, month, days[0]), _iso(year, month, days[-1])
    if not all(1 <= d <= 31 for d in days) or (calendar == "hijri") != (year < 1700):
        return None
    return DateSpan(calendar, start, end, match.span())


@cache
def _worded_day() -> str:
    return f"(?:{'|'.join(sorted(_worded_days(), key=len, reverse=True))})(?![{LETTER}])"


@cache
def _day_words() -> re.Pattern[str]:
    return re.compile(rf"\d+|غره|(?<![{LETTER}])ا(?![{LETTER}])|{_worded_day()}")


def _day(text: str) -> int:
    if text.isdigit():
        return int(text)
    return _worded_days().get(text, 1)  # غرة, and a bare alef typed for the digit


def _iso(year: int, month: int, day: int) -> str:
    return f"{year:04d}-{month:02d}-{day:02d}"


def day_number(iso: str, calendar: str) -> int:
    """The Julian day of an ISO date; Hijri by the civil tabular calendar (Reingold and Dershowitz),
    true to about two days.
    """
    year, month, day = (int(part) for part in iso.split("-"))
    if calendar == "hijri":
        return day + (59 * (month - 1) + 1) // 2 + (year - 1) * 354 + (3 + 11 * year) // 30 + 1948439
    shift = (14 - month) // 12
    y, m = year + 4800 - shift, month + 12 * shift - 3
    return day + (153 * m + 2) // 5 + 365 * y + y // 4 - y // 100 + y // 400 - 32045


def is_calendar_date(iso: str) -> bool:
    """Whether the Gregorian date exists (no 31 June)."""
    year, month, day = (int(part) for part in iso.split("-"))
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 1 <= month <= 12 and 1 <= day <= (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
