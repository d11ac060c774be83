"""What a rule of the gate is.

A rule is a module with `NAME` and one or two of these functions, which the gate calls in this order
(gate/driver.py):

    check(example, context) -> Example | Drop         looks at one example: keeps, rewrites or drops it
    settle(marks, context) -> {row: Drop}             sees all at once, each as in compact_examples.py
    judge(examples, context) -> list[Example | Drop]  too dear for all: sees what would otherwise be kept,
                                                      some hundred at a time

What `check` and `judge` decide about an example depends on it alone, so that shards can be passed through
them anywhere. Counting, funnel and the file of dropped records are the gate's, so that a rule says only what
it knows.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autodidact.models.chat_template import control_tokens
from autodidact.records import Example, example_id


@dataclass(frozen=True)
class Drop:
    """Why an example is not kept. `reason` is one of a rule's few, to be counted; `value` is the figure or
    detail of this one.
    """

    reason: str
    value: Any = None


@dataclass(frozen=True)
class Context:
    """What rules may ask."""

    # settings.gate
    settings: Any
    # Tokens of a text by the base model's tokenizer.
    count: Callable[[str], int]
    # An embedding.Embedder: `cosines(left, right)`, `near(texts, others, least)`.
    embed: Any
    # A suite_index.SuiteIndex of the scored items; None: nothing is scored.
    suite: Any = None
    # Where progress goes.
    say: Callable[[str], Any] = lambda text: None
    # What the base model's tokenizer and template do not take for text.
    control: re.Pattern[str] = control_tokens()
    # `generators.register`.
    register: str = "drill"


def map_texts(value: Any, change: Callable[[str], str]) -> Any:
    """`value` with `change` applied to every string in it; keys stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {
            key: change(item) if isinstance(item, str) else map_texts(item, change)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [change(item) if isinstance(item, str) else map_texts(item, change) for item in value]
    return value


def texts(value: Any) -> list[str]:
    """Every string in `value`, keys included."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in (key, *texts(item))]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return []


def rewrite(
    example: Example, messages: list[dict[str, Any]], tools: list[dict[str, Any]] | None = None
) -> Example:
    """The example with other messages: a new id, and `was`, the id it had before the first rewrite. Itself
    when nothing changed.
    """
    tools = example.tools if tools is None else tools
    if messages == example.messages and tools == example.tools:
        return example
    was = (example.model_extra or {}).get("was") or example.id
    return example.model_copy(
        update={"id": example_id(messages, tools), "messages": messages, "tools": tools, "was": was}
    )


def extra(example: Example, name: str) -> Any:
    """An optional field of an example (`probe`, `short`, `replay_of`), None without it."""
    return (example.model_extra or {}).get(name)


def question(example: Example) -> str:
    """The last user message: what the answer answers. Empty when there is none."""
    return next((m["content"] for m in reversed(example.messages[:-1]) if m["role"] == "user"), "")
