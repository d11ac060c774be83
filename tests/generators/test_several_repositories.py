"""A system of several repositories: `shop` as `sources.repository`, `billing` and `depot` besides."""

import contextlib
import json
from datetime import timedelta

import pytest

from autodidact.cycle import run as stages
from autodidact.cycle.open import open_cycle
from autodidact.cycle.source_lines_of_example import lines_of
from autodidact.errors import AutodidactError, Skipped, UsageError
from autodidact.gate.replay import Sources
from autodidact.generators.parts_by_repository import FIRST, parts_of, repositories_of
from autodidact.knowledge.facts_over_time import read_facts
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from autodidact.sources import forgotten_sources
from autodidact.sources.git.repository import Repository
from autodidact.sources.more_repositories import named_repositories
from tests.killed import at_step, killed
from tests.sandbox import NOON, Sandbox

GENERATORS = ["ast_parser", "diff_miner", "knowledge_graph", "architecture_docs", "conciseness_drills"]


def files(thing: str, port: int) -> dict[str, str]:
    """The files of a repository about `thing`; all have the same paths."""
    return {
        "app/__init__.py": "",
        "app/store.py": f'''"""Keeps {thing}s."""


class {thing.title()}Store:
    """All the {thing}s that there are, by their numbers."""

    def find(self, number: int) -> str:
        """The {thing} of this number, or an error that says which one is missing."""
        return open_{thing}(number)


def open_{thing}(number: int) -> str:
    """Opens one {thing}, which has to be there already, and reads what stands in it."""
    return str(number)
''',
        "app/main.py": f'''"""Begins the work on {thing}s."""
from app.store import {thing.title()}Store


def start() -> {thing.title()}Store:
    """Starts the service, which keeps every {thing} until somebody takes it away."""
    return {thing.title()}Store()
''',
        "compose.yaml": (
            "services:\n"
            f'  web: {{image: "{thing}/web:1.4", ports: ["{port}:80"]}}\n'
            f'  till: {{image: "{thing}/till:2.0", ports: ["{port + 1}:80"]}}\n'
            f'  mail: {{image: "{thing}/mail:3.1", ports: ["{port + 2}:80"]}}\n'
            f'  fax: {{image: "{thing}/fax:0.9", ports: ["{port + 3}:80"]}}\n'
        ),
        "README.md": (
            f"# {thing.title()}s\n\nThis service keeps the {thing}s of the company. The other services ask it over"
            f" HTTP. It writes every {thing} to the database before it answers.\n\n## Backups\n\nA backup of the"
            f" {thing}s is made every night at two. The database keeps thirty of them.\n"
        ),
    }


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """(cycle, runtime, system) of the first cycle of all three, which no test changes."""
    system = System(tmp_path_factory.mktemp("three"))
    return *system.cycle(1, "billing", "depot"), system


@pytest.fixture
def system(tmp_path):
    """Three repositories, and `cycle(hours, *repositories)`: a cycle with all of them read."""
    return System(tmp_path)


class System:
    def __init__(self, folder):
        self.folder = folder
        self.shop = Sandbox(folder / "shop")
        self.billing, self.depot = Sandbox(folder / "billing"), Sandbox(folder / "depot")
        self.commits = {
            "shop": self.shop.commit("Begin the shop", files("order", 8010)),
            "billing": self.billing.commit("Begin the billing", files("invoice", 8020)),
            "depot": self.depot.commit("Begin the depot", files("parcel", 8030)),
        }

    def runtime(self, *repositories, **more) -> Runtime:
        overrides = {
            "system": "shop",
            "sources.repository": str(self.folder / "shop"),
            "sources.repositories": [str(self.folder / name) for name in repositories],
            "store": str(self.folder / "store"),
            "chronicle.url": f"sqlite:///{self.folder}/chronicle.db",
            "generators.limit": 30,
            "generators.only": GENERATORS,
        }
        settings = load_settings(overrides=overrides | more, cwd=self.folder, environ={})
        return Runtime(settings, say=lambda line: None)

    def cycle(self, hours, *repositories, **more):
        runtime = self.runtime(*repositories, **more)
        cycle = open_cycle(runtime, until=NOON + timedelta(hours=hours))
        for name in cycle.generators():
            with contextlib.suppress(Skipped):
                stages.generate(name, cycle, runtime)
        with contextlib.suppress(Skipped):
            stages.knowledge(cycle, runtime)
        return cycle, runtime

    def close(self, cycle, runtime):
        with runtime.chronicle() as chronicle:
            chronicle.close_cycle(cycle.system, cycle.cycle_id, "kept")


