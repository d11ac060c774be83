import pytest
from sandbox import Sandbox


@pytest.fixture
def sandbox(tmp_path) -> Sandbox:
    """An empty git repository named "shop"."""
    return Sandbox(tmp_path / "shop")
