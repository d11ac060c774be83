"""Facts over time: forty planted changes, each a fact with its interval and what was true before."""

import contextlib
import json
import shutil
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from autodidact.cycle import run as stages
from autodidact.cycle.import_manifests import import_manifests
from autodidact.cycle.open import open_cycle
from autodidact.errors import Skipped
from autodidact.generators import facts_stage
from autodidact.knowledge.fact import Fact, Moment
from autodidact.knowledge.facts_over_time import read_facts
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from autodidact.stage import Troubles
from tests.generators.planted import (
    CODE,
    DOCUMENTS,
    GOALS,
    GOALS_AFTER,
    OWNERS,
    OWNERS_AFTER,
    TOOLS,
    TOOLS_AFTER,
    change_code,
    change_documents,
    write_sources,
)
from tests.sandbox import NOON, Sandbox

GENERATORS = ["ast_parser", "knowledge_graph", "goal_examples", "architecture_docs", "tool_spec"]
FIRST, SECOND, THIRD = "2026-03-01T1300Z", "2026-03-02T1200Z", "2026-03-02T1300Z"


@dataclass
class Story:
    """The three cycles of the planted system: their facts by (kind, subject), counts, and commits by name."""

    facts: dict[str, dict[tuple[str, str], Fact]] = field(default_factory=dict)
    counts: dict[str, dict] = field(default_factory=dict)
    commits: dict[str, str] = field(default_factory=dict)


def cycle_at(runtime: Runtime, story: Story, hours: float) -> str:
    cycle = open_cycle(runtime, until=NOON + timedelta(hours=hours))
    for name in cycle.generators():
        with contextlib.suppress(Skipped):
            stages.generate(name, cycle, runtime)
    manifest = stages.knowledge(cycle, runtime)
    found = read_facts(runtime.store, cycle.folder)
    story.facts[cycle.cycle_id] = {(fact.kind, fact.subject): fact for fact in found}
    story.counts[cycle.cycle_id] = manifest.counts
    with runtime.chronicle() as chronicle:
        chronicle.close_cycle(cycle.system, cycle.cycle_id, "kept")
    return cycle.folder


@pytest.fixture(scope="module")
def story(tmp_path_factory) -> Story:
    folder = tmp_path_factory.mktemp("planted")
    sandbox, story = Sandbox(folder / "shop"), Story()
    story.commits["begin"] = sandbox.commit("Begin", CODE | DOCUMENTS)
    write_sources(folder, GOALS, TOOLS, OWNERS)
    overrides = {
        "sources.repository": str(folder / "shop"),
        "sources.goals": str(folder / "goals.json"),
        "sources.mcp": str(folder / "tools.json"),
        "sources.knowledge_graph": str(folder / "graph.csv"),
        "store": str(folder / "store"),
        "chronicle.url": f"sqlite:///{folder}/chronicle.db",
        "system": "shop",
        "generators.limit": 5,
        "generators.only": GENERATORS,
    }
    settings = load_settings(overrides=overrides, cwd=folder, environ={})
    runtime = Runtime(settings, say=lambda line: None)
    cycle_at(runtime, story, 1)
    story.commits |= change_code(sandbox) | change_documents(sandbox)
    write_sources(folder, GOALS_AFTER, TOOLS_AFTER, OWNERS_AFTER)
    cycle_at(runtime, story, 24)
    shutil.rmtree(folder / "store" / "cache")
    cycle_at(runtime, story, 25)
    return story


def when(story: Story, moment: Moment | None) -> str | None:
    """A moment by the name of its commit, or of its cycle."""
    names = {commit: name for name, commit in story.commits.items()}
    return names[moment.commit] if moment and moment.commit else moment.cycle if moment else None


