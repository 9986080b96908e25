"""`python -m web`: serve the pages and the API with waitress. Settings by flag, then environment, then default."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from web import settings as setting_table

if TYPE_CHECKING:
    from flask import Flask


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C. Return 0 then, 2 when the index, a setting or the port cannot be used, said in one line."""
    options = vars(_parser().parse_args(arguments))
    address = options.pop("index")
    given = setting_table.from_environment(os.environ) | {
        name: value for name, value in options.items() if value is not None
    }
    from index.engine import IndexProblem

    try:
        settings = setting_table.read(given)
        from web.measuring import counted_together

        with counted_together(settings):
            return _serve(address, settings, given)
    except (IndexProblem, ValueError) as problem:
        return _refuse(str(problem))
    except KeyboardInterrupt:
        return 0


def _serve(address: str | None, settings: setting_table.Settings, given: dict[str, str]) -> int:
    import logging

    from waitress import create_server

    from web import create_app, processes

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait for a thread is no news

    app = create_app(address, **given)
    how = {
        "threads": settings.threads,
        "ident": "kashshaf",
        "asyncore_use_poll": True,  # select() knows no file beyond the thousandth, and an index may hold many open
        "clear_untrusted_proxy_headers": not settings.proxies,
    }
    if settings.processes > 1 and not hasattr(os, "fork"):
        return _refuse("--processes needs a system that can fork; here it must be 1")
    try:
        if settings.processes > 1:
            shared = processes.listening(settings.host, settings.port)
            port = shared.getsockname()[1]
            processes.run(
                lambda: _answer(app, create_server(app, sockets=[shared], **how)),
                settings.processes,
                lambda: _say(settings.host, port),
            )
            return 0
        server = create_server(app, host=settings.host, port=settings.port, **how)
    except (OSError, OverflowError, ValueError) as error:  # ValueError: waitress found no such host
        reason = getattr(error, "strerror", None) or str(error).rstrip(".").lower()
        return _refuse(
            f"cannot listen on {settings.host}:{settings.port}: {reason}; "
            "choose another port with --port, or 0 for any that is free"
        )
    _say(settings.host, getattr(server, "effective_port", settings.port))
    _answer(app, server)
    return 0


def _answer(app: Flask, server: Any) -> None:
    from web.application import warm_beside

    warm_beside(app)
    server.run()


def _say(host: str, port: int) -> None:
    host = f"[{host}]" if ":" in host else host
    print(f"Kashshaf: http://{host}:{port}  (Ctrl-C ends it)", flush=True)


def _refuse(sentence: str) -> int:
    print(f"kashshaf-web: {sentence}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kashshaf-web",
        description="Serve the search page and the API.",
        epilog="example: kashshaf-web --index ./kashshaf-index --port 8000",
    )
    parser.add_argument("--index", metavar="ADDRESS", help="folder of the index (KASHSHAF_INDEX, ./kashshaf-index)")
    for row in setting_table.TABLE:
        parser.add_argument(
            row.flag,
            metavar="N" if isinstance(row.default, int) else "TEXT",
            help=f"{row.help} ({row.variable}; default: {row.default or 'none'})",
        )
    return parser


if __name__ == "__main__":
    sys.exit(main())