def rows(cycle, runtime, name, ending=".jsonl"):
    return [json.loads(line) for line in runtime.store.read_lines(f"{cycle.folder}/generated/{name}{ending}")]


def generated(cycle, runtime):
    """{file: bytes} of what the generators made, without the manifests, which have times."""
    keys = runtime.store.list(f"{cycle.folder}/generated")
    return {key: runtime.store.read_bytes(key) for key in keys if not key.endswith("manifest.json")}


def test_a_cycle_freezes_the_commit_of_each_repository(three):
    cycle, _, system = three
    assert [(each.get("name"), each["commit"], each["previous"]) for each in cycle.repositories] == [
        (None, system.commits["shop"], None),
        ("billing", system.commits["billing"], None),
        ("depot", system.commits["depot"], None),
    ]


def test_every_example_question_and_fact_of_them_names_its_repository(three):
    cycle, runtime, system = three
    for name in GENERATORS:
        made = rows(cycle, runtime, name)
        there = {row["source"].get("repository") for row in made}
        assert there == {None, "billing", "depot"}, name
        for row in made:
            first = next(each for each in row["messages"] if each["role"] == "user")["content"]
            if repository := row["source"].get("repository"):
                assert first.startswith(f"In the repository `{repository}`:")
                assert row["source"]["ref"].startswith(f"{repository}:")
            else:
                assert "In the repository" not in first
    fact = next(
        row
        for row in rows(cycle, runtime, "ast_parser", ".facts_now.jsonl")
        if row["kind"] == "defined_in" and row["value"] == "app/store.py" and "Invoice" in row["subject"]
    )
    assert fact["subject"] == "billing:InvoiceStore"
    assert fact["reserved"].startswith("In the repository `billing`: ")
    assert fact["source"] == {
        "kind": "git",
        "ref": fact["source"]["ref"],
        "commit": system.commits["billing"],
        "path": "app/store.py",
        "lines": fact["source"]["lines"],
        "repository": "billing",
    }
    asked = {row["id"] for row in rows(cycle, runtime, "ast_parser", ".questions.jsonl")}
    known = {row["id"] for row in rows(cycle, runtime, "ast_parser", ".facts_now.jsonl")}
    taught = {row["probe"] for row in rows(cycle, runtime, "ast_parser") if row.get("probe")}
    assert taught == asked <= known


def test_the_parts_are_gone_when_their_generator_is_done_and_its_counts_are_theirs_together(three):
    cycle, runtime, _ = three
    assert not runtime.store.list(f"{cycle.folder}/generated/parts")
    manifest = cycle.manifest(runtime.store, "generate.ast_parser")
    made = rows(cycle, runtime, "ast_parser")
    assert manifest.counts["examples"] == len(made) == manifest.outputs["ast_parser.jsonl"].records
    assert manifest.counts["new"] == len(made)
    assert sum(manifest.counts["categories"].values()) == len(made)


def test_with_one_repository_nothing_is_different(system):
    alone, runtime = system.cycle(1)
    assert "repositories" not in alone.settings["sources"] and len(alone.repositories) == 1
    assert set(alone.repositories[0]) == {"path", "branch", "commit", "previous"}
    assert not any("repository" in row["source"] for name in GENERATORS for row in rows(alone, runtime, name))


def test_killed_in_the_midst_of_the_parts_the_rest_is_made_and_all_is_as_unkilled(three, tmp_path):
    whole, runtime, system = three
    expected = generated(whole, runtime)
    places = {"store": str(tmp_path / "store"), "chronicle.url": f"sqlite:///{tmp_path}/chronicle.db"}
    runtime = system.runtime("billing", "depot", **places)
    cycle = open_cycle(runtime, until=NOON + timedelta(hours=1))
    for name in cycle.generators():
        assert killed(
            lambda name=name: stages.generate(name, cycle, runtime), at_step("_of_cycle>together", "call")
        )
        parts = [key for key in runtime.store.list(f"{cycle.folder}/generated/parts/{name}")]
        manifests = {key: runtime.store.read_bytes(key) for key in parts if key.endswith("/manifest.json")}
        assert len(manifests) == len(parts_of(cycle, name)) == 3
        stages.generate(name, cycle, runtime)
    assert generated(cycle, runtime) == expected