# kind, subject, value now (None: gone), since, until, what was before: (value, since, until)
CHANGES = [
    (
        "defined_in",
        "price_of",
        "shop/prices.py",
        "move price_of",
        None,
        [("shop/till.py", "begin", "move price_of")],
    ),
    ("defined_in", "Basket", None, None, "rename Basket", [("shop/cart.py", "begin", "rename Basket")]),
    ("defined_in", "Cart", "shop/cart.py", "rename Basket", None, []),
    ("method_of", "put_in", "Cart", "rename Basket", None, [("Basket", "begin", "rename Basket")]),
    (
        "defined_in",
        "post_letter",
        "shop/mail.py",
        "move the module",
        None,
        [("shop/post.py", "begin", "move the module")],
    ),
    (
        "defined_in",
        "Postman",
        "shop/mail.py",
        "move the module",
        None,
        [("shop/post.py", "begin", "move the module")],
    ),
    ("method_of", "settle", None, None, "rename settle", [("Order", "begin", "rename settle")]),
    ("method_of", "pay_off", "Order", "rename settle", None, []),
    ("base_class", "Invoice", "Record", "another base", None, [("Document", "begin", "another base")]),
    ("method_of", "refund", "Ledger", "move refund", None, [("Order", "begin", "move refund")]),
    (
        "defined_in",
        "old_price",
        None,
        None,
        "remove old_price",
        [("shop/till.py", "begin", "remove old_price")],
    ),
    ("defined_in", "Coupon", None, None, "remove Coupon", [("shop/cart.py", "begin", "remove Coupon")]),
    (
        "base_class",
        "Coupon",
        None,
        None,
        "remove Coupon",
        [("Basket", "begin", "rename Basket"), ("Cart", "rename Basket", "remove Coupon")],
    ),
    ("method_of", "redeem", None, None, "remove Coupon", [("Coupon", "begin", "remove Coupon")]),
    (
        "defined_in",
        "wanderer",
        "shop/cellar.py",
        "wander twice",
        None,
        [("shop/wander.py", "begin", "wander once"), ("shop/aisle.py", "wander once", "wander twice")],
    ),
    (
        "defined_in",
        "tax_of",
        "shop/taxes.py",
        "put tax_of back",
        None,
        [("shop/till.py", "begin", "take tax_of out")],
    ),
    ("defined_in", "Clerk", "shop/staff.py", "add Clerk", None, []),
    ("method_of", "greet_guest", "Clerk", "add Clerk", None, []),
    ("defined_in", "round_up", None, None, "merge", [("shop/prices.py", "begin", "merge")]),
    ("defined_in", "round_off", "shop/prices.py", "merge", None, []),
    ("compose_port", "till (compose.yaml)", "9003", "compose", None, [("8003", None, "compose")]),
    (
        "compose_image",
        "web (compose.yaml)",
        "shop/web:1.5",
        "compose",
        None,
        [("shop/web:1.4", None, "compose")],
    ),
    ("compose_port", "fax (compose.yaml)", None, None, "compose", [("8005", None, "compose")]),
    ("compose_image", "fax (compose.yaml)", None, None, "compose", [("shop/fax:0.9", None, "compose")]),
    (
        "section",
        "Night shift",
        "docs/night.md",
        "section moved",
        None,
        [("docs/till.md", None, "section moved")],
    ),
    ("section", "Nights", "docs/night.md", "section moved", None, []),
    ("section", "Checkout steps", None, None, "web.md", [("docs/web.md", None, "web.md")]),
    ("section", "The page", None, None, "web.md", [("docs/web.md", None, "web.md")]),
    ("section", "Franking", None, None, "section renamed", [("docs/post.md", None, "section renamed")]),
    ("section", "Stamps", "docs/post.md", "section renamed", None, []),
    ("deadline_of", "ramp", "2027-01-20", SECOND, None, [("2026-12-11", None, SECOND)]),
    ("owner_of", "page", "fred", SECOND, None, [("bob", None, SECOND)]),
    ("deadline_of", "kiosk", None, None, SECOND, [("2026-12-13", None, SECOND)]),
    ("owner_of", "kiosk", None, None, SECOND, [("cleo", None, SECOND)]),
    ("deadline_of", "lamp", "2026-12-24", SECOND, None, []),
    ("owner_of", "lamp", "gus", SECOND, None, []),
    ("default_of", "open_door.door_width", "95", SECOND, None, [("80", None, SECOND)]),
    ("tool_for", "send the parcel", None, None, SECOND, [("send_parcel", None, SECOND)]),
    ("tool_with", "parcel_grams", None, None, SECOND, [("send_parcel", None, SECOND)]),
    ("default_of", "send_parcel.parcel_grams", None, None, SECOND, [("20", None, SECOND)]),
    ("tool_with", "table_seats", None, None, SECOND, [("book_table", None, SECOND)]),
    ("default_of", "book_table.table_seats", None, None, SECOND, [("4", None, SECOND)]),
    ("tool_with", "table_places", "book_table", SECOND, None, []),
    ("default_of", "book_table.table_places", "4", SECOND, None, []),
    ("tool_for", "wind the clock", "wind_clock", SECOND, None, []),
    ("tool_with", "clock_turns", "wind_clock", SECOND, None, []),
    ("default_of", "wind_clock.clock_turns", "7", SECOND, None, []),
    ("owned_by", "till", "gus", SECOND, None, [("bob", None, SECOND)]),
    ("owned_by", "fax", None, None, SECOND, [("dan", None, SECOND)]),
    ("owned_by", "quay", "hal", SECOND, None, []),
]


