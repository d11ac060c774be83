import pytest

from autodidact.sources.file_patterns import named
from autodidact.stage import Troubles


@pytest.fixture
def tree(tmp_path):
    """A folder with one document, a link to a file outside of it and one to a folder outside; and a link to
    the folder itself.
    """
    for name in ("outside/secret.md", "tree/a.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("# Ships")
    (tmp_path / "tree/link.md").symlink_to(tmp_path / "outside/secret.md")
    (tmp_path / "tree/folder").symlink_to(tmp_path / "outside")
    (tmp_path / "named").symlink_to(tmp_path / "tree")
    return tmp_path


@pytest.mark.parametrize(
    "pattern",
    ["tree", "tree/*", "tree/*.md", "tree/**", "tree/**/*.md", "tree/*/*.md", "named", "named/*.md"],
)
def test_a_link_met_below_a_folder_or_by_a_glob_is_counted_and_not_followed(tree, pattern):
    troubles = Troubles()
    found = [path.name for path in named(str(tree / pattern), troubles)]
    assert set(found) == ({"a.md"} if pattern != "tree/*/*.md" else set())
    assert [trouble.reason for trouble in troubles.list()] == ["link not followed"]


def test_a_link_that_the_setting_names_is_followed(tree):
    assert [path.name for path in named(str(tree / "tree/link.md"))] == ["link.md"]
    assert [path.name for path in named(str(tree / "tree/folder"))] == ["secret.md"]


def test_links_in_circles_cost_nothing(tmp_path):
    (tmp_path / "docs/deep").mkdir(parents=True)
    (tmp_path / "docs/deep/a.md").write_text("# Ships")
    for name in ("one", "two"):  # 2 ** 40 ways to the document
        (tmp_path / "docs/deep" / name).symlink_to(".")
    troubles = Troubles()
    assert [path.name for path in named(str(tmp_path / "docs/**/*.md"), troubles)] == ["a.md"]
    assert [(trouble.reason, trouble.count) for trouble in troubles.list()] == [("link not followed", 2)]


def test_a_glob_names_what_the_shell_s_does(tmp_path):
    for name in ("a.md", "x/b.md", "x/y/c.md", "x/.hidden/d.md", "x/y/e.txt", ".f.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("# Ships")

    def names(pattern):
        return [path.relative_to(tmp_path).as_posix() for path in named(str(tmp_path / pattern))]

    assert names("*.md") == ["a.md"]
    assert names("**/*.md") == ["a.md", "x/b.md", "x/y/c.md"]
    assert names("x/**/[bc].md") == ["x/b.md", "x/y/c.md"]
    assert names("**/y/*.md") == ["x/y/c.md"]
    assert names("**/**/y/**/*.txt") == ["x/y/e.txt"]
    assert names("*/y") == ["x/y/c.md", "x/y/e.txt"]
    assert names(".*.md") == [".f.md"]
    assert names("x/.hidden/*") == ["x/.hidden/d.md"]
    assert names("nothing/*.md") == names("nothing") == []
