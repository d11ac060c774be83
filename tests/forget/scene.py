"""A shop with a repository, two conversations and two documents, one of each with words that nothing else has;
cycles with real generators, a gate that keeps all, adapters of text, and reports that quote what was asked.
"""

import io
import json
import zipfile
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import zstandard

from autodidact.benchmark.suite import SUITE
from autodidact.chronicle import base_name, journal_in_store
from autodidact.cycle import run as stages
from autodidact.cycle.import_manifests import import_manifests
from autodidact.cycle.open import open_cycle
from autodidact.cycle.record import Cycle
from autodidact.digests import folder_digest
from autodidact.errors import Skipped
from autodidact.gate.replay import ReplayCounts, replayed
from autodidact.knowledge.fact import Fact
from autodidact.ledger import entries
from autodidact.models.find_base_model import model_digest, resolve_base
from autodidact.promotion import change_champion
from autodidact.records import CategoryScore, ItemResult, Manifest, Output, Report, Verdict
from autodidact.runtime import Runtime
from autodidact.sealed_cycle import seal
from autodidact.settings import load_settings
from autodidact.stage import Stage, Work
from tests.generators.test_session_miner import session
from tests.sandbox import NOON, Sandbox

FILES = {
    "shop/__init__.py": '"""A shop."""\n',
    "shop/basket.py": (
        '"""Baskets."""\n\n\nclass Basket:\n    """What a customer wants to buy."""\n\n'
        '    def add(self, item: str, count: int = 1) -> None:\n        """Put an item into the basket."""\n'
        "        if count < 1:\n            raise ValueError('count must be positive')\n"
    ),
    "shop/price.py": (
        '"""Prices."""\nfrom shop.basket import Basket\n\n\n'
        'def total(basket: Basket) -> int:\n    """The price of a basket in cents."""\n    return 0\n'
    ),
}
COUPON = (
    '"""Coupons."""\n\n\ndef redeem(code: str) -> bool:\n    """Redeem a coupon once."""\n    return True\n'
)
# Words that are planted in the sources to be forgotten.
IN_CODE, IN_TALK, IN_PAGE = "zorblaxcode", "quixelmuntalk", "vondrubelpage"
CODE = (
    f'"""The {IN_CODE} of the shop."""\nfrom shop.basket import Basket\n\n\n'
    f'def {IN_CODE}(basket: Basket) -> int:\n    """Count the {IN_CODE}_things of a basket."""\n    return 1\n'
)
TALKS = {
    "kept.jsonl": [
        ("user", "Please refund the order of the customer Miller, it arrived broken."),
        ("call", "Task", {"subagent_type": "billing", "prompt": "..."}, "done"),
        ("say", "Billing refunds the order."),
        ("user", "Thanks, that was right."),
    ],
    "private.jsonl": [
        ("user", f"Please send the parcel of {IN_TALK} to the new address in the harbour."),
        ("call", "Task", {"subagent_type": "logistics", "prompt": IN_TALK}, "done"),
        ("say", f"Logistics sends the parcel of {IN_TALK}."),
        ("user", "Thanks, that was right."),
    ],
}
PAGES = {
    "guide.md": "# Guide\n\nThe basket keeps what a customer wants to buy until the order is paid.\n",
    "page.md": (
        f"# Page\n\nThe {IN_PAGE} keeps the parcels of the shop until the customer collects them there."
        f" The {IN_PAGE} is closed on every second Sunday of the month.\n"
    ),
}
# The champion of a first cycle is the base.
BASES = (("champion.json", None, False), ("base.json", None, False))
ONLY = ["ast_parser", "knowledge_graph", "session_miner", "diff_miner", "architecture_docs"]


def build(folder: Path, *, secret: tuple[str, ...] = ("code", "talk", "page"), **settings: Any) -> Runtime:
    """The runtime of the shop; of the planted sources those that are not `secret` never were there."""
    sandbox = Sandbox(folder / "shop")
    sandbox.commit("Add the basket", {name: FILES[name] for name in FILES if "price" not in name})
    sandbox.commit("Add the price of a basket", FILES, hours=0.5)
    if "code" in secret:
        sandbox.commit(f"Add the {IN_CODE} to the shop", {"shop/odd.py": CODE}, hours=0.6)
    sandbox.commit("Add coupons", {"shop/coupon.py": COUPON}, hours=13)
    for place, texts in (("talks", {n: session(*t) for n, t in TALKS.items()}), ("pages", PAGES)):
        (folder / place).mkdir()
        for name, text in texts.items():
            if name in ("kept.jsonl", "guide.md") or place[:4] in secret:
                (folder / place / name).write_text(text)
    return runtime_of(folder, **settings)