@pytest.mark.parametrize("change", CHANGES, ids=[f"{change[0]} {change[1]}" for change in CHANGES])
def test_a_planted_change_is_a_fact_with_its_interval_and_what_was_before(story, change):
    kind, subject, *expected = change
    fact = story.facts[SECOND][kind, subject]
    before = [(one.value, when(story, one.since), when(story, one.until)) for one in fact.earlier]
    assert [fact.value, when(story, fact.since), when(story, fact.until), before] == expected


def test_what_was_not_changed_is_no_news(story):
    changed = {(kind, subject) for kind, subject, *_ in CHANGES}
    first, second = story.facts[FIRST], story.facts[SECOND]
    over_time = {"value", "since", "until", "earlier"}
    same = {
        name
        for name, fact in second.items()
        if name in first and fact.model_dump(include=over_time) == first[name].model_dump(include=over_time)
    }
    assert same == second.keys() - changed
    assert story.counts[SECOND]["new"] == len(changed)


def test_a_subject_that_is_there_and_has_no_answer_now_is_not_gone(story):
    """The goal `map` is done: nobody asks for its deadline, and nobody says that it is no goal any more."""
    assert ("deadline_of", "map") in story.facts[FIRST]
    assert ("deadline_of", "map") not in story.facts[SECOND] and story.counts[SECOND]["set_aside"] == 2


def test_a_cycle_without_a_change_and_without_the_cache_has_no_news(story):
    assert story.counts[THIRD]["new"] == 0
    assert story.facts[THIRD] == story.facts[SECOND]


def test_a_fact_says_how_many_files_are_seen_to_use_its_subject(story):
    users = {name: fact.users for name, fact in story.facts[FIRST].items() if fact.users}
    assert users == {("defined_in", "Basket"): 1, ("defined_in", "Document"): 1, ("defined_in", "Record"): 1}


def test_since_when_is_not_known_of_what_the_first_cycle_read_from_a_source_without_a_history(story):
    since = {fact.generator: fact.since for fact in story.facts[FIRST].values()}
    assert since.pop("ast_parser").commit == story.commits["begin"] and set(since.values()) == {None}


def a_runtime(folder, **more) -> Runtime:
    """Of a system that is two goals."""
    (folder / "goals.json").write_text(json.dumps({"goals": GOALS[:2]}))
    overrides = {
        "sources.repository": None,
        "sources.goals": str(folder / "goals.json"),
        "store": str(folder / "store"),
        "chronicle.url": f"sqlite:///{folder}/chronicle.db",
        "system": "shop",
        "generators.only": ["goal_examples"],
    }
    settings = load_settings(overrides=overrides | more, cwd=folder, environ={})
    return Runtime(settings, say=lambda line: None)


