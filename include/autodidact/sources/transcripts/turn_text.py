"""The words of a turn: what a person typed, without what programs put around it, and what a model answered,
without its thoughts.

Programs write in a person's place: reminders, hooks, the state of an editor, notices of tasks, messages of
other sessions, bodies of commands and skills. Their blocks are tags. A text that begins with a block of
theirs, or is blocks from end to end, was typed by nobody.
"""

import re

from autodidact.sources.transcripts.requests_of_programs import of_program
from autodidact.sources.transcripts.steps_in_words import STEP, is_observation
from autodidact.sources.transcripts.turn import Turn, Who
from autodidact.sources.transcripts.untrusted_fields import MAX_TEXT

ATTACHED = "with an attachment that the record does not hold"
SELECTED = "with a selection that the record does not hold whole"
HOSTED = "with a call whose result the record does not hold"
COMMAND = "with a command whose text the record does not hold"

# Blocks that a program added to what a person typed: it is whole without them.
_BESIDE = re.compile(
    r"<(system[-_]reminder|[\w-]{1,40}-hook|ide_opened_file|ide_diagnostics|ide_context|new-diagnostics"
    r"|environment_(?:details|context)|session_context|hook_context|additional_context|user_info"
    r"|project_layout|open_and_recently_viewed_files|ide_selection)(?: [^<>]{0,500})?>"
)
# Blocks with what a person attached; their words need it.
_CONTENTS = re.compile(
    r"<(attached_files?|attachments?|file_contents?|folder_contents?|url_content|git_commit_content"
    r"|current_file|terminal_(?:output|selection)|code_selection|manually_added_selection|editor_selection"
    r"|current_selection|selected_(?:text|code))(?: [^<>]{0,500})?>"
)
# Blocks that a person did not type; a text that begins with one is the harness's to its end.
_HARNESS = re.compile(
    r"<(?:command-\w+|local-command-\w+|bash-\w+|user-memory-\w+|user_shell_c\w+|user_instructions|skill"
    r"|turn_aborted|permissions?[\w -]{0,40}|collaboration_mode|personality_spec|model_switch"
    r"|codex_\w{1,40}|goal_context|hook_prompt|environment_context|INSTRUCTIONS|conversation_summary"
    r"|context_summary|summary|scheduled[-_]task|user_action|proposed_plan)[ >]"
    # A label of the program that wrote it: "[System notification] Job 3 finished", "[Cron] Check the list".
    r"|\[(?i:system(?: (?:notification|message|reminder|event|notice|prompt|alert))?|cron(?: ?job)?|heartbeat"
    r"|scheduled(?: \w+)?|automated(?: \w+)?|background \w+|notification|reminder)(?::[^\]\n]{0,40})?\]"
    # A program that speaks to the model, and of its own limits.
    r"|System: (?:Please|Potential|You|Do not)\b|You are an automated\b|Implement the plan\.\s*\Z"
    r"|Warning: (?:The maximum number of unified exec|apply_patch was requested)"
    r"|Review the (?:current code changes \(staged"
    r"|code changes (?:against the base branch '|introduced by commit ))"
    # What runs in the background has ended.
    r"|A background agent (?:has |was )?(?:finished|completed|failed|stopped|cancelled)\b"
    r"|Background (?:agent|command|shell|task) \"[^\"\n]{1,300}\" (?:has |was )?"
    r"(?:finished|completed|failed|stopped|killed)\b"
    # A placeholder of the program's: <<autonomous-loop>>.
    r"|<<[\w-]{1,60}>>\s*\Z"
    # What a hook answered: "PreToolUse:Bash hook blocking error: ...".
    r"|(?:(?:Pre|Post)[A-Z]\w{1,30}|[A-Z]\w{0,30}(?:Start|Stop|End|Submit)|Stop|Notification)(?::\S{1,60})?"
    r" hook (?:blocking|error|feedback|stopped|additional|success|failed|returned)"
)
# A program asks the model to keep its words from the person.
_BEHIND = re.compile(
    r"\b(?:do not|don['’]t|never) mention (?:this|these)\b[^.\n]{0,40} to the user\b", re.IGNORECASE
)
_SUBAGENT = re.compile(r"<(?:task[-_]notification|sub-?agent[-_]\w+|agent[-_]notification)[ >]")
_SESSION = re.compile(
    r"(?:<(?:teammate|cross-session|peer|agent|inter[-_]agent)[-_](?:message|communication)[ >]"
    r"|<channel source=|Another Claude session sent a message)"
)
_PREAMBLES = (
    *("This session is being continued from a previous", "Caveat: The messages", "# AGENTS.md"),
    *("[Request interrupted by user", "Stop hook feedback", "[SYSTEM NOTIFICATION"),
    *("[TASK RESUMPTION]", "Continue from where you left off.", "Base directory for this skill:"),
    *("PLEASE IMPLEMENT THIS PLAN:", "Implement the following plan:", "## Memory", "# Memory Index"),
    *("Unknown skill:", "Unknown slash command:", "System: Potential loop detected"),
    *("Another language model started to solve this problem", "API Error:", "Output token limit hit."),
)
# Of a model that said what it would do next, and did not.
_CONTINUE = "Please continue."
# What programs write to a model that stopped before it was done: the answer before it was none.
_SENT_BACK = (
    "[ERROR] You did not use",
    _CONTINUE,
    "Please continue working on the task on whatever approach you think is suitable",
)
# A hook that did not let the model stop sends the answer back where it speaks of it, not of a step to take.
_HOOK = re.compile(r"(?:Subagent)?Stop(?::\S{1,60})? hook (?:feedback|blocking)")
_OF_ANSWER = re.compile(
    r"\b(?:answers?|response|reply|replies|claims?|statements?|conclusions?|incorrect|wrong|incomplete"
    r"|unfinished|unverified|unsupported|untrue|(?:not|isn['’]t) (?:yet )?(?:true|right|done|finished"
    r"|complete|correct|verified|enough))\b",
    re.IGNORECASE,
)
# Around what a person typed.
_WRAPS = (
    *("task", "user_query", "user_message", "user_request", "user_input", "user_feedback"),
    *("feedback", "answer"),
)
_EDITOR = re.compile(r"# (?:Context from my IDE setup|Files mentioned by the user)\b")
_REQUEST = re.compile(r"^## My request(?: for \w+)?:[ \t]*\n?", re.MULTILINE)
_PLACEHOLDER = re.compile(
    r"\[(?:image|pasted (?:text|content)|attachment|screenshot|audio|video)\b[^\]\n]{0,120}\]"
    r"|<(?:image|video|audio|img)(?: [^<>]{0,200})?/?>|^--- Content from referenced files ---",
    re.IGNORECASE | re.MULTILINE,
)
# A file or a picture that a person points to: the program shows it to the model, not to the record.
_POINTED_AT = re.compile(
    r"(?<![\w`@./])@(?:[\w.~-]*/[\w./~-]*\.[A-Za-z]\w{0,7}"
    r"|[\w.-]+\.(?:pdf|png|jpe?g|gif|webp|docx?|xlsx?|pptx?|mp[34]|wav|zip|csv|txt|md))\b(?![\w`(])"
    r"|\b(?:screenshot|image|picture|photo|file|pdf|document|log|recording)s?,? (?:that |which )?"
    r"I(?:['’]ve| have)? (?:just |also )?(?:sent|attached|uploaded|pasted|shared)\b"
    r"|\b(?:the|this|my|see) attached (?:screenshot|image|picture|photo|file|pdf|document|log)s?\b"
    r"|\b(?:angehängte|beigefügte)[nrsm]?\b|\bci-joint",
    re.IGNORECASE,
)
_SLASH = re.compile(r"/[a-z][\w:.-]{0,60}(?:\s|\Z)")
_TAG = re.compile(r"\s*<([A-Za-z][\w:.-]{0,60})(?:\s[^<>]{0,500})?(/?)>")
_RANGE = re.compile(
    r"\s*The user selected (?:the )?lines? (\d{1,9})(?: to (\d{1,9}))? (?:from|of|in) [^\n]{1,500}:\n",
    re.IGNORECASE,
)


