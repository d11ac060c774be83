"""`autodidact completion`: scripts that complete commands, options and their values in a shell.

They hold what this version has, so that a shell completes without starting Python.
"""

from typing import Any

from autodidact.cli.command import app

# Options whose values are few, and those whose value is a path.
_PATHS = ("--repo", "--out", "--store", "--adapter", "--champion", "--base", "--plot", "--svg")
HOW = {
    "bash": '# In ~/.bashrc:  eval "$(autodidact completion bash)"',
    "zsh": '# In ~/.zshrc, after compinit:  eval "$(autodidact completion zsh)"',
    "fish": "# autodidact completion fish > ~/.config/fish/completions/autodidact.fish",
}


def script_for(shell: str) -> str:
    """The script; its first line says where to put it."""
    return "\n".join([HOW[shell], _SHELLS[shell](_commands())])


def _commands() -> dict[str, tuple[str, list[tuple[str, str, bool]]]]:
    """Command to (what it does, its options (name, help, whether it takes a value))."""
    from typer.main import get_command

    root: Any = get_command(app)
    found = {}
    for name, each in root.commands.items():
        options = [
            (option, _first(parameter.help), not parameter.is_flag)
            for parameter in each.params
            for option in (*parameter.opts, *parameter.secondary_opts)
            if option.startswith("--")
        ]
        found[name] = (_first(each.help), [*options, ("--help", "Show what it does.", False)])
    return found


def _first(text: str | None) -> str:
    """The first sentence, in one line, without what a shell reads as more than text."""
    sentence = " ".join((text or "").split()).partition(". ")[0].rstrip(".")
    return "".join(c for c in sentence if c not in "'`\"\\$:[]")


def _values() -> dict[str, list[str]]:
    from autodidact.benchmark_categories import CATEGORIES
    from autodidact.generators import select

    return {"--profile": ["laptop", "production"], "--generator": select(), "--only": select(),
            "--category": list(CATEGORIES)}  # fmt: skip


def _bash(commands: dict[str, Any]) -> str:
    values = [f"        {option}) words='{' '.join(each)}' ;;" for option, each in _values().items()]
    options = [
        f"            {name}) words='{' '.join(option for option, _, _ in of)}' ;;"
        for name, (_, of) in commands.items()
    ]
    return "\n".join(
        [
            "_autodidact() {",
            '    local word="${COMP_WORDS[COMP_CWORD]}" words=""',
            '    case "${COMP_WORDS[COMP_CWORD-1]}" in',
            *values,
            f"        {'|'.join(_PATHS)}) ;;",
            f"        *) if [ \"$COMP_CWORD\" -eq 1 ]; then words='{' '.join(commands)}'; else",
            '            case "${COMP_WORDS[1]}" in',
            *(f"    {line}" for line in options),
            "            esac; fi ;;",
            "    esac",
            '    COMPREPLY=($(compgen -W "$words" -- "$word"))',
            "}",
            "complete -o default -F _autodidact autodidact",
        ]
    )


def _zsh(commands: dict[str, Any]) -> str:
    names = [f"        '{name}:{about}'" for name, (about, _) in commands.items()]
    values = [
        f"        {option}) compadd -- {' '.join(each)}; return ;;" for option, each in _values().items()
    ]
    options = []
    for name, (_, of) in commands.items():
        listed = " ".join(f"'{option}:{about}'" for option, about, _ in of)
        options.append(f"        {name}) found=({listed}) ;;")
    return "\n".join(
        [
            "_autodidact() {",
            "    local -a found",
            "    if (( CURRENT == 2 )); then",
            "        found=(",
            *names,
            "        )",
            "        _describe command found",
            "        return",
            "    fi",
            '    case "$words[CURRENT-1]" in',
            *values,
            f"        {'|'.join(_PATHS)}) _files; return ;;",
            "    esac",
            '    case "$words[2]" in',
            *options,
            "    esac",
            "    _describe option found || _files",
            "}",
            "compdef _autodidact autodidact",
        ]
    )


def _fish(commands: dict[str, Any]) -> str:
    values, lines = _values(), []
    for name, (about, of) in commands.items():
        lines.append(f"complete -c autodidact -f -n __fish_use_subcommand -a {name} -d '{about}'")
        for option, what, takes_value in of:
            wants = (
                f" -x -a '{' '.join(values[option])}'" if option in values else " -r" if takes_value else ""
            )
            lines.append(
                f"complete -c autodidact -n '__fish_seen_subcommand_from {name}'"
                f" -l {option[2:]}{wants} -d '{what}'"
            )
    return "\n".join(lines)


_SHELLS = {"bash": _bash, "zsh": _zsh, "fish": _fish}
