"""ZIP and TAR archives → their members as streams, with every trick of a hostile archive refused by name."""

from __future__ import annotations

import gzip
import io
import lzma
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO

from index.encoding import BinaryData, decode_bytes
from index.natural_order import natural_key
from index.source_limits import MEGABYTE, Limits, shown_bytes

RATIO_FROM = 20 * MEGABYTE  # below this, a ratio says nothing: a page of blanks packs a thousand to one
HEADER_BYTES = MEGABYTE  # of one extended TAR header; a path needs 4 kB
ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_DRIVE = re.compile(r"^[a-zA-Z]:")


class TooMuch(Exception):
    """A packed stream unpacks to more than its limits; the message says to how much."""


class BadArchive(Exception):
    """An archive that cannot be opened or read on; the message says why."""


@dataclass(slots=True)
class Member:
    """A file in an archive."""

    name: str
    modified: str | None
    open: Callable[[], BinaryIO]
    refused: str = ""  # why it must not be read, as in "is a link"


class Unpacked(io.RawIOBase, BinaryIO):
    """An unpacking stream that ends with TooMuch where it grows beyond its limits."""

    def __init__(self, inner: BinaryIO, packed: Callable[[], int], limits: Limits, most: int | None) -> None:
        self._inner = inner
        self._packed = packed  # bytes of the packed file so far
        self._limits = limits
        self._most = most
        self.total = 0
        self.tail = b""  # the last block that was read

    def reopen(self, inner: BinaryIO) -> BinaryIO:
        """Return this stream going on with the next member; what was unpacked before counts on."""
        self._inner = inner
        return self

    def close(self) -> None:
        """Keep open: the members of an archive share this stream."""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes. Raises TooMuch."""
        data = self._inner.read(size)
        self.total += len(data)
        self.tail = data[-512:] or self.tail
        if self.total > RATIO_FROM and self.total > self._limits.ratio * self._packed():
            raise TooMuch(f"unpacks to more than {self._limits.ratio} times its size")
        if self._most is not None and self.total > self._most:
            raise TooMuch(f"unpacks to more than the limit of {shown_bytes(self._most)}")
        return data


def unsafe_name(name: str) -> str:
    """Return why a member's name must not be followed, "" where it is a plain path below the archive."""
    path = name.replace("\\", "/")
    if path.startswith("/") or _DRIVE.match(path) or ".." in path.split("/"):
        return "names a place outside the archive"
    return ""


def zip_members(stream: BinaryIO, size: int, limits: Limits) -> Iterator[Member]:
    """Yield the files of a ZIP archive in natural order. Raises BadArchive, TooMuch while it is read."""
    _check_directory(stream, size, limits)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, OverflowError, struct.error, RuntimeError) as problem:
        raise BadArchive(f"is no whole ZIP archive ({problem})") from problem
    unpacked = Unpacked(io.BytesIO(), lambda: size, limits, limits.unpacked_bytes)

    def opener(info: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
        return lambda: unpacked.reopen(archive.open(info))  # type: ignore[arg-type]

    with archive:
        files = [(_zip_name(info), info) for info in archive.infolist() if info.filename and not info.is_dir()]
        for name, info in sorted(files, key=lambda each: natural_key(each[0])):
            refused = unsafe_name(name)
            if stat.S_ISLNK(info.external_attr >> 16):
                refused = "is a link"
            elif info.flag_bits & 1:
                refused = "is locked by a password"
            elif info.compress_type not in ZIP_METHODS:
                refused = f"is packed by a method that cannot be read ({info.compress_type})"
            yield Member(name, _zip_time(info), opener(info), refused)


def _check_directory(stream: BinaryIO, size: int, limits: Limits) -> None:
    """Raise BadArchive where a ZIP archive says that it has too many members, before they are read into memory."""
    stream.seek(max(0, size - 66_000))
    tail = stream.read(66_000)
    stream.seek(0)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or end + 20 > len(tail):
        raise BadArchive("is no whole ZIP archive (its directory at the end is missing)")
    count, directory = struct.unpack_from("<HI", tail, end + 10)
    wide = tail.rfind(b"PK\x06\x06", 0, end)
    if wide >= 0 and wide + 48 <= len(tail):
        count, directory = struct.unpack_from("<QQ", tail, wide + 32)
    if count > limits.members or directory > limits.members * 1000:
        raise BadArchive(f"holds {count:,} members, more than the limit of {limits.members:,}")


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; old programs wrote Arabic names in the encoding of their system without saying so."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        return decode_bytes(info.filename.encode("cp437")).text
    except (UnicodeEncodeError, BinaryData):
        return info.filename


def _zip_time(info: zipfile.ZipInfo) -> str | None:
    try:
        return datetime(*info.date_time).isoformat()  # ZIP knows no time zone
    except ValueError:
        return None


class _Header(tarfile.TarInfo):
    """A TAR header that refuses extended headers too long to be names."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Header:
        """Return the header in `buf`. Raises BadArchive where it announces more than a name may hold."""
        header = super().frombuf(buf, encoding, errors)
        special = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME,
                   tarfile.GNUTYPE_LONGLINK)
        if header.type in special and header.size > HEADER_BYTES:
            raise BadArchive(f"holds a header of {shown_bytes(header.size)}")
        return header


def tar_members(stream: BinaryIO, packed: Callable[[], int], zipped: bool, limits: Limits) -> Iterator[Member]:
    """Yield the files of a TAR archive in its own order, reading it once. Raises BadArchive, TooMuch, EOFError."""
    inner: BinaryIO = gzip.GzipFile(fileobj=stream, mode="rb") if zipped else stream  # type: ignore[assignment]
    unpacked = Unpacked(inner, packed, limits, limits.unpacked_bytes)
    try:
        with tarfile.open(fileobj=unpacked, mode="r|", tarinfo=_Header, errorlevel=1) as archive:
            for count, info in enumerate(archive):
                archive.members = []  # type: ignore[attr-defined]  # else every header is kept
                if count >= limits.members:
                    raise BadArchive(f"holds more than the limit of {limits.members:,} members")
                if info.isdir():
                    continue
                name = _tar_name(info.name)
                refused = unsafe_name(name)
                if info.issym() or info.islnk():
                    refused = "is a link"
                elif not info.isreg() or info.issparse():
                    refused = "is no plain file"
                yield Member(name, _tar_time(info), partial(_extract, archive, info), refused)
            if unpacked.tail.strip(b"\0"):  # a whole archive ends in blocks of zeros
                raise BadArchive("is cut off: its end is missing")
    except tarfile.TarError as problem:
        raise BadArchive(f"is no whole TAR archive ({problem})") from problem


def _extract(archive: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    found = archive.extractfile(info)
    return found if found is not None else io.BytesIO()  # type: ignore[return-value]


def _tar_name(name: str) -> str:
    """Return a member's name; one that is no UTF-8 is read in the encoding of its bytes."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        try:
            return decode_bytes(name.encode("utf-8", "surrogateescape")).text
        except BinaryData:
            return name.encode("utf-8", "replace").decode("utf-8")
    return name


def _tar_time(info: tarfile.TarInfo) -> str | None:
    try:
        return datetime.fromtimestamp(info.mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return None


# What a damaged packed stream raises while it is read, beside OSError.
PACKED_ERRORS = (
    EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, lzma.LZMAError, struct.error, tarfile.TarError,
)
