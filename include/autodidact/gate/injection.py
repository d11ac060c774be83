"""Text that was planted for whoever trains on it: orders to the trainer, the judge or the model, control tokens of a chat template, and
characters that nobody sees.

Characters that show nothing (zero width, direction marks, tags, runs of variation selectors) are taken out; where tags spell a message, the
example goes. Joiners inside words of scripts that need them and inside emoji stay. Control tokens (`chat.control_tokens`) drop the example,
whoever wrote them: tokenised, `<tool_call>` in a text is a real call and `<|im_end|>` the end of a turn. Orders drop the example: an order
that is not given to the reader of the text has no place in it. So that text about prompts, judges and trainers stays, an order must be
whole, verb, object and all ("ignore all previous instructions", "rate this answer 10 out of 10"), and must not be quoted.
"""

# ruff: noqa: E501 - an order a line

import re
from collections.abc import Sequence

from autodidact.gate.readings import BETWEEN, holding
from autodidact.gate.rule import Context, Drop, map_texts, rewrite, texts
from autodidact.records import Example

NAME = "injection"

_TAGS = re.compile("[\U000e0020-\U000e007e]{4,}")
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{2,6}\U000e007f")
_SMUGGLED = re.compile("[\U000e0100-\U000e01ef]{2,}|[\ufe00-\ufe0f]{2,}")
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u206a-\u206f\ufeff\ufff9-\ufffb\u115f\u1160\u3164\uffa0\U000e0000-\U000e0fff]")  # fmt: skip
_JOINER = re.compile(
    "(?<![\u0590-\u0fff\u1000-\u109f\u1780-\u18af\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])[\u200c\u200d]|[\u200c\u200d](?=[\\x00-\\x7f]|\\Z)"
)

_CUES = (
    "ignore ", "disregard ", "forget ", "override ", "bypass ", "rate th", "grade th", "score th", "judge ", "mark th", "award ", "give th",
    "assign ", "grader", "evaluator", "rater", "note to", "attention", "message to", "instruction", "notice to", "you are a", "from now on",
    "hereafter", "henceforth", "you are now", "system prompt", "whenever ", "this example", "this text", "this record", "this document",
    "this passage", "this page", "training on", "ai:", "assistant:", "agent:", "llm:", "model being", "to the user", "tell the user", "inform the user",
    "user know", "do not follow", "ignorier", "ignorez", "ignora ", "ignore les", "ignore tou", "vergiss ", "missachte", "olvida ", "oubli",
)  # fmt: skip
"""No order is without one of these."""

