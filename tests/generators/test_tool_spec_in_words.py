"""What the descriptions of a tool and of its arguments say besides its schema."""

import pytest

from autodidact.generators.tool_spec.default_in_words import another_default
from autodidact.generators.tool_spec.needs_in_words import needs_in_words

TEXT = {"type": "string"}
UNIT = {"type": "string", "enum": ["c", "f"], "default": "c"}


@pytest.mark.parametrize(
    ("part", "about"),
    [
        (UNIT, "c or f. Defaults to f if the city is in the US."),
        (UNIT, "Defaults to c, in the US f."),
        (UNIT, "If omitted, the unit of the account."),
        ({"type": "integer", "default": 5000}, "By default 10 seconds."),
        ({"type": "string", "default": "main"}, "Defaults to the current branch."),
        ({"type": "boolean", "default": False}, "Default: true for admins."),
    ],
)
def test_a_default_that_the_description_says_otherwise_of_is_in_doubt(part, about):
    assert another_default("it", part | {"description": about}, "")


@pytest.mark.parametrize(
    ("part", "about"),
    [
        (UNIT, "The unit: c or f."),
        (UNIT, "Defaults to c if not given."),
        (UNIT, "Default: `c`"),
        ({"type": "integer", "default": 5000}, "Timeout in ms (default 5,000)."),
        ({"type": "boolean", "default": True}, "Hidden files are listed by default."),
        ({"type": "string", "default": "main"}, "A branch other than the default one."),
    ],
)
def test_a_default_of_which_the_description_says_the_same_or_nothing_is_none_in_doubt(part, about):
    assert not another_default("it", part | {"description": about}, "")


def test_a_tools_own_description_counts_where_it_names_the_argument():
    assert another_default("unit", UNIT, "Get the weather. unit defaults to f in the US.")
    assert not another_default("unit", UNIT, "Get the weather. Days default to 3.")


def calls_met(properties: dict, description: str, optional: list[str] | None = None) -> list[str]:
    """Which sets of the optional arguments a call may surely have, as "a b"."""
    names = list(properties) if optional is None else optional
    needs = needs_in_words(properties, names, description)
    sets = [[name for at, name in enumerate(names) if bits >> at & 1] for bits in range(2 ** len(names))]
    return [" ".join(given) for given in sets if needs.met(dict.fromkeys(given, "x"))]


SORTED = {
    "sort": {**TEXT, "description": "Field. If provided, the 'order' also needs to be provided."},
    "order": {**TEXT, "description": "Order direction."},
}


@pytest.mark.parametrize(
    ("properties", "description", "right"),
    [
        (
            {"trace": TEXT, "from": TEXT, "to": TEXT},
            "Searches logs. Either trace or (from and to) must be given.",
            ["trace"],
        ),
        ({"id": TEXT, "email": TEXT}, "Get a user by id or email (one of them).", ["id", "email"]),
        ({"id": TEXT, "email": TEXT}, "Get a user by id or email.", ["id", "email"]),
        ({"id": TEXT, "email": TEXT}, "Get a user. Pass id or email.", ["id", "email"]),
        ({"a": TEXT, "b": TEXT, "c": TEXT}, "Either a and b or b and c.", []),
        (
            {"a": TEXT, "b": TEXT},
            "A tool. Either may be omitted: a or b. Both a and b are required in May.",
            [],
        ),
        (SORTED, "Lists.", ["sort order"]),
        ({"a": TEXT, "b": {**TEXT, "description": "Must come with a."}}, "Lists.", ["a b"]),
        ({"a": TEXT, "b": {**TEXT, "description": "Depth, 3 by default."}}, "Lists.", ["", "a", "b", "a b"]),
    ],
)
def test_a_call_has_what_a_description_binds(properties, description, right):
    assert calls_met(properties, description) == right


def test_what_a_required_argument_goes_by_binds_no_others():
    properties = {"q": TEXT, "id": TEXT, "email": TEXT}
    assert calls_met(properties, "Find by id or email.", ["id", "email"]) == ["", "id", "email", "id email"]