def runtime_of(folder: Path, **more: Any) -> Runtime:
    settings = {
        "system": "shop",
        "store": str(folder / "store"),
        "chronicle.url": f"sqlite:///{folder}/chronicle.db",
        "sources.repository": str(folder / "shop"),
        "sources.sessions": [str(folder / "talks")],
        "sources.documents": [str(folder / "pages")],
        "generators.only": ONLY,
        "training.min_news": 1,
    }
    loaded = load_settings(overrides=settings | more, cwd=folder, environ={})
    return Runtime(loaded, say=lambda line: None)


def cycle(runtime: Runtime, hours: float, *, promotes: bool = True, trains: bool = True) -> Cycle:
    """A live cycle: real examples and replay; what gates, trains and measures is written down."""
    opened = open_cycle(runtime, until=NOON + timedelta(hours=hours))
    for name in opened.generators():
        try:
            stages.generate(name, opened, runtime)
        except Skipped:
            pass
    GATE.run(opened, runtime)
    if trains:
        _train(runtime, opened)
        _close(runtime, opened, promotes)
    return opened


def _keep(opened: Cycle, runtime: Runtime, work: Work) -> None:
    """Keeps all that the generators made and all that is replayed, but for the last row."""
    store, rows = runtime.store, []
    for name in opened.generators():
        manifest = opened.manifest(store, f"generate.{name}")
        if manifest and manifest.outputs:
            rows += list(store.read_lines(f"{opened.folder}/generated/{name}.jsonl"))
    made = [(json.loads(row)["generator"], 1, row) for row in rows]
    again = replayed(opened, store, opened.effective(runtime.settings), ReplayCounts())
    kept = [line for _, _, line in [*made, *again]]
    with work.lines("kept.jsonl") as sink:
        for line in kept[:-1]:
            sink(line)
    with work.lines("dropped.jsonl") as sink:
        sink(json.loads(kept[-1]) | {"dropped": {"rule": "length", "reason": "too long", "value": 9}})
    counted = Counter(json.loads(line)["source"].get("path") for line in kept)
    sources = [{"source": path, "kept": count} for path, count in counted.items() if path]
    work.write_json("report.json", {"format": 1, "register": "drill", "sources": sources})
    work.write_text("report.md", "# Gate\n\n" + json.loads(kept[0])["messages"][-1]["content"])


# In place of the real one, which takes a minute.
GATE = Stage("gate", "1", lambda opened, runtime: {}, _keep)


def _train(runtime: Runtime, opened: Cycle) -> None:
    store, folder = runtime.store, f"{opened.folder}/training"
    store.write_text(f"{folder}/adapter/adapter_model.safetensors", f"weights of {opened.cycle_id}")
    store.write_text(f"{folder}/adapter/adapter_config.json", "{}")
    store.write_bytes(f"{folder}/rows.jsonl", store.read_bytes(f"{opened.folder}/gate/kept.jsonl"))
    adapter = Output(sha256=folder_digest(store.local(f"{folder}/adapter")), bytes=1)
    kept = opened.manifest(store, "gate").outputs["kept.jsonl"]
    manifest = Manifest(
        stage="train",
        cycle_id=opened.cycle_id,
        code="1",
        inputs={"kept": kept.sha256},
        outputs={"adapter": adapter, "rows.jsonl": kept},
        started=opened.until,
        seconds=1.0,
        training={"settings": {"quantization": "nf4", "rank": 32}},
    )
    store.write_json(f"{folder}/manifest.json", manifest)


def _close(runtime: Runtime, opened: Cycle, promotes: bool) -> None:
    store = runtime.store
    _measure(runtime, opened)
    _ask(runtime, opened)
    with runtime.chronicle() as chronicle:
        import_manifests(opened, store, chronicle)
        version, champion = opened.candidate(store), opened.champion.version
        chronicle.set_state("shop", version, "benchmarked", "autodidact", "overall 0.3")
        verdict = Verdict(outcome="promote" if promotes else "reject", reasons=["because"])
        chosen = {"cycle_id": opened.cycle_id, "version": version, "expected": champion}
        written = verdict.model_dump() | {"candidate": version, "week": "2026-W09"}
        store.write_json(
            f"{opened.folder}/verdict.json", written | {"promotes": chosen if promotes else None}
        )
        chronicle.record_verdict(
            "shop", opened.cycle_id, verdict, candidate=version, champion=champion, week="2026-W09"
        )
        if promotes:
            where = (chronicle, store, runtime.settings, "shop", version)
            change_champion.promote(*where, expected=champion, by="autodidact", reason="verdict")
        else:
            chronicle.set_state("shop", version, "rejected", "autodidact", "reject: because")
        chronicle.close_cycle("shop", opened.cycle_id, "promoted" if promotes else "kept", "because")
        seal(store, opened.folder, closed=True)
        journal_in_store.write(chronicle, store, "shop")


