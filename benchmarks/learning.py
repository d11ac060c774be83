"""Does the system learn? Five cycles through the history of a real repository, and what became of the model
in service.

    python -m benchmarks.learning run REPOSITORY --out DIR [--arm full|no-feedback|no-anchors] [--cycles 5]
    python -m benchmarks.learning show DIR

`run` runs the product's own cycles (autodidact.cycle.run, laptop profile) at five instants that part the
later half of the repository's commits evenly; each is a live cycle whose window begins where the one before
it ended, so that what is better is promoted. A run that was killed goes on where it stopped. `show` prints
the figures of all runs in DIR and draws `DIR/<run>.svg`: the champion against the base after each cycle

- on the decision blocks of that cycle: what the verdict saw, and overstated by having chosen by it;
- on 1,080 items that no code path of a cycle reads (learning_items.py);
- on that cycle's knowledge probe: reserved wordings of facts, those of the control included.

Intervals are 95%: paired bootstrap, stratified by category, clusters are families. What was measured, and
what not: docs/learning.md.
"""

import argparse
import json
import re
import subprocess
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from autodidact.records import ItemResult
from benchmarks import run_and_show
from benchmarks.learning_items import difference, score_all, unread
from benchmarks.learning_plot import panels

ARMS = {"full": {}, "no-feedback": {}, "no-anchors": {"training.anchors": 0.0}}
# Of the items that no cycle reads.
SALT = "a salt that no store has"


