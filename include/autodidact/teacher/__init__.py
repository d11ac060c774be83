"""A teacher model may vary how an example is worded, never what it says.

With `teacher.url` and `teacher.model` set (any OpenAI-compatible server) a part of each generator's rows is
reworded: `teacher.budget` requests a cycle at most, shared evenly by the generators. A variation takes the
place of its original (`was` is the original's id) when `same_facts.difference` finds nothing; else, and
whenever the teacher does not answer, the original stays and the reason is counted. Answers are kept in the
store's cache by content: a killed stage asks only for what it did not get, and the same cycle with the same
cache gives the same rows. The key comes from AUTODIDACT_TEACHER__KEY and is written nowhere.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from autodidact.errors import AutodidactError
from autodidact.fast_json import is_json
from autodidact.models.openai_client import PAUSE, OpenAIClient, Refused
from autodidact.records import Example, canonical, from_messages, sha256
from autodidact.safe_text import address
from autodidact.sources.snapshot import Snapshot
from autodidact.teacher.same_facts import difference

# Requests under way.
AT_ONCE = 8
# Rows looked ahead, so that the order is kept and memory stays small.
AHEAD = 64
# Requests in a row that find nobody; after that the teacher is left alone.
MOST_FAILED = 3
# Characters; longer ones are mostly code, which may not change anyway.
MOST_QUESTION, MOST_ANSWER = 700, 900
# Seconds for one answer; tries with doubling pauses.
TIMEOUT, ATTEMPTS = 60, 4

# Beginnings of JSON tried in one reply.
MOST_BRACES = 30

# The answer is a label, or its length is what it teaches.
LABELLED = ("intent_classification", "conciseness")
# Of the cache.
KIND = "teacher"

PROMPT = """\
Reword a training example so that a developer could have said it another way. Change only how it is said:
- Keep every name, path, number, date, quoted string and piece of code exactly as written, in the same \
order.
- Keep every word that carries meaning, every negation and every comparison. Add no facts, opinions, \
greetings or explanations.
- {what}
Reply with one JSON object and nothing else: {form}

