"""An answer without its markup, with single spaces, or as words."""

import re

_FENCE = re.compile(r"^```[\w+-]*\n(.*?)\n?```$", re.DOTALL)
_KIND = (
    r"(?:answer|label|handler|result|output|step|verdict|line|option|category|tool|value|order|route|reply)"
)
_LEAD = re.compile(
    r"^(?:the )?(?:[a-z]+"
    rf" ){{0,2}}{_KIND}(?:\s+is\s+|\s*:\s*)|^(?:line|step|option|number|no\.|#)\s*(?=\d+$)",
    re.IGNORECASE,
)


def squash(text: str) -> str:
    """With single spaces for any white space, none at the ends."""
    return " ".join(text.split())


def clean(text: str) -> str:
    """An answer without what surrounds it: code fence, quotes, bold, list mark, a lead like `Answer:`,
    closing punctuation.
    """
    text = text.strip()
    if fenced := _FENCE.match(text):
        text = fenced[1].strip()
    before = None
    while text != before:
        before = text
        text = text.strip().strip("*").strip()
        for quote in ("`", '"', "'", "“”", "«»"):
            if len(text) > 1 and text[0] == quote[0] and text[-1] == quote[-1] and quote[0] not in text[1:-1]:
                text = text[1:-1].strip()
        if len(text) > 1 and text[-1] in ".,;:!" and text[-2] not in ".([{":
            text = text[:-1]
        lead = _LEAD.match(text)
        if text == before and lead and lead.end() < len(text):
            text = text[lead.end() :]
            if fenced := _FENCE.match(text.strip()):
                text = fenced[1]
    return text


def words(text: str) -> list[str]:
    """The words of a text; `a/b.py`, `p95` and `3.5` are one each, punctuation is none."""
    return re.findall(r"\w+(?:[./:'@_-]+\w+)*", text)
