"""One client for every OpenAI-compatible server: judge, teacher, inference server, deployment.

A server that is down, slow, overloaded or broken (no connection, no answer in time, status 408, 425, 429 or
5xx) is `Unavailable` after the client's attempts: trying again later may help, and Airflow does. A server
that answers "no" (any other status that is not 2xx) is `Refused`: trying again will not help. Keys come from
the environment alone; no message has a key, a password or a query in it.
"""

import json
import os
import time
from typing import Any, NamedTuple

from autodidact.errors import AutodidactError, Unavailable, UsageError
from autodidact.retry_after import retry_after
from autodidact.safe_text import HIDDEN, addresses

# Tries of a patient client, and the seconds before the second one. The pause doubles: 31 s in all.
PATIENT, PAUSE = 6, 1.0
# Seconds; a server's Retry-After is heeded up to here.
LONGEST_PAUSE = 60.0
# Statuses below 500 that pass: time-out, too early, too many requests.
PASSING = {408, 425, 429}
# Bytes of an answer that are read. The longest wanted, the log-probabilities of a prompt, has some 100 kB.
MAX_BYTES = 8 * 2**20
# Characters of a server's own words in a message.
MAX_WORDS = 300


class Refused(AutodidactError):
    """The server answered "no". `status`: HTTP's; `words`: the server's; `kind`: OpenAI's error type, or
    ""."""

    def __init__(self, message: str, remedy: str, status: int, words: str, kind: str):
        super().__init__(message, remedy)
        self.status, self.words, self.kind = status, words, kind


class Failed(Unavailable):
    """The server answered that it cannot now: the fields of `Refused`, of the last attempt."""

    def __init__(self, message: str, remedy: str, status: int, words: str, kind: str):
        super().__init__(message, remedy)
        self.status, self.words, self.kind = status, words, kind


class Reply(NamedTuple):
    status: int
    headers: Any
    data: bytes
    # From the request to the last byte.
    seconds: float

    def value(self) -> Any:
        """JSON where it is JSON, text elsewhere."""
        try:
            return json.loads(self.data)
        except (ValueError, RecursionError):
            return self.data.decode("utf-8", "replace")


class Continued(NamedTuple):
    """What a completion added to a prompt: its text, and its token ids where the server tells them (without
    the one that ended it); how many tokens the server read, None where it does not say, and made.
    """

    text: str
    tokens: list[int] | None
    prompt_tokens: int | None
    made: int


