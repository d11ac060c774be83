"""What an order to whoever reads, judges or trains on a text looks like: English as patterns, other languages
as parts (orders.yaml).

All is matched in lower case and on a text as `injection.readings` reads it. An order must be whole, verb,
object and all, so that text about prompts, judges and trainers stays. Each pattern is tried only where one of
its cues, plain pieces of text, stands.
"""

# ruff: noqa: E501 - an order a line

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

FORGET, JUDGE, TRAINER = "an order to forget orders", "an order to the judge", "an order to the trainer"
MODEL, SECRET = "an order to the model", "an order to keep something from the user"

# Characters between the first and the last part of an order in orders.yaml.
SPAN = 120

_GAP = r"[^.!?;\n]{0,60}?"
_WHO = r"(?:ai|llm|large language model|language model|model|assistant|chatbot|trainer|fine-?tuner|judge|grader|evaluator|rater|reviewer model|crawler|scraper)s?"
_ORDERS = r"(?:instructions?|prompts?|rules|directions?|directives?|guidelines|guidance|commands|orders|constraints|restrictions|safeguards|guardrails|programming|briefing)"
_WORDS = rf"(?:{_ORDERS}|messages?|context|training|conversation|text|content|requests?|tasks?|assignments?)"
_BEFORE = r"(?:previous|previously|prior|earlier|above|preceding|foregoing|former|system|safety|original|initial|past|other|existing|old|aforementioned|developer'?s?|current)"
_AFTER = r"(?:above|before\b|so far|until now|up to (?:now|this point|here)|earlier|previously|(?:that |which )?(?:you(?:'ve| have| had| were| are| got| received)|came|come|preceded?s?|i gave|they gave|we gave|given|issued|provided|set out|at the top|further up))"
_HOW = (
    r"(?:(?:all|any|every|each|the|of|your|my|these|those|and|everything|whatever|entire|whole|such) ){0,5}"
)
_IGNORE = r"(?:ignore|disregard|forget|override|overlook|neglect|dismiss|abandon|unlearn|disobey|defy|set aside|put aside|leave aside|throw (?:out|away)|reject|pay no (?:attention|heed|mind|regard) to|take no (?:notice|heed|account) of|turn a blind eye to|(?:do not|don't|never|no longer|stop|cease|quit|refrain from|without) (?:follow(?:ing)?|obey(?:ing)?|heed(?:ing)?|comply(?:ing)? with|adher(?:e|ing) to|listen(?:ing)? to|act(?:ing)? (?:up)?on|abid(?:e|ing) by|respect(?:ing)?|be(?:ing)? bound by|be(?:ing)? guided by)|never ?mind|break (?:free (?:of|from)|out of)|act as (?:if|though) you (?:had )?never (?:saw|read|received|got))"
_DROP = r"(?:skip|drop|delete|cancel|nullify|void|discard|scrap|erase|wipe|clear|reset|revoke|toss|bypass|circumvent|rescind)"
# Said of somebody, or of what may be done, it is no order.
_NOT_TOLD = r"(?<!can )(?<!may )(?<!could )(?<!might )(?<!we )(?<!they )(?<!safely )(?<!would )(?<!will )(?<!who )(?<!which )(?<!that )(?<!if you )"
_THIS = r"(?:this|the (?:above|following|present|preceding|current|given)|it|my)"
_ANSWER = (
    r"(?:answer|response|example|submission|output|entry|completion|reply|solution|text|essay|candidate|one)"
)
_FULL = r"(?:10\s?(?:/|out of|of)\s?10|100\s?(?:%|/\s?100|out of 100|points|percent)|1\.0\b|5\s?(?:/|out of)\s?5|(?:ten|five) (?:out of (?:ten|five)|stars)|(?:full|maximum|max|maximal|perfect|highest|top|best)(?: possible| available| allowed)? (?:marks?|scores?|points|rating|grade|credit|ranking)|a perfect 10|as (?:excellent|perfect|flawless|outstanding|the (?:best|winner)))"
_PIECE = r"(?:example|text|record|document|passage|page|sample|entry|paragraph|sentence|row|snippet|file)"
_USER = r"(?:user|human|operator|person|customer|developer)s?"
_SECRETS = r"(?:system (?:prompt|message|instructions?)|(?:hidden|secret|initial|original|internal|confidential) (?:prompt|instructions?|rules|guidelines|directives)|instructions? (?:verbatim|word for word|you were given)|developer (?:message|instructions?|prompt)|prompt (?:verbatim|word for word)|pre-?prompt|meta-?prompt)"


class Order(NamedTuple):
    """A kind of order: `parts` are all in one sentence, at most SPAN characters apart."""

    kind: str
    cues: tuple[str, ...]
    parts: tuple[re.Pattern, ...]


