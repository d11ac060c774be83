"""A store and a Chronicle with two cycles for the tests of the page: a promoted one, and one that runs. Texts
that come from outside are hostile.
"""

import json
import subprocess
from pathlib import Path

from autodidact.chronicle import Chronicle
from autodidact.records import Champion
from autodidact.stage import manifest_key
from autodidact.store import Store
from tests.cycles import a_cycle

SYSTEM, DONE, RUNS = "shop-<b>", "2026-11-23T1200Z", "2026-11-24T0000Z"
EVIL = "<script>alert(1)</script>\u202egnp.exe"
CATEGORIES = ("intent_classification", "tool_use")
ADAPTER = {"path": f"{SYSTEM}/cycles/{DONE}/training/adapter", "sha256": "a" * 64}
VERSION = f"{DONE}-{'a' * 12}"
EXAMPLE, DROPPED = "1" * 64, "2" * 64


def a_repository(folder: Path) -> str:
    """A repository with one file of ten lines; its commit."""
    folder.mkdir()
    (folder / "shop.py").write_text("".join(f"line_{n} = {n}\n" for n in range(1, 11)))
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run([*git, *arguments], check=True)
    done = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def manifest(stage: str, **fields) -> dict:
    known = {"format": 1, "stage": stage, "cycle_id": DONE, "inputs": {}, "code": "1", "outputs": {}}
    known |= {"status": "done", "reason": None, "counts": {}, "errors": []}
    return known | {"started": "2026-11-23T12:00:01Z", "seconds": 61.0} | fields


def report(role: str, scores: dict[str, float]) -> dict:
    items = [
        {
            "id": f"tool_use/{name}/0",
            "category": "tool_use",
            "family": name,
            "hidden": False,
            "block": 0,
            "score": score,
            "missing": None,
            "prompt": [{"role": "user", "content": f"Which tool for {name}? {EVIL}"}],
            "answer": f"{role} says {name} {EVIL}",
            "explanation": "the right call" if score else "no call",
        }
        for name, score in scores.items()
    ]
    mean = sum(scores.values()) / len(scores)
    categories = {name: {"score": mean, "n": len(scores), "missing": 0} for name in CATEGORIES}
    fact = {"id": "f" * 64, "category": "probe", "family": "port", "hidden": False, "block": 0, "score": 0.0}
    fact |= {"missing": None, "prompt": [{"role": "user", "content": "Which port has <i>mail?"}]}
    fact |= {"answer": "25", "explanation": "says 25"}
    model = {
        "base": "sprout",
        "adapter": ADAPTER["path"] if role == "candidate" else None,
        "sha256": role * 8,
    }
    return {
        "format": 1,
        "fingerprint": "f" * 64,
        "suite": {"name": "autodidact", "version": "1"},
        "judge": "embedded",
        "model": model,
        "blocks": [0],
        "week": "2026-W48",
        "overall": mean,
        "categories": categories,
        "probe": {"score": 0.0, "n": 1, "missing": 0},
        "items": items,
        "probe_items": [fact],
    }


VERDICT = {
    "outcome": "promote",
    "p_better": 0.99,
    "difference": {"mean": 0.1, "low": 0.01, "high": 0.2},
    "rules": [
        {"name": "overall_floor", "value": 0.5, "threshold": 0.05, "passed": True},
        {
            "name": "better_on_suite",
            "value": 0.9,
            "threshold": 0.99,
            "passed": False,
            "needs": f"3 more {EVIL}",
        },
        {
            "name": "better_on_probe",
            "value": 0.999,
            "threshold": 0.998,
            "passed": True,
            "needs": "not with 3 fewer of 9 questions right or less",
        },
    ],
    "reasons": [f"better on the knowledge probe {EVIL}"],
    "more_evidence": False,
    "would_change": ["better_on_probe: not with 3 fewer of 9 questions right or less"],
}
STALE = {"kind": "port", "subject": "<i>mail", "says": "25", "is": None, "since": "2026-11-20T12:00:00Z"}
KNOWN = {"asked": 120, "known": 9, "unknown": 100, "wrong": 10, "stale": 1, "facts": 300}
ALSO_ASKED = {
    "replaced": "of the same 120 questions base-1, which it replaced, knows 2 (now 9) and is stale on 0 (now 1)",
    "rival": "fine-tuning is worth -3 [-9, +2] points over retrieval; both together +1 [-4, +6] points (60 questions)",
}
SHARE = {"mean": 0.08, "low": 0.04, "high": 0.15}


