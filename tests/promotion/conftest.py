import pytest

from tests.promotion.vllm_server import Vllm


@pytest.fixture
def vllm():
    server = Vllm().start()
    yield server
    server.die()
