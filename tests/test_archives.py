"""Archives yield their documents; every trick of a hostile archive is refused by name, and the rest is read."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.archives import unsafe_name
from index.source_limits import LIMITS
from index.sources import Fault, Item, Page, Row, read_sources

TEXT = "يدعو المؤتمر الدول الأعضاء إلى صيانة العيون."
ROW = '{"id": "a", "text": "نص"}\n'.encode()


def zip_file(path: Path, members: dict[str, bytes]) -> Path:
    """Return a ZIP archive of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def tar_file(path: Path, members: dict[str, bytes], *special: tarfile.TarInfo) -> Path:
    """Return a TAR archive (packed where the name says so) of these members and special headers."""
    with tarfile.open(path, "w:gz" if path.name.endswith("gz") else "w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in special:
            archive.addfile(info)
    return path


def special(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    """Return a TAR header of a kind that holds no data."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def read(path: Path, **limits: int) -> list[Item]:
    """Return everything an archive yields."""
    return list(read_sources([str(path)], limits=replace(LIMITS, **limits)))


def faults(items: list[Item]) -> list[str]:
    """Return the faults without the folder of the test."""
    found = [item for item in items if isinstance(item, Fault)]
    return [f"{item.source.split('!')[1] if '!' in item.source else Path(item.source).name}: {item.problem}"
            for item in found]


MEMBERS = {
    "b/page10.txt": TEXT.encode(), "b/page9.txt": TEXT.encode("cp1256"), "a.html": f"<p>{TEXT}".encode(),
    "rows.jsonl": ROW, "rows.jsonl.gz": gzip.compress(ROW), "x.png": b"1", "__MACOSX/a.html": b"1", ".x.txt": b"1",
}


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz"])
def test_documents_of_an_archive_are_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    items = read(zip_file(path, MEMBERS) if name.endswith("zip") else tar_file(path, MEMBERS))
    pages = [item for item in items if isinstance(item, Page)]
    assert sorted(page.source for page in pages) == [f"{name}!a.html", f"{name}!b/page10.txt", f"{name}!b/page9.txt"]
    assert {page.text.strip() for page in pages} == {TEXT}
    assert [item.source for item in items if isinstance(item, Row)] == [f"{name}!rows.jsonl", f"{name}!rows.jsonl.gz"]
    assert faults(items) == [f"{name}: holds files of other kinds: .png (1)"]


def test_members_of_a_zip_come_in_natural_order(tmp_path: Path) -> None:
    items = read(zip_file(tmp_path / "a.zip", MEMBERS))
    assert [item.source.split("!")[1] for item in items if isinstance(item, Page)] == [
        "a.html", "b/page9.txt", "b/page10.txt"]


@pytest.mark.parametrize(("name", "unsafe"), [
    ("../x.txt", True), ("a/../../x.txt", True), ("/etc/x.txt", True), ("C:\\x.txt", True), ("..\\x.txt", True),
    ("a/..x.txt", False), ("a/x.txt", False), ("قرار.txt", False),
])
def test_names_that_lead_outside_are_unsafe(name: str, unsafe: bool) -> None:
    assert bool(unsafe_name(name)) == unsafe


def test_a_zip_with_tricks_yields_the_rest(tmp_path: Path) -> None:
    path = zip_file(tmp_path / "a.zip", {"../x.txt": b"x", "good.txt": TEXT.encode(), "in.zip": b"PK"})
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/hostname")
    items = read(path)
    assert faults(items) == [
        "../x.txt: the member names a place outside the archive",
        "in.zip: is an archive inside an archive; unpack it first",
        "link.txt: the member is a link"]
    assert [item.source for item in items if isinstance(item, Page)] == ["a.zip!good.txt"]


def test_a_tar_with_tricks_yields_the_rest(tmp_path: Path) -> None:
    path = tar_file(
        tmp_path / "a.tar.gz", {"/x.txt": b"x", "good.txt": TEXT.encode()},
        special("soft.txt", tarfile.SYMTYPE, "/etc/hostname"),
        special("hard.txt", tarfile.LNKTYPE, "good.txt"), special("pipe.txt", tarfile.FIFOTYPE),
        special("disk.txt", tarfile.BLKTYPE), special("folder.txt", tarfile.DIRTYPE))
    items = read(path)
    assert faults(items) == [
        "/x.txt: the member names a place outside the archive", "soft.txt: the member is a link",
        "hard.txt: the member is a link", "pipe.txt: the member is no plain file",
        "disk.txt: the member is no plain file"]
    assert [item.source for item in items if isinstance(item, Page)] == ["a.tar.gz!good.txt"]


def test_a_member_locked_by_a_password_is_a_fault(tmp_path: Path) -> None:
    path = zip_file(tmp_path / "a.zip", {"secret.txt": b"x", "good.txt": TEXT.encode()})
    data = bytearray(path.read_bytes())
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(header) + flags] |= 1
    path.write_bytes(data)
    assert faults(read(path)) == ["secret.txt: the member is locked by a password"]


def test_a_member_that_is_damaged_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.txt", "first " * 100)
        archive.writestr("b.txt", TEXT)
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    items = read(path)
    assert faults(items) == ["a.txt: is damaged or cut off (Bad CRC-32 for file 'a.txt')"]
    assert [item.source for item in items if isinstance(item, Page)] == ["a.zip!b.txt"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar", "a.jsonl.gz"])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.95])
def test_an_archive_that_is_cut_off_is_one_more_fault(tmp_path: Path, name: str, share: float) -> None:
    path = tmp_path / name
    members = {f"{i}.jsonl": b"".join(b'{"id":"%d-%d","text":"x"}\n' % (i, j) for j in range(50 * i))
               for i in range(1, 5)}
    if name.endswith("zip"):
        zip_file(path, members)
    elif "tar" in name:
        tar_file(path, members)
    else:
        path.write_bytes(gzip.compress(b"".join(members.values())))
    whole = path.read_bytes().rstrip(b"\0") if name == "a.tar" else path.read_bytes()
    path.write_bytes(whole[:int(len(whole) * share)])
    items = read(path)
    assert isinstance(items[-1], Fault)
    assert sum(isinstance(item, Row) for item in items) < 500
    assert any(word in items[-1].problem for word in ("cut off", "no whole", "is empty"))


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.jsonl.gz", "a.txt.gz"])
def test_what_unpacks_beyond_the_ratio_is_stopped(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    blanks = b" " * 30_000_000
    if name.endswith("zip"):
        zip_file(path, {"1.jsonl": blanks, "2.jsonl": ROW})
    elif "tar" in name:
        tar_file(path, {"1.jsonl": blanks, "2.jsonl": ROW})
    else:
        path.write_bytes(gzip.compress(blanks))
    items = read(path)
    assert faults(items)[-1] == f"{name}: unpacks to more than 100 times its size"
    assert not any(isinstance(item, Row) for item in items)


def test_what_unpacks_beyond_the_limit_is_stopped(tmp_path: Path) -> None:
    rows = b"".join(b'{"id":"%d","text":"x"}\n' % i for i in range(2000))
    items = read(zip_file(tmp_path / "a.zip", {"1.jsonl": rows, "2.jsonl": rows}), unpacked_bytes=60_000)
    assert faults(items) == ["a.zip: unpacks to more than the limit of 60 kB"]
    assert sum(isinstance(item, Row) for item in items) == 2000


@pytest.mark.parametrize("name", ["a.zip", "a.tar"])
def test_more_members_than_the_limit_are_refused(tmp_path: Path, name: str) -> None:
    members = {f"{i}.txt": TEXT.encode() for i in range(12)}
    path = zip_file(tmp_path / name, members) if name.endswith("zip") else tar_file(tmp_path / name, members)
    assert "more than the limit of 5" in faults(read(path, members=5))[-1]


def test_a_header_of_900_megabytes_is_refused(tmp_path: Path) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 900_000_000
    (tmp_path / "a.tar").write_bytes(header.tobuf(format=tarfile.USTAR_FORMAT) + bytes(10_000))
    assert faults(read(tmp_path / "a.tar")) == ["a.tar: holds a header of 900 MB"]


def test_arabic_names_of_old_programs_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    zip_file(path, {"??????.txt": TEXT.encode()})
    name = "القرار".encode("cp1256")
    path.write_bytes(path.read_bytes().replace(b"??????", name))
    assert [item.source for item in read(path)] == ["a.zip!القرار.txt"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_an_archive_without_documents_is_a_fault(tmp_path: Path, name: str) -> None:
    path = zip_file(tmp_path / name, {}) if name.endswith("zip") else tar_file(tmp_path / name, {})
    assert faults(read(path)) == [f"{name}: holds no document"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.jsonl.gz"])
@given(damage=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6))
@settings(max_examples=50, deadline=None)
def test_any_damage_ends_in_faults(
    tmp_path_factory: pytest.TempPathFactory, name: str, damage: list[tuple[float, int]],
) -> None:
    path = tmp_path_factory.mktemp("damage") / name
    if name.endswith("zip"):
        zip_file(path, MEMBERS)
    elif "tar" in name:
        tar_file(path, MEMBERS)
    else:
        path.write_bytes(gzip.compress(ROW * 99))
    data = bytearray(path.read_bytes())
    for place, byte in damage:
        data[int(place * len(data))] = byte
    path.write_bytes(data)
    items = read(path)
    assert items
    assert all("\n" not in str(item) for item in items if isinstance(item, Fault))
