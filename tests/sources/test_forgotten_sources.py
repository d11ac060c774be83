"""What is forgotten is read by nobody: files of a repository at any commit, files beside it, articles."""

from dataclasses import replace

import pytest

from autodidact.settings import load_settings
from autodidact.sources.documents.reader import named_documents
from autodidact.sources.forgotten_sources import Forgotten, entry, readable, together
from autodidact.sources.git.repository import Repository
from autodidact.stage import Troubles
from tests.generators.snapshots import NO_SOURCES, file, snapshot

UUID = "0199c7a2-1111-4222-8333-444455556666"


def forgotten(*sources: str, repository: str | None = None) -> Forgotten:
    return together(entry(source, repository) for source in sources)


@pytest.mark.parametrize(
    "source, path, is_forgotten",
    [
        ("docs/a.md", "docs/a.md", True),
        ("./docs/a.md", "docs/a.md", True),
        ("docs/a.md", "docs/a.md.txt", False),
        ("docs/a.md", "other/docs/a.md", False),
        ("docs", "docs/old/a.md", True),
        ("docs/", "docs/a.md", True),
        ("docs", "docs2/a.md", False),
        ("docs/*.md", "docs/a.md", True),
        ("docs/*.md", "docs/a.py", False),
        ("**/a.md", "docs/a.md", True),
    ],
)
def test_a_path_is_forgotten_with_all_below_it(source, path, is_forgotten):
    assert forgotten(source).path(path) is is_forgotten


def test_a_conversation_is_known_by_its_file_and_by_the_id_in_its_name():
    named = f"/s/rollout-2026-11-23T12-00-00-{UUID}.jsonl"
    assert forgotten(UUID).conversation(named) and forgotten("/s").conversation(named)
    assert not forgotten(UUID).conversation("/s/other.jsonl")


def test_an_article_is_known_by_its_title_and_by_its_address():
    address = "https://wiki.example/wiki/Low_Mole"
    for source in ("Low Mole", "Low_Mole", address):
        assert forgotten(source).article("Low Mole") and forgotten(source).article(address)
    assert not forgotten("Low Mole").article("Low Moles")


@pytest.mark.parametrize(
    "source",
    [
        {"kind": "git", "ref": "docs/a.md:12", "path": "docs/a.md"},
        {"kind": "git", "ref": f"{'a' * 40}:docs/a.md", "path": "docs/a.md"},
        {"kind": "table", "ref": "docs/a.md#goal"},
        {"kind": "transcript", "ref": "docs/a.md:3", "file": "docs/a.md"},
    ],
)
def test_an_example_cites_what_is_forgotten(source):
    assert forgotten("docs/a.md").cites(source)
    assert not forgotten("docs/b.md").cites(source)


def test_the_list_does_not_say_what_was_forgotten():
    assert "secret" not in str(entry("docs/secret.md", None))
    assert entry("docs/secret.md", None)["id"] == entry("docs/secret.md/", None)["id"]


def test_a_repository_is_without_it_at_every_commit(sandbox):
    first = sandbox.commit("Add two", {"a.py": "A = 1\n", "b.py": "B = 1\n"})
    sandbox.commit("Change a", {"a.py": "A = 2\n"}, hours=1)
    last = sandbox.commit("Change both", {"a.py": "A = 3\n", "b.py": "B = 2\n"}, hours=2)
    with Repository(sandbox.path, last, forgotten=forgotten("a.py")) as repository:
        assert [entry.path for entry in repository.files()] == ["b.py"]
        assert repository.changed(first) == {"b.py"}
        assert repository.read_at(first, "a.py") is None and repository.read_at(first, "b.py") == b"B = 1\n"
        assert repository.read_at(first, "./a.py") is None
        commits = [(commit.subject, [f.path for f in commit.files]) for commit in repository.commits()]
        assert commits == [("Change both", ["b.py"]), ("Add two", ["b.py"])]
        newest = next(repository.commits(limit=1)).subject
        assert newest == "Change both"
        with repository.at(first) as earlier:
            assert [entry.path for entry in earlier.files()] == ["b.py"]


def test_settings_name_the_other_files_alone(tmp_path):
    for name in ("talks/a.jsonl", "talks/b.jsonl", "pages/a.md", "pages/b.md", "goals.yaml"):
        file(tmp_path, name, "{}\n")
    sources = {
        "sources.sessions": [f"{tmp_path}/talks"],
        "sources.documents": [f"{tmp_path}/pages/*.md"],
        "sources.goals": f"{tmp_path}/goals.yaml",
    }
    settings = load_settings(overrides=NO_SOURCES | sources, cwd=tmp_path, environ={})
    gone = [f"{tmp_path}/{name}" for name in ("talks/a.jsonl", "pages/a.md", "goals.yaml")]
    left = readable(settings, forgotten(*gone)).sources
    assert (left.sessions, left.documents, left.goals) == (
        [f"{tmp_path}/talks/b.jsonl"],
        [f"{tmp_path}/pages/*.md"],
        None,
    )
    seen = replace(
        snapshot(tmp_path), settings=readable(settings, forgotten(*gone)), forgotten=forgotten(*gone)
    )
    assert named_documents(seen, Troubles()) == [tmp_path / "pages/b.md"]
    assert readable(settings, forgotten("elsewhere.md")).sources == settings.sources
