"""Which corrected answers are recognised, and which good ones are lost, by language.

    python -m benchmarks.corrections [TURNS.yaml...]

Without a file, the sets of tests/data/corrections. A set has, by language, what people wrote after an answer:
corrections, and others (follow_up, new_subject, thanks). A turn is a text, or
{"question", "answer", "next", "reply"}: "reply" is what the assistant said to it. The weights were fitted
to the sets of tests/data/corrections: what they find of turns that they do not know, prints
`python -m benchmarks.train_correction_model`.
"""

import argparse
from pathlib import Path

import yaml

from autodidact.generators.session_miner.is_answer_corrected import corrects
from autodidact.sources.transcripts import Exchange

SETS = Path(__file__).parents[1] / "tests/data/corrections"


def turns_of(path: Path) -> dict[str, dict[str, list]]:
    """Language to kind to turns."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def shares(turns: dict[str, dict[str, list]]) -> tuple[int, int, int, int]:
    """(corrections found, corrections, good answers lost, good answers) of some languages."""
    wrong = [turn for kinds in turns.values() for turn in kinds["correction"]]
    good = [
        turn
        for kinds in turns.values()
        for kind, some in kinds.items()
        if kind != "correction"
        for turn in some
    ]
    return sum(map(corrected, wrong)), len(wrong), sum(map(corrected, good)), len(good)


def corrected(turn: str | dict[str, str]) -> bool:
    """Whether a turn of a set is taken for a correction."""
    if isinstance(turn, str):
        return corrects(turn)
    reaction = turn.get("reply", "")
    before = Exchange("", turn["question"], 0, reply=turn["answer"], reaction=reaction)
    return corrects(turn["next"], before)


def main(paths: list[Path]) -> None:
    for path in paths or sorted(SETS.glob("*.yaml")):
        turns = turns_of(path)
        print(f"{path.name}\n| language | corrections found | good answers lost |\n| --- | ---: | ---: |")
        for name, some in [*((language, {language: turns[language]}) for language in turns), ("all", turns)]:
            found, wrong, lost, good = shares(some)
            print(f"| {name} | {found / wrong:.2f} of {wrong} | {lost / good:.2f} of {good} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("turns", nargs="*", type=Path)
    main(parser.parse_args().turns)
