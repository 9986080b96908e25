"""Where a cluster is and who asks: `opensearch://host:port/name`, and credentials from the environment or a file.

An address is shown, logged and stored, so no password may stand in it: one with `user:password@` is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from index.engine import IndexProblem

SCHEMES = {"opensearch": False, "opensearch+https": True}
PORT = 9200
LONGEST_NAME = 200  # bytes; OpenSearch allows 255, and a generation's name is longer by its time
PREFIX = "KASHSHAF_OPENSEARCH_"
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_FILE_KEYS = frozenset({"user", "password", "token", "ca", "timeout", "shards", "replicas"})


@dataclass(frozen=True, slots=True)
class Address:
    """A named index on a cluster. Several hosts of one cluster may be given: when one fails, the next is asked."""

    hosts: tuple[tuple[str, int], ...]
    name: str
    tls: bool

    def __str__(self) -> str:
        scheme = "opensearch+https" if self.tls else "opensearch"
        return f"{scheme}://{','.join(map(_host_text, self.hosts))}/{self.name}"

    @property
    def cluster(self) -> str:
        """Return the hosts as a person is told of them."""
        return ", ".join(map(_host_text, self.hosts))


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks, and how long an answer may take. Secrets never show in a text of this object."""

    user: str = ""
    password: str = ""
    token: str = ""
    ca: str = ""  # a file of certificates that may sign the cluster's
    timeout: float = 10.0  # seconds that one question may take
    shards: int = 0  # of a new index; 0: one for each data node
    replicas: int | None = None  # of each shard; None: one wherever there are two nodes or more

    def __repr__(self) -> str:
        return f"Access(user={self.user!r}, timeout={self.timeout})"



def parse_address(text: str) -> Address:
    """Return the address that `text` is. Raises `IndexProblem` that says what is wrong, without any secret in it."""
    scheme, _, rest = text.partition("://")
    if scheme not in SCHEMES:
        raise IndexProblem(
            f"No engine answers to {scheme}://. Give a folder, or opensearch://host:port/name "
            "(opensearch+https:// with TLS)."
        )
    place, _, name = rest.partition("/")
    if "@" in place:
        raise IndexProblem(
            f"An address holds no password, because addresses are shown and logged. Give {scheme}://"
            f"{place.rsplit('@', 1)[1]}/{name} and set {PREFIX}USER and {PREFIX}PASSWORD, or {PREFIX}FILE."
        )
    name = name.rstrip("/")
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME or ".." in name:
        raise IndexProblem(
            f"{name!r} is no name of an index on a cluster. Take small Latin letters, digits, - and _: "
            f"{scheme}://{place or 'localhost:9200'}/resolutions"
        )
    return Address(tuple(_host(part, scheme) for part in place.split(",")), name, SCHEMES[scheme])


def _host(text: str, scheme: str) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port or PORT
    except ValueError:
        host = None
    if not host:
        raise IndexProblem(f"{text!r} is no host and port. Give {scheme}://host:{PORT}/name.")
    return host, port


def _host_text(host: tuple[str, int]) -> str:
    name, port = host
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


def read_access(environment: Mapping[str, str]) -> Access:
    """Return the access that `KASHSHAF_OPENSEARCH_*` gives. Raises `IndexProblem` for what cannot be read.

    USER, PASSWORD, TOKEN, CA, TIMEOUT, SHARDS, REPLICAS; FILE names a file of lines such as `password = secret`, and
    the variables go before it.
    """
    given: dict[str, str] = {}
    if path := environment.get(PREFIX + "FILE"):
        given |= _read_file(Path(path))
    for key in sorted(_FILE_KEYS):
        if value := environment.get(PREFIX + key.upper()):
            given[key] = value
    ca = given.get("ca", "")
    if ca and not Path(ca).is_file():
        raise IndexProblem(f"There is no file {ca} of certificates. Set {PREFIX}CA to the cluster's CA file (PEM).")
    if given.get("password") and not given.get("user"):
        raise IndexProblem(f"A password without a user: set {PREFIX}USER too.")
    return Access(
        given.get("user", ""),
        given.get("password", ""),
        given.get("token", ""),
        ca,
        _number(given, "timeout", 10.0, 0.1),
        int(_number(given, "shards", 0, 1)),
        int(_number(given, "replicas", 0, 0)) if "replicas" in given else None,
    )


def _number(given: Mapping[str, str], key: str, default: float, least: float) -> float:
    if key not in given:
        return default
    try:
        value = float(given[key])
    except ValueError:
        value = least - 1
    if not least <= value < 1e6:
        raise IndexProblem(f"{PREFIX}{key.upper()} is {given[key]!r}; give a number from {least:g}.")
    return value


def _read_file(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise IndexProblem(f"The file {path} of {PREFIX}FILE cannot be read: {problem}.") from None
    given = {}
    for number, line in enumerate(lines, 1):
        key, sign, value = (part.strip() for part in line.partition("="))
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not sign or key not in _FILE_KEYS:  # the value is not shown: it may be a password
            raise IndexProblem(f"{path}:{number}: lines are KEY = VALUE with one of {', '.join(sorted(_FILE_KEYS))}.")
        given[key] = value
    return given
