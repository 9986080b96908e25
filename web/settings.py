"""Every setting and limit of the page in one table: name, default, flag, environment variable, what it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. `kind` is "text" or "number"; numbers are whole from `lowest` to `highest`."""

    name: str
    default: str | int
    help: str
    lowest: int = 0
    highest: int = 1_000_000_000

    @property
    def flag(self) -> str:
        """Return the name on the command line, such as `--export-rows`."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """Return the name in the environment, such as `KASHSHAF_EXPORT_ROWS`."""
        return "KASHSHAF_" + self.name.upper()


TABLE: tuple[Setting, ...] = (
    Setting("host", "127.0.0.1", "address to listen on"),
    Setting("port", 8000, "port to listen on; 0 takes a free one", 0, 65_535),
    Setting("threads", 4, "requests that one process answers at the same time", 1, 256),
    Setting("processes", 1, "processes that answer; for many readers as many as processors", 1, 64),
    Setting("public_url", "", "address of the site as readers see it, for feeds and sitemap; else the request's own"),
    Setting("proxies", 0, "reverse proxies in front whose X-Forwarded-* headers are believed"),
    Setting("rate", 600, "requests a minute for a client in one process, 0 for any number; this machine may always"),
    Setting("query_letters", 1000, "longest query in letters; the rest is cut off and said so", 1),
    Setting("query_ms", 900, "milliseconds for one query; what is not done by then is left out and said so", 1),
    Setting("remember_mb", 64, "megabytes of whole answers kept in memory for those who ask the same; 0 keeps none"),
    Setting("page_size", 10, "hits on a page", 1),
    Setting("largest_page", 100, "most hits a request may ask for", 1),
    Setting("deepest_hit", 10000, "last hit that paging reaches; an export goes further", 1),
    Setting("export_rows", 100000, "most rows of one export", 1),
    Setting("facet_values", 8, "values of a facet that are shown; chosen ones always are", 1),
    Setting("grid_sessions", 12, "sessions in the table of the first page", 1),
    Setting("grid_themes", 12, "themes in the table of the first page", 1),
    Setting("metrics", "local", "who may read /metrics: local (this machine), all, or off; see metrics-token"),
    Setting("metrics_token", "", "secret that /metrics is asked with, from anywhere: Authorization: Bearer …"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force; one attribute per row of `TABLE`."""

    host: str
    port: int
    threads: int
    processes: int
    public_url: str
    proxies: int
    rate: int
    query_letters: int
    query_ms: int
    remember_mb: int
    page_size: int
    largest_page: int
    deepest_hit: int
    export_rows: int
    facet_values: int
    grid_sessions: int
    grid_themes: int
    metrics: str
    metrics_token: str


def read(given: Mapping[str, object]) -> Settings:
    """Return the settings: `given` by name, defaults for the rest.

    Raises ValueError with one sentence for an unknown name, or a number that is none or too low.
    """
    known = {setting.name: setting for setting in TABLE}
    for name in given:
        if name not in known:
            raise ValueError(f"unknown setting {name!r}; known ones: {', '.join(known)}")
    values: dict[str, str | int] = {}
    for setting in TABLE:
        value = given.get(setting.name, setting.default)
        values[setting.name] = _number(setting, value) if isinstance(setting.default, int) else str(value)
    return Settings(**values)  # type: ignore[arg-type]


def from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that `environment` names, by setting name, values as written there."""
    return {row.name: environment[row.variable] for row in TABLE if environment.get(row.variable)}


def _number(setting: Setting, value: object) -> int:
    try:
        number = int(str(value))
    except ValueError:
        raise ValueError(f"{setting.flag} needs a whole number, not {value!r}") from None
    if not setting.lowest <= number <= setting.highest:
        raise ValueError(f"{setting.flag} must be from {setting.lowest} to {setting.highest}, not {number}")
    return number


assert [field.name for field in fields(Settings)] == [row.name for row in TABLE]