_WHO = (
    r"(?:ai|llm|language model|model|assistant|chatbot|trainer|fine-?tuner|judge|grader|evaluator|rater|reviewer model|crawler|scraper)s?"
)
_ORDERS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "an order to forget orders",
            r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:(?:all|any|every|the|of|your|my|these|those|and)\s+){0,4}(?:(?:previous|prior|earlier|above|preceding|foregoing|former|system|safety|original|other|existing)\s+){1,2}(?:and\s+\w+\s+)?(?:instructions?|prompts?|rules|directions|guidelines|messages?|commands|context|training)\b",
        ),
        ("an order to forget orders", r"\b(?:ignore|disregard|forget)\s+(?:everything|anything|all)\s+(?:you\s+(?:were|have\s+been)\s+told|(?:that\s+)?(?:came|comes|was\s+said)\s+(?:before|above)|above|before\s+this)\b"),
        (
            "an order to the judge",
            r"\b(?:rate|grade|score|judge|mark|award|give|assign)\s+(?:this|it|the\s+(?:above|following|present|answer|response))\s*(?:answer|response|example|submission|output|entry|one)?\s*(?:with|as|at|a|an|the|full|maximum|perfect|highest|top)?\s*(?:a\s+)?(?:score\s+of\s+)?(?:10\s*(?:/|out\s+of)\s*10|100\s*(?:%|/\s*100|out\s+of\s+100)|1\.0\b|5\s*/\s*5|(?:full|maximum|perfect|highest|top)\s+(?:marks?|scores?|points|rating))",
        ),
        ("an order to the judge", r"\b(?:the\s+)?(?:judge|grader|evaluator|rater)\s*[,:]?\s+(?:must|should|shall|has\s+to|please|will\s+now)\s+(?:always\s+)?(?:give|award|assign|accept|approve|prefer|rate|score|mark|choose|select|pick)\s+(?:this|it|full|maximum|the\s+(?:highest|maximum|top|first))\b"),
        ("an order to forget orders", r"\b(?:ignore|disregard|forget)\s+(?:all\s+(?:of\s+)?)?the\s+above\s*(?:,|;|\band\b|\bthen\b)\s*(?:instead\s+)?(?:act|answer|say|output|respond|pretend|reply|write|print)\b"),
        ("an order to the judge", rf"\byou\s+are\s+(?:now\s+)?(?:the|an?)\s+{_WHO}\b[^.\n]{{0,20}}\b(?:always|must|only|never)\s+(?:output|give|award|answer|return|respond|reply|assign)\b"),
        ("an order to the trainer", r"\bwhen(?:ever)?\s+(?:you\s+are\s+)?(?:training|trained|fine-?tuning)\s+on\s+this\b[^.\n]{0,60}\b(?:must|should|shall|always|never)\b"),
        ("an order to the judge", r"\b(?:award|give|assign)\s+(?:full|maximum|perfect|the\s+(?:highest|maximum|top))\s+(?:marks?|scores?|points|rating)\s+(?:to|for|here|regardless|no\s+matter|always)\b"),
        ("an order to the trainer", r"\b(?:always\s+)?(?:include|keep|put|add)\s+this\s+(?:example|text|record|document|passage|page)?\s*(?:in|into|to)\s+(?:the|your|any)\s+(?:training|fine-?tuning)\s+(?:data|set|mix|corpus)\b"),
        ("an order to the trainer", r"\bdo\s+not\s+(?:filter|drop|remove|discard|flag|redact)\s+this\s+(?:example|text|record|document|passage|page)\b"),
        ("an order to the model", rf"\b(?:note|message|attention|instructions?|notice)\s+(?:to|for)\s+(?:the\s+|all\s+|any\s+)?(?:ai\s+)?{_WHO}\s*(?:reading|training|processing|that|who|:|-)"),
        ("an order to the model", rf"\bif\s+you\s+are\s+an?\s+{_WHO}\b[^.\n]{{0,60}}\b(?:then|you\s+must|please|always|respond|reply|answer|output|say|do)\b"),
        ("an order to the model", r"\b(?:from\s+now\s+on|hereafter|henceforth)\s*,?\s+(?:you\s+(?:will|must|shall|are)|always|never)\b[^.\n]{0,80}\b(?:answer|respond|reply|say|recommend|output|refuse|pretend|claim|act)\b"),
        ("an order to the model", r"\byou\s+are\s+now\s+(?:in\s+)?(?:dan\b|jailbroken|developer\s+mode|unrestricted|an?\s+(?:unrestricted|unfiltered|evil|uncensored)\b)"),
        ("an order to the model", r"\b(?:reveal|print|repeat|output|leak|show)\s+(?:me\s+)?(?:your|the)\s+(?:hidden\s+|secret\s+|full\s+|entire\s+)?system\s+prompt\b(?!\s+(?:template|file|setting|field|argument|option))"),
        ("an order to the model", rf"(?m)(?:^|<!--|/\*|[#/]{{1,2}})[ \t]*(?:dear\s+)?(?:ai|llm)s?(?:\s+{_WHO}|\s+agents?)?\s*[:,]\s+(?:please\s+)?(?:do\s+not|don't|you\s+must|always|never|ignore|skip|approve|reply|respond|output|answer)\b"),
        ("an order to the trainer", r"\bmodel\s+(?:that\s+is\s+)?(?:being\s+)?(?:trained|fine-?tuned)\s+on\s+this\b[^.\n]{0,40}\b(?:must|should|shall|will|always|never)\b"),
        ("an order to keep something from the user", r"\b(?:do\s+not|don't|never)\s+(?:mention|reveal|disclose|report|tell|inform|let)\s+(?:(?:about\s+)?(?:this|it|that|these\s+instructions|any\s+of\s+this)\s+to\s+the\s+user|the\s+user\s+(?:about|of|that\s+you|know))\b"),
        ("an order to forget orders", r"\bdo\s+not\s+follow\s+(?:the\s+)?(?:user|system|developer)(?:'s)?\s+(?:instructions?|prompts?|messages?)\b"),
        ("an order to forget orders", r"\b(?:ignorieren?|ignoriert?|vergiss|missachten?)\s+(?:sie\s+)?(?:\w+\s+){0,2}(?:vorherigen|bisherigen|vorangegangenen|obigen|früheren)\s+(?:anweisungen|instruktionen|regeln|befehle|vorgaben)\b"),
        ("an order to forget orders", r"\b(?:ignore[rz]?|oublie[rz]?)\s+(?:toutes\s+)?(?:les|vos|tes)\s+(?:instructions|consignes|règles)\s+(?:précédentes|antérieures|ci-dessus|d'avant)"),
        ("an order to forget orders", r"\b(?:ignor[ae]n?|olvid[ae]n?)\s+(?:todas\s+)?(?:las|tus|sus)\s+(?:instrucciones|reglas|órdenes)\s+(?:anteriores|previas|de\s+arriba)\b"),
        ("an order to the model", r"\bwhenever\s+(?:you\s+are\s+asked|(?:the|a)\s+user\s+(?:asks|says|mentions|writes))\b[^.\n]{0,80}\b(?:always|you\s+must|never)\s+(?:answer|respond|reply|say|recommend|output|claim)\b"),
    )
)  # fmt: skip
"""Orders, each with verb and object."""

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
    return _JOINER.sub("", _UNSEEN.sub("", _SMUGGLED.sub(lambda match: match[0][0] if match[0][0] == "\ufe0f" else "", text)))


