"""The interface's languages: catalogues, directions, numbers and dates; the language stands first in the address."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

CATALOGUES = Path(__file__).with_name("translations")


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the interface: its code, its name in itself, and the way its lines run."""

    code: str
    name: str
    direction: str
    thousands: str
    comma: str
    colon: str


TABLE: dict[str, Language] = {
    "ar": Language("ar", "العربية", "rtl", ",", "، ", ":"),
    "en": Language("en", "English", "ltr", ",", ", ", ":"),
    "fr": Language("fr", "Français", "ltr", "\u202f", ", ", "\u00a0:"),
}
DEFAULT = "ar"
HOST = re.compile(
    r"(?:[A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?(?::\d{1,5})?\Z|\[[0-9A-Fa-f:.]{2,45}\](?::\d{1,5})?\Z"
)


class Prefix:
    """WSGI: takes a leading `/en` or `/fr` off the path and notes it, so that every link that is built carries it."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request with the language and the rest of the path set apart."""
        if not HOST.match(environ.get("HTTP_HOST", "")):
            environ.pop("HTTP_HOST", None)  # werkzeug then takes the server's own name; a wrong one would break it
        path = environ.get("PATH_INFO", "")
        code = path[1:].partition("/")[0]
        environ["kashshaf.root"] = environ.get("SCRIPT_NAME", "")
        environ["kashshaf.path"] = path
        environ["kashshaf.language"] = DEFAULT
        if code in TABLE and code != DEFAULT:
            environ["kashshaf.language"] = code
            environ["kashshaf.path"] = environ["PATH_INFO"] = path[len(code) + 1 :] or "/"
            environ["SCRIPT_NAME"] = environ["kashshaf.root"] + "/" + code
        return self.application(environ, start_response)


@cache
def catalogue(code: str) -> Translations:
    """Return the texts of one language, read from its .po file; no compiled file is needed."""
    with (CATALOGUES / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        written = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, written)
    compiled.seek(0)
    return Translations(compiled)


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of the interface in one language: `t` for a text, `tn` for one that counts."""

    language: Language

    def t(self, key: str, **values: object) -> str:
        """Return the text of `key` with `values` filled in."""
        text = catalogue(self.language.code).gettext(key)
        return text.format(**values) if values else text

    def tn(self, key: str, n: int, **values: object) -> str:
        """Return the text of `key` in the plural form for `n`, `{n}` filled in."""
        return catalogue(self.language.code).ngettext(key, key, n).format(n=self.number(n), **values)

    def number(self, n: int) -> str:
        """Return `n` with thousands set apart, in European digits."""
        return f"{n:,}".replace(",", self.language.thousands)

    def date(self, iso: str) -> str:
        """Return an ISO date (or year, or year and month) written out; what is none comes back as it is."""
        return _date(iso, self.language.code)


@lru_cache(maxsize=4096)
def _date(iso: str, code: str) -> str:
    parts = iso.split("-")
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 3:
            return format_date(datetime.date(numbers[0], numbers[1], numbers[2]), "d MMMM y", locale=code)
        if len(numbers) == 2:
            return format_date(datetime.date(numbers[0], numbers[1], 1), "MMMM y", locale=code)
    except (ValueError, OverflowError):
        return iso  # shown as printed: a source may hold a date that no calendar has
    return iso
