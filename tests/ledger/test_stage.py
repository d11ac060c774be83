"""The stage that asks the model in service: from facts and answers to entries and figures."""

import json

import pytest

from autodidact.cycle.close import close_cycle
from autodidact.cycle.import_manifests import import_manifests
from autodidact.cycle.report_text import as_text as summary_as_text
from autodidact.cycle.run import ask_ledger
from autodidact.errors import Skipped
from autodidact.knowledge.fact import Question
from autodidact.ledger import entries, retrieval, retrieval_comparison
from autodidact.ledger.kept_answers import Answers
from autodidact.ledger.ledger_as_text import as_text
from autodidact.ledger.stage import figures_of
from autodidact.models.find_base_model import BaseModelRef
from autodidact.records import Adapter, Manifest, Verdict
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from tests.cycles import BASE, a_cycle
from tests.ledger.facts import fact

MOVED = fact(
    "shop/cart.py", since="2026-11-20T12:00:00Z", earlier=[("shop/basket.py", "2026-11-20T12:00:00Z")]
)
PORT = fact("8025", kind="port", subject="mail", since="2025-01-01T00:00:00Z", reserved="The port of mail?")
SECRET = fact("x", kind="token", subject="key", reserved="What is the key?")


class World:
    """A store with the facts of a cycle and a version in service that gives `answers` by wording."""

    def __init__(self, tmp_path, monkeypatch):
        given = {"store": str(tmp_path), "chronicle.url": f"{tmp_path}/c.db", "system": "shop"}
        self.runtime = Runtime(load_settings("laptop", given, environ={}), say=lambda line: None)
        self.cycle = a_cycle(self.runtime.settings)
        self.answers: dict[str, str | None] = {}
        # By the digest of a version's adapter, where it says something else.
        self.says: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        world = self

        def ask(self, prompts, **options):
            world.asked += [prompt.messages[0]["content"] for prompt in prompts if not self.known(prompt)]
            adapter = self._model.adapter
            own = world.answers | world.says.get(adapter.sha256 if adapter else "", {})
            return {prompt.id: self.known(prompt) or own[prompt.messages[0]["content"]] for prompt in prompts}

        monkeypatch.setattr(Answers, "ask", ask)
        self.serve(BASE)

    def serve(self, champion):
        self.runtime.store.write_json("shop/champion.json", champion)

    def collect(self, *facts, cycle=None):
        folder = f"{(cycle or self.cycle).folder}/knowledge"
        output = self.runtime.store.write_jsonl(f"{folder}/facts.jsonl", list(facts))
        manifest = Manifest(
            stage="knowledge",
            cycle_id="",
            code="1",
            outputs={"facts.jsonl": output},
            started="2026-11-23T12:00:00Z",
            seconds=0,
        )
        self.runtime.store.write_json(f"{folder}/manifest.json", manifest)

    def entries(self, cycle=None, version="base-1"):
        found = entries.read(self.runtime.store, "shop", version, (cycle or self.cycle).cycle_id)
        return {row.fact: (row.outcome, row.says, row.stratum) for row in found}


@pytest.fixture
def world(tmp_path, monkeypatch):
    return World(tmp_path, monkeypatch)


def test_the_model_in_service_is_asked_and_every_answer_is_an_entry(world):
    world.collect(MOVED, PORT)
    world.answers = {MOVED.reserved: "shop/basket.py", PORT.reserved: "On\n8025."}
    manifest = ask_ledger(world.cycle, world.runtime)
    assert world.entries() == {
        MOVED.id: ("stale", "shop/basket.py", "changed"),
        PORT.id: ("known", "On 8025.", "ast_parser/port"),
    }
    assert manifest.counts == {"facts": 2, "asked": 2, "known": 1, "unknown": 0, "wrong": 0, "stale": 1}
    found = figures_of(world.cycle, world.runtime.store)
    assert (found["version"], found["share"]["mean"], found["stale_facts"][0]["is"]) == (
        "base-1",
        0.5,
        "shop/cart.py",
    )


def test_a_second_run_asks_and_writes_nothing(world):
    world.collect(MOVED)
    world.answers = {MOVED.reserved: "shop/cart.py"}
    first = ask_ledger(world.cycle, world.runtime)
    world.answers = {}
    assert ask_ledger(world.cycle, world.runtime) == first


def test_a_run_that_was_killed_after_its_entries_doubles_none(world):
    world.collect(MOVED, PORT)
    world.answers = {MOVED.reserved: "shop/cart.py", PORT.reserved: "1"}
    ask_ledger(world.cycle, world.runtime)
    before = world.entries()
    world.runtime.store.delete(f"{world.cycle.folder}/ledger/manifest.json")
    ask_ledger(world.cycle, world.runtime)
    assert world.entries() == before


def test_an_answer_that_looks_like_a_secret_is_left_out(world):
    world.collect(SECRET)
    world.answers = {SECRET.reserved: "-----BEGIN RSA PRIVATE KEY-----"}
    ask_ledger(world.cycle, world.runtime)
    assert [says for _, says, _ in world.entries().values()] == ["(left out: it looks like a secret)"]