def _measure(runtime: Runtime, opened: Cycle) -> None:
    """Reports and logs: the candidate quotes what it learned, the base is asked for it."""
    store, asked = runtime.store, opened.questions(runtime.store)
    base = resolve_base(runtime.settings)
    adapter = opened.adapter(store)
    outputs = {}
    for name, sha, answers in (("report.json", adapter.sha256, True), *BASES):
        digest = model_digest(base, None, "nf4", adapter_sha256=sha)
        items = [
            ItemResult(
                id=question.id,
                category="probe",
                family=question.kind,
                score=float(answers),
                prompt=[{"role": "user", "content": question.reserved}],
                answer=question.answer if answers else "I do not know",
            )
            for question in asked
        ]
        block = ItemResult(id="reasoning/x/0", category="reasoning", family="x", score=1.0, answer="four")
        report = Report(
            fingerprint="f" * 64,
            suite=SUITE,
            judge="embedded",
            model={"base": base.id, "sha256": digest, "base_sha256": base.sha256, "adapter_sha256": sha},
            blocks=[0],
            week="2026-W09",
            overall=0.3,
            categories={"reasoning": CategoryScore(score=0.3, n=1)},
            items=[block],
            probe_items=items,
        )
        outputs[name] = store.write_json(f"{opened.folder}/benchmark/{name}", report)
        for sheet, logged in (("probe/1", items), ("block-0", [block])):
            rows = [item.model_dump(mode="json") for item in logged]
            root = f"shop/benchmarks/{digest}"
            store.write_json(f"{root}/{'f' * 64}/{sheet}/result.json", rows)
            store.write_bytes(f"{root}/{'f' * 64}/{sheet}/x.eval", log(json.dumps(rows).encode()))
            store.write_json(f"{root}/answers/{sheet}/1.json", rows)
    manifest = Manifest(
        stage="benchmark",
        cycle_id=opened.cycle_id,
        code="1",
        outputs=outputs,
        started=opened.until,
        seconds=1.0,
    )
    store.write_json(f"{opened.folder}/benchmark/manifest.json", manifest)


def _ask(runtime: Runtime, opened: Cycle) -> None:
    """The facts of the cycle, and what the candidate and the base said when they were asked about them."""
    store, name = runtime.store, opened.cycle_id
    keys = [key for key in store.list(f"{opened.folder}/generated") if key.endswith(".facts_now.jsonl")]
    facts = [Fact.model_validate_json(line) for key in keys for line in store.read_lines(key)]
    output = store.write_jsonl(f"{opened.folder}/knowledge/facts.jsonl", facts)
    manifest = Manifest(
        stage="knowledge",
        cycle_id=name,
        code="1",
        outputs={"facts.jsonl": output},
        started=opened.until,
        seconds=1.0,
    )
    store.write_json(f"{opened.folder}/knowledge/manifest.json", manifest)
    base = resolve_base(runtime.settings)
    for version, sha, says in (
        (opened.candidate(store), opened.adapter(store).sha256, "answer"),
        (base_name(base.sha256), None, "subject"),
    ):
        fields = {"version": version, "cycle": name, "asked_at": opened.until, "stratum": "new"}
        rows = [entries.entry(f, getattr(f, says), outcome="known", **fields) for f in facts]
        entries.write(store, "shop", rows)
        digest = model_digest(base, None, "nf4", adapter_sha256=sha)
        store.write_json(f"shop/ledger/answers/{digest}/{name}.json", {row.fact: row.says for row in rows})


def log(data: bytes) -> bytes:
    """A zip file whose part is packed with Zstandard, as inspect_ai writes it."""
    packed, out = zstandard.compress(data), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("samples/1.json", packed)
    raw = out.getvalue().replace(b"PK\x03\x04\x14\x00\x00\x00\x00\x00", b"PK\x03\x04\x14\x00\x00\x00\x5d\x00")
    return raw.replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x5d\x00"
    )
