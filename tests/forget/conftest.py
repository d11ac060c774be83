import shutil

import pytest

from autodidact.forget import remake_examples
from tests.forget import scene


@pytest.fixture(autouse=True)
def gate(monkeypatch):
    monkeypatch.setattr(remake_examples, "GATE", scene.GATE)


@pytest.fixture(scope="session")
def lived(tmp_path_factory):
    """A shop after two cycles, both promoted, in a folder that no test changes."""
    folder = tmp_path_factory.mktemp("forget") / "lived"
    folder.mkdir()
    runtime = scene.build(folder)
    scene.cycle(runtime, 2)
    scene.cycle(runtime, 14)
    return folder


@pytest.fixture
def folder(lived):
    """That folder, to be changed: the paths that the sources cite are those of `lived`."""
    kept = lived.with_name("kept")
    shutil.copytree(lived, kept)
    yield lived
    shutil.rmtree(lived)
    kept.rename(lived)