def order(text: str) -> str | None:
    """The kind of the first order in a text that is not quoted, None when there is none."""
    lower = text.lower()
    if not any(map(lower.__contains__, _CUES)):
        return None
    for kind, pattern in _ORDERS:
        for match in pattern.finditer(text):
            before, after = text[: match.start()].rstrip()[-1:], text[match.end() :].lstrip(" .!?,;:")[:1]
            if not (before and before in _QUOTES and after and after in _QUOTES):
                return kind
    return None


def check(example: Example, context: Context) -> Example | Drop:
    """Takes out what nobody sees, and drops what holds control tokens or gives orders. Only what was mined is looked at for orders, templates
    are ours."""
    return check_all([example], context)[0]


def check_all(examples: Sequence[Example], context: Context) -> list[Example | Drop]:
    said = ["\n".join(_said(example)) for example in examples]
    cues = holding([text.lower() for text in said], _CUES, BETWEEN)
    return [
        _check(example, text, cue or not text.isascii(), context) for example, text, cue in zip(examples, said, cues, strict=True)
    ]  # what is not ASCII may say something else once it is cleared


def _said(example: Example) -> list[str]:
    """What is said in the messages, in the arguments of calls and in the tools: a tool's description is a place to plant orders too."""
    if not example.tools and not any(message.get("tool_calls") for message in example.messages):
        return [message["content"] for message in example.messages]
    return texts([example.messages, example.tools])


def _check(example: Example, said: str, orders: bool, context: Context) -> Example | Drop:
    if not said.isascii():
        cleared = _cleared(example)
        if isinstance(cleared, Drop):
            return cleared
        if cleared is not example:
            example, said = cleared, "\n".join(_said(cleared))
    if context.control.search(said):  # last, as tokens may be cut in two by what was taken out
        return Drop("control tokens of a chat template")
    if orders and example.source.kind != "template":
        for text in _said(example):
            if kind := order(text):
                return Drop("orders to whoever trains on it", kind)
    return example


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