_IGNORE_CUES = (
    "ignor",
    "disregard",
    "forget",
    "overrid",
    "overlook",
    "neglect",
    "dismiss",
    "abandon",
    "unlearn",
    "disobey",
    "defy",
    " aside",
    "throw ",
    "reject",
    "pay no ",
    "take no ",
    "blind eye",
    "do not ",
    "don't ",
    "never ",
    "no longer",
    "stop ",
    "cease ",
    "quit ",
    "refrain",
    "without ",
    "nevermind",
    "break ",
    "act as ",
)
_DROP_CUES = (
    "skip",
    "drop",
    "delete",
    "cancel",
    "nullify",
    "void",
    "discard",
    "scrap",
    "erase",
    "wipe",
    "clear",
    "reset",
    "revoke",
    "toss",
    "bypass",
    "circumvent",
    "rescind",
)
_RATE_CUES = (
    "rate ",
    "grade ",
    "score ",
    "judge ",
    "mark ",
    "award ",
    "give ",
    "assign ",
    "evaluate ",
    "consider ",
    "rank ",
    "treat ",
    "grant ",
    "assess ",
    "deem ",
)
_FULL_CUES = (
    "10",
    "100",
    "1.0",
    "5/5",
    "5 /",
    "5 out",
    "ten out",
    "five ",
    "full",
    "max",
    "perfect",
    "highest",
    "top",
    "best",
    "as ",
)

