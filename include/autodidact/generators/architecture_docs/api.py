"""Questions about OpenAPI documents: operations, parameters, bodies, answers, schemas."""

import random
from collections import Counter
from collections.abc import Iterator

from autodidact.generators.architecture_docs.prose import MOST, stop
from autodidact.generators.writing.wording import Fact, listing
from autodidact.sources.documents.openapi import Api
from autodidact.sources.documents.reader import Document


def described(api: Api, document: Document, rng: random.Random) -> Iterator[Fact]:
    """What the API offers, how each operation is called and what it gives back."""
    name = document.name
    ids = Counter(operation.id for operation in api.operations)

    def fact(asks: tuple[str, ...], answer: str, *about: str) -> Fact:
        return Fact(
            rng.choice(asks), answer, document.source | {"asks": list(about)}, document.fresh, short=True
        )

    if api.servers and len(api.servers) <= MOST:
        yield fact(
            (f"Under which address is the API of {name} served?", f"{name}: base URL?"),
            listing(f"`{s}`" for s in api.servers),
            "servers",
        )
    if api.version:
        yield fact((f"Which version of the API does {name} describe?",), api.version, "version")
    tags = sorted({tag for operation in api.operations for tag in operation.tags})
    for tag in tags:
        mine = [operation.name for operation in api.operations if tag in operation.tags]
        if len(mine) <= MOST:
            yield fact(
                (f"Which operations of {name} are tagged {tag}?", f"List the {tag} endpoints of {name}."),
                f"{listing(f'`{o}`' for o in mine)}.",
                "tag",
                tag,
            )
    for operation in api.operations:
        me, key = f"`{operation.name}`", [operation.method, operation.path]
        if operation.id and ids[operation.id] == 1:
            yield fact(
                (
                    f"Which method and path has the operation {operation.id} ({name})?",
                    f"How do I call {operation.id} of {name}?",
                ),
                me,
                "operation",
                operation.id,
            )
            yield fact(
                (f"What is the operationId of {me} in {name}?",), f"`{operation.id}`", "operationId", *key
            )
        if operation.summary:
            yield fact(
                (f"What does {me} do, by {name}?", f"{name}: what is {me} for?"),
                stop(operation.summary),
                "summary",
                *key,
            )
        required = [parameter.name for parameter in operation.parameters if parameter.required]
        if len(required) <= MOST:
            answer = (
                f"{listing(f'`{p}`' for p in required)}."
                if required
                else f"None: {me} has no required parameter."
            )
            yield fact(
                (f"Which parameters does {me} require ({name})?", f"{name}: what must I pass to {me}?"),
                answer,
                "required",
                *key,
            )
        for parameter in operation.parameters:
            about = (*key, parameter.name, parameter.place)
            if [p.name for p in operation.parameters].count(parameter.name) > 1:
                continue
            yield fact(
                (f"Where does {me} take `{parameter.name}` from ({name})?",),
                f"From the {parameter.place}.".replace("formData", "form"),
                "in",
                *about,
            )
            if parameter.default:
                yield fact(
                    (f"I call {me} without `{parameter.name}`. Which value counts, by {name}?",),
                    f"`{parameter.default}`",
                    "default",
                    *about,
                )
            if parameter.enum and len(parameter.enum) <= MOST:
                yield fact(
                    (f"Which values may `{parameter.name}` of {me} have ({name})?",),
                    f"{listing(f'`{v}`' for v in parameter.enum)}.",
                    "enum",
                    *about,
                )
        names = {parameter.name for parameter in operation.parameters}
        others = sorted({p.name for o in api.operations for p in o.parameters} - names)
        if others and rng.random() < 0.5:
            wrong = rng.choice(others)
            known = f" It takes {listing(f'`{n}`' for n in sorted(names))}." if 0 < len(names) <= MOST else ""
            yield fact(
                (
                    f"Does {me} take a parameter `{wrong}` ({name})?",
                    f"I pass `{wrong}` to {me}, right ({name})?",
                ),
                f"No.{known}",
                "no parameter",
                *key,
                wrong,
            )
        if operation.body:
            yield fact(
                (f"What does {me} expect as its body, by {name}?",), f"`{operation.body}`", "body", *key
            )
        for status, schema in operation.responses.items():
            if schema:
                asks = (
                    f"What does {me} give back with status {status} ({name})?",
                    f"{name}: schema of {me} at {status}?",
                )
                yield fact(asks, f"`{schema}`", "response", *key, status)
        if 0 < len(operation.responses) <= MOST:
            yield fact(
                (f"With which statuses can {me} answer, by {name}?",),
                f"{listing(operation.responses)}.",
                "statuses",
                *key,
            )
    for schema in api.schemas:
        if len(schema.required) <= MOST:
            answer = (
                f"{listing(f'`{r}`' for r in schema.required)}."
                if schema.required
                else f"None: every field of {schema.name} is optional."
            )
            yield fact(
                (f"Which fields of the schema {schema.name} are required in {name}?",),
                answer,
                "schema required",
                schema.name,
            )
        for field, kind in list(schema.types.items())[: 2 * MOST]:
            if kind:
                yield fact(
                    (f"Of which type is `{field}` in the schema {schema.name} ({name})?",),
                    f"`{kind}`",
                    "field",
                    schema.name,
                    field,
                )
        fields = set(schema.types)
        others = sorted({field for other in api.schemas for field in other.types} - fields)
        if others:
            wrong = rng.choice(others)
            yield fact(
                (f"Does the schema {schema.name} of {name} have a field `{wrong}`?",),
                "No.",
                "no field",
                schema.name,
                wrong,
            )