def test_a_stage_that_was_killed_is_done_again_with_each_fact_once(tmp_path, monkeypatch):
    runtime = a_runtime(tmp_path)
    cycle = open_cycle(runtime, until=NOON)
    stages.generate("goal_examples", cycle, runtime)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(facts_stage, "news", killed)  # both files are written, the manifest is not
        with pytest.raises(KeyboardInterrupt):
            stages.knowledge(cycle, runtime)
    assert cycle.manifest(runtime.store, "knowledge") is None
    made = stages.knowledge(cycle, runtime)
    ids = [fact.id for fact in read_facts(runtime.store, cycle.folder)]
    assert len(ids) == len(set(ids)) == made.counts["facts"] == 4
    assert stages.knowledge(cycle, runtime) == made
    with runtime.chronicle() as chronicle:
        for _ in range(2):
            import_manifests(cycle, runtime.store, chronicle)
        assert [
            row["manifest"]["counts"]["facts"]
            for row in chronicle.stages("shop", cycle.cycle_id)["knowledge"]
        ] == [4]


def test_the_facts_of_a_generator_that_failed_stay_as_they_were(tmp_path):
    (tmp_path / "tools.json").write_text(json.dumps(TOOLS))
    more = {"sources.mcp": str(tmp_path / "tools.json"), "generators.only": ["goal_examples", "tool_spec"]}
    runtime, story = a_runtime(tmp_path, **more), Story()
    cycle_at(runtime, story, 0)
    cycle = open_cycle(runtime, until=NOON + timedelta(hours=12))
    with pytest.raises(Skipped, match="no generator has read a fact"):
        stages.knowledge(cycle, runtime)
    stages.generate("goal_examples", cycle, runtime)
    assert stages.knowledge(cycle, runtime).counts["new"] == 0
    (first,) = story.facts.values()
    assert {(fact.kind, fact.subject): fact for fact in read_facts(runtime.store, cycle.folder)} == first
    assert {fact.generator for fact in first.values()} == {"goal_examples", "tool_spec"}


def test_the_facts_of_a_source_that_is_away_for_a_cycle_are_no_news_when_it_is_back(tmp_path):
    (tmp_path / "tools.json").write_text(json.dumps(TOOLS))
    more = {"sources.mcp": str(tmp_path / "tools.json"), "generators.only": ["goal_examples", "tool_spec"]}
    runtime, story = a_runtime(tmp_path, **more), Story()
    cycle_at(runtime, story, 0)
    (tmp_path / "tools.json").unlink()
    cycle_at(runtime, story, 12)
    (tmp_path / "tools.json").write_text(json.dumps(TOOLS))
    cycle_at(runtime, story, 24)
    first, away, back = story.facts.values()
    assert {fact.generator for fact in away.values()} == {"goal_examples"}
    assert back == first and [counts["new"] for counts in story.counts.values()][1:] == [0, 0]


def test_a_fact_that_looks_like_a_secret_is_left_out_and_counted():
    key = "AKIA" + "QX7RTZ2LMN5PWV3K"

    def fact(subject: str, value: str, confuse: list[str]) -> Fact:
        return Fact(
            id="0" * 64,
            generator="architecture_docs",
            kind="default",
            subject=subject,
            value=value,
            accept=[value],
            confuse=confuse,
            reserved=f"Which default has {subject}?",
            source={"kind": "document", "ref": "README.md:3"},
        )

    troubles = Troubles()
    gate = load_settings(overrides={"gate.deny": ["Northgate"]}, environ={}).gate
    facts = [fact("KEY", key, ["8025"]), fact("port", "8025", [key, "9000"]), fact("name", "Northgate", [])]
    kept = list(facts_stage._without_secrets(facts, gate, troubles))
    assert [(one.subject, one.confuse) for one in kept] == [("port", ["9000"])]
    assert [(one.count, one.ref) for one in troubles.list()] == [(2, "README.md:3")]