{text}"""


def varied(
    rows: Iterable[Example], snapshot: Snapshot, *, requests: int, is_reserved: Callable[[str], bool]
) -> Iterator[Example]:
    """The rows in their order, as many of them reworded as `requests`, the teacher's answers and the check of
    facts allow. `is_reserved`: whether a question's wording belongs to the knowledge probe, and must not be
    trained.
    """
    teacher = snapshot.settings.teacher
    if not teacher.url:
        yield from rows
        return
    if not teacher.model:
        snapshot.troubles.add("teacher.url is set and teacher.model is not: nothing is varied")
        yield from rows
        return
    try:
        ask = _Teacher(snapshot, teacher.url, teacher.model)
    except AutodidactError as error:
        snapshot.troubles.add(f"the teacher cannot be asked: {type(error).__name__}", teacher.model)
        yield from rows
        return
    left = requests
    prompts: set[str] = set()
    waiting: deque[tuple[Example, Future | None]] = deque()
    pool = ThreadPoolExecutor(max_workers=AT_ONCE)
    try:
        for row in rows:
            parts = _parts(row) if left > 0 else {}
            left -= bool(parts)
            waiting.append((row, pool.submit(ask, parts) if parts else None))
            if len(waiting) > AHEAD:
                yield from _settled(*waiting.popleft(), snapshot, prompts, is_reserved)
        while waiting:
            yield from _settled(*waiting.popleft(), snapshot, prompts, is_reserved)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _parts(row: Example) -> dict[str, str]:
    """What may be reworded: the last question, and the answer unless it is a call, a label, a short value or
    JSON.
    """
    extra = row.model_extra or {}
    if extra.get("probe") or extra.get("replay_of"):
        return {}  # the wordings of the probe are chosen: one of them is reserved
    answer = row.messages[-1]
    question = next(
        (message["content"] for message in reversed(row.messages[:-1]) if message["role"] == "user"), ""
    )
    parts = {}
    if 0 < len(question) <= MOST_QUESTION:
        parts["question"] = question
    fixed = (
        answer.get("tool_calls")
        or extra.get("short")
        or row.category in LABELLED
        or is_json(answer["content"])
    )
    if not fixed and 0 < len(answer["content"]) <= MOST_ANSWER:
        parts["answer"] = answer["content"]
    return parts


class _Teacher:
    """Asks once for each content; the reply is kept as it came."""

    def __init__(self, snapshot: Snapshot, url: str, model: str):
        what = f"The teacher at {address(url)}"
        self._client = OpenAIClient(
            url,
            what=what,
            key_variable="AUTODIDACT_TEACHER__KEY",
            timeout=TIMEOUT,
            attempts=ATTEMPTS,
            pause=PAUSE,
        )
        self._cache, self._model, self._failed = snapshot.cache, model, 0

    def __call__(self, parts: dict[str, str]) -> str | None:
        """The reply of the teacher; None when it was not reached."""
        what = " and ".join(f"the {name}" for name in parts)
        form = json.dumps({name: f"<the reworded {name}>" for name in parts})
        text = "\n\n".join(f"<{name}>\n{part}\n</{name}>" for name, part in parts.items())
        prompt = PROMPT.format(what=f"Reword {what} only.", form=form, text=text)
        key = sha256(canonical([self._model, prompt]))
        kept = self._cache.get(KIND, key)
        if kept is not None:
            return kept.decode("utf-8", "replace")
        if self._failed >= MOST_FAILED:
            return None
        try:
            size = 200 + sum(map(len, parts.values()))  # tokens, for fewer characters than that
            reply = self._client.complete(
                self._model, [{"role": "user", "content": prompt}], max_tokens=size, temperature=0.7
            ).get("content")
        except Refused as refused:
            if refused.status in (400, 413, 422):  # it does not like this one
                reply = None
            else:
                self._failed += 1
                return None
        except AutodidactError:
            self._failed += 1
            return None
        self._failed = 0
        reply = reply if isinstance(reply, str) else ""
        self._cache.put(KIND, key, reply.encode("utf-8", "replace"))
        return reply


def _settled(
    row: Example,
    future: Future | None,
    snapshot: Snapshot,
    prompts: set[str],
    is_reserved: Callable[[str], bool],
) -> Iterator[Example]:
    """The variation when it may stand, else the original; no prompt twice."""
    made = row
    if future is not None:
        reply = future.result()
        if reply is None:
            snapshot.troubles.add("the teacher did not answer; the original wording stays", row.source.ref)
        else:
            made, reason = reworded(row, reply, snapshot.settings.teacher.model or "", is_reserved)
            if reason:
                snapshot.troubles.add(f"a variation of the teacher was refused: {reason}", row.source.ref)
            elif _prompt(made) in prompts:
                made = row
                snapshot.troubles.add(
                    "a variation of the teacher was refused: the prompt is there already", row.source.ref
                )
    if (prompt := _prompt(made)) in prompts:
        snapshot.troubles.add("the same prompt twice", row.source.ref)
        return
    prompts.add(prompt)
    yield made


def _prompt(row: Example) -> str:
    return sha256(canonical([row.messages[:-1], row.tools]))


def reworded(row: Example, reply: str, model: str, is_reserved: Callable[[str], bool]) -> tuple[Example, str]:
    """(the row in the teacher's words, ""), or (the row as it was, why). A part that was to stay stays,
    whatever the teacher says of it.
    """
    parsed = _read(reply)
    if parsed is None:
        return row, "it cannot be read"
    parts = _parts(row)
    messages = [dict(message) for message in row.messages]
    place = {"answer": len(messages) - 1}
    place["question"] = max(
        (n for n, message in enumerate(messages[:-1]) if message["role"] == "user"), default=0
    )
    changed = False
    for name, original in parts.items():
        new = parsed.get(name)
        if not isinstance(new, str) or not new.strip() or new.strip() == original.strip():
            continue
        if difference(original, new):
            return row, f"the {name} does not say the same"
        if name == "question" and is_reserved(new):
            return row, "the wording is reserved for the knowledge probe"
        messages[place[name]]["content"] = new.strip()
        changed = True
    if not changed:
        return row, "nothing changed"
    extra = {key: value for key, value in (row.model_extra or {}).items() if key not in ("was", "varied_by")}
    source = row.source.model_dump()
    made = from_messages(
        row.generator,
        row.category,
        messages,
        source,
        tools=row.tools,
        time=row.time,
        **extra,
        was=row.id,
        varied_by=model,
    )
    return made, ""


def _read(text: str) -> dict | None:
    """The last JSON object of a reply that has a question or an answer, thinking and fences aside."""
    text = text.rpartition("</think>")[2][:20_000]
    found = None
    at = text.find("{")
    for _ in range(MOST_BRACES):
        if at < 0:
            break
        try:
            value, end = json.JSONDecoder().raw_decode(text, at)
            if isinstance(value, dict) and ("question" in value or "answer" in value):
                found = value
            at = text.find("{", end)
        except (ValueError, RecursionError):
            at = text.find("{", at + 1)
    return found
