"""What passes from one stage to the next: examples, scores, manifests, reports, verdicts. Facts, and the
questions about them, are in knowledge/fact.py.

The JSON forms are a contract (docs/formats.md): fields may be added, never renamed.
"""

import hashlib
import json
import unicodedata
from datetime import datetime, timezone
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from autodidact.benchmark_categories import CATEGORIES as CATEGORIES

SourceKind = Literal[
    "git", "transcript", "mcp", "wiki", "document", "graph", "table", "template", "chronicle", "model"
]


def nfc(value: Any) -> Any:
    """`value` with every string, keys included, in Unicode normal form C."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {nfc(key): nfc(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [nfc(item) for item in value]
    return value


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(value: Any) -> str:
    """The one JSON text of a value: NFC, sorted keys, compact, UTF-8 characters as they are. What every hash
    is taken of.
    """
    text = _encode(value)
    return text if text.isascii() else _encode(nfc(value))


def sha256(data: bytes | str) -> str:
    """Hex digest. Lone surrogates, which JSON can carry and UTF-8 cannot, count as their escapes."""
    return hashlib.sha256(
        data if isinstance(data, bytes) else data.encode("utf-8", "backslashreplace")
    ).hexdigest()


def example_id(messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> str:
    """The identity of an example: what the model is shown, not where it came from."""
    return sha256(canonical({"messages": messages, "tools": tools}))


def instant(value: datetime | str) -> str:
    """ISO 8601 in UTC, to the second, with a Z."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    if value.tzinfo is None:
        value = value.replace(tzinfo=timezone.utc)
    return value.astimezone(timezone.utc).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def cycle_id(until: datetime) -> str:
    """A cycle is named after the end of its window, to the minute: 2026-11-23T1200Z."""
    return until.astimezone(timezone.utc).strftime("%Y-%m-%dT%H%MZ")


class Record(BaseModel):
    model_config = ConfigDict(extra="allow")


class Source(Record):
    """Where an example can be checked. Code: commit, path, lines [a, b]. Commit: sha, path. Conversation:
    file, line. Tool: server, name.
    """

    kind: SourceKind
    ref: str


