"""Which arguments a tool takes, and which of them when: from its schema and from the alternatives and
conditions in it (`allOf`, `anyOf`, `oneOf`, `if`, `dependentRequired`, ...).

What was not understood is noted, by scope, so that nothing is denied and no list is called complete that it
may belong to: `arguments` (there may be others), `required` (there may be others, or conditions).
"""

from dataclasses import dataclass, field
from typing import Any

from autodidact.generators.tool_spec.shortest_schema import pointed
from autodidact.generators.tool_spec.spelled_values import in_code
from autodidact.generators.writing.facts_into_words import listing
from autodidact.sources.json_of_expected_type import dict_of, list_of
from autodidact.sources.reading_limits import Budget
from autodidact.sources.unread import Unread

# Of references and parts in parts.
DEPTH = 20
# Of a schema, its alternatives written out.
MOST_PARTS = 2_000
# A condition that does not fit into a few words.
UNKNOWN = ""
# Why a list of arguments is not all of them.
OTHERS_ALLOWED = "other arguments are allowed"


@dataclass
class Arguments:
    """`parts`: name to schema. `when`: of what is only sometimes required, the condition (`method` is
    `card`), UNKNOWN where that takes more than a few words. The others are optional.
    """

    parts: dict[str, dict] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    when: dict[str, str] = field(default_factory=dict)
    unread: Unread = field(default_factory=Unread)

    @property
    def optional(self) -> list[str]:
        return [key for key in self.parts if key not in self.required and key not in self.when]


def arguments_of(schema: dict) -> Arguments:
    """The arguments of a tool's schema. Raises OverBudget for too many alternatives in alternatives."""
    found = _Reader(schema, Budget(MOST_PARTS, "tool schema of too many alternatives"))
    found.read(schema, None, 0)
    made = found.made
    made.required = list(dict.fromkeys(made.required))
    made.when = {key: how for key, how in made.when.items() if key not in made.required}
    for key in (*made.required, *made.when):
        # What is required without a schema of its own may be anything.
        made.parts.setdefault(key, {})
    for key, part in made.parts.items():
        # Until 2013 an argument was marked itself; which draft is meant nobody can say.
        if part.get("required") is True and key not in made.required:
            made.when[key] = UNKNOWN
    if "properties" not in schema and not made.parts:
        made.unread.add("arguments", "a schema without properties")
    return made


