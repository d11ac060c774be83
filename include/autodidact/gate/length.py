"""Length: a response of 10 to 800 tokens by the base model's tokenizer, as in the article.

The response is the content and the rendered tool calls, without thinking and special tokens. Where the right
answer is short the minimum is 1: a generator says so with `"short": true`, and in the register `drill` a
label or a number is the whole answer in three categories.

So counted it drops 2.4% of 17,245 functions of the standard library, nearly all as too long, 15% of 6,773
docstrings, nearly all as too short, 26% of 1,254 files of JSON as too long, and 2.4% of 52,384 examples of
three repositories as too short (`benchmarks/gate_rules.py`).
"""

import re

from autodidact.gate.rule import Context, Drop, extra
from autodidact.records import Example

NAME = "length"

SHORT_CATEGORIES = ("intent_classification", "conciseness", "reasoning")

_UNCOUNTED = re.compile(r"<think>.*?(?:</think>|\Z)|<\|[a-z_]+\|>", re.DOTALL)


def check(example: Example, context: Context) -> Example | Drop:
    """Counts tokens only when the number of words and bytes leaves it open: a word is at least one token, a
    token at least one byte.
    """
    text = example.response()
    if "<" in text:
        text = _UNCOUNTED.sub("", text)
    text = text.strip()
    short = extra(example, "short") is True or (
        context.register == "drill" and example.category in SHORT_CATEGORIES
    )
    least = 1 if short else context.settings.min_tokens
    if (
        len(text.split()) >= least
        and len(text.encode("utf-8", "surrogatepass")) <= context.settings.max_tokens
    ):
        return example
    tokens = context.count(text)
    if tokens < least:
        return Drop("too short", tokens)
    if tokens > context.settings.max_tokens:
        return Drop("too long", tokens)
    return example
