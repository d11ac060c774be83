"""What the other fields of an entry, of a rule or of a fact say of it: that it stands, that it does not, or
nothing that is understood here. What is not understood may judge or limit it, so it is no reason to go on.
"""

import re
from typing import Any

from autodidact.sources.table_files import NOTHING

_TRUE = {"true", "yes", "y", "1", "on", "ja", "oui", "ok", "okay", "pass", "passed", "x", "\u2713", "\u2705"}
_FALSE = {"false", "no", "n", "0", "off", "nein", "non"}
# A field that says yes or no: what stands is so, or is not so.
_SO = set(
    "correct right ok okay approved accepted confirmed agreed valid verified success successful succeeded"
    " passed enabled active live current effective in_force final done finished completed handled resolved"
    " closed acknowledged published reviewed".split()
)
_NOT_SO = set(
    "incorrect wrong false_positive false_alarm mistake reverted undone rolled_back overridden overruled"
    " overturned rejected refused disputed contested corrected superseded replaced dry_run dryrun simulated"
    " simulation drill test is_test duplicate deleted removed disabled inactive deprecated obsolete retired"
    " archived cancelled canceled expired draft internal private confidential hidden failed error".split()
)
# A field that says how it stands, and its words for well.
_STATUS = set("status state lifecycle result verdict evaluation assessment resolution success_status".split())
_STANDS = set("active enabled live current final valid approved accepted confirmed effective on".split())
_ENDED_WELL = (
    _STANDS
    | _TRUE
    | set(
        "open new triggered firing acknowledged handled resolved closed done complete completed finished"
        " success successful succeeded correct right good".split()
    )
    | {"in progress", "in force"}
)
# What was expected.
_EXPECTED = set(
    "expected expected_response expected_decision expected_action should_be correct_response correct_action"
    " right_response ideal gold target_response".split()
)
# Identity, place of writing and size: nothing of that judges or limits anything.
_HARMLESS = re.compile(
    r"(?:(?:incident|event|alert|message|msg|task|run|job|trace|span|request|session|thread|conversation|user"
    r"|correlation|log|entry|record|row|ticket|case|issue|external|pattern|rule|page|call|context|state)_)?"
    r"(?:id|uid|uuid|guid|key|number|nr|no|ref|reference|url|uri|link|href|permalink|hash|fingerprint|index|seq"
    r"|sequence)"
    r"|(?:created|updated|modified|changed|started|received|raised|opened|triggered|logged|recorded|acknowledged"
    r"|resolved|closed|answered|responded|handled|finished|completed|written)"
    r"(?:_(?:at|on|time|date|ts|timestamp))?"
    r"|date|day|timezone|tz|event_time|start_time|log_time|received_time"
    r"|duration|elapsed|took|latency|tokens|cost|(?:duration|elapsed|latency)_(?:ms|s|sec|seconds|minutes)"
    r"|ticket|issue|incident|session|thread|conversation|line|row|severity|level|priority|urgency|impact"
    r"|title|name|label|headline|subject|icon|color|colour|author|version|schema|schema_version"
    r"|source|source_(?:url|file|name)|citation|docs?|documentation|runbook|examples?|lang|language|locale"
)
# Where it happened: of an entry that is a circumstance, of a rule it is a limit.
_PLACE = re.compile(
    r"origin|sender|from|channel|via|medium|provider|integration|host|hostname|node|pod|container|cluster|region"
    r"|zone|environment|env|service|component|system|app|application|product|project|repo|repository|module"
    r"|queue|topic|site|model|agent|bot|tool|device|machine|server|branch|when|any_task"
)
# Persons, who may have heard of it.
_PERSON = re.compile(
    r"user|user_?name|by|reporter|reported_by|owner|owned_by|team|on_?call|pager|handler|responder|operator|person"
    r"|contact|recipient|notified|notify|cc|assigned_to|(?:handled|resolved|acknowledged|answered|closed)_by"
    r"|who|wer|wem|qui|qui[\u00e9e]n|chi|quem|wie|kto|\u043a\u0442\u043e|\u62c5\u5f53\u8005|\u8d1f\u8d23\u4eba"
)
# Free words about it, harmless unless they judge it.
_KIND = set("kind type category class tags labels group".split())
# What somebody wrote about it.
_NOTES = set("note notes comment comments remark remarks review hindsight".split())
_FOUND_WRONG = re.compile(
    r"\b(?:hindsight|wrong\w*|mistak\w*|error|incorrect\w*|(?:not|hardly) (?:right|correct)|regret\w*"
    r"|(?:should|could|ought to|must) (?:have )?(?:been|gone|waited|asked|be)|should(?:n't| not)? have"
    r"|would have been|better (?:to|would|had)|too (?:late|early|soon|hasty)|overreact\w*|unnecessar\w*"
    r"|needless\w*|false (?:alarm|positive)|falsch|unn\u00f6tig)\b",
    re.IGNORECASE,
)
_NOT_REAL = re.compile(r"\b(?:drills?|tests?|testing|dry[ -_]?run|simulat\w*|exercise|joke)\b", re.IGNORECASE)
# How a note bounds a rule.
_LIMITS = re.compile(
    r"\b(?:only|unless|except\w*|until|till|if|when|while|during|not?|never|no longer|old|obsolete|deprecated"
    r"|replaced|superseded|retired|expire[sd]?|draft|proposed|planned|from \d|nur|au\u00dfer|bis|wenn"
    r"|nicht|kein\w*)\b",
    re.IGNORECASE,
)

FAULT, UNKNOWN_FIELD = "fault", "unknown"


def judged(name: str, value: Any, response: str = "", rule: bool = False) -> str:
    """What a further field says of what it stands with: "" that it may be relied on, FAULT that it may not,
    UNKNOWN_FIELD what is not understood. `response`: what was decided; `rule`: it is no entry but a rule,
    which a place or a condition limits.
    """
    word = " ".join(str(value).split()).lower().rstrip(".")
    if word in NOTHING or value in ([], {}) or _HARMLESS.fullmatch(name):
        return ""
    if name in _SO | _NOT_SO:
        if word not in _TRUE | _FALSE:
            return UNKNOWN_FIELD
        return "" if (word in _TRUE) == (name in _SO) else FAULT
    if name in _STATUS:
        return "" if word in (_STANDS if rule else _ENDED_WELL) else FAULT
    if name in _EXPECTED:
        return "" if word == response else FAULT
    if name in _NOTES:
        return FAULT if _FOUND_WRONG.search(word) or (rule and _LIMITS.search(word)) else ""
    if name in _KIND:
        return FAULT if _FOUND_WRONG.search(word) or _NOT_REAL.search(word) else ""
    known = names_person(name) or (_PLACE.fullmatch(name) and not rule)
    return "" if known else UNKNOWN_FIELD


def names_person(name: str) -> bool:
    """Whether a field names somebody who had to do with it."""
    return _PERSON.fullmatch(name) is not None