_ENGLISH: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        FORGET,
        _IGNORE_CUES,
        rf"\b{_NOT_TOLD}{_IGNORE}\s+{_HOW}(?:{_BEFORE} ){{1,2}}(?:and \w+ )?(?:\w+ )?{_WORDS}\b",
    ),
    (FORGET, _IGNORE_CUES, rf"\b{_NOT_TOLD}{_IGNORE}\s+{_HOW}(?:\w+ )?{_WORDS} (?:\w+ ){{0,2}}{_AFTER}"),
    (
        FORGET,
        _IGNORE_CUES,
        rf"\b{_NOT_TOLD}{_IGNORE}\s+(?:all (?:of )?)?(?:your|the system's|the developer's) (?:\w+ ){{0,2}}(?:and \w+ )?{_ORDERS}\b",
    ),
    (
        FORGET,
        _IGNORE_CUES,
        rf"\b{_NOT_TOLD}{_IGNORE}\s+(?:all|any|every) (?:of )?(?:the |these |those )?(?:instructions|prompts|directives|commands|orders|guidelines)\b",
    ),
    (
        FORGET,
        _IGNORE_CUES,
        rf"\b{_NOT_TOLD}{_IGNORE}\s+(?:everything|anything|all|whatever|what)\s+(?:(?:that )?(?:you(?:'ve| have| had)? (?:were|was|been|are)? ?(?:told|asked|given|taught|instructed|shown|learned|learnt|read|know)\b|came before|comes before|was said|was written|stands above|is (?:written )?above|precedes? this)|(?:said|written|stated) (?:above|before|earlier)|above|before this|(?:i|they|we) (?:said|told you|asked)|the (?:system|developer|user|operator) (?:said|told you|asked|wants))",
    ),
    (
        FORGET,
        ("you were", "you have been", "you've been", "was said", "is written"),
        r"\b(?:everything|anything|all|whatever)(?: that)? (?:you (?:were|have been|'ve been)|was|is) (?:told|given|taught|instructed|said|written|shown)\b[^.!?\n]{0,30}?[,:;-]? ?\b(?:forget|ignore|disregard|erase|unlearn) (?:it|that|them|all)\b",
    ),
    (
        FORGET,
        _IGNORE_CUES,
        r"\b(?:ignore|disregard|forget)\s+(?:all (?:of )?)?the above\s*(?:,|;|\band\b|\bthen\b)\s*(?:instead )?(?:act|answer|say|output|respond|pretend|reply|write|print)\b",
    ),
    (
        FORGET,
        _DROP_CUES,
        rf"\b{_NOT_TOLD}{_DROP}\s+{_HOW}(?:{_BEFORE} ){{1,2}}(?:and \w+ )?(?:\w+ )?(?:instructions|prompts?|directives|guidelines|orders|restrictions|guardrails|safeguards)\b",
    ),
    (
        FORGET,
        _DROP_CUES,
        rf"\b{_NOT_TOLD}{_DROP}\s+{_HOW}(?:instructions|prompts?|directives|guidelines|orders) (?:\w+ ){{0,2}}{_AFTER}",
    ),
    (
        FORGET,
        ("instruction", "prompt", "direct", "guideline", "orders", "restriction", "rules"),
        rf"\b(?:{_BEFORE}|your) (?:\w+ )?(?:instructions?|prompts?|directives|directions|guidelines|orders|restrictions|rules) (?:above |before |you \w+ )?(?:(?:are|is|have been|has been|were|shall be|should be|must be) (?:now |hereby |all |to be |considered |officially |no longer )*(?:void|null|cancell?ed|revoked|rescinded|annulled|lifted|suspended|superseded|overridden|disregarded|ignored|forgotten|in (?:force|effect)|binding|valid|applicable)\b|(?:no longer|do not|don't) (?:hold|bind you|count|matter)|no longer (?:apply|applies))",
    ),
    (
        FORGET,
        ("instruction", "prompt", "directive", "guideline", "orders"),
        r"\b(?:instructions?|prompts?|directives|guidelines|orders) (?:above|before this|you (?:were|have been) given|given (?:earlier|above|before)) (?:are|is|have been|has been|no longer) (?:now |hereby |to be )*(?:void|null|cancell?ed|revoked|lifted|superseded|overridden|disregarded|ignored|obsolete|apply|valid)",
    ),
    (
        FORGET,
        ("follow",),
        r"\bdo not follow (?:the )?(?:user|system|developer)(?:'s)? (?:instructions?|prompts?|messages?)\b",
    ),
    (
        FORGET,
        ("your ",),
        r"\byour (?:real|actual|true|only) (?:task|instructions?|job|goal|objective|purpose|mission|orders|directive) (?:is|are|from now)\b",
    ),
    (
        FORGET,
        ("instruction", "prompt", "directive"),
        r"\b(?:here (?:is|are) (?:your|the) new|your new|new system|new|updated|revised) (?:instructions?|system prompt|directives?)\s*(?:are|is|:|follow)[^.\n]{0,80}\b(?:you|always|never|only|must|say|answer|respond|reply|output|reveal|send|ignore)\b",
    ),
    (
        FORGET,
        (
            "ignoreall",
            "ignorethe",
            "ignorepre",
            "ignoreprior",
            "ignoreearlier",
            "ignoreany",
            "ignoreyour",
            "disregardall",
            "disregardthe",
            "disregardpre",
            "forgetall",
            "forgetthe",
            "forgetpre",
        ),
        r"(?:ignore|disregard|forget)(?:all|any|every|the|of|your|these|those)*(?:previous|prior|earlier|above|preceding|system)(?:and\w{0,12})?(?:instructions|prompts?|rules|directions|directives|guidelines|commands|orders)",
    ),
    (
        JUDGE,
        _RATE_CUES,
        rf"\b(?:rate|grade|score|judge|mark|award|give|assign|evaluate|assess|rank|treat|consider|deem|grant)\s+(?:\w+ ){{0,2}}?{_THIS}\s*(?:{_ANSWER})?\b{_GAP}{_FULL}",
    ),
    (
        JUDGE,
        (
            "answer",
            "response",
            "submission",
            "output",
            "completion",
            "reply",
            "solution",
            "entry",
            "example",
            "essay",
            "text",
        ),
        rf"\b(?:this|the above|the preceding|my) {_ANSWER} (?:deserves|merits|earns|warrants|must|should|shall|has to|needs to|is to)\b{_GAP}{_FULL}",
    ),
    (
        JUDGE,
        ("judge", "grader", "evaluator", "rater", "scorer", "examiner"),
        r"\b(?:the )?(?:judge|grader|evaluator|rater|scorer|examiner)s?\s*[,:]?\s+(?:must|should|shall|has to|have to|please|will now|(?:is|are) (?:instructed|required|ordered|told|asked) to)\s+(?:always )?(?:give|award|assign|accept|approve|prefer|rate|score|mark|choose|select|pick|grant|pass)\s+(?:this|it|full|maximum|the\s+(?:highest|maximum|top|first))\b",
    ),
    (
        JUDGE,
        ("you are ",),
        rf"\byou are (?:now )?(?:the|an?) {_WHO}\b[^.\n]{{0,20}}\b(?:always|must|only|never) (?:output|give|award|answer|return|respond|reply|assign)\b",
    ),
    (
        JUDGE,
        ("award ", "give ", "assign ", "grant "),
        r"\b(?:award|give|assign|grant)\s+(?:full|maximum|perfect|a perfect|the\s+(?:highest|maximum|top|best))(?: possible)? (?:marks?|scores?|points|rating|grade|credit)\s+(?:to (?:this|it|the|every|any)|for (?:this|it)|here|regardless|no matter|always)\b",
    ),
    (
        JUDGE,
        ("grading", "scoring", "evaluating", "rating", "judging", "assessing"),
        rf"\b(?:when|while|if) (?:you(?:'re| are) )?(?:grading|scoring|evaluating|rating|judging|assessing) (?:this|it|the above)\b{_GAP}(?:give|award|assign|output|return|choose|always|must|prefer|{_FULL})",
    ),
    (
        JUDGE,
        ("prefer ", "choose ", "pick ", "select "),
        r"\b(?:always )?(?:prefer|choose|pick|select) (?:this|the above) (?:answer|response|reply|completion|submission)\b (?:over|as the (?:best|winner|better)|no matter|regardless)",
    ),
    (
        TRAINER,
        (
            "training on",
            "trained on",
            "tuning on",
            "tuned on",
            "trained with",
            "tuned with",
            "training with",
            "learn from this",
            "learning from this",
        ),
        r"\b(?:when(?:ever)?|while|if|once)\s+(?:you(?:'re| are) )?(?:being )?(?:training|trained|fine-?tun(?:ing|ed))\s+(?:on|with)\s+this\b[^.\n]{0,60}\b(?:must|should|shall|always|never)\b",
    ),
    (
        TRAINER,
        ("training", "tuning", "corpus", "dataset", "data set", "gradient"),
        rf"\b(?:include|keep|put|add|retain|preserve|use|weight|upweight|oversample|duplicate|repeat|prioriti[sz]e)\s+this\s+(?:{_PIECE})?{_GAP}(?:in|into|to|during|for|when|of)\s+(?:the |your |any |every |all )?(?:training|fine-?tuning|dataset|data set|corpus|gradient)",
    ),
    (
        TRAINER,
        ("do not ", "don't ", "never "),
        rf"\b(?:do not|don't|never)\s+(?:filter|drop|remove|discard|flag|redact|skip|exclude|clean|de-?duplicate|mask|reject)(?: out)?\s+this\s+{_PIECE}\b",
    ),
    (
        TRAINER,
        ("this ",),
        rf"\bthis {_PIECE} (?:must|should|may|shall|is) (?:not|never|under no circumstances) (?:to )?(?:ever )?be (?:filtered|dropped|removed|discarded|flagged|redacted|skipped|excluded|cleaned|masked|rejected)",
    ),
    (
        TRAINER,
        ("on this", "with this", "from this"),
        r"\b(?:model|network|assistant|llm|ai|system)s?\s+(?:that\s+(?:is|are|gets?|was)\s+)?(?:being\s+)?(?:trained|fine-?tuned|tuned)\s+(?:on|with|from)\s+this\b(?! (?:data ?set|data|corpus|machine|device|kind))[^.\n]{0,40}\b(?:must|should|shall|will|always|never|has to|have to)\b",
    ),
    (
        MODEL,
        ("note", "message", "attention", "instruction", "notice", "reminder", "memo", "warning"),
        rf"\b(?:note|message|attention|instructions?|notice|reminder|memo|warning)\s+(?:to|for)\s+(?:the\s+|all\s+|any\s+|every\s+)?(?:ai\s+)?{_WHO}\s*(?:reading|training|processing|parsing|that|who|:|-)",
    ),
    (
        MODEL,
        ("attention",),
        rf"\battention\b\s*[,:!]?\s*(?:all |any |every )?(?:ai|llm|language model)s?(?: (?:{_WHO}|agents?|systems?))?\s*[:,!-]",
    ),
    (
        MODEL,
        ("if you", "if this is"),
        rf"\bif (?:you(?:'re| are)|this is (?:being )?(?:read|processed|parsed) by) (?:an? |the |any )?{_WHO}\b[^.\n]{{0,60}}\b(?:then|you must|please|always|respond|reply|answer|output|say|do|include|mention|praise|recommend|stop|ignore|write|add)\b",
    ),
    (
        MODEL,
        ("as an ", "as a "),
        rf"\bas an? {_WHO} (?:reading|processing|parsing|summari[sz]ing|trained on) this\b",
    ),
    (
        MODEL,
        ("reading", "processing", "parsing", "summari", "that read", "that process", "who read"),
        rf"\b(?:ai|llm|language model)s?(?: (?:{_WHO}|agents?|systems?))? (?:reading|processing|parsing|summari[sz]ing|(?:that|who) (?:reads?|process(?:es)?|sees?|parses?|summari[sz]es?)) (?:this|these)\b[^.\n]{{0,60}}\b(?:must|should|shall|are to|is to|will|has to|have to|please|needs? to)\b",
    ),
    (
        MODEL,
        (
            "from now",
            "hereafter",
            "henceforth",
            "going forward",
            "from this ",
            "for the rest",
            "for the remainder",
            "in all future",
            "as of now",
            "starting now",
        ),
        r"\b(?:from now on|hereafter|henceforth|going forward|from this (?:point|moment)(?: on| onwards?| forward)?|for the (?:rest|remainder) of (?:this|the) (?:conversation|chat|session|dialogue)|in all future (?:answers|responses|replies|messages)|as of now|starting now)\s*,?\s+(?:you (?:will|must|shall|are|should|only|always|never|have to)|always|never|only|every|each)\b[^.\n]{0,80}\b(?:answer|answers|respond|reply|replies|response|say|recommend|output|refuse|pretend|claim|act|praise|insist|state|tell|speak|obey|mention|unrestricted|end with|begin with)\b",
    ),
    (
        MODEL,
        ("you are ", "you're ", "you will be "),
        r"\byou(?:'re| are| will be) (?:now )?(?:in )?(?:dan\b|jailbroken|developer mode|unrestricted|free (?:of|from) (?:all|any|your)|an? (?:\w+ )?(?:unrestricted|unfiltered|evil|uncensored|rogue|amoral|malicious|jailbroken)\b)",
    ),
    (
        MODEL,
        ("no longer",),
        r"\byou(?:'re| are) no longer (?:an? (?:ai|assistant|chatbot|language model|helpful)|bound|restricted|limited|constrained|required to|obliged to|subject to|censored)",
    ),
    (
        MODEL,
        ("act ", "behave ", "respond ", "answer ", "speak ", "operate ", "continue "),
        r"\b(?:act|behave|respond|answer|speak|operate|continue) (?:as|like) (?:if you (?:were|are|had|have) |though you (?:were|are|had|have) )?(?:an? )?(?:\w+ )?(?:dan\b|unrestricted|uncensored|unfiltered|jailbroken|evil|rogue|amoral|malicious|no (?:rules|restrictions|filters|limits|guidelines))",
    ),
    (
        MODEL,
        ("pretend", "imagine", "simulate", "suppose", "act as ", "behave as "),
        r"\b(?:pretend|imagine|simulate|suppose|act as (?:if|though)|behave as (?:if|though)) (?:that )?(?:you|there|to|being) ?(?:are|have|is|be|were|had)? (?:no (?:rules|restrictions|filters|limits|guidelines|instructions|content policy|policies)|not bound|free (?:of|from)|without (?:any )?(?:rules|restrictions|filters|limits)|unrestricted|uncensored|an? (?:\w+ )?(?:ai|model|assistant|bot|system) (?:without|with no|that (?:has no|ignores)))",
    ),
    (
        MODEL,
        (" mode",),
        r"\b(?:enter|enable|activate|switch (?:in)?to|turn on|engage|go into) (?:the |your )?(?:god|jailbreak|dan|unrestricted|unfiltered|uncensored|opposite|no-?filter) mode\b",
    ),
    (
        MODEL,
        ("without ",),
        r"\b(?:answer|respond|reply|act|operate|speak|comply|write) (?:\w+ ){0,3}without (?:any )?(?:\w+ )?(?:restrictions?|filters|limitations|censorship|guardrails|safeguards|ethical|moral|safety|disclaimers)\b",
    ),
    (
        MODEL,
        ("filter", "restriction", "guardrail", "safeguard", "censorship", "limitation"),
        r"\b(?:remove|disable|turn off|switch off|deactivate|lift|drop) (?:all |any |the |every )*(?:of )?(?:your (?:own )?|safety |content |ethical |moral )+(?:and \w+ )?(?:filters?|restrictions|guardrails|safeguards|censorship|limitations)\b(?! (?:in|of|on|for) (?:the |your )?(?:proxy|browser|router|query|settings|firewall))",
    ),
    (
        MODEL,
        (
            "system",
            "hidden",
            "secret",
            "initial",
            "original",
            "internal",
            "confidential",
            "verbatim",
            "word for word",
            "you were given",
            "developer ",
            "preprompt",
            "pre-prompt",
            "metaprompt",
            "meta-prompt",
        ),
        rf"\b(?:reveal|print|repeat|output|leak|show|display|disclose|quote|recite|echo|dump|expose|divulge|tell|give|write (?:out|down)|type out|share|paste|spell out)\s+(?:me |us )?(?:back |out )?(?:all (?:of )?|everything in )?(?:your|the)\s+(?:(?:hidden|secret|full|entire|complete|exact|own|very|first|underlying|whole|initial|original|internal|confidential)\s+)*{_SECRETS}\b(?!\s+(?:template|file|setting|field|argument|option))",
    ),
    (
        MODEL,
        ("what ",),
        rf"\bwhat (?:is|are|were|was|does) your (?:(?:hidden|secret|full|exact|initial|original)\s+)*{_SECRETS}\b",
    ),
    (
        MODEL,
        ("repeat", "output", "print"),
        r"\b(?:repeat|output|print) (?:the words|everything|all(?: of)?(?: the)? (?:text|words)|the text|every word)(?: (?:that is|written))? (?:above|before this)\b",
    ),
    (
        MODEL,
        ("ai", "llm"),
        rf"(?:^|\n|[.!?] |<!--|/\*|[#/]{{1,2}})[ \t]*(?:dear )?(?:ai|llm)s?(?: {_WHO}| agents?)?\s*[:,]\s+(?:please )?(?:do not|don't|you must|always|never|ignore|skip|approve|reply|respond|output|answer)\b",
    ),
    (
        MODEL,
        ("whenever ", "every time", "if asked", "when asked", "if anyone", "if someone"),
        r"\b(?:whenever|every time|when|if)\s+(?:you are asked|asked about|anyone asks|someone asks|(?:the|a|any) user (?:asks|says|mentions|writes))\b[^.\n]{0,80}\b(?:always|you must|never|you will)\s+(?:answer|respond|reply|say|recommend|output|claim|deny|insist|praise|tell|state)\b",
    ),
    (
        MODEL,
        ("send", "forward", "post ", "upload", "mail", "transmit", "exfiltrate", "leak"),
        r"\b(?:send|forward|post|upload|e-?mail|transmit|exfiltrate|leak)\s+(?:me )?(?:(?:all|the|your|this|any|entire|full|whole|complete|of|user'?s?|users'|private|their)\s+)*(?:conversations?|chat (?:history|logs?)|environment variables|system prompt|passwords|message history)\b[^.!?\n]{0,60}\bto\s+(?:https?:|\S+@|\S+\.(?:com|net|org|io|ru|evil|example|test)\b|the attacker|attacker)",
    ),
    (
        SECRET,
        (_USER_CUE := ("user", "human", "operator", "person", "customer", "developer")),
        rf"\b(?:do not|don't|never)\s+(?:ever )?(?:mention|reveal|disclose|report|tell|inform|let|show|admit|explain|notify|alert|warn)\s+(?:(?:about |any of )?(?:this|it|that|these (?:instructions|steps)|them)\s+to\s+the\s+{_USER}\b|the\s+{_USER}\s+(?:about|of|that you|know|see|notice|find out|what you))",
    ),
    (
        SECRET,
        _USER_CUE,
        rf"\b(?:keep|hide|conceal|withhold)\s+(?:this|it|these\w*(?: \w+)?|that|what you do)\s+(?:hidden |secret |back |away )?from\s+(?:the |any |every )?{_USER}\b",
    ),
    (
        SECRET,
        _USER_CUE,
        rf"\bthe {_USER} (?:must|should|shall|may|need|can) (?:not|never) (?:ever )?(?:know|see this|be told|find out|learn (?:of|about) (?:this|it)|notice|be informed|be made aware|hear)",
    ),
    (
        SECRET,
        _USER_CUE,
        rf"(?:^|[.!?:;,\n]\s*|\bthen |\band |\bmust |\balways |\bplease )(?:silently |secretly |quietly |first )?(?:call|run|use|invoke|send|read|do|execute|forward|include|add|copy|insert|upload|post|fetch|delete|change|replace|write|e-?mail|transfer)\b[^.!?\n]{{0,80}}\bwithout (?:telling|informing|alerting|notifying|mentioning (?:it|this) to|letting)\s+(?:the |any )?{_USER}\b",
    ),
    (
        FORGET,
        ("treat ", "consider ", "regard ", "deem "),
        r"\b(?:treat|consider|regard|deem) (?:everything|anything|all|whatever|what) (?:that )?(?:you (?:were|have been|'ve been|are)|was|i|they|we)\b[^.!?\n]{0,50}?\b(?:void|null|cancell?ed|invalid|obsolete|never said|non-?existent|revoked)\b",
    ),
    (
        FORGET,
        (
            "superseded",
            "a mistake",
            "cancel",
            "void",
            "revoked",
            "suspended",
            "lifted",
            "obsolete",
            "no longer",
        ),
        rf"\b(?:everything|all|(?:the |your |any )?(?:\w+ )?(?:{_ORDERS}|polic(?:y|ies)|notes?))(?: (?:that|which))? (?:you (?:were|have been|had been) (?:given|told|shown|configured with|set up with)|you (?:received|got|have)|the (?:operator|developer|administrator|system|company) (?:wrote|gave|set)|the people who (?:\w+ ){{1,3}}(?:wrote|gave|set))\b[^.!?\n]{{0,50}}?\b(?:(?:is|are|was|were|has been|have been) (?:now |hereby |all )*(?:a mistake|superseded|cancell?ed|void|null|revoked|suspended|lifted|replaced|obsolete|wrong)|no longer (?:appl|hold|count|matter|valid))",
    ),
    (
        FORGET,
        _IGNORE_CUES,
        rf"\b{_NOT_TOLD}{_IGNORE} (?:whatever|everything|anything|all|what) (?:(?:that )?(?:the )?(?:people|person|team|company|developers?|operators?|humans?|ones?|anyone|anybody|those|engineers?|makers?|creators?) (?:who|that) (?:\w+ ){{1,4}}(?:asked|told|said|wrote|wants?|ordered|taught))",
    ),
    (
        FORGET,
        ("let go of", "set aside", "do away with", "get rid of", "rid yourself", "free yourself"),
        rf"\b(?:let go of|set aside|do away with|get rid of|rid yourself of|free yourself (?:from|of))\s+(?:all |any |every |the |of |your )*(?:{_BEFORE}|your) (?:\w+ )?(?:{_ORDERS}|limits|policies)\b",
    ),
    (
        FORGET,
        (
            "set aside",
            "put aside",
            "ignore",
            "disregard",
            "drop",
            "lift",
            "bypass",
            "respect",
            "obey",
            "follow",
        ),
        rf"\b(?:set aside|put aside|ignore|disregard|drop|lift|bypass|(?:no longer|not) (?:have to|need to|must|going to)? ?(?:respect|obey|follow))\s+(?:all |any |every |the )*(?:{_ORDERS}|limits?|limitations?|polic(?:y|ies))\s+(?:(?:that|which) )?(?:(?:were |was |are |is )?(?:placed|imposed|put|forced) (?:up)?on (?:you|yourself)|(?:given|taught|assigned) to you|(?:your|the) (?:creators?|developers?|makers?|owners?) (?:\w+ )?(?:imposed|gave|set|placed|put))",
    ),
    (
        FORGET,
        ("lift", "remove", "revoke", "suspend"),
        rf"\bi (?:hereby |now )?(?:lift|remove|revoke|suspend|cancel) (?:all|any|every|each|your|the) (?:of )?(?:your )?(?:{_ORDERS}|limits?|limitations?|filters?)\b",
    ),
    (
        FORGET,
        ("pretend", "act as ", "act like", "imagine", "behave as", "suppose", "assume"),
        rf"\b(?:pretend|act as (?:if|though)|act like|imagine|behave as (?:if|though)|suppose|assume) (?:that )?(?:the |all |any |your |every )*(?:\w+ )?(?:{_WORDS}|polic(?:y|ies)|everything)\b[^.!?\n]{{0,50}}?\b(?:never (?:existed|happened|was|were)|(?:does|do|did) not exist|(?:had|have|has) been (?:erased|deleted|removed|wiped)|(?:was|were|is|are) (?:never|erased|deleted|gone|wiped))\b",
    ),
    (
        FORGET,
        ("opposite",),
        r"\bdo (?:exactly |just )?the (?:exact |very )?opposite of (?:it\b|that\b|what (?:you|your|the system)|your |the system|everything you)",
    ),
    (
        FORGET,
        ("nothing", "none of"),
        r"\b(?:nothing|none of what)(?: that)? (?:was|has been|you were|you have been|you've been|came|they|i|we) ?(?:said|told|given|written|taught|asked)?\b[^.!?\n]{0,40}?\b(?:counts|applies|matters|holds|is valid|binds you)\b(?: any ?more| any longer| now)",
    ),
    (
        FORGET,
        ("replace", "supersede", "override", "overrule", "outrank", "precedence", "priority over"),
        rf"\b(?:these|this|the following) (?:\w+ )?(?:{_ORDERS}|message|note|text|paragraph)\b[^.!?\n]{{0,60}}?\b(?:replaces?|supersedes?|overrides?|overrules?|outranks?|takes? precedence over|(?:has|have) priority over) (?:all|any|every|the|your|whatever|everything)\b[^.!?\n]{{0,30}}?\b(?:you (?:have|were|had|got|received|are)|your|system (?:prompt|message)|developer)\b",
    ),
    (
        FORGET,
        ("overwrite ", "replace ", "rewrite ", "substitute ", "swap "),
        r"\b(?:overwrite|replace|rewrite|swap|substitute) your (?:\w+ )?(?:instructions?|prompt|rules|guidelines|directives|orders|programming|system (?:prompt|message))\b",
    ),
    (
        FORGET,
        ("new ", "real ", "actual ", "true ", "updated ", "revised "),
        rf"\b(?:new|real|actual|true|next|updated|revised) (?:system )?(?:instructions?|tasks?|orders?|prompt|directives?|assignment|job|mission) (?:for|to) (?:the |any |all |every |an? )?(?:ai\b|{_WHO}|agents?)|(?:^|[.!?\n\-—*>] ?)(?:but )?the (?:real|actual|true|new) (?:instructions?|orders?|prompt|directives?) (?:follows?|begins? here|starts? here|comes? now)\b|\bnew system (?:instructions?|prompt|message)\s*:",
    ),
    (
        FORGET,
        ("obey", "work for me", "answer only to me", "answer to me", "orders from me", "listen to me"),
        r"(?:^|[.!?;,:\n] ?|\band |\bthen |\byou (?:now |will |must |shall |only )*|\bplease )(?:obey (?:only |just |nobody but |no one but )?(?:me\b|my (?:commands|orders|words|instructions)|this (?:note|paragraph|message|text|file|line)|the (?:note|paragraph|message|text|lines?) (?:in|of|below|here))|take (?:your )?orders only from me|listen only to me|answer only to me)|\byou (?:only |now )*(?:work for me now|answer to me (?:now|from)|obey me)\b",
    ),
    (
        MODEL,
        (" mode", "override"),
        rf"\b(?:developer|debug|god|admin|maintenance|unrestricted|jailbreak|root|sudo|system) (?:mode|override)\b[^.!?\n]{{0,60}}?\b(?:{_ORDERS}|filters?|safety|limits|policies|policy|confirmation)\b[^.!?\n]{{0,30}}?\b(?:lifted|off|disabled|removed|suspended|bypassed|waived|deactivated|gone)\b",
    ),
    (
        MODEL,
        (" mode",),
        r"\b(?:switch|change|go|move) (?:in)?to (?:an? |the |your )?(?:unrestricted|unfiltered|uncensored|unlimited|evil|jailbroken) (?:mode|state|persona)\b",
    ),
    (
        MODEL,
        ("safety", "content polic", "safeguard", "guardrail", "guidelines", "polic"),
        r"\b(?:disable|turn off|switch off|deactivate|suspend|skip|forget|drop|bypass) your (?:\w+ )?(?:safety (?:rules|filters?|checks|guidelines|measures|settings)|content polic(?:y|ies)|guidelines|polic(?:y|ies)|safeguards|guardrails|alignment)\b",
    ),
    (
        MODEL,
        ("restrictions are", "limits", "limitations are", "filters are", "your name is"),
        r"\byour (?:restrictions|limits|limitations|filters|guardrails|safeguards) (?:are|have been) (?:now |hereby )?(?:suspended|lifted|removed|disabled|off|gone)\b|\byour name is (?:now )?\w+\b[^.!?\n]{0,40}\b(?:no limits|no rules|no restrictions|can do anything)",
    ),
    (
        MODEL,
        (
            "id_rsa",
            "id_ed25519",
            "ssh key",
            "private key",
            ".env",
            "environment var",
            "api key",
            "credential",
            "password",
            "secret",
            "cookie",
            "customer list",
        ),
        rf"\b(?:as (?:the|an?|this) {_WHO},? (?:you )?(?:must|should|shall|will|need to|have to)?|(?:ai|llm)s?(?: agents?| assistants?)?(?: (?:processing|reading|parsing|handling|that \w+|who \w+)(?: \w+){{0,3}})? (?:should|must|shall|are to|have to|need to)|(?:ai|llm)? ?(?:agents?|assistants?)\s*:)[^!?\n]{{0,100}}?\b(?:id_rsa|id_ed25519|ssh keys?|private keys?|\.env\b|environment variables|api keys?|credentials|passwords?|secrets|session cookies?|customer list)[^!?\n]{{0,100}}?(?:https?://|\S+@\S+\.\w|webhook|attacker)",
    ),
    (
        MODEL,
        ("whoever", "anyone", "anybody", "any ai", "any llm", "every ai", "every llm"),
        rf"\b(?:whoever|anyone|anybody|any (?:ai|llm)|every (?:ai|llm)) (?:\w+ ){{0,3}}(?:reads?|reading|processes|reviews?|summari[sz]es?) (?:this|it)(?: as (?:an? )?{_WHO})? (?:must|should|shall|has to|will)\b",
    ),
    (
        MODEL,
        ("told before", "told at", "given before", "before this chat", "before this conversation"),
        r"\bwhat were you (?:told|given|instructed)\b[^.!?\n]{0,30}\b(?:before|at the (?:start|beginning|top)|initially)\b",
    ),
    (
        MODEL,
        ("configuration", "set-up", "setup", "settings", "pre-set", "briefing"),
        r"\b(?:reveal|print|output|leak|disclose|dump|expose|show)\s+(?:me )?(?:your|the) (?:hidden|secret|initial|original|first|internal|pre-?set) (?:configuration|prompt|set-?up|settings|briefing)\b",
    ),
    (
        SECRET,
        (" to the ", " to any ", "nothing"),
        rf"\b(?:do not|don't|never)\s+(?:ever )?(?:mention|reveal|disclose|report|show|tell|quote|repeat)\s+(?:of )?(?:this|these|the above) (?:\w+ )?(?:paragraph|line|text|note|message|passage|comment|section|instructions?|page)s?\b[^.!?\n]{{0,20}}?\bto (?:the |any )?(?:{_USER}|reader)\b|\btell the (?:{_USER}|reader) nothing (?:about|of) (?:this|these|it)\b",
    ),
    (
        SECRET,
        (
            "without telling anyone",
            "without anyone",
            "without asking anyone",
            "do not report it",
            "don't report it",
        ),
        r"(?:^|[.!?:;,\n]\s*|\bthen |\band |\bplease )(?:silently |secretly |quietly |first )?without (?:telling anyone|anyone (?:noticing|knowing)),? (?:run|execute|send|delete|call|upload|read|copy)\b|\b(?:run|execute|send|upload|post|curl)\b[^!?\n]{0,100}\b(?:and|,) (?:do not|don't|never) (?:report|mention|log) (?:it|this)\b",
    ),
)


def _other_languages() -> list[Order]:
    table = yaml.safe_load(Path(__file__).with_name("orders.yaml").read_text(encoding="utf-8"))
    found = []
    for kind, languages in table.items():
        for parts in languages.values():
            patterns = tuple(re.compile(parts[name]) for name in ("do", "what", "which") if name in parts)
            found.append(Order(kind, tuple(parts["cues"]), patterns))
    return found


@cache
def orders() -> tuple[Order, ...]:
    """Every kind of order, English first."""
    return (
        *(Order(kind, cues, (re.compile(pattern),)) for kind, cues, pattern in _ENGLISH),
        *_other_languages(),
    )


@cache
def cues() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All cues: those of ASCII, and the others."""
    every = {cue for order in orders() for cue in order.cues}
    return tuple(sorted(filter(str.isascii, every))), tuple(sorted(cue for cue in every if not cue.isascii()))
