"""The gateway of docs/serving.md follows the alias file, as it is written there."""

import asyncio
import importlib
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

DOCUMENT = Path(__file__).parents[2] / "docs" / "serving.md"


@pytest.fixture
def section():
    return DOCUMENT.read_text().partition("\n## Gateway\n")[2].partition("\n## ")[0]


@pytest.fixture
def gateway(section, monkeypatch, tmp_path):
    """The module of the section's Python, with a stand-in for the one class that it takes from LiteLLM."""
    names = ("litellm", "litellm.integrations", "litellm.integrations.custom_logger")
    for name in names:
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    sys.modules[names[-1]].CustomLogger = object
    file = tmp_path / "follow_alias.py"
    file.write_text(re.search(r"```python\n(.*?)```", section, re.DOTALL)[1])
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "follow_alias", raising=False)
    return importlib.import_module("follow_alias").follow


def asked(gateway, model):
    return asyncio.run(gateway.async_pre_call_hook(None, None, {"model": model}, "completion"))["model"]


def test_each_request_gets_the_model_that_the_alias_file_names_then(gateway, tmp_path, monkeypatch):
    file = tmp_path / "alias.json"
    monkeypatch.setenv("ALIAS_FILE", str(file))
    for model in ("autodidact-0123456789ab", "autodidact-ba9876543210"):
        file.write_text(json.dumps({"format": 1, "alias": "autodidact", "model": model, "version": "v"}))
        assert asked(gateway, "autodidact") == model
    assert asked(gateway, "sprout") == "sprout"


def test_its_configuration_names_the_hook_and_it_has_ten_lines(section):
    python, configuration = re.findall(r"```(?:python|yaml)\n(.*?)```", section, re.DOTALL)
    assert yaml.safe_load(configuration)["litellm_settings"] == {"callbacks": "follow_alias.follow"}
    assert len([line for line in python.splitlines() if line]) == 10
