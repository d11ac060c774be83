"""A Chronicle that is lost, emptied, older or another one, and a store that is: what serves is never replaced
because of it.
"""

import json
import shutil
import uuid
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, select, text
from typer.testing import CliRunner

from autodidact.chronicle import Chronicle, journal_in_store
from autodidact.chronicle.connection import parse, reading, writing
from autodidact.chronicle.matches_store import Disagreement
from autodidact.chronicle.tables import metadata
from autodidact.cli import app
from autodidact.cycle import rebuild_chronicle
from autodidact.cycle.import_manifests import import_manifests
from autodidact.cycle.open import open_cycle
from autodidact.digests import folder_digest
from autodidact.errors import AutodidactError
from autodidact.promotion import by_hand, change_champion
from autodidact.promotion.rollback import roll_back
from autodidact.records import Manifest, Output, canonical
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from tests.killed import at_line, killed
from tests.sandbox import NOON

WHY = {"by": "ann", "reason": "because"}


@pytest.fixture
def shop(sandbox):
    sandbox.commit("Add a shop", {"shop.py": '"""A shop."""\n'})
    return sandbox.path


@pytest.fixture
def both(tmp_path, shop, chronicle_url):
    """A runtime whose Chronicle is on SQLite, and one on PostgreSQL."""
    return runtime_of(tmp_path / "store", chronicle_url, shop)


@pytest.fixture
def runtime(tmp_path, shop):
    return runtime_of(tmp_path / "store", f"sqlite:///{tmp_path}/chronicle.db", shop)


def runtime_of(store, url: str, repository) -> Runtime:
    paths = {
        "sources.repository": str(repository),
        "store": str(store),
        "chronicle.url": url,
        "system": "shop",
    }
    return Runtime(load_settings(overrides=paths, environ={}, cwd=Path(store).parent), say=lambda line: None)


def with_chronicle(runtime: Runtime, url: str) -> Runtime:
    return runtime_of(runtime.settings.store, url, runtime.settings.sources.repository)


def other_database(tmp_path) -> str:
    return f"sqlite:///{tmp_path}/other.db"


def copied(runtime: Runtime, tmp_path) -> Runtime:
    """The same runtime on a copy of its Chronicle, as a backup of this moment would be; both kinds of
    database.
    """
    with runtime.chronicle() as chronicle:
        source = chronicle._engine
        rows = {}
        with reading(source) as connection:
            for table in metadata.sorted_tables:
                rows[table] = [dict(row) for row in connection.execute(select(table)).mappings()]
    url = other_database(tmp_path)
    if runtime.settings.chronicle.url.startswith("postgresql"):
        name = f"older_{uuid.uuid4().hex[:12]}"
        with create_engine(
            parse(runtime.settings.chronicle.url), isolation_level="AUTOCOMMIT"
        ).connect() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        url = (
            make_url(runtime.settings.chronicle.url)
            .set(query={"options": f"-csearch_path={name}"} | _host(runtime))
            .render_as_string(False)
        )
    other = with_chronicle(runtime, url)
    with other.chronicle() as chronicle, writing(chronicle._engine) as connection:
        for table, values in rows.items():
            if values:
                connection.execute(table.insert(), values)
            if connection.dialect.name == "postgresql" and "id" in table.c:
                sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
                connection.execute(
                    text(f"SELECT setval({sequence}, coalesce(max(id), 0) + 1, false) FROM {table.name}")
                )
    return other


def _host(runtime: Runtime) -> dict:
    query = make_url(runtime.settings.chronicle.url).query
    return {"host": query["host"]} if "host" in query else {}


