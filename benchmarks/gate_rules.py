"""What the rules that look at one example at a time take of what is good: real code, docstrings, JSON, and
answers of the generators.

    python -m benchmarks.gate_rules [EXAMPLES ...]

EXAMPLES are folders made by `autodidact generate --out`. Functions and their docstrings are those of the
standard library, each as the answer to a question about it; JSON are the files of the installed packages and
the tools' schemas in EXAMPLES. Lengths are counted by the embedded model's tokenizer, against the article's
limits (10 to 800 tokens), which drop by intent: their row says how often. Labels and calls are shuffled too:
what of wrong ones `schema` sees.
"""

import argparse
import ast
import json
import random
import sysconfig
import textwrap
from collections import Counter
from pathlib import Path

from autodidact.gate import Context, counter, form, injection, length, noise, repetition, schema
from autodidact.gate.driver import CHUNK
from autodidact.gate.rule import Drop
from autodidact.generators import PROBE_FILES
from autodidact.models.find_base_model import resolve_base
from autodidact.records import example
from autodidact.settings import Settings

SETTINGS = Settings(base_model="sprout")
RULES = (noise, injection, length, repetition, schema)
# Characters of a JSON file.
LONGEST = 20_000


def code() -> tuple[list[str], list[str]]:
    """(functions as they stand, docstrings) of the standard library, without its tests."""
    functions, docstrings = [], []
    root = Path(sysconfig.get_paths()["stdlib"])
    for path in sorted(root.rglob("*.py")):
        if {"test", "tests", "site-packages", "lib2to3"} & set(path.relative_to(root).parts):
            continue
        try:
            text = path.read_text(encoding="utf-8")
            tree = ast.parse(text)
        except (SyntaxError, UnicodeDecodeError):
            continue
        lines = text.splitlines()
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                functions.append(textwrap.dedent("\n".join(lines[node.lineno - 1 : node.end_lineno])))
                if said := ast.get_docstring(node):
                    docstrings.append(said)
    return functions, docstrings


def read(folders: list[str]) -> list:
    paths = [
        path
        for folder in folders
        for path in sorted(Path(folder).glob("*.jsonl"))
        if not path.name.endswith(PROBE_FILES)
    ]
    found = (form.read(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines())
    return [one for one in found if not isinstance(one, Drop)]


def as_answers(texts: list[str]) -> list:
    made = ((f"What is number {n}?", text) for n, text in enumerate(texts) if text.strip())
    return [
        example("ast_parser", "architecture", asked, text, {"kind": "git", "ref": "stdlib"})
        for asked, text in made
    ]


def shuffled(rows: list) -> list:
    """The same questions, each with the label or the call of another, as far as that says something else."""
    rng, wrong = random.Random(0), []
    for one in rows:
        answer = rng.choice(rows).messages[-1]
        if answer != one.messages[-1]:
            wrong.append(one.model_copy(update={"messages": [*one.messages[:-1], answer]}))
    return wrong


def main(folders: list[str]) -> None:
    functions, docstrings = code()
    given = read(folders)
    schemas = {json.dumps(tool, indent=2) for one in given for tool in one.tools}
    files = (
        path
        for path in sorted(Path(sysconfig.get_paths()["purelib"]).rglob("*.json"))
        if path.stat().st_size < LONGEST
    )
    objects = sorted(schemas) + [path.read_text(encoding="utf-8", errors="replace") for path in files]
    labels = [
        one for one in given if one.category in schema.LABELS and not one.messages[-1].get("tool_calls")
    ]
    calls = [one for one in given if one.messages[-1].get("tool_calls")]
    corpora = {
        "functions": as_answers(functions),
        "docstrings": as_answers(docstrings),
        "JSON": as_answers(objects),
        "examples": given,
        "labels": labels,
        "calls": calls,
        "labels shuffled": shuffled(labels),
        "calls shuffled": shuffled(calls),
    }
    context = Context(SETTINGS.gate, counter(resolve_base(SETTINGS).tokenizer()), None)
    dropped = sum(
        isinstance(result, Drop)
        for start in range(0, len(given), CHUNK)
        for result in injection.judge(given[start : start + CHUNK], context)
    )
    print(f"second look for orders: drops {dropped} of {len(given)} examples", flush=True)
    for name, members in corpora.items():
        print(f"{name}: {len(members)}")
        for rule in () if not members else (schema,) if "shuffled" in name else RULES:
            results = [(one, rule.check(one, context)) for one in members]
            reasons = Counter(result.reason for _, result in results if isinstance(result, Drop))
            changed = sum(not isinstance(result, Drop) and result is not one for one, result in results)
            told = "".join(f", {reason} {count}" for reason, count in reasons.most_common())
            print(
                f"  {rule.NAME:10} drops {sum(reasons.values()) / len(members):7.3%}, rewrites"
                f" {changed / len(members):7.3%}{told}",
                flush=True,
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*")
    main(parser.parse_args().folders)