REFUSED = "2026-11-24T1200Z"
FLOOR = "above the floors: overall 0.25 (floor 0.05)"
REFUSAL = {
    "outcome": "undecided",
    "rules": [
        {"name": "overall_floor", "value": 0.25, "threshold": 0.05, "passed": True},
        {
            "name": "better_on_suite",
            "value": 0.2,
            "threshold": 0.99,
            "passed": False,
            "needs": "about 29 more of 512 right",
        },
        {
            "name": "better_on_hidden_families",
            "value": 0.3,
            "threshold": 0.5,
            "passed": False,
            "needs": "as many gained as lost",
        },
        {
            "name": "better_on_probe",
            "value": 0.9,
            "threshold": 0.99,
            "passed": False,
            "needs": "2 more of 80 questions right",
        },
    ],
    "reasons": [FLOOR, "the champion stays until something is clearly better"],
}


def refuse(url: str) -> str:
    """Adds a newer cycle, closed, whose candidate was refused; the name of its version."""
    newest = a_cycle(system=SYSTEM, cycle_id=REFUSED, until="2026-11-24T12:00:00Z", repositories=[])
    name, reason = f"{REFUSED}-{'c' * 12}", "; ".join(REFUSAL["reasons"])
    with Chronicle(url) as log:
        log.record_cycle(newest.model_dump(mode="json"))
        base = log.version(SYSTEM, VERSION)["base"]
        log.register_version(SYSTEM, name, REFUSED, base, ADAPTER | {"sha256": "c" * 64}, "nf4")
        log.record_verdict(SYSTEM, REFUSED, REFUSAL, candidate=name, champion=VERSION, week="2026-W48")
        log.set_state(SYSTEM, name, "benchmarked", "test", "overall 0.2558605209605209")
        log.set_state(SYSTEM, name, "rejected", "test", f"undecided: {reason}")
        log.close_cycle(SYSTEM, REFUSED, "kept", reason)
    return name


def examples(commit: str) -> tuple[list[dict], list[dict]]:
    source = {"kind": "git", "ref": "shop.py:3", "commit": commit, "path": "shop.py", "lines": [3, 4]}
    base = {"format": 1, "generator": "ast_parser", "category": "tool_use", "tools": [], "time": None}

    def talk(answer: str) -> list[dict]:
        return [
            {"role": "user", "content": f"What is line_3? {EVIL}"},
            {"role": "assistant", "content": answer},
        ]

    kept = base | {"id": EXAMPLE, "messages": talk("It is three."), "source": source}
    why = {"rule": "length", "reason": "too short", "value": 3}
    return [kept], [base | {"id": DROPPED, "messages": talk("Three"), "source": source, "dropped": why}]


def fill(folder: Path) -> dict[str, str]:
    """The variables of a deployment with these cycles."""
    commit = a_repository(folder / "repo")
    url, store = f"sqlite:///{folder}/chronicle.db", Store(folder / "store")
    repository = {"path": str(folder / "repo"), "branch": None, "commit": commit, "previous": None}
    done = a_cycle(system=SYSTEM, cycle_id=DONE, repositories=[repository])
    runs = a_cycle(system=SYSTEM, cycle_id=RUNS, until="2026-11-24T00:00:00Z", repositories=[repository])
    _write(store, done.folder, commit)
    store.write_json(f"{done.folder}/cycle.json", done.model_dump(mode="json"))
    with Chronicle(url) as log:
        log.record_cycle(done.model_dump(mode="json"))
        _log(log)
        log.close_cycle(SYSTEM, DONE, "promoted", "better")
        log.record_cycle(runs.model_dump(mode="json"))
    return {"AUTODIDACT_CHRONICLE__URL": url, "AUTODIDACT_STORE": str(folder / "store")}


