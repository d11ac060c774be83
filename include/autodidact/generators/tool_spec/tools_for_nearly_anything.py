"""Which tools may do nearly anything, so that of no request one can say that they do not serve it: browsers,
shells, interpreters, clients of any service, searches of the web, and whoever is handed a task.
"""

import re
from typing import Any

from autodidact.generators.tool_spec.known_tool import KnownTool
from autodidact.generators.tool_spec.plain_schema import plain
from autodidact.generators.tool_spec.spelled_values import human

# Names of arguments that take a task, an address, a command or a program in free words.
_TAKES_ANYTHING = frozenset(
    "url uri urls link href endpoint command commands cmd shell script code snippet program javascript python"
    " task tasks prompt instruction instructions goal objective request".split()
)
_CODE = ("url", "command", "script", "prompt", "instruction", "instructions")
# What a name or a description says of such a tool.
_SAYS_ANYTHING = re.compile(
    r"\b(?:browsers?|shell|bash|powershell|terminal|repl|interpreter|keyboard|mouse|desktop|screen"
    r"|delegat\w+|sub-?agents?|humans?|assistants?|agents?|freelancers?|web ?hooks?"
    r"|https? requests?|any (?:url|api|command|website|task)|arbitrary|computer use"
    r"|(?:web|internet|online) search|search\w* (?:on |in )?(?:the )?(?:web|internet|online)"
    r"|(?:web|internet) pages?"
    r"|(?:run|execute|evaluate)s? (?:\w+ ){0,3}(?:code|commands?|scripts?|programs?))\b",
    re.IGNORECASE,
)


def may_do_anything(known: KnownTool) -> bool:
    """Whether a tool may serve a request that its description does not name."""
    if _SAYS_ANYTHING.search(f"{human(known.name)}. {known.tool.description}"):
        return True
    return any(_takes_anything(key, plain(part)) for key, part in known.properties.items())


def _takes_anything(key: str, part: dict[str, Any]) -> bool:
    """Whether an argument is a free text that may hold a task, an address, a command or a program."""
    if part.keys() & {"enum", "const", "pattern"} or part.get("type") not in (None, "string", "array"):
        return False
    name = human(key).lower()
    return name in _TAKES_ANYTHING or name.split()[-1:] != [] and name.split()[-1] in _CODE
