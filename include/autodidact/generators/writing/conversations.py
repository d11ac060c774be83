"""Conversations of a developer with the orchestrator of a system: several turns, a system prompt, tools in
context, and results of tools that are what the repository holds.

The tools are two that read a repository; what they answer is read from git, so a result is never invented:

    files = RepositoryTools(snapshot.repository)
    reading = files.read_file("app/jobs.py", 10, 24)        # a call and its result; None: cannot be shown
    example("ast_parser", "reasoning", "And who else calls it?", answer, source,
            system=system_prompt(snapshot.system, rng, tools=True, answer=answer),
            history=[user("What does `submit` do?"), *reading, assistant("It queues a job ...")],
            tools=TOOLS)
"""

import random
import re
from typing import TYPE_CHECKING, Any

from autodidact.records import call
from autodidact.shipped_tables import read_table
from autodidact.sources.git.revisions import without_hash

if TYPE_CHECKING:
    from autodidact.sources.git.repository import Repository

_TABLE = read_table(__file__, "conversations.yaml")

# What is offered in a conversation about a repository, as OpenAI's API describes tools.
TOOLS: list[dict[str, Any]] = _TABLE["tools"]

# A file as answers name it: `app/jobs.py`, `compose.yaml`, `Makefile:12`; no `Path.open`.
_FILE = re.compile(
    r"[\w-]\.(?:adoc|c|cc|cfg|conf|cpp|cs|csv|go|h|hpp|html|ini|java|js|json|jsonl|jsx|kt|lock|md|mdx|mod|php"
    r"|proto|py|pyi|rb|rs|rst|scala|sh|sql|swift|tf|toml|ts|tsx|txt|xml|ya?ml)\b|\b(?:Make|Docker)file\b"
)

# Characters of a result: about 600 tokens, so that a conversation fits into a window of 2,048.
LONGEST = 2400


def names_file(answer: str) -> bool:
    """Whether an answer names a file."""
    return bool(_FILE.search(answer))


def system_prompt(system: str, rng: random.Random, tools: bool, answer: str) -> str:
    """The orchestrator's system prompt, in one of several wordings; `system` names the system.
    Without `tools` none that tells it to read or to look something up; none that asks for files where
    `answer`, what it says in the end, names none.
    """
    wordings = [*_TABLE["system_prompts"], *(_TABLE["with_tools"] if tools else [])]
    wording: str = rng.choice(wordings + (_TABLE["citing"] if names_file(answer) else []))
    return wording.format(without_hash(system))


def is_general(prompt: str, system: str) -> bool:
    """Whether a system prompt is one of those that `system_prompt` gives without tools: it tells nothing but
    the role, and wants no form.
    """
    wordings = (*_TABLE["system_prompts"], *_TABLE["citing"])
    return prompt in {wording.format(without_hash(system)) for wording in wordings}


def user(text: str) -> dict[str, Any]:
    """A turn of the developer."""
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, Any]:
    """An earlier answer of the orchestrator."""
    return {"role": "assistant", "content": text}


def called(name: str, arguments: dict[str, Any], result: str) -> list[dict[str, Any]]:
    """A call of a tool and what it returned, as two messages."""
    return [call((name, arguments)), {"role": "tool", "name": name, "content": result}]


class RepositoryTools:
    """What the tools of `TOOLS` answer about a repository at its commit."""

    def __init__(self, repository: "Repository"):
        self._repository = repository

    def read_file(self, path: str, first: int, last: int) -> list[dict[str, Any]] | None:
        """The call that reads these lines, counted from 1, and its result; None where the file has no such
        lines, is no UTF-8, or they are too long to be shown.
        """
        data = self._repository.read_at(self._repository.commit, path)
        if data is None:
            return None
        try:
            lines = data.decode("utf-8").splitlines()[first - 1 : last]
        except UnicodeDecodeError:
            return None
        shown = "\n".join(f"{number:>5}  {line}" for number, line in enumerate(lines, first))
        if len(lines) < last - first + 1 or len(shown) > LONGEST:
            return None
        return called("read_file", {"path": path, "first_line": first, "last_line": last}, shown)

    @staticmethod
    def show_commit(sha: str, text: str) -> list[dict[str, Any]] | None:
        """The call that shows a commit and its result, `text`: its message and its whole diff, as git prints
        them; None where that is too long to be shown. `sha`: as the user has given it.
        """
        return called("show_commit", {"commit": sha}, text) if len(text) <= LONGEST else None