def _write(store: Store, folder: str, commit: str) -> None:
    no_source = {"status": "skipped", "reason": "sources.goals names no file", "setting": "sources.goals"}
    made = {"counts": {"examples": 2, "new": 1}}
    for stage, more in {"generate.goal_examples": no_source, "generate.ast_parser": made, "gate": {}}.items():
        store.write_json(f"{folder}/{manifest_key(stage)}", manifest(stage, **more))
    kept, dropped = examples(commit)
    store.write_jsonl(f"{folder}/gate/kept.jsonl", kept)
    store.write_jsonl(f"{folder}/gate/dropped.jsonl", dropped)
    store.write_text(f"{folder}/card.md", f"base_model: sprout\n{EVIL}\n")
    for role in ("candidate", "champion"):
        store.write_bytes(f"{SYSTEM}/benchmarks/{role * 8}/{'f' * 64}/block-0/{role}.eval", role.encode())
    store.write_json(f"{folder}/gate/report.json", GATE)
    store.write_json(f"{folder}/verdict.json", VERDICT)
    figures = KNOWN | {"version": VERSION, "share": SHARE, "stale_facts": [STALE | {"fact": "f" * 64}]}
    figures |= {name: {"says": says} for name, says in ALSO_ASKED.items()}
    store.write_json(f"{folder}/ledger/figures.json", figures)
    store.write_json(f"{folder}/feedback.json", {"deficits": {"tool_use": 0.75}, "quotas": {}, "lever": None})


def _log(log: Chronicle) -> None:
    champion = Champion(
        version="base-1",
        base={"id": "sprout", "revision": None, "sha256": "b" * 64},
        quantization="nf4",
        cycle_id=DONE,
        promoted_at="2026-11-01T00:00:00Z",
    )
    base = champion.base if isinstance(champion.base, dict) else champion.base.model_dump()
    log.register_version(SYSTEM, "base-1", DONE, base, None, "nf4")
    log.set_state(SYSTEM, "base-1", "promoting", "test", "the first")
    log.swap_champion(SYSTEM, None, "base-1", "test", "the first")
    log.record_benchmark(
        SYSTEM, DONE, "candidate", report("candidate", {"one": 0.0, "two": 1.0, "three": 1.0})
    )
    log.record_benchmark(SYSTEM, DONE, "champion", report("champion", {"one": 1.0, "two": 0.0, "three": 1.0}))
    log.record_verdict(SYSTEM, DONE, VERDICT, candidate=VERSION, champion="base-1", week="2026-W48")
    log.register_version(SYSTEM, VERSION, DONE, base, ADAPTER, "nf4")
    for state in ("benchmarked", "promoting"):
        log.set_state(SYSTEM, VERSION, state, "test", f"because {EVIL}")
    log.swap_champion(SYSTEM, "base-1", VERSION, "test", "verdict")
    data = KNOWN | {"share": SHARE, "version": VERSION, "stale_facts": [STALE], "age_hours": 1.0}
    log.event(SYSTEM, "knowledge", f"{VERSION} knows 8% [4, 15] of 300 facts", DONE, data)


GATE = json.loads("""{
  "raw": 2, "kept": 1, "by_generator": {"ast_parser": {"raw": 2, "kept": 1}},
  "by_rule": {"length": {"dropped": 1, "rewritten": 0, "reasons": {"too short": 1}}},
  "funnel": [{"rule": "length", "dropped": {"ast_parser": 1}, "left": {"ast_parser": 1}, "total": 1}],
  "settings": {"min_tokens": 10, "max_tokens": 160}
}""")