def typed(turn: Turn, attached: bool = False) -> Turn:
    """A turn in the role of a person, with who really spoke, their words alone, and what they lack.
    `attached`: the message holds more than text.
    """
    text, selection, torn = _unwrapped(turn.text.strip())
    wrapped = _wrapped(text)
    text = wrapped if wrapped is not None else text
    if not text and not attached and turn.text.strip():
        turn.who, turn.text = Who.HARNESS, ""
        return turn
    if is_observation(turn.text):
        turn.who, turn.lost = Who.TOOL, STEP
        return turn
    if who := _speaker(text):
        turn.who, turn.text, turn.again = who, "", _sent_back(text)
        return turn
    if _EDITOR.match(text):
        request = _REQUEST.search(text)
        if request is None:
            turn.who, turn.text = Who.HARNESS, ""
            return turn
        setup, text = text[: request.start()], text[request.end() :].strip()
        if re.search(r"^## Active selection", setup, re.MULTILINE):
            turn.lost = SELECTED
        elif "# Files mentioned" in setup:
            turn.lost = ATTACHED
    if torn:
        turn.lost = SELECTED
    elif attached or any(needs.search(text) for needs in (_PLACEHOLDER, _CONTENTS, _POINTED_AT)):
        turn.lost = ATTACHED
    elif _SLASH.match(text):
        turn.lost = COMMAND
    turn.text = f"{selection}{text}"[:MAX_TEXT]
    return turn


