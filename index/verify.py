"""Whether an index is whole: files, hashes, and counts that must agree."""

from __future__ import annotations

from index.clause import Everything
from index.engine import IndexProblem
from index.folder import IndexFolder
from index.opening import is_remote, open_reader

SAMPLE = 1_000  # rows read back


def verify(address: str) -> list[str]:
    """Return what is damaged, one sentence each; empty when it is whole. Raises `IndexProblem` without an index."""
    if is_remote(address):
        from index import remote_change

        return remote_change.verify(address)
    folder = IndexFolder(address)
    manifest = folder.manifest()
    damages = [f"{address}: {damage}" for damage in folder.damages(manifest, hashes=True)]
    if damages:
        return damages
    try:
        reader, _ = open_reader(address)
    except IndexProblem as problem:
        return [str(problem)]
    try:
        count = reader.count(Everything())
        if count != manifest.clauses:
            damages.append(f"{address}: the engine holds {count:,} clauses, the manifest says {manifest.clauses:,}")
        rows = reader.search(Everything(), limit=SAMPLE).hits
        damages += [f"{address}: the row of {hit.id!r} cannot be read" for hit in rows if not hit.row]
    finally:
        reader.close()
    return damages
