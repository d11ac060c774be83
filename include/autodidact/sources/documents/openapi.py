"""OpenAPI 2 and 3: operations, their parameters, bodies and responses, and schemas. References are followed
inside the document only; what lies elsewhere is noted (`sources/unread.py`): `operations`,
`parameters/GET /holds`, `responses/GET /holds`, `schemas/Hold`.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from autodidact.sources.json_of_expected_type import dict_of, dicts_of, list_of
from autodidact.sources.reading_limits import Budget
from autodidact.sources.table_files import load_yaml
from autodidact.sources.unread import Unread
from autodidact.stage import Troubles

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
MAX_OPERATIONS = 1_000
# Parameters, values, responses, tags and properties together, references followed; GitHub's API has 50,000.
MAX_PARTS = 200_000
# References followed one after the other.
HOPS = 8
# What a schema demands depends on the value by these.
_ALTERNATIVES = (
    "anyOf", "oneOf", "not", "if", "dependentRequired", "dependentSchemas", "dependencies",
    "patternProperties", "discriminator", "unevaluatedProperties", "$dynamicRef",
)  # fmt: skip

# What the values of a parameter have to be, other than of its type and in its `enum`.
_LIMITS = (
    "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "items", "properties", "allOf",
    *_ALTERNATIVES,
)  # fmt: skip


# The names in a path, and how a description says that a call needs more than what is marked as required.
_IN_PATH = re.compile(r"\{([^{}]*)\}")
_BINDS = re.compile(
    r"\b(?:required?|requires|requirement|must|mandatory|obligatory|compulsory|necessary|needs?|needed"
    r"|either|exactly one|one of|at least (?:one|\d+)|both)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Parameter:
    name: str
    # "path", "query", "header", "cookie", "formData", "body".
    place: str
    required: bool
    type: str = ""
    default: str = ""
    enum: tuple[str, ...] = ()
    # What else its values have to be, as (keyword, value): `("maximum", "200")`.
    limits: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Operation:
    # Upper case.
    method: str
    path: str
    id: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    # The name of its schema.
    body: str = ""
    # Status -> the name of its schema, or "".
    responses: dict[str, str] = field(default_factory=dict)
    # Whether a call needs more than parameters: a body, or a proof of who calls.
    demands: bool = False
    deprecated: bool = False
    # Whether a call needs a proof of who calls.
    secured: bool = False
    # Status -> what it is described as, where it is.
    meanings: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Schema:
    name: str
    # Property -> type or the name of a schema.
    types: dict[str, str]
    required: tuple[str, ...]


@dataclass(frozen=True)
class Api:
    title: str
    version: str
    servers: tuple[str, ...]
    operations: tuple[Operation, ...]
    schemas: tuple[Schema, ...]
    unread: Unread = field(default_factory=Unread, compare=False)


def openapi(text: str, ref: str, troubles: Troubles) -> Api | None:
    """An OpenAPI description in JSON or YAML; None, counted where it cannot be parsed, when it is none.
    Raises OverBudget.
    """
    if text.lstrip().startswith("{"):
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            troubles.add("not JSON", ref)
            return None
    else:
        content = load_yaml(text, ref, troubles)
    if not isinstance(content, dict) or not isinstance(content.get("paths"), dict):
        if content is not None:
            troubles.add("an OpenAPI document without paths", ref)
        return None
    return _ApiReader(content, ref, troubles).api()


class _ApiReader:
    def __init__(self, content: dict, ref: str, troubles: Troubles):
        self.content, self.ref, self.unread = content, ref, Unread(troubles)
        self.budget = Budget(MAX_PARTS, f"an API of more than {MAX_PARTS:,} parts")

    def api(self) -> Api:
        content, info = self.content, self.follow(self.content.get("info"))
        schemas = dict_of(content.get("components")).get("schemas")
        if "swagger" in content:
            schemas = content.get("definitions")
        operations = [
            operation
            for path, item in content["paths"].items()
            for operation in self.operations(str(path), item)
        ]
        if len(operations) > MAX_OPERATIONS:
            left = len(operations) - MAX_OPERATIONS
            self.unread.counting("operations").add("operations beyond the limit", self.ref, left)
        found = [self.schema(str(name), body) for name, body in dict_of(schemas).items()]
        return Api(
            str(info.get("title") or ""),
            str(info.get("version") or ""),
            tuple(self.servers()),
            tuple(operations[:MAX_OPERATIONS]),
            tuple(schema for schema in found if schema),
            self.unread,
        )

    def servers(self) -> list[str]:
        """The addresses of the API, in the form of its version."""
        content = self.content
        if "swagger" not in content:
            listed = dicts_of(content.get("servers"))
            urls = [server["url"] for server in listed if isinstance(server.get("url"), str)]
            # An address with a variable in it is none yet.
            return [] if any("{" in url for url in urls) else urls
        host, base = content.get("host"), content.get("basePath")
        base = base if isinstance(base, str) else ""
        if not isinstance(host, str):
            return [base] if base else []
        schemes = [scheme for scheme in list_of(content.get("schemes")) if isinstance(scheme, str)]
        return [f"{scheme}://{host}{base}" for scheme in schemes]

    def follow(self, value: Any, scope: str = "schemas") -> dict:
        """A mapping with its local reference followed; {} for anything else, a gap of the scope where the
        reference leads nowhere.
        """
        for hop in range(HOPS):
            if not isinstance(value, dict):
                if hop:
                    self.unread.add(scope, "a reference to nothing", self.ref)
                return {}
            if not isinstance(reference := value.get("$ref"), str):
                return value
            if not reference.startswith("#/"):
                self.unread.add(scope, "a remote reference is not followed", f"{self.ref}: {reference[:80]}")
                return {}
            value = self.content
            self.budget.spend(reference.count("/"))
            for part in reference[2:].split("/"):
                name = part.replace("~1", "/").replace("~0", "~")
                value = value.get(name) if isinstance(value, dict) else None
        self.unread.add(scope, "references in a circle", self.ref)
        return {}

    def operations(self, path: str, item: Any) -> list[Operation]:
        item = self.follow(item, "operations")
        found = []
        for method in METHODS:
            body = item.get(method)
            if not isinstance(body, dict):
                continue
            scope = f"parameters/{method.upper()} {path}"
            shared = self.parameters(item.get("parameters"), scope)
            own = self.parameters(body.get("parameters"), scope)
            overridden = {(parameter.name, parameter.place) for parameter in own}
            inherited = [p for p in shared if (p.name, p.place) not in overridden]
            here = self.whole_path(path, inherited + own, scope)
            self.bound((item, body), scope)
            given = [*list_of(item.get("parameters")), *list_of(body.get("parameters"))]
            bodies = [p for p in map(self.follow, given) if p.get("in") == "body"]
            named_body = self.named(bodies[0].get("schema")) if bodies else ""
            content = self.follow(body.get("requestBody"), scope)
            responses = self.follow(body.get("responses"), f"responses/{method.upper()} {path}")
            self.budget.spend(1 + len(responses) + len(list_of(body.get("tags"))) + len(shared))
            given_back = [pair for pair in responses.items() if not str(pair[0]).startswith("x-")]
            secured = body.get("security", self.content.get("security"))
            demands = content.get("required") is True or any(p.get("required") is True for p in bodies)
            found.append(
                Operation(
                    method.upper(),
                    path,
                    _text(body.get("operationId")),
                    _text(body.get("summary")),
                    tuple(tag for tag in list_of(body.get("tags")) if isinstance(tag, str)),
                    tuple(here),
                    named_body or self.content_schema(content.get("content")),
                    {str(status): self.response(response) for status, response in given_back},
                    demands or bool(secured),
                    body.get("deprecated") is True,
                    bool(secured),
                    {str(s): text for s, one in given_back if (text := self.description(one))},
                )
            )
        return found

    def whole_path(self, path: str, given: list[Parameter], scope: str) -> list[Parameter]:
        """The parameters with those of the path that nothing declares."""
        declared = {parameter.name for parameter in given if parameter.place == "path"}
        missing = [name for name in dict.fromkeys(_IN_PATH.findall(path)) if name not in declared]
        if not all(re.fullmatch(r"[\w.-]+", name) for name in missing):
            self.unread.note(scope, "a path that is not understood", self.ref)
            return given
        return [*(Parameter(name, "path", True) for name in missing), *given]

    def bound(self, parts: tuple[dict, ...], scope: str) -> None:
        """Notes where a description says that a call needs something: of which parameters is not read."""
        listed = [one for part in parts for one in list_of(part.get("parameters"))]
        described = [*parts, *(one for one in map(self.follow, listed) if one.get("required") is not True)]
        texts = [_text(one.get(key)) for one in described for key in ("description", "summary")]
        if any(map(_BINDS.search, texts)):
            self.unread.note(scope, "a description says what is required", self.ref)

    def parameters(self, given: Any, scope: str) -> list[Parameter]:
        found = []
        for one in (self.follow(one, scope) for one in list_of(given)):
            name, place = one.get("name"), one.get("in")
            if not isinstance(name, str) or not isinstance(place, str):
                continue
            schema = self.follow(one["schema"]) if isinstance(one.get("schema"), dict) else one
            default, enum = schema.get("default"), list_of(schema.get("enum"))
            self.budget.spend(1 + len(enum))
            found.append(
                Parameter(
                    name,
                    place,
                    # There is no path without what stands in it.
                    one.get("required") is True or place == "path",
                    self.named(one.get("schema")) if place == "body" else _text(schema.get("type")),
                    json.dumps(default) if isinstance(default, (str, int, float, bool)) else "",
                    # All of them or none: values that are no texts are allowed as well.
                    tuple(enum) if all(isinstance(value, str) for value in enum) else (),
                    tuple((key, _plain(schema[key])) for key in _LIMITS if key in schema),
                )
            )
        return found

    def response(self, response: Any) -> str:
        body = self.follow(response)
        return self.named(body.get("schema")) or self.content_schema(body.get("content"))

    def description(self, response: Any) -> str:
        return _text(self.follow(response).get("description"))

    def content_schema(self, content: Any) -> str:
        """The schema's name of a body; "" where it depends on the kind of media."""
        named = {
            self.named(media.get("schema")) for media in dict_of(content).values() if isinstance(media, dict)
        }
        return named.pop() if len(named) == 1 else ""

    def named(self, schema: Any) -> str:
        """`Pet` for a reference to it, `array of Pet` for an array of such, else the type."""
        if not isinstance(schema, dict):
            return ""
        if isinstance(schema.get("$ref"), str):
            return _referred(schema["$ref"])
        if schema.get("type") == "array" and isinstance(schema.get("items"), dict):
            inner = schema["items"]
            reference = inner.get("$ref")
            name = _referred(reference) if isinstance(reference, str) else _text(inner.get("type"))
            return f"array of {name}" if name else "array"
        return _text(schema.get("type"))

    def schema(self, name: str, body: Any) -> Schema | None:
        types: dict[str, str] = {}
        required: list[str] = []
        self._fields(name, body, types, required, 0)
        if not types:
            return None
        if set(required) - types.keys():
            self.unread.note(f"schemas/{name}", "a required field that is not described", self.ref)
        return Schema(name, types, tuple(key for key in dict.fromkeys(required) if key in types))

    def _fields(self, name: str, body: Any, types: dict[str, str], required: list[str], depth: int) -> None:
        """Adds the fields of a schema, and those of all that it is put together from."""
        scope = f"schemas/{name}"
        body = self.follow(body, scope)
        properties = dict_of(body.get("properties"))
        # What is read only is required of answers alone.
        given = {key for key, value in properties.items() if dict_of(value).get("readOnly") is True}
        names = [key for key in list_of(body.get("required")) if isinstance(key, str) and key not in given]
        self.budget.spend(len(properties) + len(names))
        types |= {str(key): self.named(value) for key, value in properties.items()}
        required += names
        if depth > HOPS:
            self.unread.add(scope, "references in a circle", self.ref)
            return
        for part in list_of(body.get("allOf")):
            self._fields(name, part, types, required, depth + 1)
        if any(key in body for key in _ALTERNATIVES):
            self.unread.note(scope, "a schema with alternatives", self.ref)


def _referred(reference: str) -> str:
    """The name of what a reference leads to: a schema of the document, or one in a file of its own."""
    return re.sub(r"\.(?:ya?ml|json)\Z", "", reference.rpartition("/")[2])


def _plain(value: Any) -> str:
    """A text, number or truth value as a text; `{}` for anything with parts."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, (int, float)) else "{}"


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
