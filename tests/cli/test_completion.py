"""`autodidact completion`: what bash really completes with the script, and that the others name everything."""

import subprocess

import pytest
from typer.main import get_command

from autodidact.cli import app
from autodidact.cli.completion_scripts import script_for

COMMANDS = get_command(app).commands


def completed(*words: str) -> set[str]:
    """What bash offers for the last word."""
    line = " ".join(f"'{word}'" for word in words)
    ask = f'COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _autodidact; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(
        ["bash", "-c", f"{script_for('bash')}\n{ask}"], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return set(done.stdout.split())


def test_bash_completes_commands_options_and_values():
    assert completed("autodidact", "do") == {"doctor"}
    assert completed("autodidact", "") == set(COMMANDS)
    assert completed("autodidact", "compare", "--it") == {"--items"}
    assert completed("autodidact", "examples", "--generator", "to") == {"tool_spec"}
    assert completed("autodidact", "cycle", "--profile", "") == {"laptop", "production"}
    assert completed("autodidact", "history", "--repo", "") == set()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_script_names_every_command_and_option_and_says_where_it_goes(shell):
    script = script_for(shell)
    assert script.startswith("# ") and "autodidact completion" in script.splitlines()[0]
    for name, command in COMMANDS.items():
        assert name in script
        for parameter in command.params:
            for option in parameter.opts:
                assert option.removeprefix("--") in script or not option.startswith("--")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_quotes_are_in_pairs(shell):
    assert all(line.count("'") % 2 == 0 for line in script_for(shell).splitlines())