def cycle(runtime: Runtime, hours: float, *, promotes: bool) -> str:
    """A live cycle to its end, its adapter a text file and its verdict given. Returns the version that it
    made.
    """
    opened = open_cycle(runtime, until=NOON + timedelta(hours=hours))
    store, folder = runtime.store, f"{opened.folder}/training"
    store.write_text(f"{folder}/adapter/adapter_model.safetensors", f"weights of {opened.cycle_id}")
    adapter = Output(sha256=folder_digest(store.local(f"{folder}/adapter")), bytes=1)
    trained = Manifest(
        stage="train",
        cycle_id=opened.cycle_id,
        code="1",
        outputs={"adapter": adapter},
        started=opened.until,
        seconds=1.0,
        training={"settings": {"quantization": "nf4", "rank": 32}},
    )
    store.write_json(f"{folder}/manifest.json", trained)
    with runtime.chronicle() as chronicle:
        import_manifests(opened, runtime.store, chronicle)
        version = opened.candidate(runtime.store)
        chronicle.set_state("shop", version, "benchmarked", "autodidact", "overall 0.3")
        verdict = {
            "outcome": "promote" if promotes else "reject",
            "reasons": ["because"],
            "candidate": version,
            "week": "2026-W09",
        }
        chosen = (
            {"cycle_id": opened.cycle_id, "version": version, "expected": opened.champion.version}
            if promotes
            else None
        )
        store.write_json(f"{opened.folder}/verdict.json", verdict | {"promotes": chosen})
        plain = {"outcome": verdict["outcome"], "reasons": ["because"]}
        expected = opened.champion.version
        chronicle.record_verdict(
            "shop", opened.cycle_id, plain, candidate=version, champion=expected, week="2026-W09"
        )
        if promotes:
            change_champion.promote(
                chronicle,
                store,
                runtime.settings,
                "shop",
                version,
                expected=expected,
                by="autodidact",
                reason="verdict",
            )
        else:
            chronicle.set_state("shop", version, "rejected", "autodidact", "reject: because")
        chronicle.close_cycle("shop", opened.cycle_id, "promoted" if promotes else "kept", "because")
        journal_in_store.write(chronicle, store, "shop")
    return version


def everything(chronicle: Chronicle) -> dict:
    """All that a Chronicle says of the shop, the notes of rebuilds left out."""
    rows = [row for row in chronicle.rows("shop") if row.get("kind") != "rebuilt"]
    return {
        "rows": sorted(map(canonical, rows)),
        "champion": {
            name: chronicle.champion("shop")[name] for name in ("version", "generation", "promoted_at")
        },
        "reigns": chronicle.reigns("shop"),
        "states": {row["version"]: row["state"] for row in chronicle.versions("shop")},
        "history": chronicle.history("shop"),
        "looks": chronicle.looks("shop", "2026-W09"),
        "stages": [
            run["manifest"]
            for row in chronicle.cycles("shop")
            for run in chronicle.stages("shop", row["cycle_id"])["training"]
        ],
    }


def champion_json(runtime: Runtime) -> dict:
    return runtime.store.read_json("shop/champion.json")


@pytest.fixture
def lived(runtime):
    """Two promotions, a rejection, and a rollback to the first version. Returns (runtime, [v1, v2, v3])."""
    return live(runtime)


def live(runtime):
    made = [
        cycle(runtime, 1, promotes=True),
        cycle(runtime, 13, promotes=True),
        cycle(runtime, 25, promotes=False),
    ]
    with runtime.chronicle() as chronicle:
        roll_back(chronicle, runtime.store, runtime.settings, "shop", made[0], **WHY)
    return runtime, made


def test_a_new_empty_chronicle_is_rebuilt_from_the_store_when_a_cycle_opens(both, tmp_path):
    runtime, (v1, v2, v3) = live(both)
    with runtime.chronicle() as chronicle:
        before, served = everything(chronicle), champion_json(runtime)
    other = with_chronicle(runtime, other_database(tmp_path))
    lines: list[str] = []
    other.say = lines.append
    opened = open_cycle(other, until=NOON + timedelta(hours=37))
    assert (
        champion_json(runtime) == served
        and opened.champion.model_dump(mode="json") == served
        and served["version"] == v1
    )
    assert opened.since == "2026-03-02T13:00:00Z"  # the rejected cycle's end: no window is read twice
    with other.chronicle() as chronicle:
        after = everything(chronicle)
        assert [row["cycle_id"] for row in chronicle.cycles("shop", status="open")] == [opened.cycle_id]
    assert after["champion"] == before["champion"] and after["reigns"] == before["reigns"] == [
        before["reigns"][0],
        v1,
        v2,
        v1,
    ]
    assert after["states"] == before["states"] and after["states"][v3] == "rejected" and after["looks"] == 3
    assert set(before["rows"]) - set(after["rows"]) == set()
    assert after["stages"] == before["stages"] and len(after["stages"]) == 3
    assert lines[0].startswith("chronicle: the Chronicle") and "lacks" in lines[0]