def instants(repository: Path, cycles: int) -> list[datetime]:
    """The last commit's time and those before it that part the later half of the commits evenly, oldest
    first.
    """
    out = subprocess.run(
        ["git", "-C", str(repository), "log", "--first-parent", "--format=%ct", "HEAD"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    times = sorted({int(line) for line in out})
    places = [len(times) - 1 - round(k * len(times) / 2 / cycles) for k in range(cycles)]
    return [
        datetime.fromtimestamp(times[place] - times[place] % 60 + 60, timezone.utc)
        for place in sorted(places)
    ]


def settings_of(repository: Path, folder: Path, arm: str, seed: int, given: dict[str, Any]) -> Any:
    from autodidact.settings import load_settings

    own = {
        "system": f"{repository.name}-{seed}",
        "store": str(folder / "store"),
        "chronicle.url": f"sqlite:///{folder / 'chronicle.db'}",
        "sources.repository": str(repository.resolve()),
    }
    return load_settings("laptop", own | ARMS[arm] | given, cwd=folder, environ={})


def run(repository: Path, out: Path, arm: str, seed: int, cycles: int, given: dict[str, Any]) -> None:
    """All that is missing of one run, into `out/<repository>-<arm>-<seed>`."""
    from autodidact.cycle import run as stages
    from autodidact.cycle.open import open_cycle
    from autodidact.cycle.record import load_cycle
    from autodidact.errors import Skipped
    from autodidact.records import cycle_id
    from autodidact.runtime import Runtime

    folder = (out / f"{repository.name}-{arm}-{seed}").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    settings = settings_of(repository, folder, arm, seed, given)
    runtime = Runtime(settings)
    if not runtime.store.exists(f"{settings.system}/salt.json"):
        runtime.store.write_json(f"{settings.system}/salt.json", {"format": 1, "salt": f"learning-{seed}"})
    untils = instants(repository, cycles)
    for number, until in enumerate(untils, 1):
        file = folder / f"cycle-{number}.json"
        if file.exists():
            continue
        try:
            cycle = open_cycle(runtime, until=until)
            stages.run(
                runtime, cycle, on_stage=lambda name: runtime.say(f"[{time.strftime('%H:%M:%S')}] {name}")
            )
        except Skipped:  # killed after it was closed
            cycle = load_cycle(runtime, settings.system, cycle_id(until))
        if arm == "no-feedback":
            runtime.store.write_json(f"{cycle.folder}/feedback.json", {})
        told = record(cycle, runtime)
        file.write_text(json.dumps(told, indent=1), encoding="utf-8")
        print(line(number, told), flush=True)
    measure_unread(folder, runtime, untils)


def record(cycle: Any, runtime: Any) -> dict[str, Any]:
    """What one cycle did: verdict, champion after it and how it stands against the base on what the cycle
    measured.
    """
    names = [
        *(f"generate.{name}" for name in cycle.generators()),
        "gate",
        "train",
        "measure_champion",
        "benchmark",
    ]
    made = {name: found for name in names if (found := cycle.manifest(runtime.store, name))}
    reports, judged = cycle.reports(runtime.store), cycle.verdict(runtime.store)
    champion = runtime.store.read_json(f"{cycle.system}/champion.json")
    promoted = champion["cycle_id"] == cycle.cycle_id
    serving = reports.get("candidate" if promoted else "champion")
    candidate, base = reports.get("candidate"), reports.get("base")
    told = {
        "cycle_id": cycle.cycle_id,
        "until": cycle.until,
        "commit": cycle.repositories[0]["commit"],
        "outcome": judged.outcome if judged else None,
        "reasons": judged.reasons if judged else [],
        "promoted": promoted,
        "champion": champion,
        "seconds": {name: round(found.seconds, 1) for name, found in made.items()},
        "counts": {name: made[name].counts for name in ("gate", "train") if name in made},
        "blocks": serving.blocks if serving else [],
    }
    if candidate and base:
        asked = _base_on(candidate.blocks, cycle, runtime).items
        for name, report in (("champion", serving), ("candidate", candidate)):
            told[f"{name}_blocks"] = difference([item for item in report.items if item.block], asked)
        told["probe"] = {
            name: {"score": report.probe.score, "n": report.probe.n, **_news(report)}
            for name, report in (
                ("base", base),
                ("champion_before", reports["champion"]),
                ("candidate", candidate),
                ("champion", serving),
            )
            if report.probe
        }
    return told


def _base_on(blocks: list[int], cycle: Any, runtime: Any) -> Any:
    """The base's report on blocks of this cycle: the cycle asks it block 0 alone, once it is not the
    champion.
    """
    from autodidact.benchmark.measure_model import measure
    from autodidact.models.find_base_model import resolve_base

    settings, drawn = cycle.effective(runtime.settings), cycle.benchmark
    return measure(
        runtime.store,
        cycle.system,
        settings,
        resolve_base(settings),
        blocks=blocks,
        week=drawn["week"],
        salt=drawn["salt"],
        say=runtime.say,
    )


def _news(report: Any) -> dict[str, Any]:
    """Scores on news (facts new or changed since the champion) and on the control."""
    from autodidact.promotion.statistics import is_news

    asked = {
        "news": [i for i in report.probe_items if is_news(i)],
        "control": [i for i in report.probe_items if not is_news(i)],
    }
    return {
        name: {"score": sum(i.score for i in items) / len(items) if items else None, "n": len(items)}
        for name, items in asked.items()
    }


def measure_unread(folder: Path, runtime: Any, untils: list[datetime]) -> None:
    """The base and each champion so far on the items that no cycle of the run reads: those that end at
    `untils`.
    """
    from autodidact.benchmark.items import block
    from autodidact.cycle.record import load_cycle

    told = _cycles(folder)
    drawn = load_cycle(runtime, runtime.settings.system, told[0]["cycle_id"]).benchmark
    weeks = {"{}-W{:02}".format(*until.isocalendar()[:2]) for until in untils}
    scored = [
        item
        for week in weeks
        for k in drawn["blocks"]
        for item in block(k, level=drawn["level"], week=week, salt=drawn["salt"])
    ]
    items = unread(drawn["level"], SALT, scored)
    base = score_all(items, runtime.settings, None, folder / "unread" / "base.json")
    for number, each in reversed(
        list(enumerate(told, 1))
    ):  # the last one first: its figure is the one that counts
        champion = each["champion"]
        adapter = runtime.store.local(champion["adapter"]["path"]) if champion["adapter"] else None
        results = (
            score_all(items, runtime.settings, adapter, folder / "unread" / f"{champion['version']}.json")
            if adapter
            else base
        )
        each["unread"] = difference(results, base)
        (folder / f"cycle-{number}.json").write_text(json.dumps(each, indent=1), encoding="utf-8")


def _cycles(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("cycle-*.json"))]


def line(number: int, told: dict[str, Any]) -> str:
    """One cycle in one line."""
    said = (
        f"{number}  until {told['until'][:10]}  {told['outcome']:10}  champion of"
        f" {told['champion']['cycle_id'] or 'the base':17}"
    )
    for name, key in (("decision blocks", "champion_blocks"), ("unread", "unread")):
        if key in told:
            said += f"  {name} {_shown(told[key])}"
    if "probe" in told:
        probe = told["probe"]
        said += f"  probe {probe['base']['score']:.2f} -> {probe['champion']['score']:.2f}"
        said += f" (candidate {probe['candidate']['score']:.2f}, n {probe['champion']['n']})"
    return f"{said}  {sum(told['seconds'].values()):.0f} s of stages"


def _shown(found: dict[str, Any]) -> str:
    return f"{found['base']:.3f} -> {found['score']:.3f} {_interval(found)}"


def _interval(found: dict[str, Any]) -> str:
    return f"{found['mean']:+.3f} [{found['low']:+.3f}, {found['high']:+.3f}]"


def show(out: Path) -> None:
    """The figures of every run in `out`, and its picture."""
    for folder in sorted(path for path in out.iterdir() if (path / "cycle-1.json").exists()):
        told = _cycles(folder)
        print(f"\n{folder.name}")
        for number, each in enumerate(told, 1):
            print(f"  {line(number, each)}")
        last = told[-1]
        if "unread" in last:
            found = last["unread"]
            for name in ("hidden", "visible"):
                part = found[name]
                print(
                    f"  unread, {name} families {part['mean']:+.3f} [{part['low']:+.3f}, {part['high']:+.3f}]"
                )
            for name, part in found["categories"].items():
                print(f"    {name:28} {_shown(part)}")
        repository = re.fullmatch(r"(.*)-(?:full|no-feedback|no-anchors)-\d+", folder.name)[1]
        whole = out / f"{repository}-full-0"
        if folder != whole and all((path / "unread" / "base.json").exists() for path in (folder, whole)):
            theirs = {item.id: item for item in _last(whole)}
            mine = [
                item for item in _last(folder) if item.id in theirs
            ]  # a store's own salt may take an item from one of them
            print(
                f"  unread, item by item against the last champion of {whole.name}"
                f" {_interval(difference(mine, list(theirs.values())))}"
            )
        (out / f"{folder.name}.svg").write_text(picture(folder.name, told), encoding="utf-8")
    show_seeds(out)


def show_seeds(out: Path) -> None:
    """The last champions of a repository's seeds together: each unread item's score is the mean of theirs."""
    runs: dict[str, list[Path]] = {}
    for base in sorted(out.glob("*-full-*/unread/base.json")):
        runs.setdefault(base.parents[1].name.rpartition("-full-")[0], []).append(base.parents[1])
    for repository, folders in runs.items():
        if len(folders) > 1:
            answers = [{item.id: item for item in _last(folder)} for folder in folders]
            together = [
                item.model_copy(update={"score": sum(each[key].score for each in answers) / len(answers)})
                for key, item in answers[0].items()
                if all(key in each and each[key].score is not None for each in answers)
            ]
            base = _read(folders[0] / "unread" / "base.json")
            print(
                f"\n{repository}, {len(folders)} seeds together: unread {_shown(difference(together, base))}"
            )


def _last(folder: Path) -> list[Any]:
    """The last champion's answers to the unread items."""
    version = _cycles(folder)[-1]["champion"]["version"]
    file = folder / "unread" / f"{version}.json"
    return _read(file if file.exists() else file.with_name("base.json"))


def _read(file: Path) -> list[Any]:
    return [ItemResult.model_validate(row) for row in json.loads(file.read_text(encoding="utf-8"))]


def picture(name: str, told: list[dict[str, Any]]) -> str:
    """Three panels: decision blocks, unread items, knowledge probe."""

    def points(key: str) -> list:
        return [
            (0.0, None, None),
            *(
                (each[key]["mean"], each[key]["low"], each[key]["high"]) if key in each else None
                for each in told
            ),
        ]

    def probe(key: str) -> list:
        return [
            None,
            *((each["probe"][key]["score"], None, None) if "probe" in each else None for each in told),
        ]

    return panels(
        f"{name}: the model in service against the base",
        [
            (
                "decision blocks: difference",
                {"champion": points("champion_blocks"), "candidate": points("candidate_blocks")},
            ),
            ("items no cycle reads: difference", {"champion": points("unread")}),
            ("knowledge probe: score", {"champion": probe("champion"), "base": probe("base")}),
        ],
    )


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--arm", choices=ARMS, default="full")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cycles", type=int, default=5)


if __name__ == "__main__":
    run_and_show.main(__doc__, run, show, options)
