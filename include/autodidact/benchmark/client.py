"""A small client of OpenAI-compatible servers: the judge's, and an inference server that answers the suite."""

import contextlib
import json
import time
from typing import Any

from autodidact.display import address, addresses
from autodidact.errors import AutodidactError

ATTEMPTS = 6
PAUSE = 1.0  # seconds before the second attempt; doubles: 31 s in all
LONGEST_PAUSE = 60.0  # seconds, whatever the server's Retry-After says
AGAIN = {408, 409, 425, 429, 500, 502, 503, 504, 529}
MOST = 8_000_000  # bytes of an answer that are read


class Refused(AutodidactError):
    """The server answered, and said no: trying again will not help. `status` is the HTTP status."""

    def __init__(self, status: int, message: str, remedy: str):
        super().__init__(message, remedy)
        self.status = status


class Client:
    """`complete` asks for one answer. What fails in passing (refused, timed out, 429, 5xx) is tried again with doubling pauses.

    `timeout`: seconds until an answer begins, and from then until it is there, however slowly it trickles in.
    """

    def __init__(self, url: str, key: str | None, *, what: str, timeout: float = 120, attempts: int = ATTEMPTS, pause: float = PAUSE):
        import httpx

        self.url, self.what, self._timeout, self._attempts, self._pause = url.rstrip("/"), what, timeout, attempts, pause
        self.shown = address(self.url)  # for messages
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            self._http = httpx.Client(headers=headers, timeout=timeout)
            self._http.build_request("GET", self.url)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            raise AutodidactError(f"The address of {what} is wrong: {addresses(str(error), self.url)}", "Write it as http://host:port/v1.") from None

    def models(self) -> list[str]:
        """The names the server answers to."""
        answer = self._ask("GET", "/models", None)
        try:
            return [str(model["id"]) for model in answer["data"]]
        except (KeyError, TypeError):
            raise self._strange("its list of models has no data") from None

    def complete(self, model: str, messages: list[dict], *, max_tokens: int, **body: Any) -> dict:
        """The assistant's message. Raises Refused, or AutodidactError when the server is down or no OpenAI-compatible one."""
        answer = self._ask("POST", "/chat/completions", {"model": model, "messages": messages, "max_tokens": max_tokens, **body})
        try:
            return dict(answer["choices"][0]["message"])
        except (KeyError, IndexError, TypeError, ValueError):
            raise self._strange("its answer has no choices") from None

    def _strange(self, why: str) -> AutodidactError:
        return AutodidactError(f"{self.what} at {self.shown} is no OpenAI-compatible server: {why}", "Its address ends in /v1, as a rule.")

    def _ask(self, method: str, path: str, body: dict | None) -> dict:
        import httpx

        trouble, pause = "", self._pause
        for attempt in range(self._attempts):
            if attempt:
                time.sleep(pause)
                pause = self._pause * 2**attempt
            try:
                status, headers, data = self._request(method, path, body)
            except httpx.UnsupportedProtocol:
                raise self._strange("the address has no http:// or https://") from None
            except httpx.HTTPError as error:
                trouble = str(error) or type(error).__name__
                continue
            if status in AGAIN:
                trouble = f"status {status}"
                with contextlib.suppress(ValueError):  # a date is possible as well, and rare
                    pause = max(pause, min(LONGEST_PAUSE, float(headers.get("retry-after", 0))))
                continue
            if status >= 400:
                said = " ".join(data[:2000].decode("utf-8", "replace").split())[:200]
                raise Refused(status, f"{self.what} at {self.shown} refused: status {status} {said}", self._mend(status))
            try:
                answer = json.loads(data)
            except (ValueError, RecursionError):
                raise self._strange(f"it answered {headers.get('content-type', 'something')!r}") from None
            if not isinstance(answer, dict):
                raise self._strange("its answer is no JSON object")
            return answer
        raise AutodidactError(
            f"{self.what} at {self.shown} does not answer after {self._attempts} attempts: {trouble}",
            "Start it, then run the same command again: what was answered is kept.",
        )

    def _request(self, method: str, path: str, body: dict | None) -> tuple[int, Any, bytes]:
        """(status, headers, body). Raises httpx.ReadTimeout also when the answer as a whole takes too long."""
        import httpx

        data = bytearray()
        with self._http.stream(method, self.url + path, json=body) as response:
            deadline = time.monotonic() + self._timeout
            for piece in response.iter_bytes():
                data += piece
                if len(data) > MOST:
                    raise self._strange(f"its answer is longer than {MOST // 1_000_000} MB")
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout(f"no whole answer in {self._timeout:g} s")
            return response.status_code, response.headers, bytes(data)

    @staticmethod
    def _mend(status: int) -> str:
        if status in (401, 403):
            return "Set its key in the environment (AUTODIDACT_JUDGE__KEY, AUTODIDACT_BENCHMARK__KEY)."
        return "Check its address and the name of the model."
