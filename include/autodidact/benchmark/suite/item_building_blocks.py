"""What families draw their items with: the tables of words in this folder, and the forms that many prompts
share."""

from collections.abc import Sequence
from random import Random
from typing import Any

from autodidact.benchmark.item_family import Draw
from autodidact.shipped_tables import read_table


def table(name: str) -> dict[str, Any]:
    """The words and sentences of `<name>.yaml`, a path from this folder."""
    return read_table(__file__, f"{name}.yaml")


def choose(
    user: str,
    labels: Sequence[str],
    answer: str,
    *,
    system: str | None = None,
    history: Sequence[dict] = (),
    **slots: Any,
) -> Draw:
    """An item whose answer is one of the labels, all of which the prompt shows; the labels join the slots."""
    return Draw(
        user,
        {"labels": list(labels), "answer": answer},
        answer,
        system=system,
        history=history,
        slots={"labels": sorted(labels), **slots},
        max_tokens=24,
    )


def tool(
    name: str, description: str, required: dict[str, Any], optional: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A function tool. Each parameter is a JSON Schema, or a type name ("string"), or a list: the values of a
    string enum.
    """

    def schema(value: Any) -> dict[str, Any]:
        if isinstance(value, str):
            return {"type": value}
        return {"type": "string", "enum": value} if isinstance(value, list) else value

    properties = {key: schema(value) for key, value in {**required, **(optional or {})}.items()}
    parameters = {"type": "object", "properties": properties, "required": list(required)}
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": parameters},
    }


def shuffled(rng: Random, items: Sequence) -> list:
    """A copy in random order."""
    return rng.sample(list(items), len(items))


def bullets(lines: Sequence[str]) -> str:
    """The lines as a Markdown list."""
    return "\n".join(f"- {line}" for line in lines)


def numbered(lines: Sequence[str]) -> str:
    """The lines, numbered from 1."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