class Example(Record):
    """One training example. The last message is the assistant's, and the only one trained on."""

    format: Literal[1] = 1
    id: str
    generator: str
    category: str
    messages: list[dict[str, Any]] = Field(min_length=2)
    tools: list[dict[str, Any]] = []
    time: str | None = None
    source: Source

    @field_validator("category")
    @classmethod
    def _known_category(cls, value: str) -> str:
        if value not in CATEGORIES:
            raise ValueError(f"unknown category {value!r}; one of {', '.join(CATEGORIES)}")
        return value

    @field_validator("messages")
    @classmethod
    def _well_formed(cls, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for message in messages:
            if message.get("role") not in ("system", "user", "assistant", "tool"):
                raise ValueError(f"unknown role {message.get('role')!r}")
            if not isinstance(message.get("content"), str):
                raise ValueError("a message's content must be a string")
            for call in message.get("tool_calls") or ():
                function = call.get("function", {}) if isinstance(call, dict) else {}
                if not isinstance(function.get("name"), str) or not isinstance(
                    function.get("arguments"), dict
                ):
                    raise ValueError("a tool call needs a function name and an arguments object")
        last = messages[-1]
        if last["role"] != "assistant" or not (last["content"].strip() or last.get("tool_calls")):
            raise ValueError("the last message must be a non-empty one of the assistant's")
        return messages

    def line(self) -> str:
        """The record as one JSON line (no newline)."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))

    def prompt(self) -> str:
        """Everything the model reads before it answers, as plain text."""
        return "\n".join(message["content"] for message in self.messages[:-1])

    def response(self) -> str:
        """What is trained on: the content and the rendered tool calls of the last message."""
        return response_text(self.messages[-1])


def response_text(message: dict[str, Any]) -> str:
    """An assistant message as text: content, then each tool call as `{"name": ..., "arguments": ...}` on a
    line of its own.
    """
    calls = [
        json.dumps(
            {"name": c["function"]["name"], "arguments": c["function"]["arguments"]}, ensure_ascii=False
        )
        for c in message.get("tool_calls") or ()
    ]
    return "\n".join(part for part in (message.get("content", ""), *calls) if part)


def example(
    generator: str,
    category: str,
    user: str,
    answer: str | dict[str, Any],
    source: dict[str, Any],
    *,
    system: str | None = None,
    history: list[dict[str, Any]] | None = None,
    tools: list[dict[str, Any]] | None = None,
    time: datetime | str | None = None,
    **extra: Any,
) -> Example:
    """The usual example: an optional system text, optional earlier turns, a question, an answer.

    `answer` is text, or an assistant message (with `tool_calls`) as made by `call()`.
    """
    messages = [{"role": "system", "content": system}] if system else []
    messages += history or []
    if user:
        messages.append({"role": "user", "content": user})
    messages.append({"role": "assistant", "content": answer} if isinstance(answer, str) else answer)
    return from_messages(generator, category, messages, source, tools=tools, time=time, **extra)


def from_messages(
    generator: str,
    category: str,
    messages: list[dict[str, Any]],
    source: dict[str, Any],
    *,
    tools: list[dict[str, Any]] | None = None,
    time: datetime | str | None = None,
    **extra: Any,
) -> Example:
    """An example from whole messages; computes its id."""
    shown = {"messages": messages, "tools": tools or []}
    text = _encode(shown)
    if not text.isascii():  # else it is in that form, which takes longer to make than the example
        shown = nfc(shown)
        text = _encode(shown)
    return Example(
        id=sha256(text),
        generator=generator,
        category=category,
        time=instant(time) if time else None,
        source=source,
        **shown,
        **extra,
    )


def call(*calls: tuple[str, dict[str, Any]], content: str = "") -> dict[str, Any]:
    """An assistant message that calls tools: `call(("search", {"query": "x"}))`."""
    return {
        "role": "assistant",
        "content": content,
        "tool_calls": [{"type": "function", "function": {"name": n, "arguments": a}} for n, a in calls],
    }


class Score(Record):
    """A score that can be argued with. `value` is in [0, 1], or None with the reason in `missing`."""

    value: float | None
    answer: str = ""
    explanation: str = ""
    missing: str | None = None


class Output(Record):
    sha256: str
    bytes: int
    records: int | None = None


class Trouble(Record):
    """A reason, how often, and the first place where."""

    reason: str
    count: int = 1
    ref: str | None = None


class Manifest(Record):
    """Written last: its existence means the stage is done."""

    format: Literal[1] = 1
    stage: str
    cycle_id: str
    inputs: dict[str, str] = {}
    code: str
    outputs: dict[str, Output] = {}
    status: Literal["done", "skipped"] = "done"
    reason: str | None = None
    counts: dict[str, Any] = {}
    errors: list[Trouble] = []
    started: str
    seconds: float


class Adapter(Record):
    """A trained adapter: its folder, a key of the store, and the digest of all its files."""

    path: str
    sha256: str


class Champion(Record):
    """What a server should serve: `champion.json`."""

    format: Literal[1] = 1
    version: str
    base: dict[str, Any]  # {"id", "revision", "sha256"}
    adapter: Adapter | None = None
    quantization: str
    cycle_id: str
    promoted_at: str
    # How often the system's champion has changed; None: written before this was counted.
    generation: int | None = None


class CategoryScore(Record):
    score: float | None
    n: int
    missing: int = 0


class ItemResult(Record):
    id: str
    category: str
    family: str
    hidden: bool = False
    block: int = 0
    score: float | None
    missing: str | None = None
    prompt: list[dict[str, Any]] = []
    answer: str = ""
    explanation: str = ""
    counted: bool = True  # False: shown, and part of no mean and no verdict (a judge below `judge.floor`)

    @property
    def points(self) -> float:
        """The score of an item that has one; raises ValueError for one that has none."""
        if self.score is None:
            raise ValueError(f"{self.id} has no score: {self.missing}")
        return self.score


class Report(Record):
    """A benchmark report. `overall` is the mean of the nine category means of block 0."""

    format: Literal[1] = 1
    fingerprint: str
    suite: dict[str, Any]
    judge: str
    model: dict[str, Any]
    blocks: list[int]
    week: str
    overall: float | None
    categories: dict[str, CategoryScore]
    probe: CategoryScore | None = None
    items: list[ItemResult] = []
    probe_items: list[ItemResult] = []
    # The judge's agreement with people: kappa, low, high, n, floor, counted, warning.
    judge_check: dict[str, Any] | None = None
    # The server that answered, where clients ask it too: name, kind, precision, server.
    served: dict[str, Any] | None = None
    # The same model asked twice: n, equal, scores, difference.
    aa: dict[str, Any] | None = None


class Rule(Record):
    name: str
    value: float | None
    threshold: float | None
    passed: bool


Outcome = Literal["promote", "reject", "undecided", "not_comparable"]


class Verdict(Record):
    outcome: Outcome
    p_better: float | None = None
    difference: dict[str, float | None] = {"mean": None, "low": None, "high": None}
    rules: list[Rule] = []
    reasons: list[str] = []
    more_evidence: bool = False
