"""One node: its folder, its process, and what a fault test does to it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from cluster.places import ClusterProblem, give, runner

TRANSPORT = 100  # a node's port for the other nodes lies this far above its port for clients
STOPPING = 30.0  # seconds
LOG = """status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


class Node:
    """A node on loopback; its data stay in its folder when the process ends, however it ends."""

    def __init__(self, folder: Path, number: int, port: int) -> None:
        self.folder, self.number, self.port = folder, number, port
        self.name = f"node-{number}"
        self.address = f"http://127.0.0.1:{port}"
        self.log = folder / "log.txt"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Return the process id that was last started here, 0 for none."""
        try:
            return int((self.folder / "pid").read_text("ascii"))
        except (OSError, ValueError):
            return 0

    def alive(self) -> bool:
        """Return whether the process that was started here runs; a frozen one does. Another's with its id is none."""
        if self._process is not None and self._process.poll() is not None:
            return False
        return bool(self.pid) and f"-Dopensearch.path.conf={self.folder / 'config'}" in _command_of(self.pid)

    def prepare(self, settings: Mapping[str, str]) -> None:
        """Make the node's folders and write its settings, one `key: value` line each."""
        for name in ("config", "data", "logs", "tmp"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        own = {"node.name": self.name, "network.host": "127.0.0.1", "http.port": str(self.port),
               "transport.port": str(self.port + TRANSPORT), "path.data": str(self.folder / "data"),
               "path.logs": str(self.folder / "logs")}
        lines = "".join(f"{key}: {value}\n" for key, value in (own | dict(settings)).items())
        (self.folder / "config" / "opensearch.yml").write_text(lines, "utf-8")
        (self.folder / "config" / "log4j2.properties").write_text(LOG, "utf-8")
        (self.folder / "config" / "jvm.options").write_text("", "utf-8")
        give(self.folder)

    def start(self, java: str, home: Path, heap_mb: int, *, optimised: bool = False) -> None:
        """Start the process and return at once; a node that runs already is left alone."""
        if self.alive():
            return
        user = runner()
        as_user = {"user": user[0], "group": user[1], "extra_groups": []} if user else {}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command(java, home, self.folder, heap_mb, optimised), cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                env={"LANG": "C.UTF-8", "PATH": os.defpath}, **as_user,  # type: ignore[call-overload]
            )
        assert self._process is not None
        (self.folder / "pid").write_text(str(self._process.pid), "ascii")

    def signal(self, number: int) -> None:
        """Send a signal to this node's process, and to no other."""
        if self.alive():
            os.kill(self.pid, number)

    def freeze(self) -> None:
        """Make the node hang: its ports stay open and nothing answers."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen node go on."""
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """End the process at once, as kill -9 or a failing machine does; return when it is gone."""
        self.signal(signal.SIGKILL)
        self._gone(STOPPING)

    def stop(self) -> None:
        """End the process in order (SIGTERM); one that does not obey is killed."""
        self.thaw()
        self.signal(signal.SIGTERM)
        if not self._gone(STOPPING):
            self.kill()
        (self.folder / "pid").unlink(missing_ok=True)

    def last_words(self) -> str:
        """Return the last line of the log that says something went wrong, else the last line."""
        lines = self.log.read_text("utf-8", "replace").strip().splitlines() if self.log.exists() else []
        wrong = [line for line in lines if "ERROR" in line or "Exception" in line or "rror:" in line]
        return (wrong or lines or ["its log is empty"])[-1].strip()[:300]

    def _gone(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while self.alive():
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True


def command(java: str, home: Path, folder: Path, heap_mb: int, optimised: bool) -> Sequence[str]:
    """Return the command line of a node: the server's own start script without its parts that need a shell.

    `optimised` runs it as a server in service does (G1, both compilers); without, it is up in half the time.
    """
    kind = ("-XX:+UseG1GC",) if optimised else ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
    return (
        java, f"-Xms{heap_mb}m", f"-Xmx{heap_mb}m", *kind, "-Xss1m",
        f"-Djava.io.tmpdir={folder / 'tmp'}", f"-Djna.tmpdir={folder / 'tmp'}", "-Djna.nosys=true",
        "-Dfile.encoding=UTF-8", "-Dio.netty.noUnsafe=true", "-Dlog4j.shutdownHookEnabled=false",
        "--add-opens=java.base/java.nio=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED",
        f"-javaagent:{home / 'agent' / 'opensearch-agent.jar'}", f"-Dopensearch.path.home={home}",
        f"-Dopensearch.path.conf={folder / 'config'}", "-Dopensearch.distribution.type=zip",
        "-Dopensearch.bundled_jdk=false", "-cp", f"{home / 'lib'}/*", "org.opensearch.bootstrap.OpenSearch",
    )


def refuse_taken(port: int) -> None:
    """Raise ClusterProblem when something listens on a port of loopback already."""
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise ClusterProblem(f"Port {port} is in use: name other ones with --port (a node takes its port and the "
                                 f"one {TRANSPORT} above).") from None


def _command_of(pid: int) -> str:
    listing = Path(f"/proc/{pid}/cmdline")
    if listing.exists():
        try:
            return listing.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            return ""
    if Path("/proc/self").exists():
        return ""
    told = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return told.stdout