def test_a_rebuilt_chronicle_says_all_that_the_lost_one_said(both, tmp_path):
    runtime, _ = live(both)
    with runtime.chronicle() as chronicle:
        journal_in_store.write(chronicle, runtime.store, "shop")
        before = everything(chronicle)
    other = with_chronicle(runtime, other_database(tmp_path))
    assert rebuild_chronicle.mend(other, None, champion=None, by="ann")[0]["left"] == []
    with other.chronicle() as chronicle:
        assert everything(chronicle) == before
        assert rebuild_chronicle.disagreements(other, chronicle, "shop") == []
    with (
        runtime.chronicle() as chronicle
    ):  # what the rebuild noted is in the journal, and in the store's own Chronicle no row is twice
        assert rebuild_chronicle.agree(runtime, chronicle, "shop")[1:] in ([], ["1 rows of the journal"])


def test_nothing_is_promoted_rolled_back_or_repaired_by_a_chronicle_that_knows_nothing(lived, tmp_path):
    runtime, (_, v2, _) = lived
    served = champion_json(runtime)
    other = with_chronicle(runtime, other_database(tmp_path))
    with pytest.raises(AutodidactError, match="champion"):
        by_hand.rollback(other, "shop", to=v2, reason="why not", by="ann")
    with pytest.raises(Disagreement, match=r"lacks \d+ rows of shop .* Run `autodidact chronicle rebuild`"):
        by_hand.repair(other, "shop", by="ann")
    with other.chronicle() as chronicle, pytest.raises(Disagreement):
        change_champion.keep_champion(chronicle, other.store, other.settings, "shop", **WHY)
    assert champion_json(runtime) == served


def test_an_older_copy_of_the_chronicle_learns_what_happened_since(both, tmp_path):
    runtime = both
    v1 = cycle(runtime, 1, promotes=True)
    older = copied(runtime, tmp_path)
    v2 = cycle(runtime, 13, promotes=True)
    served = champion_json(runtime)
    with older.chronicle() as chronicle:
        assert chronicle.champion("shop")["version"] == v1
    opened = open_cycle(older, until=NOON + timedelta(hours=25))
    assert champion_json(runtime) == served and opened.champion.version == v2
    with older.chronicle() as chronicle:
        assert chronicle.champion("shop")["generation"] == 3
        assert [row["state"] for row in chronicle.states("shop", v1)][-2:] == ["champion", "archived"]


def test_an_older_copy_of_the_chronicle_does_not_undo_a_rollback(both, tmp_path):
    runtime = both
    v1, v2 = cycle(runtime, 1, promotes=True), cycle(runtime, 13, promotes=True)
    older = copied(runtime, tmp_path)
    with runtime.chronicle() as chronicle:
        roll_back(chronicle, runtime.store, runtime.settings, "shop", **WHY)
    assert champion_json(runtime)["version"] == v1
    open_cycle(older, until=NOON + timedelta(hours=25))
    assert champion_json(runtime)["version"] == v1
    with older.chronicle() as chronicle:
        assert chronicle.champion("shop")["version"] == v1
        assert {row["version"]: row["state"] for row in chronicle.versions("shop")}[v2] == "archived"


def test_an_older_copy_of_the_store_stops_the_cycle_and_loses_nothing(both, tmp_path):
    runtime = both
    v1 = cycle(runtime, 1, promotes=True)
    shutil.copytree(tmp_path / "store", tmp_path / "older")
    v2 = cycle(runtime, 13, promotes=True)
    shutil.move(tmp_path / "store", tmp_path / "newer")
    shutil.move(tmp_path / "older", tmp_path / "store")
    with pytest.raises(
        Disagreement, match="2026-03-02T0100Z of shop is in the Chronicle .* and not in the store"
    ) as stop:
        open_cycle(runtime, until=NOON + timedelta(hours=25))
    assert "Bring back the copy that belongs to it, or name the version that is to serve" in str(stop.value)
    assert champion_json(runtime)["version"] == v1
    with runtime.chronicle() as chronicle:
        found = rebuild_chronicle.disagreements(runtime, chronicle, "shop")
    assert [(row["what"], row["subject"]) for row in found] == [
        ("cycle", "2026-03-02T0100Z"),
        ("champion", "shop"),
        ("adapter", v2),
    ]
    (done,) = rebuild_chronicle.mend(runtime, "shop", champion=v1, by="ann")
    assert done["done"][-1] == f"{v1} is the champion in the Chronicle and in the store"
    opened = open_cycle(runtime, until=NOON + timedelta(hours=25))
    assert opened.champion.version == champion_json(runtime)["version"] == v1
    assert opened.since == "2026-03-02T01:00:00Z"
    with runtime.chronicle() as chronicle:
        assert {row["version"]: row["state"] for row in chronicle.versions("shop")}[v2] == "archived"


