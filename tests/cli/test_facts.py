"""`autodidact facts` over a store in which a model was asked twice."""

import json

import pytest
from typer.testing import CliRunner

from autodidact.cli import app
from autodidact.cycle.run import ask_ledger
from tests.cycles import a_cycle
from tests.ledger.test_stage import MOVED, PORT, World


@pytest.fixture
def facts(tmp_path, monkeypatch):
    """Runs the command: (exit status, output)."""
    world = World(tmp_path, monkeypatch)
    world.answers = {MOVED.reserved: "shop/basket.py", PORT.reserved: "8025"}
    settings = world.runtime.settings
    later = a_cycle(settings, cycle_id="2026-11-24T1200Z", until="2026-11-24T12:00:00Z")
    with world.runtime.chronicle() as chronicle:
        for cycle in (world.cycle, later):
            world.runtime.store.write_json(f"{cycle.folder}/cycle.json", cycle)
            chronicle.record_cycle(cycle.model_dump(mode="json"))
            world.collect(MOVED, PORT, cycle=cycle)
            ask_ledger(cycle, world.runtime)
        base = {"id": "base", "revision": None, "sha256": "b" * 64}
        for version in ("base-1", "v2"):
            chronicle.register_version("shop", version, world.cycle.cycle_id, base, None, "nf4")

    def run(*arguments):
        given = ["--store", str(tmp_path), "--set", f"chronicle.url={tmp_path}/c.db", "--system", "shop"]
        done = CliRunner().invoke(app, ["facts", *given, *arguments])
        return done.exit_code, done.stdout

    return run


def test_json_has_the_figures_of_the_newest_cycle(facts):
    status, text = facts("--json")
    found = json.loads(text)
    assert (status, found["version"], found["cycle"]) == (0, "base-1", "2026-11-24T1200Z")
    names = ("asked", "known", "unknown", "wrong", "stale", "share")
    assert [found[name] for name in names] == [2, 1, 0, 0, 1, {"mean": 0.5, "low": 0.5, "high": 0.5}]
    assert found["hours"] | {"median": None, "p90": None} == found["hours"]
    assert {"asked", "known", "share"} <= found["changed"].keys()
    (stale,) = found["stale_facts"]
    assert {name: stale[name] for name in ("kind", "subject", "says", "is", "since")} == {
        "kind": "defined_in",
        "subject": "Basket",
        "says": "shop/basket.py",
        "is": "shop/cart.py",
        "since": "2026-11-20T12:00:00Z",
    }


def test_stale_lists_the_stale_facts_by_name(facts):
    line = "stale: defined_in of Basket is shop/cart.py since 2026-11-20T12:00:00Z; says: shop/basket.py"
    assert facts("--stale")[1].splitlines()[1:] == [line]


def test_a_kind_narrows_the_figures(facts):
    found = json.loads(facts("--kind", "port", "--json")[1])
    assert (found["facts"], found["known"], found["stale_facts"]) == (1, 1, [])
    assert facts("--kind", "colour")[0] == 2
    assert "by generator" in facts("--generator", "ast_parser")[1]


def test_another_version_is_asked_on_demand(facts):
    assert facts("--version", "v2")[0] == 2
    found = json.loads(facts("--version", "v2", "--ask", "--json")[1])
    assert (found["version"], found["asked"], found["hours"]["changes"]) == ("v2", 2, 0)
    assert facts("--version", "v2")[0] == 0


def test_plot_draws_the_cycles(facts, tmp_path):
    assert facts("--plot", str(tmp_path / "facts.svg"))[0] == 0
    assert (tmp_path / "facts.svg").read_text(encoding="utf-8").startswith("<svg ")


def test_on_a_terminal_the_figures_are_tables_in_a_pipe_they_are_lines(facts):
    from autodidact.ledger.ledger_as_text import as_parts
    from autodidact.terminal.view import coloured, plain

    found = json.loads(facts("--json")[1])
    parts = [as_parts(found)]
    assert plain(parts) == facts()[1].rstrip("\n")
    drawn = coloured(parts, width=120)
    assert "share known" in drawn and "shop/cart.py" in drawn and "stale: defined_in" not in drawn
