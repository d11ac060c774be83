"""One vLLM for all tests; at the end a table of what was done to it, and what became of that."""

from pathlib import Path

import pytest

from tests.real.vllm import BASE, FAULTS, KEEP, Adapters, RealVllm


@pytest.fixture(scope="session")
def adapters(tmp_path_factory) -> Adapters:
    return Adapters(Path(KEEP) if KEEP else tmp_path_factory.mktemp("adapters"))


@pytest.fixture(scope="session")
def server(adapters):
    running = RealVllm(adapters.folder)
    yield running
    running.kill()


@pytest.fixture
def vllm(server, adapters) -> RealVllm:
    """It runs, and has no adapter."""
    server.launch()
    for version in (None, "v1", "v2"):  # while it starts
        adapters.identity(version)
    server.start()
    server.empty()
    return server


def pytest_terminal_summary(terminalreporter):
    if not FAULTS:
        return
    terminalreporter.section(f"faults of vLLM with {BASE}")
    terminalreporter.write_line("| what was done | what happened | what served | what the Chronicle says |")
    terminalreporter.write_line("| --- | --- | --- | --- |")
    for row in FAULTS:
        terminalreporter.write_line(f"| {' | '.join(row)} |")