def test_an_empty_store_stops_a_chronicle_that_knows_cycles(runtime, tmp_path):
    cycle(runtime, 1, promotes=False)
    shutil.move(tmp_path / "store", tmp_path / "lost")
    with pytest.raises(Disagreement, match="the store is older, empty or another one"):
        open_cycle(runtime, until=NOON + timedelta(hours=25))
    assert not (tmp_path / "store/shop/champion.json").exists()


def test_a_store_without_a_journal_tells_what_its_files_show(lived, tmp_path):
    runtime, (v1, v2, v3) = lived
    runtime.store.delete("shop/chronicle")
    pointer = {name: value for name, value in champion_json(runtime).items() if name != "generation"}
    runtime.store.write_json("shop/champion.json", pointer)
    other = with_chronicle(runtime, other_database(tmp_path))
    opened = open_cycle(other, until=NOON + timedelta(hours=37))
    assert (
        opened.since == "2026-03-02T13:00:00Z"
        and opened.champion.version == champion_json(runtime)["version"] == v1
    )
    with other.chronicle() as chronicle:
        base = chronicle.reigns("shop")[0]
        assert chronicle.reigns("shop") == [base, v1, v2, v1]
        states = {row["version"]: row["state"] for row in chronicle.versions("shop")}
        assert states == {base: "archived", v1: "champion", v2: "archived", v3: "rejected"}
        outcomes = [(row["status"], row["outcome"]) for row in chronicle.history("shop")][1:]
        assert outcomes == [("closed", "kept"), ("closed", "promoted"), ("closed", "promoted")]


def test_two_chronicles_that_went_their_own_ways_wait_for_a_person(runtime, tmp_path):
    v1, v2, v3 = (
        cycle(runtime, 1, promotes=True),
        cycle(runtime, 13, promotes=False),
        cycle(runtime, 25, promotes=False),
    )
    fork = copied(runtime, tmp_path)
    with runtime.chronicle() as chronicle:
        change_champion.promote(chronicle, runtime.store, runtime.settings, "shop", v2, expected=v1, **WHY)
    served = champion_json(runtime)
    with fork.chronicle() as chronicle, pytest.raises(Disagreement):  # it lacks the promotion of v2
        change_champion.promote(chronicle, fork.store, fork.settings, "shop", v3, expected=v1, **WHY)
    assert champion_json(runtime) == served
    rebuild_chronicle.mend(fork, "shop", champion=v3, by="ann")
    assert champion_json(runtime)["version"] == v3
    open_cycle(runtime, until=NOON + timedelta(hours=37))  # the first one learns of it
    assert champion_json(runtime)["version"] == v3
    with runtime.chronicle() as chronicle:
        assert chronicle.champion("shop")["version"] == v3
        assert [row["state"] for row in chronicle.versions("shop")].count("champion") == 1


def test_a_champion_json_that_no_promotion_wrote_is_put_right(lived):
    runtime, (v1, _, v3) = lived
    runtime.store.write_json("shop/champion.json", champion_json(runtime) | {"version": v3})
    open_cycle(runtime, until=NOON + timedelta(hours=37))
    assert champion_json(runtime)["version"] == v1


def test_a_lost_champion_json_and_a_lost_chronicle_are_both_made_from_the_journal(lived, tmp_path):
    runtime, (v1, *_) = lived
    runtime.store.delete("shop/champion.json")
    other = with_chronicle(runtime, other_database(tmp_path))
    assert open_cycle(other, until=NOON + timedelta(hours=37)).champion.version == v1
    assert champion_json(runtime)["version"] == v1


