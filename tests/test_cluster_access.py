"""Who may ask a cluster: addresses, credentials from variables and files, TLS, and that no secret shows anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cluster_nodes
import pytest
import tls_front
from test_index_cli import found, run

from index.engine import IndexProblem
from index.engines.opensearch_address import Access, parse_address, read_access

BAD_ADDRESSES = [
    ("opensearch://me:secret@host:9200/name", r"holds no password.*opensearch://host:9200/name"),
    ("opensearch://host:9200/", "is no name of an index"),
    ("opensearch://host:9200/Name", "is no name of an index"),
    ("opensearch://host:9200/a,b", "is no name of an index"),
    ("opensearch://host:9200/a/b", "is no name of an index"),
    ("opensearch://host:9200/_all", "is no name of an index"),
    ("opensearch://host:9200/a*", "is no name of an index"),
    ("opensearch://host:99999999/name", "is no host and port"),
    ("opensearch:///name", "is no host and port"),
    ("elastic://host/name", r"No engine answers to elastic://.*opensearch://host:port/name"),
]


@pytest.mark.parametrize(("text", "told"), BAD_ADDRESSES, ids=[case[0] for case in BAD_ADDRESSES])
def test_an_address_that_is_none_is_told_without_its_secret(text: str, told: str) -> None:
    with pytest.raises(IndexProblem, match=told) as problem:
        parse_address(text)
    assert "secret" not in str(problem.value)


def test_addresses_are_read_and_shown() -> None:
    address = parse_address("opensearch+https://one,two:9201,[::1]:9202/resolutions-2/")
    assert address.hosts == (("one", 9200), ("two", 9201), ("::1", 9202))
    assert address.tls
    assert str(address) == "opensearch+https://one:9200,two:9201,[::1]:9202/resolutions-2"


def test_credentials_come_from_a_file_and_variables_go_before_it(tmp_path: Path) -> None:
    file = tmp_path / "access"
    file.write_text("# who asks\nuser = one\npassword = a = b \n\ntimeout=3\n", "utf-8")
    assert read_access({"KASHSHAF_OPENSEARCH_FILE": str(file)}) == Access("one", "a = b", timeout=3.0)
    given = {"KASHSHAF_OPENSEARCH_FILE": str(file), "KASHSHAF_OPENSEARCH_USER": "two"}
    assert read_access(given).user == "two"
    assert "a = b" not in repr(read_access(given))


@pytest.mark.parametrize(("given", "told"), [
    ({"TIMEOUT": "soon"}, "give a number"),
    ({"TIMEOUT": "0"}, "give a number"),
    ({"CA": "/nowhere/ca.pem"}, "no file /nowhere/ca.pem"),
    ({"PASSWORD": "secret"}, "without a user"),
    ({"FILE": "/nowhere/access"}, "cannot be read"),
])
def test_access_that_cannot_be_read_is_told(given: dict[str, str], told: str) -> None:
    with pytest.raises(IndexProblem, match=told) as problem:
        read_access({f"KASHSHAF_OPENSEARCH_{key}": value for key, value in given.items()})
    assert "secret" not in str(problem.value)


def test_a_line_that_is_none_is_told_without_what_it_says(tmp_path: Path) -> None:
    file = tmp_path / "access"
    file.write_text("user = me\npasswort = secret\n", "utf-8")
    with pytest.raises(IndexProblem, match=r"access:2: lines are KEY = VALUE") as problem:
        read_access({"KASHSHAF_OPENSEARCH_FILE": str(file)})
    assert "secret" not in str(problem.value)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, Path]]:
    """An address behind TLS and a password, the certificate, and a source."""
    folder = tmp_path_factory.mktemp("guarded")
    chain, key = tls_front.certificate(folder)
    source = folder / "rows.jsonl"
    source.write_text('{"id": "r1", "text": "التعاون بين الدول"}\n', "utf-8")
    with tls_front.front(cluster_nodes.node(), chain, key) as place:
        yield f"opensearch+https://{place}/{cluster_nodes.index_name(folder)}", chain, source
    cluster_nodes.delete(folder)


def variables(**given: object) -> dict[str, str]:
    return {f"KASHSHAF_OPENSEARCH_{name}": str(value) for name, value in given.items()}


@cluster_nodes.MARK
def test_a_password_and_a_token_over_tls(guarded: tuple[str, Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    address, chain, source = guarded
    by_password = variables(USER=tls_front.USER, PASSWORD=tls_front.PASSWORD, CA=chain)
    built = run("build", str(source), "--index", address, **by_password)
    assert built.returncode == 0, built.stderr
    for name, value in variables(TOKEN=tls_front.TOKEN, CA=chain).items():
        monkeypatch.setenv(name, value)
    assert found(address, "التعاون") == ["r1"]
    shown = run("info", "--index", address, "--json")
    for text in (built.stdout + built.stderr, shown.stdout + shown.stderr):
        assert tls_front.PASSWORD not in text
        assert tls_front.TOKEN not in text


REFUSED = [
    ("a wrong password", {"USER": "reader", "PASSWORD": "other"}, "does not know this user"),
    ("no password", {}, "does not know this user"),
    ("a wrong token", {"TOKEN": "other"}, "does not know this user"),
]


@cluster_nodes.MARK
@pytest.mark.parametrize(("what", "given", "told"), REFUSED, ids=[case[0] for case in REFUSED])
def test_whoever_is_not_known_is_told_what_to_set(guarded: tuple[str, Path, Path], what: str, given: dict[str, str],
                                                  told: str) -> None:
    address, chain, _ = guarded
    done = run("التعاون", "--index", address, module="search.cli", **variables(CA=chain, **given))
    assert done.returncode == 2
    assert told in done.stderr
    assert "KASHSHAF_OPENSEARCH_USER" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "other" not in done.stderr


@cluster_nodes.MARK
def test_an_authority_that_is_not_known_and_tls_where_there_is_none(guarded: tuple[str, Path, Path]) -> None:
    address, _, _ = guarded
    who = variables(USER=tls_front.USER, PASSWORD=tls_front.PASSWORD)
    done = run("info", "--index", address, **who)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "certificate that is not trusted" in done.stderr
    assert "KASHSHAF_OPENSEARCH_CA" in done.stderr
    plain = run("info", "--index", address.replace("+https", ""), **who)
    assert (plain.returncode, len(plain.stderr.splitlines())) == (2, 1)
    tls = run("info", "--index", f"opensearch+https://{cluster_nodes.node()}/x")
    assert (tls.returncode, len(tls.stderr.splitlines())) == (2, 1)
    assert "/x" not in tls.stdout


@cluster_nodes.MARK
def test_what_is_not_allowed_is_told(guarded: tuple[str, Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    from index.engines.opensearch_connection import connect

    address, chain, _ = guarded
    given = variables(USER=tls_front.USER, PASSWORD=tls_front.PASSWORD, CA=chain)
    with pytest.raises(IndexProblem, match=r"does not allow this \(no permissions\)"):
        connect(address, given).ask("GET", "/_nodes")


# The index is named in the body, or in the view that is asked; the last tells how many nodes there are.
WITHOUT_INDEX = {"/_search", "/_search/point_in_time", "/_msearch", "/_aliases", "/_cluster/health"}


@cluster_nodes.MARK
def test_nothing_but_what_is_named_is_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from index.build import add, build, remove
    from index.engines.opensearch_connection import Connection
    from index.info import read_info
    from index.verify import verify
    from search import open_index

    ask, asked = Connection.ask, []

    def noted(self: Connection, method: str, path: str, *body: object, **how: object) -> object:
        asked.append(path)
        return ask(self, method, path, *body, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Connection, "ask", noted)
    source = tmp_path / "rows.jsonl"
    source.write_text('{"id": "r1", "text": "التعاون"}\n{"id": "r2", "text": "السلم"}\n', "utf-8")
    address, name = cluster_nodes.address(tmp_path), cluster_nodes.index_name(tmp_path)
    for _ in range(3):
        build([str(source)], address)
    add([str(source)], address)
    remove(["r1"], address)
    assert verify(address) == []
    assert read_info(address)["health"] == "green"
    searcher = open_index(address)
    assert searcher.search("السلم").total == 1
    searcher.close()
    allowed = (f"/{name}", f"/_alias/{name}", f"/_cluster/health/{name}-g")
    assert len(asked) > 50
    assert [path for path in asked if path not in WITHOUT_INDEX and not path.startswith(allowed)] == []
    assert {path.split("/")[1] for path in asked if path.startswith(f"/{name}")} <= {
        name, f"{name}-state", f"{name}-g*", *(path.split("/")[1] for path in asked if path.startswith(f"/{name}-g"))}
    cluster_nodes.delete(tmp_path)
