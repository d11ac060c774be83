"""Which sentences can stand alone: nothing in them stands for what another sentence, a list or a picture
names, they have a subject, and they state something.
"""

import re

from autodidact.sources.documents.sentences import in_first_person

# How a sentence begins that goes on from another one, calls for attention, or points elsewhere.
_BEGINS = re.compile(
    r"(it|its|they|their|this|that|these|those|such|here|there|then|so|but|and|also|however|thus|he|she"
    r"|his|her|you|or|otherwise|instead|therefore|hence|likewise|similarly|finally|lastly|additionally"
    r"|moreover|furthermore|consequently|accordingly|specifically|alternatively|conversely|meanwhile"
    r"|nevertheless|nonetheless|still|yet|again|afterwards|next|first|firstly|second|secondly|third"
    r"|thirdly|now|both|neither|another|else|rather|indeed|luckily|fortunately|unfortunately|sadly"
    r"|basically|essentially|actually|obviously|clearly|sometimes|usually,|remember|recall|note|notice"
    r"|see|consider|imagine|suppose|assume|say|refer|read|visit|click|enjoy|welcome|thanks|thank|please"
    r"|congratulations|have fun|simply|merely|oftentimes|only by|at (the very )?least|not (only|just"
    r"|all)|feel free|don't worry|for (example|instance|(more|further|additional) \w+|details|this|that)"
    r"|more (\w+ )?(information|details|tips|examples|on|can|about)|as a result|as (above|before|shown"
    r"|seen|mentioned|described|noted|such|usual|always|you|an example)|of course|if (so|not|this|that)"
    r"|in (addition|contrast|other words|fact|particular|essence|short|general|summary|both|either"
    r"|any case|our|this|that|these|those|such|the (above|following|example|previous|next))\b"
    r"|on the (other|one) hand|on top of|at this point|to (do|achieve) (so|this|that)|(once|when) (done"
    r"|finished)|after (that|this|which)|before (that|this)|with (this|that|these)|the (other|same"
    r"|former|latter|above|following|previous|next|rest|reason|result|idea|point|difference|goal|example"
    r"|problem|solution|answer)|(one|another|an|a)( very)?( \w+)? (example|reason|way|option|solution"
    r"|alternative))\b",
    re.IGNORECASE,
)
# Words that stand for something that is named in another sentence, or on another line.
_REFERS = re.compile(
    r"^(?:The|An?|Some|Any|All) [^,]*\balso\b"
    r"|\b(they|them|their|theirs|one(?=[,.;])|this|these|those|latter|former|aforementioned"
    r"|following|follows|above|below|previous|previously|such (?!as\b)|the (other|example|snippet"
    r"|screenshot|figure|rest)|in (that|which) case|(because of|due to|of|for|with|to|from|after|before"
    r"|like|by|do|does|did|than|like) that(?=[,.;:)])|\w+ing that (is|was))|\b(many|several|some|few"
    r"|most|all|none|each|any|one|others?|both|either|neither|two|three) (can|may|might|will|must|should"
    r"|would|is|are|was|were|has|have|had|do|does|did)\b",
    re.IGNORECASE,
)
# Where another text is named instead of a fact, and calls to do something together.
_ELSEWHERE = re.compile(
    r"\b(see (also|the|our|`)|refer to|have a look|take a look|check(ing)? out|click (here|on)|read more"
    r"|let's|can be found (in|on|at|here)|see (how|what|for yourself))\b",
    re.IGNORECASE,
)
# Without a subject: "Implemented in Java with a cache.", "Handles the login."
_FRAGMENT = re.compile(
    r"[A-Z][a-z]+(?:ed|wn|ilt|ade|ent) (?:in|by|with|on|as|from|for|to|at|using|via|into|under|of|when|if)\b"
    r"|[A-Z][a-z]+(?<!s)s (?:the|a|an|all|any|each|every|its|it|whether|how|what|which|that|if|them)\b"
    r"|(?:Useful|Ideal|Suitable|Responsible|Able|Due|Based|Similar|Same|Required|Optional|Available)\b"
    r"|(?:Contains|Provides|Includes|Allows|Supports|Uses|Depends|Defaults|Returns)\b"
)
# A relative clause, and what is the verb of a sentence without one: an auxiliary, a form in -s or -ed, what
# follows "you", or an order at its beginning.
_RELATIVE = re.compile(r", (?:which|who|whose|where)\b[^,.]*")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|has|have|had|do|does|did|can|could|may|might|must|shall|should|will|would"
    r"|let)\b"
    r"|(?<!['’])\b[a-z]{2,}(?:s|ed|n't)\b|\byou \w+|(?:,|`|s) (?:set|use|need|get|make|run|work|take)\b"
    r"|^[A-Z][a-z]+ (?:the|an?|your|all|any|each|[`\"A-Z0-9])"
)
# What an "it" can stand for: a thing that is named before it.
_IT = re.compile(r"\bits?\b", re.IGNORECASE)
_NAMED = re.compile(
    r"`|\b(?i:the|an?|each|every|any) \w|(?<=\s)[A-Z]"
    r"|^(?!(?:At|In|On|When|If|While|For|With|By|To|As|After|Before|Once|Since|Unless|Until|Because|Although"
    r"|Though|From|During|Under|Without|Where|Instead)\b)[A-Z][\w.]* \w"
)
# "The names are extracted from it": which names, the sentence before says.
_KNOWN = re.compile(
    r"The [a-z]+ (?:is|are|was|were|can|may|might|must|will|would|should|has|have|had|does|do)\b"
)
# How a sentence begins that goes on from the one right before it, which it is understood with.
_GOES_ON = re.compile(
    r"(it|its|they|their|this|that|these|those|such|thus|therefore|hence|however|but|also|otherwise|instead"
    r"|likewise|similarly|additionally|moreover|furthermore|consequently|accordingly|nevertheless"
    r"|nonetheless|both|neither"
    r"|(because of|due to|for|like|with|without|after|before) (this|that|these|those)"
    r"|in (addition|contrast|(this|that) (case|way))|as a result|if (so|not|this|that))\b",
    re.IGNORECASE,
)
# What points to something else than the sentence right before: another place, a list, a picture, code below.
_FARTHER = re.compile(
    r"\b(above|below|following|follows|previous|previously|former|latter|aforementioned|earlier|later|next"
    r"|examples?|snippet|screenshot|figure|table|shown|seen|here|sections?|chapters?|pages?|the (rest|other)"
    r"|(like|do|as) (this|that|so)(?=[,.;:)]))\b",
    re.IGNORECASE,
)


def stands_alone(sentence: str, first: bool = True) -> bool:
    """Whether a sentence is understood, and says something, without those around it. `first`: it begins its
    paragraph.
    """
    return not (
        not first
        and _KNOWN.match(sentence)
        or _dangling_it(sentence)
        or _BEGINS.match(sentence)
        or _FRAGMENT.match(sentence)
        or _REFERS.search(sentence)
        or _ELSEWHERE.search(sentence)
        or in_first_person(sentence)
        or not _VERB.search(_RELATIVE.sub("", sentence))
    )


def goes_on(sentence: str) -> bool:
    """Whether a sentence that does not stand alone is understood, and says something, right after one that
    does.
    """
    return not (
        (_BEGINS.match(sentence) and not _GOES_ON.match(sentence))
        or _FRAGMENT.match(sentence)
        or _FARTHER.search(sentence)
        or _ELSEWHERE.search(sentence)
        or in_first_person(sentence)
        or not _VERB.search(_RELATIVE.sub("", sentence))
    )


def _dangling_it(sentence: str) -> bool:
    """Whether an "it" has nothing before it that it can stand for."""
    found = _IT.search(sentence)
    return found is not None and not _NAMED.search(sentence[: found.start()])
