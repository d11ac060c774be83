"""How MCP servers are reached: as the `mcp` SDK does it, but with a limit of what a server may send.

The SDK keeps a line until it ends; a server that never ends one would fill the memory.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

# Bytes that one server may send; five hundred large schemas are a tenth of it.
MOST = 32_000_000
# Bytes of one message: as Python objects, empty lists and objects take a hundred times as much.
MOST_OF_MESSAGE = 4_000_000
KEEPER = Path(__file__).with_name("process_supervisor.py")
# Seconds to end by itself once its input is closed, as the protocol wants it.
GRACE = 2.0


@asynccontextmanager
async def stdio(
    command: list[str], folder: str, environment: dict[str, str], most: int = MOST
) -> AsyncIterator[tuple[Any, Any]]:
    """Starts a server and yields the two streams that a ClientSession takes. Beyond `most` bytes, or when it
    ends, the first one closes.

    The server and all that it started end with the block (on other systems than Linux, all of them that stay
    in its group of processes).
    """
    import anyio

    if sys.platform == "linux":
        command = [sys.executable, "-I", "-S", str(KEEPER), *command]
    process = await anyio.open_process(
        command, cwd=folder, env=environment, stderr=subprocess.DEVNULL, start_new_session=True
    )
    deliver, incoming = anyio.create_memory_object_stream[Any](0)
    outgoing, messages = anyio.create_memory_object_stream[Any](0)
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_receive, process, deliver, most)
            tasks.start_soon(_send, process, messages)
            try:
                yield incoming, outgoing
            finally:
                incoming.close()
                outgoing.close()
                tasks.cancel_scope.cancel()
    finally:
        with anyio.CancelScope(shield=True):
            await _stop(process)


async def _receive(process: Any, deliver: Any, most: int) -> None:
    """Delivers the messages of a server, until it ends or has sent more than `most` bytes. A message of more
    than MOST_OF_MESSAGE is left out.
    """
    import anyio
    from mcp.shared.message import SessionMessage
    from mcp.types import jsonrpc_message_adapter

    left, line = most, bytearray()
    closed = (anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream, ConnectionError)
    async with deliver:
        with contextlib.suppress(*closed):
            while True:
                chunk = await process.stdout.receive()
                left -= len(chunk)
                if left < 0:
                    return
                *ends, rest = chunk.split(b"\n")
                for end in ends:
                    line += end
                    # Other lines that a server prints are no messages.
                    with contextlib.suppress(ValueError):
                        if len(line) <= MOST_OF_MESSAGE:
                            message = jsonrpc_message_adapter.validate_json(bytes(line), by_name=False)
                            await deliver.send(SessionMessage(message))
                    line.clear()
                line += rest


async def _send(process: Any, messages: Any) -> None:
    """Writes messages to a server, until it ends or there are no more."""
    import anyio

    async with messages:
        with contextlib.suppress(anyio.BrokenResourceError, anyio.ClosedResourceError, OSError):
            async for message in messages:
                data = message.message.model_dump_json(by_alias=True, exclude_unset=True)
                await process.stdin.send(data.encode() + b"\n")


async def _stop(process: Any) -> None:
    import anyio

    with contextlib.suppress(OSError, anyio.BrokenResourceError, anyio.ClosedResourceError):
        await process.stdin.aclose()
    end = anyio.current_time() + GRACE
    while process.returncode is None and anyio.current_time() < end:
        await anyio.sleep(0.02)
    # The keeper ends the others first.
    if process.returncode is None and sys.platform == "linux":
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        with anyio.move_on_after(3 * GRACE):
            await process.wait()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        # Its children too, which may outlive it.
        os.killpg(process.pid, signal.SIGKILL)
    with anyio.move_on_after(GRACE):
        await process.aclose()


def http_client(headers: dict[str, str], most: int = MOST) -> Any:
    """The SDK's HTTP client, whose answers have at most MOST_OF_MESSAGE bytes, and together `most`; what
    comes after is an error of the transport.
    """
    import httpx2
    from mcp.client.streamable_http import create_mcp_http_client

    left = [most]

    class Counted(httpx2.AsyncByteStream):
        def __init__(self, stream: Any):
            self._stream, self._left = stream, MOST_OF_MESSAGE

        async def __aiter__(self):
            async for chunk in self._stream:
                left[0] -= len(chunk)
                self._left -= len(chunk)
                if min(left[0], self._left) < 0:
                    raise httpx2.ReadError("the server sends too much")
                yield chunk

        async def aclose(self) -> None:
            await self._stream.aclose()

    async def count(response: Any) -> None:
        response.stream = Counted(response.stream)

    client = create_mcp_http_client(headers=headers)
    client.event_hooks = {"request": [], "response": [count]}
    return client