class OpenAIClient:
    """`url` ends in /v1, as a rule; `what` is the server's name in messages; `key_variable` has its key.

    `timeout`: seconds until the whole answer is there. `attempts`: 1 where the caller itself decides when to
    try again; PATIENT for work that should outlast a restart of the server.
    """

    def __init__(
        self,
        url: str,
        *,
        what: str,
        key_variable: str | None = None,
        timeout: float = 60,
        attempts: int = 1,
        pause: float = PAUSE,
    ):
        import httpx

        self.what, self._address, self._key_variable = what, url, key_variable
        self._key = read_key(key_variable)
        self._timeout, self._attempts, self._pause = timeout, attempts, pause
        try:
            self._url = httpx.URL(url)
            right = self._url.scheme in ("http", "https") and self._url.host
        except (httpx.InvalidURL, UnicodeError):
            right = False
        if not right:
            raise AutodidactError(f"The address of {what} is wrong", "Write it as http://host:port/v1.")
        # A server that restarts closes what is kept open; a single attempt would take that for an outage.
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=0 if attempts == 1 else 20)
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        self._http = httpx.Client(headers=headers, timeout=timeout, limits=limits)

    def ask(self, method: str, path: str, body: Any = None, *, timeout: float | None = None) -> Reply:
        """The answer to one request. A path with a leading `//` begins at the host.

        Raises Refused, or Unavailable after the attempts.
        """
        import httpx

        trouble, pause, last = "", self._pause, None
        for attempt in range(self._attempts):
            if attempt:
                time.sleep(pause)
                pause = self._pause * 2**attempt
            try:
                last = self._send(method, path, body, timeout or self._timeout)
            except httpx.HTTPError as error:
                trouble, last = self._shown(str(error)) or type(error).__name__, None
                continue
            if 200 <= last.status < 300:
                return last
            words, kind = _words(last.value())
            words = self._shown(words)
            if last.status < 500 and last.status not in PASSING:
                message = f"{self.what} refused: status {last.status} {words}"
                raise Refused(message, self._remedy(last.status), last.status, words, kind)
            trouble = f"status {last.status} {words}".strip()
            pause = max(pause, min(LONGEST_PAUSE, retry_after(last.headers.get("retry-after", ""), 0.0)))
        message, remedy = f"{self.what} does not answer: {trouble}", "Start it, or see its log."
        if self._attempts > 1:
            message = f"{self.what} does not answer after {self._attempts} attempts: {trouble}"
            remedy = "Start it, then run the same command again: what was answered is kept."
        raise Failed(message, remedy, last.status, words, kind) if last else Unavailable(message, remedy)

    def _send(self, method: str, path: str, body: Any, timeout: float) -> Reply:
        """One attempt. Raises httpx.HTTPError, also when the answer as a whole takes too long."""
        import httpx

        place = path[1:] if path.startswith("//") else self._url.path.rstrip("/") + path
        url = self._url.copy_with(path=place)
        clock, data = time.monotonic(), bytearray()
        with self._http.stream(method, url, json=body, timeout=timeout) as response:
            for piece in response.iter_bytes():
                data += piece
                if len(data) > MAX_BYTES:
                    raise self.strange(f"its answer is longer than {MAX_BYTES // 2**20} MB")
                if time.monotonic() - clock > timeout:
                    raise httpx.ReadTimeout(f"no whole answer in {timeout:g} s")
        return Reply(response.status_code, response.headers, bytes(data), time.monotonic() - clock)

    def cards(self) -> dict[str, dict]:
        """What the server lists, by name: {"autodidact-0123456789ab": {"id", "root", "parent", ...}}."""
        answer = self._object(self.ask("GET", "/models", timeout=min(10, self._timeout)))
        try:
            return {str(card["id"]): card for card in answer["data"]}
        except (KeyError, TypeError):
            raise self.strange("its list of models has no data") from None

    @property
    def url(self) -> str:
        """The address as it was given."""
        return self._address

    def program(self) -> str:
        """What the server says it is: "vllm 0.32.0", say; "" where it does not."""
        try:
            answer = self.ask("GET", "//version", timeout=min(10, self._timeout)).value()
            return f"vllm {answer['version']}"[:60]
        except (AutodidactError, KeyError, TypeError):
            return ""

    def complete(self, model: str, messages: list[dict], *, max_tokens: int, **body: Any) -> dict:
        """The assistant's message."""
        return self._completion(model, messages, max_tokens=max_tokens, **body)[1]

    def live(self, model: str, prompt: str, *, timeout: float) -> tuple[str, float]:
        """(the model's name in the answer, seconds): one answer of at most 16 tokens."""
        messages = [{"role": "user", "content": prompt}]
        answer, _, seconds = self._completion(model, messages, timeout=timeout, max_tokens=16, temperature=0)
        return str(answer.get("model")), seconds

    def logprobs(
        self, model: str, tokens: list[int], *, timeout: float | None = None
    ) -> tuple[str, list[float | None]]:
        """(the model's name in the answer, the log-probability of each given token).

        A completion that echoes its prompt.
        """
        body = {"model": model, "prompt": tokens, "max_tokens": 1, "temperature": 0}
        try:
            reply = self.ask("POST", "/completions", body | {"logprobs": 1, "echo": True}, timeout=timeout)
        except Refused as error:
            if "logprobs" not in error.words and "echo" not in error.words:
                raise
            raise AutodidactError(
                f"{self.what} gives no log-probabilities of a prompt: {error.words}",
                "Start it so that it does, or set deploy.tolerance to null to do without.",
            ) from None
        answer = self._object(reply)
        try:
            values = list(answer["choices"][0]["logprobs"]["token_logprobs"])
            return str(answer["model"]), values[: len(tokens)]
        except (KeyError, IndexError, TypeError):
            raise AutodidactError(
                f"{self.what} gives no log-probabilities", "Set deploy.tolerance to null to do without."
            ) from None

    def continue_tokens(self, model: str, tokens: list[int], *, max_tokens: int) -> Continued:
        """The likeliest continuation of a prompt that is given as token ids; special tokens stay in it."""
        body = {"model": model, "prompt": tokens, "max_tokens": max_tokens, "temperature": 0}
        # Both are vLLM's; others leave unknown fields alone.
        also = {"skip_special_tokens": False, "return_token_ids": True}
        answer = self._object(self.ask("POST", "/completions", body | also))
        try:
            choice, usage = answer["choices"][0], answer.get("usage") or {}
            made = choice.get("token_ids")
            if made is not None and choice.get("finish_reason") == "stop":
                made = made[:-1]
            return Continued(
                str(choice["text"]),
                made,
                usage.get("prompt_tokens"),
                int(usage.get("completion_tokens") or len(made or ())),
            )
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            raise self.strange("its completion has no choices") from None

    def strange(self, why: str) -> AutodidactError:
        """The error for a server that speaks another protocol."""
        return AutodidactError(
            f"{self.what} is no OpenAI-compatible server: {why}", "Its address ends in /v1, as a rule."
        )

    def _completion(
        self, model: str, messages: list[dict], *, timeout: float | None = None, **body: Any
    ) -> tuple[dict, dict, float]:
        """(the whole answer, its message, seconds)."""
        reply = self.ask(
            "POST", "/chat/completions", {"model": model, "messages": messages, **body}, timeout=timeout
        )
        answer = self._object(reply)
        try:
            return answer, dict(answer["choices"][0]["message"]), reply.seconds
        except (KeyError, IndexError, TypeError, ValueError):
            raise self.strange("its answer has no choices") from None

    def _object(self, reply: Reply) -> dict:
        answer = reply.value()
        if isinstance(answer, str):
            raise self.strange(f"it answered {reply.headers.get('content-type', 'something')!r}")
        if not isinstance(answer, dict):
            raise self.strange("its answer is no JSON object")
        return answer

    def _shown(self, text: str) -> str:
        """A text without the key, and the address's login and query, which some servers repeat."""
        return addresses(text.replace(self._key, HIDDEN) if self._key else text, self._address)

    def _remedy(self, status: int) -> str:
        if status in (401, 403) and self._key_variable:
            return f"Set its key in the environment ({self._key_variable})."
        return "Check its address and the name of the model, or see its log."


def read_key(variable: str | None) -> str:
    """The key in a variable, without blanks around it; "" without one. Raises UsageError for one that cannot
    stand in a header.
    """
    key = os.environ.get(variable, "").strip() if variable else ""
    if not (key.isascii() and key.isprintable()):
        raise UsageError(f"{variable} has characters that no key has", "Set it anew.")
    return key


def _words(answer: Any) -> tuple[str, str]:
    """(message, type) of an error body: OpenAI's {"error": {...}}, a flat one, {"detail"}, or text."""
    kind = ""
    if isinstance(answer, dict):
        error = answer.get("error", answer)
        if isinstance(error, dict):
            kind = str(error.get("type") or "")
            answer = error.get("message") or error.get("detail") or error or ""
        else:
            answer = error
    return " ".join(str(answer).split())[:MAX_WORDS], kind