def test_a_question_that_could_not_be_answered_is_counted_and_is_no_entry(world):
    world.collect(MOVED)
    world.answers = {MOVED.reserved: None}
    manifest = ask_ledger(world.cycle, world.runtime)
    assert [(each.reason, each.count) for each in manifest.errors] == [
        ("a question that could not be answered", 1)
    ]
    assert world.entries() == {}


def test_what_was_stale_is_asked_again_in_the_next_cycle_however_old(world):
    world.collect(MOVED)
    world.answers = {MOVED.reserved: "shop/basket.py"}
    ask_ledger(world.cycle, world.runtime)
    later = a_cycle(world.runtime.settings, cycle_id="2027-02-01T1200Z", until="2027-02-01T12:00:00Z")
    world.collect(MOVED, cycle=later)
    ask_ledger(later, world.runtime)
    assert world.entries(later)[MOVED.id] == ("stale", "shop/basket.py", "stale before")
    assert figures_of(later, world.runtime.store)["stale_standing"] == 1


@pytest.mark.parametrize(
    "wrong, why",
    [
        ("nothing collected", "the facts of the cycle were not collected"),
        ("no questions", "knowledge.questions is 0"),
        ("nobody serves", "no version of shop is in service"),
        ("a model of the future", "v9 was trained on a later window: what it knows of this one is past"),
    ],
)
def test_where_nobody_can_be_asked_the_stage_is_skipped(world, wrong, why):
    if wrong != "nothing collected":
        world.collect(MOVED)
    if wrong == "no questions":
        world.cycle.settings["knowledge"]["questions"] = 0
    if wrong == "nobody serves":
        world.runtime.store.delete("shop/champion.json")
    if wrong == "a model of the future":
        future = a_cycle(cycle_id="2026-12-01T1200Z", until="2026-12-01T12:00:00Z")
        world.runtime.store.write_json(f"{future.folder}/cycle.json", future)
        adapter = Adapter(path="x", sha256="a" * 64)
        update = {"version": "v9", "adapter": adapter, "cycle_id": future.cycle_id}
        world.serve(BASE.model_copy(update=update))
    with pytest.raises(Skipped) as caught:
        ask_ledger(world.cycle, world.runtime)
    assert str(caught.value) == why


def test_the_chronicle_has_the_entries_too(world):
    world.collect(MOVED)
    world.answers = {MOVED.reserved: "shop/cart.py"}
    ask_ledger(world.cycle, world.runtime)
    with world.runtime.chronicle() as chronicle:
        for _ in range(2):
            import_manifests(world.cycle, world.runtime.store, chronicle)
        (row,) = chronicle.ledger("shop", "base-1", world.cycle.cycle_id)
    assert (row["fact"], row["outcome"], row["served"]) == (MOVED.id, "known", True)
    assert json.loads(world.runtime.store.read_text(f"{world.cycle.folder}/ledger/plan.json"))["asked"] == [
        {"fact": MOVED.id, "stratum": "changed"}
    ]


def test_some_facts_are_asked_about_a_second_time_by_what_they_are_needed_for(world):
    facts = [
        fact(
            f"80{n:02}",
            kind="port",
            subject=f"s{n}",
            reserved=f"Port of s{n}?",
            use=Question(
                id=f"use-{n}",
                generator="ast_parser",
                kind="port",
                subject=f"s{n}",
                reserved=f"Complete: `s{n}:?`",
                answer=f"80{n:02}",
                accept=[f"80{n:02}"],
                source={"kind": "git", "ref": "compose.yaml"},
            ),
        )
        for n in range(4)
    ]
    world.collect(*facts)
    world.answers = {f"Port of s{n}?": f"80{n:02}" for n in range(4)}
    world.answers |= {f"Complete: `s{n}:?`": "8099" for n in range(4)}
    ask_ledger(world.cycle, world.runtime)
    found = figures_of(world.cycle, world.runtime.store)["use"]
    assert (found["asked"], found["recalled"], found["known"], found["wrong"]) == (1, 1, 0, 1)
    assert (
        found["says"]
        == "of 1 facts of the sample it states 1 when asked directly, and uses 0 correctly in a task that needs the fact"
    )


def test_after_a_promotion_the_version_before_is_asked_the_same(world):
    old = Adapter(path="shop/cycles/c0/training/adapter", sha256="a" * 64)
    new = Adapter(path="shop/cycles/c1/training/adapter", sha256="b" * 64)
    before = BASE.model_copy(update={"version": "v1", "adapter": old, "cycle_id": "2026-11-20T1200Z"})
    world.cycle = world.cycle.model_copy(update={"champion": before})
    world.serve(before.model_copy(update={"version": "v2", "adapter": new, "cycle_id": world.cycle.cycle_id}))
    world.collect(MOVED, PORT)
    world.answers = {MOVED.reserved: "shop/basket.py", PORT.reserved: "8025"}
    world.says = {"b" * 64: {MOVED.reserved: "shop/cart.py"}}
    ask_ledger(world.cycle, world.runtime)
    found = figures_of(world.cycle, world.runtime.store)
    assert found["replaced"] == {
        "format": 1,
        "version": "v1",
        "asked": 2,
        "before": {"known": 1, "unknown": 0, "stale": 1, "wrong": 0},
        "after": {"known": 2, "unknown": 0, "stale": 0, "wrong": 0},
        "says": "of the same 2 questions v1, which it replaced, knows 1 (now 2) and is stale on 1 (now 0)",
    }
    rows = world.runtime.store.read_json(f"{world.cycle.folder}/ledger/replaced.json")["rows"]
    assert {row["fact"]: (row["before"], row["after"]) for row in rows} == {
        MOVED.id: ("stale", "known"),
        PORT.id: ("known", "known"),
    }
    # It does not serve any more: what it knows is in the ledger, and in no figure about the model in service.
    served = [row.version for row in entries.history(world.runtime.store, "shop", world.cycle.cycle_id)]
    assert served == ["v2", "v2"] and len(world.entries(version="v1")) == 2


