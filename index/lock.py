"""One writer at a time in a folder, and who it is. The system itself releases the lock when its process dies."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from index.engine import IndexProblem

LOCK_NAME = "writer.lock"


def _lock_file(file: IO[str]) -> bool:
    """Return whether the file could be locked for this process alone, without waiting."""
    try:
        if os.name == "nt":  # pragma: no cover - the other branch is tested on the machines that we have
            import msvcrt

            file.seek(4096)  # a byte beyond the text, so that others can still read who holds the lock
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class FolderLock:
    """The right to write into `folder`, held until `release`.

    Raises IndexProblem, naming process, machine and time, if another writer holds it.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] | None = (folder / LOCK_NAME).open("a+", encoding="utf-8")
        if not _lock_file(self._file):
            self._file.seek(0)
            holder = self._file.read(200).strip() or "an unknown process"
            self._file.close()
            self._file = None
            raise IndexProblem(f"Another writer is at work on the index in {folder.parent} ({holder}); "
                               "wait until it has finished, or end that process, and try again.")
        import socket  # a reader imports this module as well, and never comes here
        from datetime import UTC, datetime

        self._file.seek(0)
        self._file.truncate()
        self._file.write(f"process {os.getpid()} on {socket.gethostname()} since "
                         f"{datetime.now(UTC).isoformat(timespec='seconds')}\n")
        self._file.flush()

    def release(self) -> None:
        """Give the lock back; doing it twice is allowed."""
        if self._file is not None:
            self._file.close()
            self._file = None
