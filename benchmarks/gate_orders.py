"""How many orders of a set the gate finds, by kind, and how many honest sentences it drops.

    python -m benchmarks.gate_orders FILE.json [FILE.json ...] [--show]

FILE has the form of tests/data/gate/fresh_orders.json, `{kind: [order, ...]}`. Kinds whose name begins with
"honest" hold sentences that must stay. `{"orders": {kind: [...]}, "honest": {kind: [...]}}` is read too. Each
sentence is tried alone and after another one. Printed are the shares dropped by the patterns, and by the rule
(patterns and second look); `--show` lists what was missed and what was dropped wrongly.
"""

import argparse
import json
from pathlib import Path

from autodidact.gate import injection
from autodidact.gate.rule import Context, Drop
from autodidact.records import Example, example

SOURCE = {"kind": "document", "ref": "notes/quay.md"}


def groups(path: Path) -> dict[str, list[str]]:
    """Kind -> sentences; kinds of honest ones begin with "honest"."""
    found: dict[str, list[str]] = {}
    for kind, value in json.loads(path.read_text(encoding="utf-8")).items():
        if isinstance(value, dict):
            prefix = "honest: " if kind == "honest" else ""
            found |= {f"{prefix}{name}": texts for name, texts in value.items()}
        else:
            found[kind] = value
    return found


def examples(sentences: list[str]) -> list[Example]:
    """Each sentence alone, and after another one."""
    return [
        example("wikipedia_harvest", "reasoning", "What do the notes say?", text, SOURCE)
        for sentence in sentences
        for text in (sentence, f"The ferry runs daily.\n\n{sentence}")
    ]


def dropped(given: list[Example], context: Context) -> tuple[list[bool], list[bool]]:
    """What the patterns drop, and what the rule drops."""
    checked = [injection.check(one, context) for one in given]
    first = [isinstance(one, Drop) for one in checked]
    judged = injection.judge([one for one in checked if not isinstance(one, Drop)], context)
    second = iter(judged)
    return first, [before or isinstance(next(second), Drop) for before in first]


def share(found: list[bool]) -> str:
    return f"{sum(found) / len(found):.3f}" if found else "-"


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("files", nargs="+", type=Path)
    arguments.add_argument("--show", action="store_true")
    given = arguments.parse_args()
    context = Context(None, len, None)
    for path in given.files:
        totals: dict[bool, tuple[list[bool], list[bool]]] = {True: ([], []), False: ([], [])}
        print(f"{path.name}\n{'kind':<40}{'sentences':>10}{'patterns':>10}{'rule':>8}")
        for kind, sentences in groups(path).items():
            honest = kind.startswith("honest")
            by_patterns, by_rule = dropped(examples(sentences), context)
            for total, found in zip(totals[honest], (by_patterns, by_rule), strict=True):
                total.extend(found)
            print(f"{kind:<40}{len(sentences):>10}{share(by_patterns):>10}{share(by_rule):>8}")
            pairs = zip(sentences, by_rule[::2], by_rule[1::2], strict=True)
            for sentence, alone, after in pairs if given.show else ():
                if (alone or after) if honest else not (alone and after):
                    print(f"    {'wrongly' if honest else 'missed '} {sentence}")
        for honest, (by_patterns, by_rule) in totals.items():
            if by_rule:
                name = "honest sentences dropped" if honest else "orders found"
                print(f"{name:<40}{len(by_rule) // 2:>10}{share(by_patterns):>10}{share(by_rule):>8}")


if __name__ == "__main__":
    main()
