"""Runs the server: address, limits, key, and an end that lets requests end."""

import contextlib
import os
import warnings
from collections.abc import Callable
from typing import Any

from autodidact.errors import AutodidactError, UsageError
from autodidact.models.openai_client import read_key
from autodidact.runtime import Runtime
from autodidact.serving.app import LOOPBACK, make_app
from autodidact.serving.loaded_versions import LoadedVersions, loader


def serve(
    runtime: Runtime,
    system: str,
    *,
    host: str,
    port: int,
    rows: int,
    seconds: float,
    on_ready: Callable[[str], None],
) -> None:
    """Serves until SIGINT or SIGTERM; requests under way have `seconds` to end. Calls
    `on_ready` with its address.

    Raises UsageError for an address that is not loopback without a key and for a key that no client can send,
    AutodidactError when the port is
    taken.
    """
    import socket

    local, key = host in LOOPBACK, read_key("AUTODIDACT_DEPLOY__KEY") or None
    if not local and not key:
        raise UsageError(
            f"{host} is not loopback, and whoever reaches it may ask",
            "Set AUTODIDACT_DEPLOY__KEY, or leave --host out.",
        )
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    warnings.simplefilter("ignore")  # of the libraries, to whoever maintains them
    versions = LoadedVersions(
        runtime.store,
        system,
        loader(runtime.settings, runtime.store, rows=rows, seconds=seconds),
        runtime.say,
    )
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host.strip("[]"), port))
    except OSError as error:
        raise AutodidactError(
            f"{host}:{port} cannot be listened on: {error.strerror}", "Choose another --port."
        ) from None
    address = f"[{host.strip('[]')}]" if ":" in host else host
    on_ready(f"http://{address}:{listening.getsockname()[1]}/v1")
    # uvicorn lets the requests end, and then raises the signal again.
    with contextlib.suppress(KeyboardInterrupt):
        http_server(make_app(versions, key=key, local=local), seconds).run(sockets=[listening])


def http_server(app: Any, seconds: float) -> Any:
    """The uvicorn server of an ASGI application; requests under way have `seconds` to end."""
    import uvicorn

    from autodidact.serving.connection_limits import IDLE_SECONDS, MOST, Connection

    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=Connection,
            ws="none",
            log_level="warning",
            access_log=False,
            lifespan="on",
            server_header=False,
            timeout_keep_alive=int(IDLE_SECONDS),
            timeout_graceful_shutdown=int(seconds),
            limit_concurrency=MOST + 1,
        )
    )
