"""What is left open in a text is known by its form."""

import pytest

from autodidact.sources.placeholders import (
    has_open_place,
    is_no_name,
    is_no_statement,
    is_no_value,
    is_only_open_places,
    is_placeholder,
    without_open_places,
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("The limit is %LIMIT% megabytes.", "The limit is _ megabytes."),
        ("It ends after [X] minutes.", "It ends after _ minutes."),
        ("It is refreshed every ??? hours.", "It is refreshed every _ hours."),
        ("Alerts go to @@TEAM_MAIL@@ at once.", "Alerts go to _ at once."),
        ("Keys are rotated every {n} days.", "Keys are rotated every _ days."),
        ("Logs stand under <path> there.", "Logs stand under _ there."),
        ("The quota is $(QUOTA) GB.", "The quota is _ GB."),
        ("Written to `${DIR}` and kept for #{days} days.", "Written to `${DIR}` and kept for _ days."),
        ("Valable [à compléter] minutes.", "Valable _ minutes."),
        ("El plazo es de (por definir) días.", "El plazo es de _ días."),
        ("期限は〇〇日です。", "期限は_日です。"),
        ("Schließt das Tor {{gate}}.", "Schließt das Tor _."),
    ],
)
def test_a_place_that_is_left_open(text, left):
    assert without_open_places(text, "_") == left
    assert has_open_place(text) and is_no_value(text) and not is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /users/{id} gives the user.",
        "A List<item> of f{n}, see [1], [x] and [X](https://a.example).",
        "Use `{n}`, `<path>` and ``%LIMIT%``.",
        "A set {a, b}: 50% of it, or 100 %.",
        "It lies in %APPDATA%\\shop. Why??",
        "The state (unknown) may last.",
    ],
)
def test_a_text_that_is_whole(text):
    assert without_open_places(text, "_") == text and not is_no_value(text)


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "tbc",
            "(empty)",
            "same as above",
            '"',
            "#REF!",
            "#N/A",
            "NaN",
            "N.N.",
            "ibid.",
            "<unset>",
            "pending",
        ),
        *("à définir", "ebd.", "noch nicht bekannt", "TODO", "n/a", "-", "[X] days"),
    ],
)
def test_a_cell_without_a_value(cell):
    assert is_no_value(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "12",
        "no",
        "none",
        "ID",
        "of",
        "Vitamin A",
        "`<unset>`",
        "(a, b)",
        "/x/{id}",
        "null",
        ":x:",
        "Replace with",
    ],
)
def test_a_cell_with_a_value(cell):
    assert not is_no_value(cell)


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("Lies at  ", True),
        ("Owner:", True),
        ("n/a", True),
        ("See https://a.example", False),
        ("Is open", False),
        ("Uses TODO as queue", True),
        ("Revenue: unknown", True),
        ("Owner: TBD", True),
        ("Keeps a todo list", False),
        ("Revenue: 12", False),
    ],
)
def test_a_statement_that_breaks_off(text, nothing):
    assert is_no_statement(text) is nothing


@pytest.mark.parametrize(
    "name", ["Nobody", "no one", "unassigned", "<team>", "{{region}}", "???", "TBD", "-", "n/a"]
)
def test_a_name_of_nothing(name):
    assert is_no_name(name)


@pytest.mark.parametrize(
    "name", ["todo-api", "Todo list", "Ann", "/", "*", "List<item>", "8080", "none", "Noone Ltd", "NA"]
)
def test_a_name_of_something(name):
    assert not is_no_name(name)


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("{{customer_question}}", True),
        ("Question: {{question}}", True),
        ("[insert question] <name>", True),
        ("What does {{ user.name }} print?", False),
        ("???", False),
        ("`{{question}}`", False),
        ("42", False),
    ],
)
def test_a_text_that_a_template_fills_in(text, only):
    assert is_only_open_places(text) is only
