"""How fast the rules that look at the words of an example are, what they find where nothing is, and what of
planted secrets.

    nice .venv/bin/python -m benchmarks.gate_secrets [FOLDER...]

FOLDER holds raw examples (`autodidact generate --out FOLDER`). Prints, for form, noise, injection, secrets,
length and the second scan, the examples a second on one core, the same as a multiple of the time of
`json.loads` in the same run (which does not depend on what else the machine does), and what was dropped. A
drop of a real repository's code is false unless a key stands there. The second scan looks at what the rules
let through, as in a cycle, where a single alarm would fail it; and both look at functions of installed
packages.

Measured: of 34,889 examples of httpx, flask, celery and this repository the rule drops 23 (0.07%; among them
a SECRET_KEY of flask's documents and celery's test keys), of 12,000 functions of the standard library and of
installed packages 4 (0.03%), and the second scan takes none of the others. Without FOLDER only the planted
ones of tests/gate are counted: 1.000 of those that the rules were written for, .998, .998 and .993 of the
others.
"""

import argparse
import ast
import json
import random
import sysconfig
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

from autodidact.gate import form, injection, length, noise, secrets
from autodidact.gate.rule import Context, Drop
from autodidact.scanning import find, suspicious
from autodidact.scanning.scan_artifacts import scan
from autodidact.scanning.second_scan import suspicious_line

CONTEXT = Context(SimpleNamespace(min_tokens=10, max_tokens=800, deny=[]), lambda text: len(text) // 4, None)


def timed(function, values):
    """(seconds of processor time, results)"""
    start = time.process_time()
    results = [function(value) for value in values]
    return time.process_time() - start, results


def recall() -> None:
    """Prints what is found of planted secrets, by the rule and by the second scan alone, and of planted
    orders.
    """
    from tests.gate import fresh
    from tests.gate.planted import planted

    for name, those in (
        ("written for", planted()),
        ("unseen", planted("unseen", most=3000)),
        ("later", planted("later")),
        ("third", planted("third")),
        *(
            (f"fresh {n}", fresh.secrets(file=f"fresh_secrets{f'_{n}' if n > 1 else ''}.json"))
            for n in range(1, 5)
        ),
    ):
        examples = [example for *_, example in those]
        found = sum(isinstance(secrets.check(one, None), Drop) for one in examples)
        alone = sum(bool(suspicious_line(one.line())) for one in examples)
        print(
            f"{name:>12}: of {len(examples)} the rule finds {found / len(examples):.3f}, the second scan"
            f" alone {alone / len(examples):.3f}"
        )
    orders = [one for _, _, one in fresh.orders()]
    found = sum(isinstance(injection.check(one, CONTEXT), Drop) for one in orders)
    print(f"{'orders':>12}: of {len(orders)} the rule finds {found / len(orders):.3f}")


def main(folders: list[str]) -> None:
    recall()
    if not folders:
        return
    files = [
        file
        for folder in folders
        for file in sorted(Path(folder).glob("*.jsonl"))
        if ".questions." not in file.name
    ]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    unit, _ = timed(json.loads, lines)
    print(f"{len(lines)} examples; json.loads: {len(lines) / unit:,.0f}/s")
    total, examples = timed(form.read, lines)
    print(f"{'form':>12}: {len(lines) / total:>9,.0f}/s  {total / unit:5.2f} x json.loads")
    examples = [one for one in examples if not isinstance(one, Drop)]
    for rule in (noise, injection, secrets, length):
        seconds, results = timed(lambda one, rule=rule: rule.check(one, CONTEXT), examples)
        total += seconds
        drops = Counter(
            f"{r.reason} ({r.value})" if rule is not length else r.reason
            for r in results
            if isinstance(r, Drop)
        )
        rewritten = sum(
            not isinstance(r, Drop) and r is not one for r, one in zip(results, examples, strict=True)
        )
        print(
            f"{rule.NAME:>12}: {len(examples) / seconds:>9,.0f}/s  {seconds / unit:5.2f} x json.loads "
            f" rewritten {rewritten}, {dict(drops)}"
        )
    print(f"{'together':>12}: {len(lines) / total:>9,.0f}/s  {total / unit:5.2f} x json.loads")
    passed = [
        one.line() for one in (secrets.check(one, CONTEXT) for one in examples) if not isinstance(one, Drop)
    ]
    seconds, hits = timed(lambda line: list(scan([line])), passed)
    print(
        f"{'second scan':>12}: {len(passed) / seconds:>9,.0f}/s  {seconds / unit:5.2f} x json.loads "
        f" {dict(Counter(k for h in hits for _, k in h))}"
    )

    code = functions(12_000)
    found = Counter(filter(None, map(find, code)))
    alarms = sum(bool(suspicious(text)) for text in code if not find(text))
    print(
        f"functions of packages: {found.total()} of {len(code)} dropped {dict(found)}; the second scan"
        f" alarmed by {alarms} more"
    )


def functions(count: int) -> list[str]:
    """Functions of the standard library and of installed packages, drawn with a fixed seed."""
    paths = [
        path
        for key in ("stdlib", "purelib")
        for path in sorted(Path(sysconfig.get_paths()[key]).rglob("*.py"))
    ]
    random.Random(0).shuffle(paths)
    found: list[str] = []
    for path in paths:
        try:
            source = path.read_text(encoding="utf-8")
            tree = ast.parse(source) if len(source) < 150_000 else None
        except (OSError, ValueError, SyntaxError):
            continue
        lines = source.split("\n")
        for node in ast.walk(tree) if tree else ():
            if isinstance(node, ast.FunctionDef) and 3 <= node.end_lineno - node.lineno <= 80:
                found.append("\n".join(lines[node.lineno - 1 : node.end_lineno]))
        if len(found) >= count:
            break
    return found[:count]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*")
    main(parser.parse_args().folders)
