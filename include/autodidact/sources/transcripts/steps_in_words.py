"""Agents whose program speaks in text alone: a step is words of the model ("Action: search"), and what the
tool gave comes in a person's place ("Observation: ...").

Neither is an answer or a request. The calls are not read as such, so what the model answers after them rests
on what no example would show.
"""

import re

STEP = "with a call that the record has only in words"

# How programs begin what a tool or a command gave.
_OBSERVED = re.compile(
    r"\s*(?:\*\*|#+ ?|\[)?"
    r"(?:<(?:returncode|output|stdout|stderr|observation|tool_(?:response|result|output)s?|function_results?"
    r"|function_response|execution_(?:result|output)s?|command_output|terminal_output|result"
    r"|exit_?code)(?: [^<>]{0,200})?>"
    r"|\[/?TOOL_RESULTS\]|exitcode: -?\d+ \("
    r"|(?i:(?:tool|function|command|code|execution|terminal|shell|environment|action|api|search"
    r"|script)(?: call)?"
    r"(?: execution| screen)?[ _](?:results?|outputs?|responses?|observations?)(?: (?:of|for"
    r"|from)\b[^\n:]{0,80})?"
    r" ?(?:\]|\*\*)?(?::|\n|\Z)"
    r"|observations?(?: \d+)?(?:\*\*)?:|(?:new|current) terminal (?:output|screen|state):"
    r"|execution results? of \[|(?:std(?:out|err)|returncode|return code|exit code)(?:\*\*)?:"
    r"|(?:here (?:is|are) the )?(?:results?|outputs?|response) (?:of|from) (?:the |your |calling |running "
    r"|executing )"
    r"{1,2}(?:\S+ )?(?:command|tool|function|code|call|action|script|execution|query)\b"
    r"|(?:the )?(?:command|tool|function|action) [`'\"]?[\w.-]{1,60}[`'\"]? (?:returned|responded|gave"
    r"|failed|output)\b"
    r"|your command ran successfully and did not\b|your proposed edit has introduced\b"
    r"|[\w-]{1,40}(?: for '[^'\n]{0,300}')?\] result:))"
)
# The scaffolding of ReAct: a thought, then a call or the end of all of them.
_STEP = re.compile(
    r"\s*(?:\*\*)?(?:(?:Thought|Reasoning|Reflection|THOUGHT):?(?:\*\*)?:?[\s\S]{0,4000}?^\s*(?:\*\*)?)?"
    r"(?:(?:Action|ACTION)(?:\*\*)?:(?:\*\*)?[^\n]{0,300}\n\s*(?:\*\*)?(?:Action[ _]?Input|Arguments|Args"
    r"|PAUSE"
    r"|Parameters|Input)\b"
    r"|(?<=\n)\s*(?:\*\*)?Final Answer(?:\*\*)?:)",
    re.MULTILINE,
)


def is_observation(text: str) -> bool:
    """Whether a text in a person's place begins as what a tool gave, handed on by a program."""
    return _OBSERVED.match(text) is not None


def is_step(text: str) -> bool:
    """Whether a model's text is a call in words, or the answer in the form of such calls."""
    return _STEP.match(text[:5_000]) is not None
