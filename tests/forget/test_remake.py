"""After a source is forgotten, the next cycle trains on what it would train on had the source never been there:
the same rows, byte for byte, wherever the same model serves.
"""

import shutil
from datetime import timedelta

import pytest

from autodidact.cycle.open import open_cycle
from autodidact.forget.run import forget
from autodidact.knowledge import new_since_earlier_cycles
from autodidact.sources import forgotten_sources
from tests.forget import scene
from tests.sandbox import NOON

# So few rows of a generator that those of a source crowd others out.
FEW = {"generators.limit": 12}


def history(folder, secret, source: str | None, *, before: str | None = None) -> list[str]:
    """What three cycles keep, the base in service: kept.jsonl of each. `source` is forgotten before the third;
    `before`: it is on the list from the beginning.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    runtime = scene.build(folder, secret=secret, **FEW)
    if before:
        forgotten_sources.add(runtime.store, "shop", forgotten_sources.entry(before, str(folder / "shop")))
    for hours in (2, 14):
        scene.cycle(runtime, hours, promotes=False)
    if source:
        forget(runtime, "shop", source, by="ann")
    scene.cycle(runtime, 26, promotes=False)
    names = ("2026-03-01T1400Z", "2026-03-02T0200Z", "2026-03-02T1400Z")
    return [runtime.store.read_text(f"shop/cycles/{name}/gate/kept.jsonl") for name in names]


@pytest.mark.slow
@pytest.mark.parametrize("kind, source", [("talk", "talks/private.jsonl"), ("page", "pages/page.md")])
def test_the_rows_are_those_of_a_history_without_the_source(tmp_path, kind, source):
    folder = tmp_path / "here"
    with_it = history(folder, ("talk", "page"), str(folder / source))
    left = tuple(each for each in ("talk", "page") if each != kind)
    assert with_it == history(folder, left, None)
    assert with_it != history(folder, ("talk", "page"), None)


@pytest.mark.slow
def test_the_rows_are_those_of_a_history_in_which_a_file_of_the_repository_was_never_read(tmp_path):
    folder = tmp_path / "here"
    with_it = history(folder, ("code",), "shop/odd.py")
    assert with_it == history(folder, ("code",), None, before="shop/odd.py")
    assert scene.IN_CODE not in "".join(with_it)


def test_the_next_cycle_trains_without_any_news(folder):
    runtime = scene.runtime_of(folder)

    def ends_early(hours: int) -> bool:
        cycle = open_cycle(runtime, until=NOON + timedelta(hours=hours))
        return new_since_earlier_cycles.news(cycle, runtime.settings, 0)["ends_early"]

    assert ends_early(26) is True
    forget(runtime, "shop", "shop/odd.py", by="ann")
    assert ends_early(38) is False
