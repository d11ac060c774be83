"""Questions about OpenAPI documents: operations, parameters, bodies, answers, schemas."""

import random
from collections import Counter
from collections.abc import Iterator

from autodidact.generators.architecture_docs.facts_with_short_answers import FactsOf
from autodidact.generators.architecture_docs.text_and_table_questions import MOST, stop
from autodidact.generators.writing.facts_into_words import Fact, code, listing
from autodidact.sources.documents.openapi import Api, Operation, Schema
from autodidact.sources.documents.reader import Document


def described(api: Api, document: Document, rng: random.Random) -> Iterator[Fact]:
    """What the API offers, how each operation is called and what it gives back."""
    fact = FactsOf(document, rng)
    yield from _whole(api, fact)
    ids = Counter(operation.id for operation in api.operations)
    # Why one is deprecated, and what to call in its place, its description says, which is not read.
    for operation in (each for each in api.operations if not each.deprecated):
        yield from _operation(operation, ids[operation.id] == 1, api, fact)
        yield from _parameters(operation, fact)
        yield from _foreign_parameter(operation, api, fact)
        yield from _body_and_responses(operation, api, fact)
    for schema in api.schemas:
        yield from _schema(schema, api, fact)


def _whole(api: Api, fact: FactsOf) -> Iterator[Fact]:
    """Servers, version, and operations by tag."""
    name = fact.name
    if api.servers and len(api.servers) <= MOST:
        asks = [f"Under which address is the API of {name} served?", f"{name}: base URL?"]
        yield fact(asks, code(api.servers), "servers")
    if api.version:
        yield fact((f"Which version of the API does {name} describe?",), api.version, "version")
    for tag in sorted({tag for operation in api.operations for tag in operation.tags}):
        those = [operation for operation in api.operations if tag in operation.tags]
        tagged, old = [one.name for one in those], [one.name for one in those if one.deprecated]
        if len(tagged) <= MOST:
            asks = [f"Which operations of {name} are tagged {tag}?", f"List the {tag} endpoints of {name}."]
            answer = f"{code(tagged)}." + (f" Deprecated: {code(old)}." if old else "")
            yield fact(asks, api.unread.closed(answer, "operations"), "tag", tag)


def _operation(operation: Operation, only: bool, api: Api, fact: FactsOf) -> Iterator[Fact]:
    """Its id, if it is the `only` one with that, what it does, and what it requires."""
    me, key, name = f"`{operation.name}`", (operation.method, operation.path), fact.name
    if operation.id and only:
        asks = [
            f"Which method and path has the operation {operation.id} ({name})?",
            f"How do I call {operation.id} of {name}?",
        ]
        yield fact(asks, me, "operation", operation.id)
        yield fact((f"What is the operationId of {me} in {name}?",), f"`{operation.id}`", "operationId", *key)
    if operation.summary:
        asks = [f"What does {me} do, by {name}?", f"{name}: what is {me} for?"]
        yield fact(asks, stop(operation.summary), "summary", *key)
    required = [parameter.name for parameter in operation.parameters if parameter.required]
    if len(required) <= MOST:
        asks = [f"Which parameters does {me} require ({name})?", f"{name}: what must I pass to {me}?"]
        answer = f"{code(required)}." if required else f"None: {me} has no required parameter."
        answer = api.unread.closed(answer, f"parameters/{operation.name}")
        yield fact(asks[:1] if operation.demands else asks, answer, "required", *key)


def _parameters(operation: Operation, fact: FactsOf) -> Iterator[Fact]:
    """Where each parameter stands, its default and its values."""
    me, name = f"`{operation.name}`", fact.name
    for parameter in operation.parameters:
        about = (operation.method, operation.path, parameter.name, parameter.place)
        if [other.name for other in operation.parameters].count(parameter.name) > 1:
            continue
        place = f"From the {parameter.place}.".replace("formData", "form")
        yield fact((f"Where does {me} take `{parameter.name}` from ({name})?",), place, "in", *about)
        if parameter.default:
            asks = [f"I call {me} without `{parameter.name}`. Which value counts, by {name}?"]
            yield fact(asks, f"`{parameter.default}`", "default", *about)
        if parameter.enum and len(parameter.enum) <= MOST:
            asks = [f"Which values may `{parameter.name}` of {me} have ({name})?"]
            yield fact(asks, f"{code(parameter.enum)}.", "enum", *about)


def _foreign_parameter(operation: Operation, api: Api, fact: FactsOf) -> Iterator[Fact]:
    """A parameter that other operations have, and this one does not."""
    me, name, key = f"`{operation.name}`", fact.name, (operation.method, operation.path)
    names = {parameter.name for parameter in operation.parameters}
    others = sorted({p.name for other in api.operations for p in other.parameters} - names)
    if others and fact.rng.random() < 0.5:
        wrong = fact.rng.choice(others)
        known = f" It takes {code(sorted(names))}." if 0 < len(names) <= MOST else ""
        asks = [
            f"Does {me} take a parameter `{wrong}` ({name})?",
            f"I pass `{wrong}` to {me}, right ({name})?",
        ]
        answer = api.unread.closed(f"No.{known}", f"parameters/{operation.name}")
        yield fact(asks, answer, "no parameter", *key, wrong)


def _body_and_responses(operation: Operation, api: Api, fact: FactsOf) -> Iterator[Fact]:
    me, name, key = f"`{operation.name}`", fact.name, (operation.method, operation.path)
    if operation.body:
        yield fact((f"What does {me} expect as its body, by {name}?",), f"`{operation.body}`", "body", *key)
    for status, schema in operation.responses.items():
        if schema and status.isdecimal():
            asks = [
                f"What does {me} give back with status {status} ({name})?",
                f"{name}: schema of {me} at {status}?",
            ]
            yield fact(asks, f"`{schema}`", "response", *key, status)
    # `default` and `4XX` are any number of statuses.
    if 0 < len(operation.responses) <= MOST and all(status.isdecimal() for status in operation.responses):
        asks = [f"With which statuses can {me} answer, by {name}?"]
        answer = api.unread.closed(f"{listing(operation.responses)}.", f"responses/{operation.name}")
        yield fact(asks, answer, "statuses", *key)


def _schema(schema: Schema, api: Api, fact: FactsOf) -> Iterator[Fact]:
    """Required fields, types, and a field that only other schemas have."""
    name = fact.name
    if len(schema.required) <= MOST:
        asks = [f"Which fields of the schema {schema.name} are required in {name}?"]
        none = f"None: every field of {schema.name} is optional."
        answer = f"{code(schema.required)}." if schema.required else none
        yield fact(asks, api.unread.closed(answer, f"schemas/{schema.name}"), "schema required", schema.name)
    for field, kind in list(schema.types.items())[: 2 * MOST]:
        if kind:
            asks = [f"Of which type is `{field}` in the schema {schema.name} ({name})?"]
            yield fact(asks, f"`{kind}`", "field", schema.name, field)
    others = sorted({field for other in api.schemas for field in other.types} - set(schema.types))
    if others:
        wrong = fact.rng.choice(others)
        asks = [f"Does the schema {schema.name} of {name} have a field `{wrong}`?"]
        answer = api.unread.closed("No.", f"schemas/{schema.name}")
        yield fact(asks, answer, "no field", schema.name, wrong)
