"""Who may hold a connection: a client that sends its request, or waits for the answer and takes it. What only
waits goes when others need the room.

uvicorn closes no connection whose headers never end, and answers 503 to everybody once there are too many of
them.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

# connections.
MOST = 512
# Connections of one client's address that wait for a request or a part of it.
SHARE = 256
# In which a new connection must have sent the headers of a request.
HEADER_SECONDS = 10.0
# From an answer to the headers of the next request.
IDLE_SECONDS = 30.0
# In which a client must have taken the part of an answer that waits for it: 48 kB and what the system keeps.
TAKE_SECONDS = 30.0


class Connection(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with a time limit for headers and a share of the connections for each
    client.
    """

    _timer: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None
    _since = 0.0  # when it began to wait
    _answered = False

    @property
    def waits(self) -> bool:
        """Whether nothing is done for it: its request is not there as a whole, or is answered."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    @property
    def host(self) -> str | None:
        """The address it comes from."""
        return self.client[0] if self.client else None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait(HEADER_SECONDS)
        connections = cast(set[Connection], self.connections)
        waiting = [other for other in connections if other is not self and other.waits]
        own = [other for other in waiting if other.host == self.host]
        if len(own) >= SHARE:
            _close_oldest(own)
        elif len(self.connections) >= MOST and waiting:
            _close_oldest(waiting)

    def on_response_complete(self) -> None:
        self._answered = True
        super().on_response_complete()
        if not self.transport.is_closing():
            self._wait(IDLE_SECONDS)

    def pause_writing(self) -> None:
        """The client takes its answer more slowly than it is made."""
        super().pause_writing()
        self._taking = self.loop.call_later(TAKE_SECONDS, self.drop)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_taking()

    def _stop_taking(self) -> None:
        if self._taking:
            self._taking.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer:
            self._timer.cancel()
        self._stop_taking()
        super().connection_lost(exc)

    def _wait(self, seconds: float) -> None:
        """Closes the connection unless the headers of a request come in time, whatever else comes."""
        if self._timer:
            self._timer.cancel()
        self._since = self.loop.time()
        self._timer = self.loop.call_later(seconds, self._late)

    def _late(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.drop()

    def drop(self) -> None:
        """Closes it at once, and makes room at once."""
        self.connections.discard(self)
        self.transport.abort()


def _close_oldest(waiting: list[Connection]) -> None:
    """First those that never sent a request."""
    min(waiting, key=lambda connection: (connection._answered, connection._since)).drop()
