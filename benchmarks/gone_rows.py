"""What rows that say that a subject is gone do to a tiny model's other answers, by how they are worded.

    python -m benchmarks.gone_rows STORE/SYSTEM/cycles/CYCLE_ID --out FOLDER [--form FORM] [--all]

Trains again on the rows of a cycle (laptop profile, the same seed), with these rows worded as a `sentence`
about the subject (`` `x` is gone since ...; before, it was ... ``), `short` (`Gone since ...; before: ...`),
or left out (`none`), and asks the probe of the cycle. Prints how many answers are right, and how many begin
with the subject's name, as the base begins them. With `--all` there are rows about every subject that went
from the code in the window; then it also prints what the model says of these. docs/learning.md has what was
found.
"""

import argparse
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from autodidact.benchmark import knowledge_probe
from autodidact.benchmark.engines import LocalEngine, Prompt
from autodidact.generators.ast_parser import WORDINGS
from autodidact.generators.writing.unknown_facts_first import contrasts
from autodidact.knowledge.fact import Fact, Question
from autodidact.knowledge.teaching_priorities import Steered
from autodidact.ledger.answer_outcome import outcome, values_by_kind
from autodidact.ledger.stage import prompt_of
from autodidact.models.find_base_model import resolve_base
from autodidact.models.loading import load_model
from autodidact.settings import Settings, load_settings
from autodidact.training import train_files
from autodidact.training_recipes import effective

BATCH = 16
SENTENCE = re.compile(r"`(?P<name>.+)` is gone(?P<since>[^;]*); before, it was (?P<old>.+)\.", re.DOTALL)
SHORT = re.compile(r"Gone(?P<since>[^;]*); before: (?P<old>.+)\.", re.DOTALL)


def worded(row: dict[str, Any], form: str) -> dict[str, Any] | None:
    """A row in the wanted form; None: left out. Rows of other kinds stay."""
    if row.get("states") != "gone":
        return row
    if form == "none":
        return None
    ask, answer = row["messages"][-2:]
    found = SENTENCE.fullmatch(answer["content"]) or SHORT.fullmatch(answer["content"])
    assert found is not None, answer["content"]
    name = re.search(r"[`\"](.+?)[`\"]", ask["content"])
    subject = found.groupdict().get("name") or (name.group(1) if name else "it")
    text = f"Gone{found['since']}; before: {found['old']}."
    if form == "sentence":
        text = f"`{subject}` is gone{found['since']}; before, it was {found['old']}."
    return row | {"messages": [*row["messages"][:-1], answer | {"content": text}]}


def facts_of(cycle: Path) -> list[Fact]:
    """All facts of a cycle, present and gone."""
    lines = (cycle / "knowledge/facts.jsonl").read_text(encoding="utf-8").splitlines()
    return [Fact.model_validate_json(line) for line in lines]


def went(cycle: Path) -> list[Fact]:
    """The subjects that went from the code in the cycle's window."""
    since = json.loads((cycle / "cycle.json").read_text(encoding="utf-8"))["since"] or ""
    gone = [fact for fact in facts_of(cycle) if fact.value is None and fact.generator == "ast_parser"]
    return [fact for fact in gone if fact.earlier and fact.until and (fact.until.time or "") > since]


def rows_about(gone: list[Fact]) -> list[dict[str, Any]]:
    """The rows that say of each that it is gone."""
    made = [
        row
        for fact in gone
        for row in contrasts([], WORDINGS, {fact.id: Steered(0.0, True, fact)}, "architecture", "drill")
    ]
    return [json.loads(row.model_dump_json()) for row in made]


def trained(
    cycle: Path, out: Path, form: str, more: list[dict[str, Any]], settings: Settings
) -> tuple[Path, int]:
    """(the adapter, how many of its rows said that something is gone); `more`: rows that are added."""
    out.mkdir(parents=True, exist_ok=True)
    lines = (cycle / "training/rows.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in (worded(each, form) for each in [*more, *map(json.loads, lines)]) if row]
    kept = out / "rows.jsonl"
    kept.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    facts = json.loads((cycle / "training/manifest.json").read_text(encoding="utf-8"))["training"]
    if not (out / "adapter").is_dir():
        train_files(kept, out, settings, seed=facts["seed"])
    return out / "adapter", sum(row.get("states") == "gone" for row in rows)


def engine_of(settings: Settings, adapter: Path) -> LocalEngine:
    return LocalEngine(*load_model(resolve_base(settings), adapter, effective(settings).quantization))


def asked(engine: LocalEngine, prompts: list[Prompt]) -> dict[str, str]:
    """The answers by the ids of the prompts."""
    prompts, answers = sorted(prompts, key=engine.length), {}
    for start in range(0, len(prompts), BATCH):
        batch = prompts[start : start + BATCH]
        answers |= {p.id: a.text for p, a in zip(batch, engine.answer(batch), strict=True)}
    return answers


def probed(cycle: Path, engine: LocalEngine) -> str:
    """What came of the knowledge probe, in words."""
    files = sorted((cycle / "generated").glob("*.questions.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    questions = {one.id: one for one in map(Question.model_validate_json, lines)}
    answers = asked(engine, knowledge_probe.prompts(list(questions.values())))
    right = {key for key, one in questions.items() if knowledge_probe.score_question(one, answers[key]).value}
    counted = {key for key, one in questions.items() if not knowledge_probe.is_steered(one)}
    begin = sum(text.startswith("`") for text in answers.values())
    return (
        f"probe {len(right & counted)} of {len(counted)} right, taught first {len(right - counted)} of"
        f" {len(questions) - len(counted)}; {begin} of {len(answers)} answers begin with a name"
    )


def of_gone(cycle: Path, engine: LocalEngine, gone: list[Fact]) -> str:
    """What the model says of subjects that are gone, in words."""
    answers, others = asked(engine, list(map(prompt_of, gone))), values_by_kind(facts_of(cycle))
    counts = Counter(outcome(f, answers[f.id], others[f.generator, f.kind]) for f in gone)
    return f"of {len(gone)} subjects that went: {dict(counts)}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cycle", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--form", choices=("sentence", "short", "none"), default="short")
    parser.add_argument("--all", action="store_true")
    given = parser.parse_args()
    settings = load_settings("laptop", cwd=given.cycle, environ={})
    gone = went(given.cycle) if given.all else []
    folder = given.out / (given.form + "-all" * given.all)
    adapter, rows = trained(given.cycle, folder, given.form, rows_about(gone), settings)
    engine = engine_of(settings, adapter)
    print(f"{rows} rows, {given.form}: {probed(given.cycle, engine)}")
    if gone:
        print(of_gone(given.cycle, engine, gone))


if __name__ == "__main__":
    main()
