"""Samples are for Autodidact's own repository, or where they are asked for: another system is never mixed
with them.
"""

import pytest

from autodidact.settings import SAMPLES, load_settings, thaw
from autodidact.sources.samples import is_own, with_samples

OWN = {
    "pyproject.toml": '[project]\nname = "autodidact"\n',
    "include/autodidact/store.py": "raise SystemExit('nothing of a repository is run')\n",
    "include/samples/README.md": "# Wharfside\n",
}
GOALS = str(SAMPLES / "goals.yaml")


@pytest.fixture
def sources(sandbox, tmp_path):
    """The effective sources for a repository of these files, with these settings and variables."""

    def read(files, profile="laptop", environ=None, **more):
        sandbox.commit("Begin", files)
        overrides = {"sources.repository": str(sandbox.path)} | {
            f"sources.{key}": value for key, value in more.items()
        }
        return with_samples(load_settings(profile, overrides, cwd=tmp_path, environ=environ or {})).sources

    return read


@pytest.mark.parametrize(
    ("files", "samples", "goals"),
    [
        ({"README.md": "# Shop\n"}, None, None),
        ({"README.md": "# Shop\n"}, True, GOALS),
        ({"README.md": "# Shop\n"}, False, None),
        (OWN, None, GOALS),
        (OWN, False, None),
        (OWN | {"pyproject.toml": '[project]\nname = "harbour"\n'}, None, None),
        (OWN | {"pyproject.toml": "name = "}, None, None),
        ({name: text for name, text in OWN.items() if "samples" not in name}, None, None),
    ],
)
def test_samples_are_read_for_the_own_repository_or_where_they_are_asked_for(sources, files, samples, goals):
    read = sources(files, samples=samples)
    assert (read.goals, read.samples) == (goals, goals is not None)


def test_every_source_that_is_not_named_has_a_sample(sources):
    read = sources(OWN)
    named = [
        *read.sessions,
        read.mcp,
        read.knowledge_graph,
        read.goals,
        read.interrupts,
        *read.documents,
        read.affect,
        read.wikipedia.dump,
    ]
    assert (
        sorted(path.removeprefix(f"{SAMPLES}/") for path in named)
        == "affect.yaml documents goals.yaml graph.csv interrupts.yaml mcp.json sessions wikipedia.xml".split()
    )


def test_what_is_named_counts_and_null_leaves_a_source_out(sources):
    read = sources(OWN, goals="/srv/goals.yaml", sessions=[], environ={"AUTODIDACT_SOURCES__MCP": "null"})
    assert (read.goals, read.sessions, read.mcp, read.affect) == (
        "/srv/goals.yaml",
        [],
        None,
        str(SAMPLES / "affect.yaml"),
    )


def test_an_empty_text_in_the_file_leaves_a_source_out(sources, tmp_path):
    (tmp_path / "autodidact.toml").write_text('[sources]\ngoals = ""\n')  # TOML has no null
    assert not sources(OWN).goals


def test_a_wiki_that_is_asked_is_not_replaced_by_the_sample(sources):
    assert sources(OWN, **{"wikipedia.api": "https://wiki.example/w/api.php"}).wikipedia.dump is None


def test_production_reads_no_samples_unless_they_are_asked_for(sources):
    assert sources(OWN, profile="production").goals is None
    assert sources(OWN, profile="production", samples=True).goals == GOALS


def test_what_a_cycle_froze_stays(sandbox, tmp_path):
    sandbox.commit("Begin", {"README.md": "# Shop\n"})
    now = load_settings(overrides={"sources.repository": str(sandbox.path)}, cwd=tmp_path, environ={})
    frozen = with_samples(now).frozen()
    assert frozen["sources"]["samples"] is False
    sandbox.commit("Become Autodidact", OWN, hours=1)
    assert thaw(frozen, now).sources.goals is None and with_samples(thaw(frozen, now)).frozen() == frozen


def test_a_clone_is_the_own_repository_and_a_folder_without_one_is_not(sandbox, tmp_path):
    sandbox.commit("Begin", OWN)
    sandbox.git("clone", "-q", "--bare", str(sandbox.path), str(tmp_path / "elsewhere"))
    (tmp_path / "empty").mkdir()
    assert [is_own(str(tmp_path / name)) for name in ("elsewhere", "empty", "nowhere")] == [
        True,
        False,
        False,
    ]
    assert not is_own(None)
