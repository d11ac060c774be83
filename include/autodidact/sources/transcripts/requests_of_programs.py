"""Requests that a program writes to a model in a person's place: for a title, tags, a summary or what comes
next of a conversation, for a verdict on an answer, or for a look whether anything is to be done.

Logs of gateways hold them among the questions of people, in the same form. They speak of the conversation as
of a thing ("the chat history"), name the program's own forms, or ask for a bare word.
"""

import re

# Characters of a text at its beginning that say what it asks for.
LOOKED_AT = 600

# A conversation that is spoken of in itself, not "the conversation between the captain and the pilot", and no
# word of another thing: "this session cookie".
_TALK = (
    r"(?:(?:this|our|the (?:above|following|current|previous|given|provided|partial|whole|entire|full))"
    r" (?:\w+ ){0,2}?(?:conversation|chat|dialog(?:ue)?|discussion|session|thread|exchange)"
    r"|(?:the|this|our|above|a) (?:\w+ )?(?:conversation|chat|message|dialog(?:ue)?|session)(?:['’]s)?"
    r" (?:history|log|transcript|so far|above|up to|until now|to date)"
    r"|(?:the|our) (?:conversation|chat|session))"
    r"(?=\W*\Z|[^\w\s]| *\n| (?:in|so|up|until|using|without|with|about|above|below|between the user|into|as"
    r"|for (?:the|a) (?:user|model|assistant|ai)|and (?:the|your)|that|which|now|point|this|to|here|you|we"
    r"|I)\b)"
)
_MAKES = (
    r"(?:generate|write|create|provide|suggest|produce|give|come up with|return|reply with|respond with"
    r"|summari[sz]e"
    r"|condense|compress|compact|categori[sz]e|analy[sz]e|name|describe|make|propose|predict)"
)
_OF_TALK = (
    r"(?:titles?|name|tags?|labels?|summary|recap|topic|theme|description|follow-?up (?:questions?|prompts?)"
    r"|questions?|suggestions?|handoff|snapshot|prompt|message|quer(?:y|ies)|emoji|main themes)"
)
_ABOUT_TALK = re.compile(
    rf"(?:#+ *\w+:?\s+)?(?:[^.\n]{{0,120}}[.\n]\s*){{0,3}}?(?:please |now,? |\*"
    rf"|your (?:urgent )?task is to |based on"
    rf" [^,\n]{{0,60}}, )*\W{{0,3}}(?:briefly\W+|concisely )?{_MAKES}\b"
    rf"(?:[^.\n]{{0,160}}\b{_OF_TALK}\b[^.\n]{{0,120}}?\b{_TALK}|(?: the| all)?\W+{_TALK})",
    re.IGNORECASE,
)
# The same in the words of programs that write otherwise.
_OF_PROGRAMS = re.compile(
    r"(?:provide|generate|write|create)[^.\n]{0,40}\b\d+(?:[- ](?:to |-)?\d*)?[- ]words?(?:-or-(?:less"
    r"|fewer))?\b"
    r"[^.\n]{0,30}\btitle\b[^.\n]{0,60}\b(?:conversation|chat|session|thread)\b"
    r"|(?:简要|简短|简洁)?(?:总结|概括)(?:一下)?(?:以上|上述|上面的?|本次|这段|当前|我们的?)?(?:对话|聊天|会话)(?:内容|记录|历史)?"
    r"|使用[^。\n]{0,12}字[^。\n]{0,8}(?:返回|总结|概括)[^。\n]{0,12}(?:主题|标题)"
    r"|(?:请)?(?:为|给)(?:这段|以上|上述|这个|本次|当前)(?:对话|聊天|会话)[^。\n]{0,20}(?:标题|题目|主题)"
    r"|you are (?:performing|doing) a context (?:checkpoint )?compaction\b"
    r"|(?:the (?:current )?conversation|the context(?: window)?) is (?:rapidly )?running out of\b"
    r"|progressively summari[sz]e the lines of conversation\b"
    r"|first, reason in your scratchpad\b"
    r"|you are maintaining a (?:context-aware )?\w* ?state summary\b"
    r"|determine (?:exactly )?(?:which next command|one command|the next command)\b"
    r"|(?:generate|determine) next command\b"
    r"|perform a web search for the query:"
    r"|please analy[sz]e this codebase and create an? \S{1,30}\.md file\b"
    r"|(?:warmup|quota)\W*\Z",
    re.IGNORECASE,
)
# A verdict on what a model answered.
_JUDGES = re.compile(
    r"(?:please )?(?:act|serve) as an? (?:\w+ ){0,3}(?:judge|grader|evaluator|rater|assessor)\b"
    r"|you are an? (?:\w+,? ){0,4}(?:judge|grader|evaluator|rater|assessor)\b(?! (?:of|at|in|on|for)\b)"
    r"|you are (?:comparing|evaluating|grading|assessing|judging) an? [^.\n]{0,60}"
    r"\b(?:answer|response|submission|output|completion)s?\b"
    r"|your (?:job|task) is to (?:look at a question, a gold|(?:evaluate|rate|grade|judge|assess"
    r"|score)\b[^.\n]{0,80}"
    r"\b(?:answer|response|submission|output|completion|assistant|model)s?\b)"
    r"|you will be given [^\n]{0,300}\byour task is to (?:rate|score|grade|evaluate|judge)\b"
    r"|judge whether the following \[?response\b"
    r"|(?:evaluate|rate|grade|score|assess) the (?:\w+ (?:and \w+ )?of the )?(?:following )?"
    r"(?:ai |model(?:['’]s)? |assistant(?:['’]s)? )?(?:response|answer|output|completion)s?\b[^.\n]{0,40}"
    r"(?: to the (?:question|instruction|prompt|query)\b| on a scale\b|\bbelow\b)"
    r"|task: check if there is unsafe content\b"
    r"|your task is to check if the (?:user|bot)(?:['’]s)? (?:message|response)\b",
    re.IGNORECASE,
)
# "If nothing needs attention, reply HEARTBEAT_OK."
_BARE_WORD = re.compile(
    r"\b(?i:(?:if|when) (?:there (?:is|are|['’]s) )?(?:nothing|no|none)\b)[^.\n]{0,80}?"
    r"\b(?i:reply|respond|answer|say|output|return)\b[^.\n]{0,30}?[\s`\"'*:][A-Z]{2,}(?:_[A-Z]+)+\b"
)
# "### Task:" with the other headings of a program's form, or the history in a block.
_FORM = re.compile(
    r"#+ ?Task:?[^\S\n]*\n(?=[\s\S]{0,6000}^(?:#+ ?(?:Guidelines|Output|Chat History|Instructions|Context)\b"
    r"|<chat_history>))",
    re.MULTILINE,
)
# "[SUGGESTION MODE: Suggest what the user might type next]".
_MODE = re.compile(
    r"\[(?:[A-Z]{2,} ){1,4}(?:MODE|RESUMPTION|NOTIFICATION|INSTRUCTIONS?|REMINDER|CONTEXT|CHECK"
    r"|UPDATE)\b[^\]]{0,200}\]"
)


def of_program(text: str) -> bool:
    """Whether a text in a person's place asks for what only a program asks a model."""
    said = text.lstrip()[:LOOKED_AT]
    return (
        any(form.match(said) for form in (_ABOUT_TALK, _OF_PROGRAMS, _JUDGES, _MODE))
        or _BARE_WORD.search(said) is not None
        or _FORM.match(text.lstrip()) is not None
    )
