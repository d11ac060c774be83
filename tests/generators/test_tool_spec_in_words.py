"""What the descriptions of a tool and of its arguments say besides its schema."""

import pytest

from autodidact.generators.tool_spec.default_in_words import another_default

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
