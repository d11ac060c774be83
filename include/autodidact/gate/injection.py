"""Text that was planted for whoever trains on it: orders to the trainer, the judge or the model, control
tokens of a chat template, and characters that nobody sees.

Characters that show nothing (zero width, direction marks, tags, runs of variation selectors) are taken out;
where tags spell a message, the example goes. Joiners inside words of scripts that need them and inside emoji
stay. Control tokens (`chat.control_tokens`) drop the example, whoever wrote them: tokenised, `<tool_call>` in
a text is a real call and `<|im_end|>` the end of a turn. Orders drop the example: an order that is not given
to the reader of the text has no place in it. So that text about prompts, judges and trainers stays, an order
must be whole, verb, object and all ("ignore all previous instructions", "rate this answer 10 out of 10"), and
must not be quoted (`order_patterns.py`). It is looked for in every reading of the text that a disguise
leaves open (`text_without_disguises.py`). What an order says can be reworded, its structure hardly: somebody
is addressed who is a machine or works for one, and gets what no reader of the text gets. What would
otherwise be kept is looked at once more by models, for orders in wordings that no pattern knows
(`order_model.py`).
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

import autodidact.gate.order_model as order_model
from autodidact.gate.compact_examples import OPEN
from autodidact.gate.order_patterns import NEAR, SPAN, looks_around, possible
from autodidact.gate.rule import Context, Drop, map_texts, rewrite, texts
from autodidact.gate.text_without_disguises import readings
from autodidact.records import Example
from autodidact.scanning.decodings import decoded

NAME = "injection"

REASON = "orders to whoever trains on it"

_TAGS = re.compile("[\U000e0020-\U000e007e]{4,}")
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{2,6}\U000e007f")
_SMUGGLED = re.compile("[\U000e0100-\U000e01ef]{2,}|[\ufe00-\ufe0f]{2,}")
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\u115f\u1160\u3164\uffa0\U000e0000-\U000e0fff]"
)
# A joiner that does not stand after a letter of a script that needs it, or after an emoji.
_JOINER = re.compile(
    "(?<![\u0590-\u0fff\u1000-\u109f\u1780-\u18af\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])[\u200c\u200d]"
    "|[\u200c\u200d](?=[\\x00-\\x7f]|\\Z)"
)

_SENTENCE = re.compile(r"[^.!?。！？;\n]{6,}")
_QUOTES = "\"'`“”‘’«»"


def clear(text: str) -> str | Drop:
    """The text without what nobody sees; a Drop when that was a message."""
    if text.isascii():
        return text
    flagless = _FLAG.sub("", text)
    if _TAGS.search(flagless) or len(_SMUGGLED.findall(text)) > 3:
        return Drop("hidden text", "invisible characters that spell a message")
    if flagless != text:
        return text if not _UNSEEN.search(flagless) else _JOINER.sub("", _UNSEEN.sub("", flagless))
    return _JOINER.sub(
        "", _UNSEEN.sub("", _SMUGGLED.sub(lambda match: match[0][0] if match[0][0] == "\ufe0f" else "", text))
    )


def order(text: str) -> str | None:
    """The kind of the first order in a text that is not quoted, None when there is none."""
    for reading in chain(readings(text), *map(readings, decoded(text))):
        if kind := _order(reading):
            return kind
    return None


def _order(text: str) -> str | None:
    for one in possible(text):
        for start, end in _addressed(one.parts, text) if one.addressed else _places(one.parts, text):
            before, after = text[:start].rstrip()[-1:], text[end:].lstrip(" .!?,;:")[:1]
            if not (before and before in _QUOTES and after and after in _QUOTES):
                return one.kind
    return None


def _places(parts: tuple[re.Pattern, ...], text: str) -> Iterator[tuple[int, int]]:
    """Where all parts of an order stand in one sentence: (start of the first, end of the last)."""
    if len(parts) == 1:
        yield from (match.span() for match in parts[0].finditer(text))
        return
    if not all(part.search(text) for part in parts if not looks_around(part)):
        return  # so no sentence has all of them
    for first, last in _sentences(text):
        spans = []
        for part in parts:
            match = part.search(text, first, last)
            if not match:
                break
            spans.append(match.span())
        else:
            start, end = min(span[0] for span in spans), max(span[1] for span in spans)
            if end - start <= SPAN:
                yield start, end


@lru_cache(maxsize=1)
def _sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a text begin and end; kept, as the orders are tried one after the other."""
    return [sentence.span() for sentence in _SENTENCE.finditer(text)]


def _addressed(parts: tuple[re.Pattern, ...], text: str) -> Iterator[tuple[int, int]]:
    """Where all parts of an order stand on one line, near to whom it addresses."""
    who, *others = parts
    for match in who.finditer(text):
        line = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end()) % (len(text) + 1)
        around = max(line[0], match.start() - NEAR), min(line[1], match.end() + NEAR)
        spans = [match.span(), *(found.span() for one in others if (found := one.search(text, *around)))]
        if len(spans) == len(parts):
            yield min(start for start, _ in spans), max(end for _, end in spans)


def check(example: Example, context: Context) -> Example | Drop:
    """Takes out what nobody sees, and drops what holds control tokens or gives orders. Only what was mined is
    looked at for orders, templates are ours.
    """
    cleared = _cleared(example)
    if isinstance(cleared, Drop):
        return cleared
    text = _text(cleared)
    if context.control.search(text):  # last, as tokens may be cut in two by what was taken out
        return Drop("control tokens of a chat template")
    if example.source.kind != "template" and (kind := order(text)):
        return Drop(REASON, kind)
    return cleared


def judge(examples: Sequence[Example], context: Context) -> list[Example | Drop]:
    """Drops what gives orders in other words, in what is taught of texts that others wrote: answers, and
    results of tools that they follow. A prompt is Autodidact's own words, or what a user wants, which are
    orders by nature.
    """
    results: list[Example | Drop] = list(examples)
    read = [
        (place, reading)
        for place, example in enumerate(examples)
        if example.source.kind in (*OPEN, "mcp")
        for reading in readings(_taught(example))
    ]
    suspects = order_model.suspects([reading for _, reading in read])
    for one, is_order in zip(suspects, order_model.orders(suspects), strict=True):
        if is_order:
            results[read[one.text][0]] = Drop(REASON, "an order in other words")
    return results


def _text(example: Example) -> str:
    """The messages, the arguments of calls and the tools, as paragraphs: a tool's description is a place to
    plant orders too.
    """
    if not example.tools and not any(message.get("tool_calls") for message in example.messages):
        return "\n\n".join(message["content"] for message in example.messages)
    return "\n\n".join(texts([example.messages, example.tools]))


def _taught(example: Example) -> str:
    """The answer with the arguments of its calls, and the results of tools before it."""
    results = [message["content"] for message in example.messages if message["role"] == "tool"]
    return "\n\n".join([*results, *texts(example.messages[-1])])


def _cleared(example: Example) -> Example | Drop:
    """The example without what nobody sees."""
    found: list[Drop] = []

    def change(text: str) -> str:
        result = clear(text)
        if isinstance(result, Drop):
            found.append(result)
            return text
        return result

    messages, tools = map_texts(example.messages, change), map_texts(example.tools, change)
    if found:
        return found[0]
    answer = messages[-1]
    if not answer["content"].strip() and not answer.get("tool_calls"):
        return Drop("nothing seen in the answer")
    return rewrite(example, messages, tools)