class _Reader:
    def __init__(self, root: dict, budget: Budget):
        self.root, self.made, self.budget = root, Arguments(), budget
        self.sure: set[str] = set()

    def read(self, schema: Any, when: str | None, depth: int) -> None:
        """Takes in a part that counts always (None) or under a condition."""
        self.budget.spend()
        if not isinstance(schema, dict) or depth > DEPTH:
            if schema is not True:
                self.made.unread.add("required", "a part that is no schema")
            return
        self._unknown(schema)
        if "$ref" in schema:
            target = pointed(self.root, schema["$ref"])
            if target is None:
                self.made.unread.add("arguments", "a reference that leads elsewhere")
                self.made.unread.add("required", "a reference that leads elsewhere")
            else:
                self.read(target, when, depth + 1)
        for key, part in dict_of(schema.get("properties")).items():
            if part is not False:
                self._add(key, self._resolved(part), when is None)
        self._require([key for key in list_of(schema.get("required")) if isinstance(key, str)], when)
        for part in list_of(schema.get("allOf")):
            self.read(part, when, depth + 1)
        self._conditions(schema, when, depth)
        for key in ("anyOf", "oneOf"):
            if isinstance(schema.get(key), list) and schema[key]:
                self._alternatives(schema[key], when, depth, key == "oneOf")

    def _unknown(self, schema: dict) -> None:
        """Notes what may demand arguments, or allow others, without naming them."""
        least, required = schema.get("minProperties", 0), len(list_of(schema.get("required")))
        enough = isinstance(least, (int, float)) and least <= required
        for key in (
            "not",
            "$dynamicRef",
            "$recursiveRef",
            "extends",
            *(() if enough else ("minProperties",)),
        ):
            if key in schema:
                self.made.unread.add("required", f"`{key}`")
        others = [schema.get(key) for key in ("additionalProperties", "unevaluatedProperties")]
        if schema.get("patternProperties") or any(
            other is True or isinstance(other, dict) for other in others
        ):
            self.made.unread.add("arguments", OTHERS_ALLOWED)

    def _resolved(self, part: Any) -> dict:
        followed: list[str] = []
        while isinstance(part, dict) and isinstance(reference := part.get("$ref"), str):
            target = None if reference in followed else pointed(self.root, reference)
            if target is None:
                return {}
            followed.append(reference)
            part = {**target, **{key: value for key, value in part.items() if key != "$ref"}}
        alone = list_of(dict_of(part).get("allOf"))
        if len(alone) == 1 and isinstance(alone[0], dict) and "allOf" not in alone[0]:
            part = {
                **self._resolved(alone[0]),
                **{key: value for key, value in part.items() if key != "allOf"},
            }
        return part if isinstance(part, dict) else {}

    def _add(self, key: str, part: dict, sure: bool) -> None:
        """`sure`: the part always counts. What holds under conditions alone never narrows that down."""
        here = self.made.parts.get(key)
        if here is None or sure and key not in self.sure:
            self.made.parts[key] = part
        elif sure:
            self.made.parts[key] = {**here, **part}
        elif key not in self.sure and here != part:
            one, other = values_of(here), values_of(part)
            both = [*one, *(value for value in other if value not in one)]
            self.made.parts[key] = {"enum": both} if one and other else {}
        if sure:
            self.sure.add(key)

    def _require(self, keys: list[str], when: str | None) -> None:
        for key in keys:
            if when is None:
                self.made.required.append(key)
            elif key not in self.made.when:
                self.made.when[key] = when
            elif when != self.made.when[key]:
                both = UNKNOWN not in (when, self.made.when[key])
                self.made.when[key] = f"{self.made.when[key]} or {when}" if both else UNKNOWN

    def _conditions(self, schema: dict, when: str | None, depth: int) -> None:
        if "if" in schema:
            holds, fails = self._condition(schema["if"])
            for key, how in (("then", holds), ("else", fails)):
                if key in schema:
                    self._under(schema[key], how, when, depth)
        for key in ("dependentRequired", "dependentSchemas", "dependencies"):
            for name, demand in dict_of(schema.get(key)).items():
                demand = {"required": demand} if isinstance(demand, list) else demand
                self._under(demand, f"`{name}` is given", when, depth)

    def _under(self, schema: Any, how: str, when: str | None, depth: int) -> None:
        """Takes in a part under one more condition; two at once are more than a few words."""
        if schema is False:
            self.made.unread.add("required", "a combination that is refused")
        else:
            self.read(schema, how if when is None else UNKNOWN, depth + 1)

    def _condition(self, condition: Any) -> tuple[str, str]:
        """(when it holds, when it fails), each UNKNOWN where that takes more than a few words."""
        if not isinstance(condition, dict) or condition.keys() - {"properties", "required", "type"}:
            return UNKNOWN, UNKNOWN
        needs, parts = list_of(condition.get("required")), dict_of(condition.get("properties"))
        holds, fails = [], []
        for key, part in parts.items():
            values = values_of(part) if isinstance(part, dict) else []
            if not values or part.keys() - {"const", "enum", "type", "description"}:
                return UNKNOWN, UNKNOWN
            listed = listing((f"`{in_code(value)}`" for value in values), "or")
            sure = key in needs or key in self._always()
            holds.append(f"`{key}` is {listed}" if sure else f"`{key}` is {listed} or not given")
            fails.append(self._other_than(key, values, key in self._always()))
        for key in needs:
            if key not in parts:
                holds.append(f"`{key}` is given")
                fails.append(f"`{key}` is not given")
        if any(" or not given" in one for one in holds) and len(holds) > 1:
            return UNKNOWN, UNKNOWN
        return " and ".join(holds) or UNKNOWN, fails[0] if len(fails) == 1 else UNKNOWN

    def _always(self) -> set[str]:
        return {key for key in list_of(self.root.get("required")) if isinstance(key, str)} | set(
            self.made.required
        )

    def _other_than(self, key: str, values: list, given: bool) -> str:
        """How to say that an argument has none of these values; one that is not given may be in neither."""
        if not given:
            return UNKNOWN
        others = [value for value in values_of(self.made.parts.get(key, {})) if value not in values]
        if 0 < len(others) <= 3:
            return f"`{key}` is {listing((f'`{in_code(value)}`' for value in others), 'or')}"
        return f"`{key}` is not {listing((f'`{in_code(value)}`' for value in values), 'or')}"

    def _alternatives(self, branches: list, when: str | None, depth: int, one_alone: bool) -> None:
        """What every branch requires is required. What only some do is required when their fixed values are
        given, or when nothing fulfils another branch. `one_alone`: a call that fulfils two is refused.
        """
        readers = []
        for branch in branches:
            reader = _Reader(self.root, self.budget)
            reader.read(branch, None, depth + 1)
            readers.append(reader)
        for reader in readers:
            for gap in reader.made.unread.gaps:
                self.made.unread.add(gap.scope, gap.reason)
            for key, part in reader.made.parts.items():
                self._add(key, part, False)
            self._require(list(reader.made.when), UNKNOWN)
        needed = [list(dict.fromkeys(reader.made.required)) for reader in readers]
        common = [key for key in needed[0] if all(key in keys for keys in needed)]
        self._require(common, when)
        known = set(common) | (self._always() if when is None else set())
        extra = [[key for key in keys if key not in known] for keys in needed]
        for number, keys in enumerate(extra):
            how = self._chosen(readers, common, number) or _without(extra, number)
            if (
                how.endswith(" given")
                and one_alone
                and _apart([self._resolved(one) for one in branches], extra)
            ):
                how += f" (give exactly one of the {'two' if len(extra) == 2 else len(extra)})"
            self._require(keys, how if when is None else UNKNOWN)

    def _chosen(self, readers: list["_Reader"], common: list[str], number: int) -> str:
        """By which value of an argument that every branch requires this one differs from the others."""
        for key in [*common, *self._always()]:
            values = [values_of(reader.made.parts.get(key, {})) for reader in readers]
            mine = values[number]
            others = [value for n, some in enumerate(values) for value in some if n != number]
            if all(values) and not any(value in others for value in mine):
                return f"`{key}` is {listing((f'`{in_code(value)}`' for value in mine), 'or')}"
        return UNKNOWN


