import pytest

from autodidact.errors import UsageError
from autodidact.settings import load_settings
from autodidact.sources.name_of_system import system_of


def system(name, tmp_path):
    return system_of(load_settings(overrides={"system": name}, cwd=tmp_path, environ={}))


@pytest.mark.parametrize("name", ["shop", "Großer Laden 2", ".hidden", "a.b_c-d", "x" * 120])
def test_a_system_has_any_name_that_a_folder_can_have(name, tmp_path):
    assert system(name, tmp_path) == name


@pytest.mark.parametrize("name", ["..", ".", "a/b", "a\\b", "a\nb", "\x1b[2J", "x" * 121, "cache", "judges"])
def test_a_name_that_leaves_its_folder_or_is_taken_is_refused_in_one_line(name, tmp_path):
    with pytest.raises(
        UsageError, match=r"^`system` is no name that a folder of the store can have \(\d+ char"
    ):
        system(name, tmp_path)