def test_a_damaged_cycle_and_a_damaged_journal_line_cost_themselves_alone(lived, tmp_path):
    runtime, (v1, *_) = lived
    runtime.store.write_text("shop/cycles/2026-03-02T0100Z/cycle.json", "{")
    month = next(key for key in runtime.store.list("shop/chronicle") if key.endswith(".jsonl"))
    runtime.store.write_text(month, runtime.store.read_text(month) + "{\n")
    other = with_chronicle(runtime, other_database(tmp_path))
    (done,) = rebuild_chronicle.mend(other, "shop", champion=None, by="ann")
    assert any("is no row of the Chronicle" in line for line in done["done"])
    assert any(line.startswith("2026-03-02T0100Z: cycle.json cannot be read") for line in done["done"])
    with other.chronicle() as chronicle:
        assert chronicle.champion("shop")["version"] == v1


def test_the_check_names_what_differs(lived, tmp_path):
    runtime, (v1, v2, v3) = lived
    with runtime.chronicle() as chronicle:
        assert rebuild_chronicle.disagreements(runtime, chronicle, "shop") == []
    (
        Path(runtime.settings.store)
        / f"shop/cycles/{v2.rpartition('-')[0]}/training/adapter/adapter_model.safetensors"
    ).write_text("changed")
    other = with_chronicle(runtime, other_database(tmp_path))
    with other.chronicle() as chronicle:
        found = rebuild_chronicle.disagreements(other, chronicle, "shop")
    assert [row["subject"] for row in found if row["what"] == "cycle"] == [
        "2026-03-01T1300Z",
        "2026-03-02T0100Z",
        "2026-03-02T1300Z",
    ]
    assert {"what": "champion", "subject": "shop", "chronicle": "nothing", "store": v1} in found
    left = rebuild_chronicle.mend(other, "shop", champion=None, by="ann")[0]["left"]
    assert [(row["what"], row["subject"]) for row in left] == [("adapter", v2)] and "wrong hash" in left[0][
        "store"
    ]


def test_history_and_status_say_that_the_chronicle_does_not_know_the_store(lived, tmp_path):
    runtime, _ = lived
    settings = ["--set", "system=shop", "--store", runtime.settings.store, "--set"]
    known = [*settings, f"chronicle.url={runtime.settings.chronicle.url}", "--json"]
    lost = [*settings, f"chronicle.url={other_database(tmp_path)}", "--json"]
    command = CliRunner()
    assert json.loads(command.invoke(app, ["history", *known]).stdout)["disagreements"] == []
    (line,) = json.loads(command.invoke(app, ["history", *lost]).stdout)["disagreements"]
    assert "lacks" in line and line.endswith("Run `autodidact chronicle rebuild`.")
    status = command.invoke(app, ["status", *lost])
    assert (
        status.exit_code == 2 and "Run `autodidact chronicle rebuild`" in json.loads(status.stdout)["error"]
    )
    assert command.invoke(app, ["chronicle", "check", *lost]).exit_code == 1
    assert command.invoke(app, ["chronicle", "rebuild", *lost]).exit_code == 0
    checked = command.invoke(app, ["chronicle", "check", *lost])
    assert (checked.exit_code, json.loads(checked.stdout)) == (
        0,
        {"systems": [{"system": "shop", "left": []}]},
    )


def test_a_cycle_frozen_before_a_field_was_added_is_the_same_cycle(runtime):
    opened = open_cycle(runtime, until=NOON + timedelta(hours=1))
    frozen = runtime.store.read_json(f"{opened.folder}/cycle.json")
    del frozen["lever"]  # as an earlier version wrote it
    other = with_chronicle(runtime, f"sqlite:///{runtime.store.root.parent}/second.db")
    runtime.store.delete("shop/chronicle")
    runtime.store.write_json(f"{opened.folder}/cycle.json", frozen)
    assert open_cycle(other, until=NOON + timedelta(hours=1)) == opened
    assert open_cycle(other, until=NOON + timedelta(hours=1)) == opened


FILES = (
    "chronicle/journal_in_store.py",
    "chronicle/journal_rows.py",
    "chronicle/matches_store.py",
    "cycle/rebuild_chronicle.py",
    "cycle/version_states_from_files.py",
)


