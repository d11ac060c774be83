"""What runs by itself: all tests with a push, those against a real vLLM once a week; by targets that exist."""

from pathlib import Path

import yaml

HERE = Path(__file__).parents[1]


def test_the_workflow_runs_targets_of_the_makefile():
    workflow = yaml.safe_load((HERE / ".github/workflows/tests.yml").read_text())
    on = workflow[True]  # YAML reads `on` as true
    assert {"push", "schedule"} <= on.keys() and on["schedule"] == [{"cron": "17 3 * * 1"}]
    runs = {name: job["steps"][-1]["run"] for name, job in workflow["jobs"].items()}
    assert runs == {
        "all": "make test-all",
        "vllm": "make test-vllm BASE=${{ matrix.base }}",
        "weekly": "make ${{ matrix.target }}",
    }
    matrix = {name: job["strategy"]["matrix"] for name, job in workflow["jobs"].items() if "strategy" in job}
    assert matrix == {
        "vllm": {"base": ["sprout", "smollm2"]},
        "weekly": {"target": ["test-cluster", "audit"]},
    }
    makefile = (HERE / "Makefile").read_text()
    assert all(f"\n{target}:" in makefile for target in ("test-all", "test-vllm", "test-cluster", "audit"))