def only_beside(text: str) -> bool:
    """Whether a text is nothing but blocks that a program added to a person's words, or to a result."""
    words, selection, torn = _unwrapped(text.strip())
    return not words and not selection and not torn


def _speaker(text: str) -> Who | None:
    """Who spoke a text in a person's place; None of a person."""
    if _SUBAGENT.match(text):
        return Who.SUBAGENT
    if _SESSION.match(text):
        return Who.SESSION
    preamble = text.startswith(_PREAMBLES) or _sent_back(text) or _BEHIND.search(text)
    if preamble or of_program(text) or _HARNESS.match(text) or (text.startswith("<") and _only_blocks(text)):
        return Who.HARNESS
    return None


def _sent_back(text: str) -> bool:
    if _HOOK.match(text):
        return _OF_ANSWER.search(text[:MAX_TEXT]) is not None
    return text.startswith(_SENT_BACK) and (text == _CONTINUE or not text.startswith(_CONTINUE))


def _unwrapped(text: str) -> tuple[str, str, bool]:
    """The text without the added blocks, whole selections quoted, and whether one is not whole."""
    kept, quoted, torn, at = [], [], False, 0
    while found := _BESIDE.search(text, at):
        kept.append(text[at : found.start()])
        end = text.find(f"</{found[1]}>", found.end())
        if end < 0:
            # Cut off inside the block: what was typed after it is not there.
            return "", "", True
        if found[1] == "ide_selection":
            selection = _selection(text[found.end() : end])
            torn = torn or selection is None
            fence = "````" if selection and "```" in selection else "```"
            quoted.append(f"{fence}\n{selection}\n{fence}\n" if selection and selection.strip() else "")
        at = end + len(found[1]) + 3
    return "".join([*kept, text[at:]]).strip(), "" if torn else "".join(quoted), torn


