"""What a message or a page tells people to set or to run exists: settings, variables, commands, options."""

import ast
import re
from pathlib import Path

import pytest

from autodidact.settings import KEYS, RESERVED, known_keys

ROOT = Path(__file__).parents[1]
SETTINGS = set(known_keys())
SECTIONS = {key.rpartition(".")[0] for key in SETTINGS if "." in key}
DEPLOYED = [ROOT / name for name in ("README.md", "Makefile", "docker-compose.yaml", "Dockerfile")]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *DEPLOYED]
MODULES = sorted(
    path for folder in ("include", "dags", "plugins", "scripts") for path in (ROOT / folder).rglob("*.py")
)
# `verdict.json` is a file, no setting of [verdict].
FILES = "json jsonl md py yaml toml lock db".split()
# Names of metrics (include/autodidact_airflow/metrics.py) that begin like a section of the settings.
METRICS = {"gate.dropped", "training.tokens_per_second"}

FIRST = "|".join(sorted(name for name in SECTIONS if "." not in name))
SETTING = re.compile(rf"(?<![\w./-])(?:{FIRST})\.[a-z_]+(?:\.[a-z_]+)*(?![\w(/])")
ASSIGNED = re.compile(r"--set '?(?!key=)([a-z][\w.]*)=")
VARIABLE = re.compile(r"\bAUTODIDACT_\w+")
COMMAND = re.compile(r"`(autodidact [a-z][^`\n]*)`")
IN_A_FENCE = re.compile(r"^\$? ?(autodidact [a-z][^#|&\n]*)", re.MULTILINE)


def is_setting(name: str) -> bool:
    return name in SETTINGS | SECTIONS | METRICS or name.rpartition(".")[2] in FILES


def is_variable(name: str) -> bool:
    return (
        name in RESERVED
        or name in KEYS
        or name.removeprefix("AUTODIDACT_").lower().replace("__", ".") in SETTINGS
    )


def unknown_command(line: str) -> str | None:
    """What of `autodidact NAME [NAME] --option ...` does not exist, if anything."""
    from typer.main import get_command

    from autodidact.cli import app

    found = get_command(app)
    words = line.split()[1:]
    while words and hasattr(found, "commands"):
        name = words.pop(0)
        if name not in found.commands:
            return name
        found = found.commands[name]
    options = {
        option for parameter in found.params for option in (*parameter.opts, *parameter.secondary_opts)
    } | {"--help"}
    return next(
        (
            word
            for word in words
            if word.startswith("--") and word.partition("=")[0].rstrip(",.;:") not in options
        ),
        None,
    )


def wrong(text: str, fences: bool = False) -> list[str]:
    """The names in a text that do not exist."""
    bad = [name for name in [*SETTING.findall(text), *ASSIGNED.findall(text)] if not is_setting(name)]
    bad += [name for name in VARIABLE.findall(text) if not is_variable(name)]
    commands = COMMAND.findall(text) + (IN_A_FENCE.findall(text) if fences else [])
    return bad + [f"{line}: {unknown}" for line in commands if (unknown := unknown_command(line))]


def literals(path: Path) -> list[tuple[int, str]]:
    """(line, text) of the strings of a module; its docstrings only where they are a command's help."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and ast.get_docstring(node)
    }
    strings = [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [
        (node.lineno, node.value)
        for node in strings
        if "cli" in path.parts + (path.stem,) or id(node) not in docstrings
    ]


def test_every_setting_variable_and_command_in_a_message_exists():
    found = [
        (path.relative_to(ROOT), line, bad)
        for path in MODULES
        for line, text in literals(path)
        for bad in wrong(text)
    ]
    assert found == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_setting_variable_and_command_on_a_page_exists(page):
    assert wrong(page.read_text(encoding="utf-8"), fences=True) == []


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("Raise training.max_tokens.", ["training.max_tokens"]),
        ("Lower training.max_length, or set [training.pod], as verdict.json says.", []),
        ("Set sources.wikipedia.apis.", ["sources.wikipedia.apis"]),
        ("Write --set aproval=none.", ["aproval"]),
        (
            "Set AUTODIDACT_JUGE__KEY or AUTODIDACT_JUDGE__KEY or AUTODIDACT_GATE__CAP.",
            ["AUTODIDACT_JUGE__KEY"],
        ),
        ("`autodidact histori` lists them.", ["autodidact histori: histori"]),
        (
            "`autodidact generate --repo . --into FOLDER`",
            ["autodidact generate --repo . --into FOLDER: --into"],
        ),
    ],
)
def test_a_name_that_does_not_exist_is_found(text, bad):
    assert wrong(text) == bad
