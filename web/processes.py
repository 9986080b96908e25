"""Several processes that answer on one socket, for more than one processor: started, watched, ended together"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

BACKLOG = 1024
ENDING = (signal.SIGTERM, signal.SIGINT)
YOUNG = 1.0  # seconds; a process that ends sooner is started again only after a pause of as long


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address. Raises OSError where that cannot be."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def run(serve: Callable[[], None], count: int, ready: Callable[[], None]) -> None:
    """Run `serve` in `count` processes until this one is told to end; one that dies is started again and told of.

    `ready` is called once all have been started.
    """
    ending = False
    reading, writing = os.pipe()  # only this process holds the writing end: when it dies, the others read the end
    children: dict[int, float] = {}

    def end(_number: int, _frame: FrameType | None) -> None:
        nonlocal ending
        ending = True
        for pid in children:
            os.kill(pid, signal.SIGTERM)

    for number in ENDING:
        signal.signal(number, end)
    for _ in range(count):
        children[_fork(serve, reading, writing)] = time.monotonic()
    ready()
    while children:
        pid, _ = os.wait()
        born = children.pop(pid)
        if ending:
            continue
        print("kashshaf-web: a process ended by itself and is started again", file=sys.stderr)
        if time.monotonic() - born < YOUNG:
            time.sleep(YOUNG)
        if not ending:
            children[_fork(serve, reading, writing)] = time.monotonic()


def _fork(serve: Callable[[], None], reading: int, writing: int) -> int:
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # none may reach a child while it still has our handler
    pid = os.fork()
    if pid:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        return pid
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all at once; the first process ends the others
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    os.close(writing)
    threading.Thread(target=_end_with_the_first, args=(reading,), daemon=True).start()
    try:
        serve()
    finally:
        os._exit(1)


def _end_with_the_first(reading: int) -> None:
    os.read(reading, 1)
    os._exit(0)