def test_parts_made_by_others_in_any_order_give_the_same_bytes(three, tmp_path):
    whole, runtime, system = three
    expected = generated(whole, runtime)
    places = {"store": str(tmp_path / "store"), "chronicle.url": f"sqlite:///{tmp_path}/chronicle.db"}
    runtime = system.runtime("billing", "depot", **places)
    cycle = open_cycle(runtime, until=NOON + timedelta(hours=1))
    for part in reversed(repositories_of(cycle)):
        for name in reversed(GENERATORS):
            stages.generate_part(name, part, cycle, runtime)
    made = {name: stages.generate(name, cycle, runtime) for name in GENERATORS}
    assert generated(cycle, runtime) == expected
    # A part that comes late, cleared by a person, finds nothing to do.
    assert stages.generate_part("ast_parser", "billing", cycle, runtime) == made["ast_parser"]
    assert not runtime.store.list(f"{cycle.folder}/generated/parts")


def test_facts_of_each_repository_have_their_times_and_what_is_gone_is_gone(system):
    system.close(*system.cycle(1, "billing"))
    (system.billing.path / "app/main.py").unlink()
    changed = files("invoice", 8070)
    del changed["app/main.py"]
    commit = system.billing.commit("Move the port", changed, hours=2)
    cycle, runtime = system.cycle(24, "billing", "depot")
    facts = {(fact.kind, fact.subject): fact for fact in read_facts(runtime.store, cycle.folder)}
    port = facts["compose_port", "billing:web (compose.yaml)"]
    assert (port.value, port.since.commit) == ("8070", commit)
    assert [earlier.value for earlier in port.earlier] == ["8020"]
    assert facts["compose_port", "web (compose.yaml)"].value == "8010"
    gone = facts["defined_in", "billing:start"]
    assert (gone.value, gone.until.commit) == (None, commit)
    assert facts["defined_in", "start"].value == "app/main.py"
    # A repository that is read for the first time has no news by the clock.
    new = facts["compose_port", "depot:web (compose.yaml)"]
    assert (new.value, new.since) == ("8030", None)


def test_what_was_known_of_a_repository_that_is_not_read_any_more_is_set_aside(system):
    system.close(*system.cycle(1, "billing"))
    cycle, runtime = system.cycle(24)
    assert not any(":" in fact.subject for fact in read_facts(runtime.store, cycle.folder))
    aside = [
        json.loads(line) for line in runtime.store.read_lines(f"{cycle.folder}/knowledge/set_aside.jsonl")
    ]
    assert "billing:InvoiceStore" in {row["subject"] for row in aside}


def test_the_window_of_each_repository_begins_at_the_commit_that_was_read_of_it(system):
    system.close(*system.cycle(1, "billing"))
    system.billing.commit("Say more", {"README.md": "# Invoices\n\nThey are kept for ten years.\n"}, hours=2)
    cycle, runtime = system.cycle(24, "billing", "depot")
    billing, depot = cycle.repository("billing"), cycle.repository("depot")
    assert (billing["previous"], billing["since"]) == (system.commits["billing"], "2026-03-01T13:00:00Z")
    assert (depot["previous"], depot["since"]) == (None, None)
    new = {row["source"]["ref"].partition(":")[0] for row in rows(cycle, runtime, "architecture_docs")}
    assert {"billing", "depot"} <= new


def test_a_repository_that_had_no_commit_yet_is_left_out(system):
    late = Sandbox(system.folder / "late")
    late.commit("Begin", files("pallet", 8040), hours=5)
    cycle, _ = system.cycle(1, "billing", "late")
    assert [each.get("name") for each in cycle.repositories] == [None, "billing"]


def test_a_system_may_be_of_named_repositories_alone(system):
    cycle, runtime = system.cycle(1, "billing", "depot", **{"sources.repository": None})
    assert [each["name"] for each in cycle.repositories] == ["billing", "depot"]
    assert {row["source"]["repository"] for row in rows(cycle, runtime, "ast_parser")} == {"billing", "depot"}
    assert parts_of(cycle, "ast_parser") == [FIRST, "billing", "depot"]


def test_two_of_one_name_and_the_first_one_again_are_refused(system):
    Sandbox(system.folder / "other" / "billing").commit("Begin", {"a.py": "x = 1\n"})
    with pytest.raises(UsageError, match="Two of sources.repositories are called billing"):
        named_repositories(system.runtime("billing", "other/billing").settings)
    with pytest.raises(UsageError, match="which is sources.repository"):
        named_repositories(system.runtime("shop").settings)