def values_of(part: dict) -> list:
    """The values that a part names one by one, maybe each with a description of its own."""
    options = list_of(part.get("oneOf")) or list_of(part.get("anyOf"))
    if options and not part.keys() & {"const", "enum"}:
        values = [values_of(option) if isinstance(option, dict) else [] for option in options]
        return [value for some in values for value in some] if all(values) else []
    return [part["const"]] if "const" in part else list_of(part.get("enum"))


def _without(extra: list[list[str]], number: int) -> str:
    """When a branch has to be fulfilled because no other is, where there is one other, or each other one
    wants a single argument. Branches that share an argument are more than a few words.
    """
    others = [keys for n, keys in enumerate(extra) if n != number]
    if any(not keys or not set(keys).isdisjoint(extra[number]) for keys in others):
        return UNKNOWN
    if len(others) == 1 and len(others[0]) > 1:
        together = "both" if len(others[0]) == 2 else "all"
        return f"{listing(f'`{key}`' for key in others[0])} are not {together} given"
    if any(len(keys) != 1 for keys in others):
        return UNKNOWN
    single = dict.fromkeys(f"`{keys[0]}`" for keys in others)
    names = listing(single, "nor")
    return f"neither {names} is given" if len(single) > 1 else f"{names} is not given"


def _apart(branches: list[dict], extra: list[list[str]]) -> bool:
    """Whether each branch demands one argument of its own and nothing else: two of them fulfil two."""
    own = [keys[0] for keys in extra if len(keys) == 1]
    plain = {"required", "properties", "additionalProperties", "type", "title", "description"}
    return len(set(own)) == len(branches) and all(
        branch.keys() <= plain and dict_of(branch.get("properties")).keys() <= {*own} for branch in branches
    )