def _selection(block: str) -> str | None:
    """The lines that were selected; None when they are not as many as the block says."""
    header, end = _RANGE.match(block), block.rfind("This may or may not be")
    if header is None:
        return None
    body = block[header.end() : end if end >= 0 else len(block)]
    lines, count = body.strip("\n"), int(header[2] or header[1]) - int(header[1]) + 1
    if not lines:
        return "" if count == 1 else None
    # Blank lines at either end count; the last two newlines belong to the block.
    above = len(body) - len(body.lstrip("\n"))
    below = max(len(body) - len(body.rstrip("\n")) - 2, 0)
    missing = count - lines.count("\n") - 1 - above
    whole = 0 <= missing <= below and "(truncated)" not in lines[-40:]
    return lines if whole and len(lines) < MAX_TEXT else None


def _wrapped(text: str) -> str | None:
    """What a person typed inside one block that only says so."""
    tag = _TAG.match(text)
    if tag is None or tag[1] not in _WRAPS or not text.endswith(f"</{tag[1]}>"):
        return None
    inner = text[tag.end() : -len(tag[1]) - 3]
    return inner.strip() if f"</{tag[1]}>" not in inner else None


def _only_blocks(text: str) -> bool:
    """Whether a text is tagged blocks from end to end."""
    at = 0
    while at < len(text):
        tag = _TAG.match(text, at)
        if tag is None:
            return not text[at:].strip()
        end = tag.end() if tag[2] else text.find(f"</{tag[1]}>", tag.end()) + len(tag[1]) + 3
        if end < tag.end():
            return False
        at = end
    return True


# The tags in which models think: <think>, <seed:think>, ◁think▷.
_THINKS = r"(?:[a-z]{1,12}:)?(?:think|thinking|thought|thoughts|reasoning|reflection)"
_THOUGHT = re.compile(rf"\s*([<◁])({_THINKS})([>▷])")
_THOUGHT_BEGINS = re.compile(rf"[<◁]{_THINKS}[>▷]")
_THOUGHT_ENDS = re.compile(rf"[<◁]/{_THINKS}[>▷]")
# Thoughts under a heading, as terminals show them, and what says that the answer begins.
_THINKING = re.compile(
    r"\s*(?:\*\*|#+ )?Thinking(?: Process)?(?:\.\.\.|…|:)?(?:\*\*)?:?[ \t]*\n", re.IGNORECASE
)
_ANSWER = re.compile(
    r"^(?:\.\.\.|…)?done thinking\.?[ \t]*$|^(?:\*\*|#+ )(?:final )?(?:answer|response):?(?:\*\*:?|[ \t]*$)",
    re.IGNORECASE | re.MULTILINE,
)


def answered(text: str) -> str:
    """A model's answer without the thoughts before it; empty when it is nothing but thoughts."""
    at = 0
    while opened := _THOUGHT.match(text, at):
        closing = f"{opened[1]}/{opened[2]}{opened[3]}"
        end = text.find(closing, opened.end())
        if end < 0:
            return ""
        at = end + len(closing)
    text = text[at:]
    # Some templates open the thoughts in the prompt: then only their end stands in the answer.
    first = _THOUGHT_ENDS.search(text)
    if first and not _THOUGHT_BEGINS.search(text[: first.start()]):
        text = text[first.end() :]
    if _THINKING.match(text):
        begins = _ANSWER.search(text)
        text = text[begins.end() :] if begins else ""
    return text.strip()[:MAX_TEXT]


_MARKERS = re.compile(
    r"<[|｜][^\n<>|｜]{1,40}[|｜]>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|</?(?:s|bos|eos|pad|unk)>"
    r"|</?(?:tool_calls?|tool_response|function_calls?)>"
)
# Thoughts and calls within an answer.
_ANSWER_MARKERS = re.compile(
    rf"[<◁]/?{_THINKS}[>▷]|\[/?TOOL_(?:CALLS|RESULTS)\]|\[/?AVAILABLE_TOOLS\]|<function=\w|</function>"
    r"|<(?:[a-z]{1,12}:)?(?:invoke|parameter) name="
)


def has_markers(text: str, of_model: bool = False) -> bool:
    """Whether a text holds a chat template's markers as text: a tokenizer reads them as the markers."""
    return _MARKERS.search(text) is not None or (of_model and _ANSWER_MARKERS.search(text) is not None)