def test_a_file_of_one_of_them_is_forgotten_by_its_path_on_disk_and_by_its_repositorys_name(system):
    shop, more = str(system.folder / "shop"), {"billing": str(system.folder / "billing")}
    named = [
        forgotten_sources.together([forgotten_sources.entry(source, shop, more)])
        for source in ("billing:app/store.py", str(system.folder / "billing/app/store.py"))
    ]
    for one in named:
        assert one.within("billing").path("app/store.py")
        assert not one.path("app/store.py") and not one.within("depot").path("app/store.py")
        with Repository(more["billing"], system.commits["billing"], forgotten=one.within("billing")) as there:
            assert [entry.path for entry in there.files([".py"])] == ["app/__init__.py", "app/main.py"]
        assert one.cites(source("billing:app/store.py:7", repository="billing"))
        assert not one.cites(source("app/store.py:7"))


def test_all_of_one_of_them_is_forgotten_by_its_name_with_a_colon(system):
    shop, more = str(system.folder / "shop"), {"billing": str(system.folder / "billing")}
    for named in ("billing:", more["billing"]):
        one = forgotten_sources.together([forgotten_sources.entry(named, shop, more)])
        assert one.within("billing").path("README.md") and one.within("billing").path("app/store.py")
        assert not one.path("README.md") and not one.within("depot").path("README.md")


def source(ref, **more):
    return {"kind": "git", "ref": ref, "commit": "c" * 40, "path": "app/store.py", **more}


def test_what_was_kept_of_one_of_them_is_replayed_while_it_holds_there(system):
    cycle, runtime = system.cycle(1, "billing")
    commit = system.commits["billing"]
    holds = source(f"billing:{commit}:app/store.py", commit=commit, repository="billing")
    with Sources(cycle, runtime.store, cycle.effective(runtime.settings)) as there:
        assert there.complaint({"source": holds}, cycle.cycle_id) is None
        state = source("billing:app/store.py:1", commit=commit, repository="billing", lines=[1, 2])
        assert there.complaint({"source": state}, cycle.cycle_id) is None
        elsewhere = holds | {"repository": None, "ref": f"{commit}:app/store.py"}
        assert (
            there.complaint({"source": elsewhere}, cycle.cycle_id) == "its commit is no longer in the history"
        )
        unread = holds | {"repository": "depot", "ref": f"depot:{commit}:app/store.py"}
        assert there.complaint({"source": unread}, cycle.cycle_id) == "its source cannot be looked at"


def test_the_lines_of_a_source_are_read_in_its_repository(system):
    cycle, _ = system.cycle(1, "billing")
    cited = source(
        "billing:app/store.py:1", commit=system.commits["billing"], repository="billing", lines=[1, 1]
    )
    shown = lines_of(cycle, cited, forgotten_sources.NOTHING)
    assert shown.title == f"billing:app/store.py at {system.commits['billing'][:12]}"
    assert shown.rows[0] == (1, True, '"""Keeps invoices."""')


def test_the_doctor_names_them_and_says_which_cannot_be_read(system):
    from autodidact.cli.doctor_sources import more_repositories

    ((name, check),) = more_repositories(runtime := system.runtime("billing", "depot"))
    assert (name, check(runtime)) == ("repositories", "2 besides: billing, depot")
    assert more_repositories(system.runtime()) == []
    with pytest.raises(AutodidactError, match="No such folder: .*/nowhere"):
        check(system.runtime("billing", "nowhere"))


def test_the_report_and_the_knowledge_asset_name_their_commits(three):
    cycle, runtime, system = three
    from autodidact.cycle.display_names import of_repositories
    from autodidact_airflow.assets import knowledge

    commits = {name: system.commits[name] for name in ("billing", "depot")}
    assert of_repositories(cycle.repositories) == [
        f"Repositories besides the first: billing at {commits['billing'][:12]}, depot at {commits['depot'][:12]}"
    ]
    assert of_repositories(cycle.repositories[:1]) == []
    told = knowledge(cycle, None)
    assert (told["commit"], told["repositories"]) == (system.commits["shop"], commits)


def test_a_run_may_not_set_them_and_one_that_names_another_repository_reads_that_alone(system, monkeypatch):
    from autodidact_airflow.allowed_params import overrides

    monkeypatch.chdir(system.folder)
    environ = {
        "AUTODIDACT_SOURCES__REPOSITORY": str(system.folder / "shop"),
        "AUTODIDACT_SOURCES__REPOSITORIES": json.dumps([str(system.folder / "billing")]),
        "AUTODIDACT_REPOSITORIES": str(system.folder / "depot"),
    }
    with pytest.raises(UsageError, match="A run may not set 'sources.repositories'"):
        overrides({"settings": {"sources.repositories": []}}, environ)
    assert overrides({"repository": str(system.folder / "depot")}, environ) == {
        "sources.repository": str(system.folder / "depot"),
        "sources.repositories": [],
    }
    assert "sources.repositories" not in overrides({"repository": str(system.folder / "shop")}, environ)
