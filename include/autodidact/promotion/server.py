"""An OpenAI-compatible server as a deployer sees it: what it serves, what it answers, how long that takes."""

import json
import os
import time
from typing import Any

from autodidact.display import addresses
from autodidact.errors import AutodidactError, Unavailable

MOST_BYTES = 8 * 2**20  # of an answer


class Refusal(AutodidactError):
    """The server answered with an error. `status` is HTTP's, `said` its own words, `kind` OpenAI's error type."""

    def __init__(self, what: str, status: int, said: str, kind: str = ""):
        self.status, self.said, self.kind = status, said, kind
        super().__init__(f"{what} answered with status {status}: {said}", "See the server's log.")


class Server:
    """One request a call, never tried again by itself: who asks knows whether to. `url` ends in /v1, as a rule."""

    def __init__(self, url: str, *, what: str = "the server at deploy.url", timeout: float = 60, keyed: bool = True):
        """`keyed`: AUTODIDACT_DEPLOY__KEY is sent along, if it is set."""
        self.url, self.what, self._timeout = url.rstrip("/"), what, timeout
        key = os.environ.get("AUTODIDACT_DEPLOY__KEY") if keyed else None
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def ask(self, method: str, path: str, body: Any = None, *, timeout: float | None = None) -> tuple[Any, float]:
        """(answer, seconds): JSON where it is JSON, text elsewhere. A path with a leading `//` begins at the host.

        Raises Refusal for an error status, Unavailable when no answer comes.
        """
        import httpx

        limit = timeout or self._timeout
        url = str(httpx.URL(self.url).copy_with(path=path[1:])) if path.startswith("//") else self.url + path
        clock, data = time.monotonic(), bytearray()
        try:
            with httpx.stream(method, url, json=body, headers=self._headers, timeout=limit) as response:
                for part in response.iter_bytes():
                    data += part
                    if len(data) > MOST_BYTES or time.monotonic() - clock > limit:
                        raise Unavailable(f"{self.what} does not come to an end of its answer", "See the server's log.")
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise AutodidactError(f"the address of {self.what} is wrong: {addresses(str(error), self.url)}", "Write it as http://host:port/v1.") from None
        except httpx.HTTPError as error:
            raise Unavailable(f"{self.what} does not answer ({type(error).__name__})", "Start it, or see its log.") from None
        seconds = time.monotonic() - clock
        text = data.decode("utf-8", "replace")
        try:
            answer = json.loads(text)
        except ValueError:
            answer = text
        if response.status_code >= 300:
            raise Refusal(self.what, response.status_code, *_said(answer))
        return answer, seconds

    def cards(self) -> dict[str, dict]:
        """What the server lists, by name: {"autodidact-0123456789ab": {"id", "root", "parent", ...}}."""
        answer, _ = self.ask("GET", "/models", timeout=10)
        try:
            return {str(card["id"]): card for card in answer["data"]}
        except (KeyError, TypeError):
            raise AutodidactError(f"{self.what} is no OpenAI-compatible server", "Its address ends in /v1, as a rule.") from None

    def logprobs(self, name: str, tokens: list[int]) -> tuple[str, list[float | None]]:
        """(the model's name in the response, the log-probability of each given token): a completion that echoes its prompt."""
        body = {"model": name, "prompt": tokens, "max_tokens": 1, "temperature": 0, "logprobs": 1, "echo": True}
        answer, _ = self.ask("POST", "/completions", body)
        try:
            return str(answer["model"]), list(answer["choices"][0]["logprobs"]["token_logprobs"])[: len(tokens)]
        except (KeyError, IndexError, TypeError):
            raise AutodidactError(f"{self.what} gives no log-probabilities", "Set deploy.tolerance to null to do without.") from None

    def live(self, name: str, prompt: str, *, timeout: float) -> tuple[str, float]:
        """(the model's name in the response, seconds): one answer of at most 16 tokens."""
        body = {"model": name, "messages": [{"role": "user", "content": prompt}], "max_tokens": 16, "temperature": 0}
        answer, seconds = self.ask("POST", "/chat/completions", body, timeout=timeout)
        try:
            answer["choices"][0]["message"]["role"]
            return str(answer["model"]), seconds
        except (KeyError, IndexError, TypeError):
            raise AutodidactError(f"{self.what} gave an answer without a message", "See the server's log.") from None


def _said(answer: Any) -> tuple[str, str]:
    """(message, type) of an error body: OpenAI's {"error": {...}}, an older flat one, FastAPI's {"detail"}, or text."""
    kind = ""
    if isinstance(answer, dict):
        error = answer.get("error", answer)
        if isinstance(error, dict):
            kind = str(error.get("type") or "")
            answer = error.get("message") or error.get("detail") or error
        else:
            answer = error
    return " ".join(str(answer).split())[:300] or "nothing", kind
