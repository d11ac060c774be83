"""What is added to an answer about a port or an image: whose a wrong port is, what no tag stands for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from autodidact.generators.writing.probe_questions import with_more
from autodidact.knowledge.fact import Question
from autodidact.records import Example

# The number that ends the first part of a tag: `postgres:14-alpine`, `shop/web:1.2.3`.
_VERSION = re.compile(r"(?P<before>[^@]*:v?(?:\d+\.)*)(?P<number>\d{1,4})(?P<after>[\w.-]*)\Z")
# (file, port) -> the services that publish it, as far as the probe asks about them.
Owners = Mapping[tuple[str, str], set[str]]


def owners(asked: Iterable[Question]) -> Owners:
    """Who publishes which port of which file."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in asked:
        if one.kind == "compose_port":
            found[one.source.ref, one.accept[0]].add(one.subject.partition(" (")[0])
    return found


def noted(row: Example, question: Question, known: Owners) -> Example:
    """The row; its answer says whose a port is that the question takes for this service's, what an official
    image has there, and which tag is taken where an image has none.
    """
    image, extra = question.accept[0], question.source.model_extra or {}
    if question.kind.endswith("_image"):
        name = image.rpartition("/")[2]
        untagged = ":" not in name and "@" not in name
        return with_more(row, f"Without a tag that is `{image}:latest`.", question) if untagged else row
    if question.kind == "compose_port":
        for wrong in re.findall(r"\b\d{2,5}\b", row.messages[-2]["content"]):
            whose = known.get((question.source.ref, wrong), set())
            if wrong in question.confuse and len(whose) == 1:
                free = question.model_copy(update={"confuse": []})
                row = with_more(row, f"{wrong} is the port of `{next(iter(whose))}`.", free)
        if re.match(r"127\.|localhost:|\[::1\]", extra.get("entry", "")):
            bound = f"{image} is bound to the loopback address: programs on other machines do not reach it."
            row = with_more(row, bound, question)
        inside, serves = extra.get("inside"), extra.get("serves")
        if serves and (inside != question.accept[0] or "page" in serves):
            return with_more(
                row, f"By the image's defaults, {inside} in the container is {serves}.", question
            )
    return row


def versions_before(image: str) -> list[str]:
    """The same image with a lower version, as somebody has it in mind who has missed an upgrade; [] where the
    tag has no number to lower.
    """
    match = _VERSION.match(image)
    if not match or int(match["number"]) < 2:
        return []
    return [f"{match['before']}{int(match['number']) - 1}{match['after']}"]