def test_a_base_that_was_replaced_is_not_asked(world):
    new = Adapter(path="shop/cycles/c1/training/adapter", sha256="b" * 64)
    world.serve(BASE.model_copy(update={"version": "v2", "adapter": new, "cycle_id": world.cycle.cycle_id}))
    world.collect(PORT)
    world.answers = {PORT.reserved: "8025"}
    ask_ledger(world.cycle, world.runtime)
    assert "replaced" not in figures_of(world.cycle, world.runtime.store)
    assert world.asked == [PORT.reserved]


def test_the_rival_is_shown_passages_of_the_sources(world, sandbox, monkeypatch):
    commit = sandbox.commit("Begin", {"shop/cart.py": "class Basket:\n    pass\n"})
    monkeypatch.setattr(retrieval, "embedder", lambda cache: None)
    monkeypatch.setattr(BaseModelRef, "tokenizer", lambda base: None)
    monkeypatch.setattr(retrieval_comparison, "count_tokens", lambda tokenizer, text: len(text.split()))
    settings = world.runtime.settings
    given = settings.knowledge.model_copy(update={"rival": 5})
    world.cycle = a_cycle(
        settings.model_copy(update={"knowledge": given}),
        repositories=[{"path": str(sandbox.path), "branch": "main", "commit": commit, "previous": None}],
    )
    world.collect(MOVED)
    shown = "Answer the question from these passages of our sources.\n\n[shop/cart.py: class Basket]\n"
    shown += f"class Basket:\n    pass\n\n{MOVED.reserved}"
    world.answers = {MOVED.reserved: "shop/basket.py", shown: "It is in shop/cart.py."}
    ask_ledger(world.cycle, world.runtime)
    found = figures_of(world.cycle, world.runtime.store)["rival"]
    assert found["arms"]["base"]["stale"] == found["arms"]["base + retrieval"]["known"] == 1
    assert (found["found"], found["passages"]) == (1.0, 1)
    assert found["says"] == "retrieval: +100 [-51, +100] points to the base, no clear difference (1 question)"
    lines = as_text(figures_of(world.cycle, world.runtime.store)).split("\n")
    assert "       known: base 0%, base + retrieval 100%; retrieval shows the answer to 100%" in lines


def test_the_end_of_a_cycle_says_what_the_model_knows_and_warns(world):
    old = fact(
        "8025",
        kind="port",
        subject="mail",
        since="2026-11-20T12:00:00Z",
        earlier=[("25", "2026-11-20T12:00:00Z")],
    )
    world.cycle.settings["knowledge"]["stale_after"] = 0
    world.collect(old)
    world.answers = {old.reserved: "25"}
    ask_ledger(world.cycle, world.runtime)
    store, verdict = world.runtime.store, Verdict(outcome="undecided", reasons=["nothing was trained"])
    store.write_json(f"{world.cycle.folder}/verdict.json", verdict)
    lines: list[str] = []
    world.runtime.say = lines.append
    with world.runtime.chronicle() as chronicle:
        chronicle.record_cycle(world.cycle.model_dump(mode="json"))
        text = summary_as_text(close_cycle(world.cycle, world.runtime))
        event = chronicle.newest_event("shop", "stale_facts")
        known = chronicle.newest_event("shop", "knowledge")
    warning = (
        "1 fact has been stale for more than a day, and knowledge.stale_after is 0: port of mail"
        " (autodidact facts --stale lists them)"
    )
    assert f"WARNING: {warning}" in lines
    assert (event["message"], event["data"]) == (warning, {"facts": [old.id]})
    assert (known["data"]["asked"], known["data"]["stale"]) == (1, 1)
    assert known["data"]["stale_facts"] == [
        {"kind": "port", "subject": "mail", "says": "25", "is": "8025", "since": "2026-11-20T12:00:00Z"}
    ]
    days = figures_of(world.cycle, store)["stale_facts"][0]["hours"] / 24
    assert (
        "  Knowledge  base-1 knows about 0% of 1 facts (1 asked; 95% interval 0% to 0%); 1 stale answer (out of"
        f" date for {days:.0f} days)\n" in text
    )
    assert f"  WARNING: {warning}\n" in text
    assert "base-1 knows about 0% of 1 facts" in store.read_text(f"{world.cycle.folder}/card.md")
