"""A small client of OpenAI-compatible servers: the judge's, and an inference server that answers the suite."""

import time
from typing import Any

from autodidact.errors import AutodidactError

ATTEMPTS = 6
PAUSE = 1.0  # seconds before the second attempt; doubles: 31 s in all
AGAIN = {408, 409, 425, 429, 500, 502, 503, 504}


class Refused(AutodidactError):
    """The server answered, and said no: trying again will not help. `status` is the HTTP status."""

    def __init__(self, status: int, message: str, remedy: str):
        super().__init__(message, remedy)
        self.status = status


class Client:
    """`complete` asks for one answer. What fails in passing (refused, timed out, 429, 5xx) is tried again with doubling pauses."""

    def __init__(self, url: str, key: str | None, *, what: str, timeout: float = 120, attempts: int = ATTEMPTS, pause: float = PAUSE):
        import httpx

        self.url, self.what, self._attempts, self._pause = url.rstrip("/"), what, attempts, pause
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            self._http = httpx.Client(headers=headers, timeout=timeout)
            self._http.build_request("GET", self.url)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            raise AutodidactError(f"The address of {what} is wrong: {error}", "Write it as http://host:port/v1.") from None

    def models(self) -> list[str]:
        """The names the server answers to."""
        return [model["id"] for model in self._ask("GET", "/models", None)["data"]]

    def complete(self, model: str, messages: list[dict], *, max_tokens: int, **body: Any) -> dict:
        """The assistant's message. Raises Refused, or AutodidactError when the server is down or no OpenAI-compatible one."""
        answer = self._ask("POST", "/chat/completions", {"model": model, "messages": messages, "max_tokens": max_tokens, **body})
        try:
            return dict(answer["choices"][0]["message"])
        except (KeyError, IndexError, TypeError):
            raise self._strange("its answer has no choices") from None

    def _strange(self, why: str) -> AutodidactError:
        return AutodidactError(f"{self.what} at {self.url} is no OpenAI-compatible server: {why}", "Its address ends in /v1, as a rule.")

    def _ask(self, method: str, path: str, body: dict | None) -> dict:
        import httpx

        trouble = ""
        for attempt in range(self._attempts):
            if attempt:
                time.sleep(self._pause * 2 ** (attempt - 1))
            try:
                response = self._http.request(method, self.url + path, json=body)
            except httpx.UnsupportedProtocol:
                raise self._strange("the address has no http:// or https://") from None
            except httpx.HTTPError as error:
                trouble = str(error) or type(error).__name__
                continue
            if response.status_code in AGAIN:
                trouble = f"status {response.status_code}"
                continue
            if response.status_code >= 400:
                said = " ".join(response.text.split())[:200]
                raise Refused(
                    response.status_code, f"{self.what} at {self.url} refused: status {response.status_code} {said}", self._mend(response)
                )
            try:
                answer = response.json()
            except ValueError:
                raise self._strange(f"it answered {response.headers.get('content-type', 'something')!r}") from None
            if not isinstance(answer, dict):
                raise self._strange("its answer is no JSON object")
            return answer
        raise AutodidactError(
            f"{self.what} at {self.url} does not answer after {self._attempts} attempts: {trouble}",
            "Start it, then run the same command again: what was answered is kept.",
        )

    @staticmethod
    def _mend(response: Any) -> str:
        if response.status_code in (401, 403):
            return "Set its key in the environment (AUTODIDACT_JUDGE__KEY, AUTODIDACT_BENCHMARK__KEY)."
        return "Check its address and the name of the model."