@pytest.mark.slow
@pytest.mark.parametrize("journaled", [True, False])
def test_a_rebuild_killed_anywhere_is_finished_by_the_next(lived, tmp_path, journaled):
    runtime, (v1, *_) = lived
    if not journaled:
        runtime.store.delete("shop/chronicle")
    with runtime.chronicle() as chronicle:
        before = everything(chronicle)
    served, number, kills = champion_json(runtime), 1, 0
    while True:
        database = tmp_path / f"rebuilt-{number}.db"
        other = with_chronicle(runtime, f"sqlite:///{database}")
        work = partial(rebuild_chronicle.mend, other, "shop", champion=None, by="ann")
        if not killed(work, at_line(number, *FILES)):
            break
        kills += 1
        assert champion_json(runtime) == served
        with other.chronicle() as chronicle:
            with chronicle.promotion_lock("shop"):
                rebuild_chronicle.rebuild(other, chronicle, "shop")
            assert chronicle.champion("shop")["version"] == v1
            assert [row["state"] for row in chronicle.versions("shop")].count("champion") == 1
            assert chronicle.reigns("shop") == before["reigns"]
            assert {row["version"]: row["state"] for row in chronicle.versions("shop")} == before["states"]
        # Every line at first, then more and more widely: loops repeat the same lines.
        number += 1 + number // 5
    assert kills > 20


@pytest.mark.slow
def test_an_opening_killed_anywhere_beside_another_chronicle_never_changes_what_serves(lived, tmp_path):
    runtime, (v1, *_) = lived
    served, number, kills = champion_json(runtime), 1, 0
    files = (*FILES, "cycle/open.py", "cycle/freeze.py", "promotion/recovery.py", "promotion/deploy.py")
    while True:
        other = with_chronicle(runtime, f"sqlite:///{tmp_path}/other-{number}.db")
        until = NOON + timedelta(hours=37, minutes=number)
        if not killed(partial(open_cycle, other, until=until), at_line(number, *files)):
            break
        kills += 1
        assert champion_json(runtime) == served
        opened = open_cycle(other, until=until, resume=True)
        assert opened.champion.model_dump(mode="json") == served
        runtime.store.delete(opened.folder)
        runtime.store.delete("shop/chronicle")
        with runtime.chronicle() as chronicle:
            journal_in_store.write(chronicle, runtime.store, "shop")
        number += 1 + number // 4
    assert kills > 20


@pytest.mark.slow
def test_a_persons_decision_killed_anywhere_is_finished_by_the_same_command(runtime, tmp_path):
    v1 = cycle(runtime, 1, promotes=True)
    shutil.copytree(tmp_path / "store", tmp_path / "older")
    v2 = cycle(runtime, 13, promotes=True)
    shutil.rmtree(tmp_path / "store")
    older_pointer = (tmp_path / "older/shop/champion.json").read_bytes()
    number, kills = 1, 0
    while True:
        shutil.copytree(tmp_path / "older", tmp_path / f"store-{number}")
        with create_engine(parse(str(tmp_path / "chronicle.db"))).connect() as connection:
            connection.execute(text(f"VACUUM INTO '{tmp_path}/chronicle-{number}.db'"))
        url = f"sqlite:///{tmp_path}/chronicle-{number}.db"
        here = runtime_of(tmp_path / f"store-{number}", url, runtime.settings.sources.repository)
        decide = partial(rebuild_chronicle.mend, here, "shop", champion=v1, by="ann")
        if not killed(decide, at_line(number, *FILES, "promotion/deploy.py")):
            break
        kills += 1
        try:  # whatever was reached: what serves is what the older store says, until the decision is written
            open_cycle(here, until=NOON + timedelta(hours=25))
        except Disagreement:
            assert (tmp_path / f"store-{number}/shop/champion.json").read_bytes() == older_pointer
        decide()
        assert champion_json(here)["version"] == v1
        with here.chronicle() as chronicle:
            states = {row["version"]: row["state"] for row in chronicle.versions("shop")}
            assert (states[v1], states[v2]) == ("champion", "archived") and chronicle.champion("shop")[
                "version"
            ] == v1
        number += 1 + number // 5
    assert kills > 20
