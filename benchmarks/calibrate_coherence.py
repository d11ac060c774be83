"""Where the threshold of the coherence rule comes from: true against shuffled prompt-response pairs of the
standard library.

    python -m benchmarks.calibrate_coherence [PAIRS] [EXAMPLES]  (400 pairs: a minute on two cores; 0: none)

EXAMPLES is a folder made by `autodidact generate --out`: its pairs, as far as the rule looks at them, make a
table of their own, 60 of each generator, and are shuffled among all generators that mine text, or among all
that compute from tables and the like.

Three kinds of pair, in equal parts, as the generators make them: a question about a function by name and its
docstring; a function's source and its docstring; a request for a function and its source. A pair whose answer
has its words from the prompt (`coherence.covered`) is kept at any threshold, as the rule does. "Shuffled"
gives each prompt the response of a pair of the same kind from another module. The threshold is the highest of
the grid that keeps at least 95% of the true pairs, of each generator that mines text.
"""

import argparse
import ast
import random
import sysconfig
import time
from itertools import groupby
from pathlib import Path

from autodidact.gate import coherence, form
from autodidact.gate.compact_examples import OPEN
from autodidact.gate.rule import Drop, question
from autodidact.generators import PROBE_FILES
from autodidact.models.embedding import Embedder
from autodidact.settings import Gate

KINDS = ("name -> docstring", "source -> docstring", "request -> source")
SHIPPED = Gate().coherence
# Examples of a generator.
EACH = 60
GRID = (0.0, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4)


def functions(root: Path) -> list[tuple[str, str, str, str]]:
    """(module, name, source without its docstring, docstring) of the documented public functions of each
    module, sorted.
    """
    found = []
    for path in sorted(root.glob("*.py")):
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                text = ast.get_docstring(node)
                if text and len(text.split()) >= 6 and len(node.body) > 1:
                    node.body = node.body[1:]
                    found.append((path.stem, node.name, ast.unparse(node), text))
    return found


def pairs(count: int, seed: int = 0) -> list[tuple[str, str, str, str]]:
    """`count` rows (kind, module, prompt, response)."""
    rng = random.Random(seed)
    rows = []
    for number, (module, name, source, text) in enumerate(
        rng.sample(functions(Path(sysconfig.get_paths()["stdlib"])), count)
    ):
        if number % 3 == 0:
            rows.append(
                ("name -> docstring", module, f"What does `{name}` in the module `{module}` do?", text)
            )
        elif number % 3 == 1:
            rows.append(("source -> docstring", module, f"Explain this function:\n\n{source}", text))
        else:
            rows.append(
                (
                    "request -> source",
                    module,
                    f"Write the function `{name}` of `{module}`: {text.splitlines()[0]}",
                    source,
                )
            )
    return rows


def shuffled(rows: list[tuple[str, str, str, str]], seed: int = 1) -> list[str]:
    """For each row a response of the same kind out of another module."""
    rng = random.Random(seed)
    made = rows[0][0] not in KINDS
    return [
        rng.choice([other[3] for other in rows if (made or other[0] == row[0]) and other[1] != row[1]])
        for row in rows
    ]


def generated(folder: Path) -> list[tuple[str, str, str, str, str]]:
    """Rows (generator, generator, question, answer, all that is shown, kind of source) of the examples that
    the rule judges.
    """
    rows = []
    for path in sorted(folder.glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines() if not path.name.endswith(PROBE_FILES) else []
        judged = [
            one for line in lines if not isinstance(one := form.read(line), Drop) and coherence.applies(one)
        ]
        for one in random.Random(0).sample(judged, min(EACH, len(judged))):
            rows.append(
                (
                    one.generator,
                    one.generator,
                    question(one),
                    one.messages[-1]["content"],
                    coherence.shown(one),
                    one.source.kind,
                )
            )
    return rows


def main(count: int = 400, folder: Path | None = None) -> None:
    if count:
        table(pairs(count), ((48, 300), (256, None)))
    if folder:
        rows = generated(folder)
        for name, members in groupby(
            sorted(rows, key=lambda row: _kind(row[5])), key=lambda row: _kind(row[5])
        ):
            some = list(members)
            print(f"\n{name}: {', '.join(sorted({row[0] for row in some}))}")
            table(some, ((48, 300),))


def _kind(source: str) -> str:
    """What is mined from text, and what a program computes from tables and the like."""
    return "mined" if source in OPEN else "computed"


def table(rows: list[tuple[str, str, str, str]], sizes: tuple[tuple[int, int | None], ...]) -> None:
    """Prints what each threshold keeps of the true and drops of the shuffled pairs."""
    count = len(rows)
    wrong = shuffled(rows)
    for tokens, characters in sizes:
        embed = Embedder(tokens=tokens, characters=characters)
        started = time.perf_counter()
        prompts, answers = embed([row[2] for row in rows]), embed([row[3] for row in rows])
        seconds = time.perf_counter() - started
        true = (prompts * answers).sum(1)
        false = (prompts * embed(wrong)).sum(1)
        for cosines, said in ((true, [row[3] for row in rows]), (false, wrong)):
            cosines[
                [
                    coherence.covered(text, row[4] if len(row) > 4 else row[2])
                    for text, row in zip(said, rows, strict=True)
                ]
            ] = 1.0
        print(
            f"\n{tokens} tokens of {characters or 'all'} characters, {count} pairs, {2 * count / seconds:.0f}"
            " texts/s"
        )
        print("threshold   true kept   shuffled dropped")
        for threshold in GRID:
            print(f"{threshold:9.2f} {(true >= threshold).mean():11.3f} {(false < threshold).mean():18.3f}")
        best = max((t for t in GRID if (true >= t).mean() >= 0.95), default=GRID[0])
        print(f"keeps >= 95% of the true pairs: {best:.2f}")
        if embed.words.there:
            agreement(rows, wrong, embed, true, false)
        for kind in sorted({row[0] for row in rows}):
            of_kind = [i for i, row in enumerate(rows) if row[0] == kind]
            limit = coherence.least(rows[of_kind[0]][5], Gate()) if len(rows[0]) > 4 else SHIPPED
            kept, dropped = (true[of_kind] >= limit).mean(), (false[of_kind] < limit).mean()
            print(
                f"  at {limit}, {kind}, {len(of_kind)}: true kept {kept:.3f}, shuffled dropped {dropped:.3f}"
            )


def agreement(rows, wrong: list[str], embed: Embedder, true, false, threshold: float = SHIPPED) -> None:
    """Prints how much word vectors settle at each limit, and how much of it this model would drop;
    `embedding.CLEAR` is from here.
    """
    sides = [row[2] for row in rows], [row[3] for row in rows], wrong
    prompts, answers, others = (embed.words([text[: embed.characters] for text in texts]) for texts in sides)
    print("word vectors settle at   of true pairs (wrongly)   of shuffled pairs (wrongly)")
    for limit in (0.4, 0.45, 0.5, 0.55, 0.6):
        parts = []
        for quick, full in (((prompts * answers).sum(1), true), ((prompts * others).sum(1), false)):
            parts.append(
                f"{(quick >= limit).mean():12.3f} ({((quick >= limit) & (full < threshold)).mean():.4f})"
            )
        print(f"{limit:22.2f}" + "      ".join(parts))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", nargs="?", type=int, default=400)
    parser.add_argument("examples", nargs="?", type=Path)
    chosen = parser.parse_args()
    main(chosen.pairs, chosen.examples)
