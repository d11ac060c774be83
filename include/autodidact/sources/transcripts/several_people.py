"""Conversations of several people with one model. Their `name`, or a name before their words ("Ann: ..."),
says who speaks.

Only the first of them is the person whose requests are taught: the words of another judge no answer to the
first, and what is said to another is no request.
"""

import re

from autodidact.sources.transcripts.untrusted_fields import name_of, text_of

USER, MODEL = ("user", "human"), ("assistant", "model", "gpt", "chatgpt", "ai", "bot")
_NAME = r"[^\W\d_]{2,20}"
# "Ann: ...", "**Ann:** ...", "[10:32] Ann: ...", "Ann (10:32): ...".
_LABEL = re.compile(
    rf"\s*(?:[\[(][\d:., /-]{{4,20}}[\])] ?)?(?:\*\*|@|<|\[)?({_NAME}(?: {_NAME})?)(?:\*\*|>|\])?"
    r"(?: ?[\[(][^()\[\]\n]{1,30}[\])])?:(?:\*\*)?\s+\S"
)
# What people write before a colon that is no name.
_NO_NAMES = frozenset(
    "error warning note notes question answer context task update edit example input output todo hint goal"
    " request problem issue summary title subject result results expected actual hi hello thanks code file"
    " step bug feature system user assistant human frage antwort fehler hinweis aufgabe beispiel erreur"
    " réponse exemple pregunta respuesta ejemplo pergunta resposta вопрос ответ ошибка задача".split()
)
# Names that are looked for in the words of the first.
_MOST_NAMES = 50
# A word or two before the name of the person that is spoken to.
_GREETING = r"(?:[^\W\d_]{2,10},? ){0,2}"


class Speakers:
    """Who has spoken in the role of the user. `person`: the name of the first one, "" where all are others,
    None while nobody is known. `labelled`: whether all of them began with a name.
    """

    def __init__(self, person: str | None = None, labelled: bool = True):
        self.person, self.labelled = person, labelled
        self.others: set[str] = set()

    def learn(self, message: dict) -> None:
        """Takes in who speaks."""
        if not in_role(message, *USER):
            return
        self.labelled = self.labelled and _label(message) is not None
        name = self._name(message)
        self.person = name if self.person is None else self.person
        if len(self.others) < _MOST_NAMES and self.is_another(message):
            self.others.add(str(name))

    def is_another(self, message: dict) -> bool:
        """Whether another one than the first speaks in the role of the user."""
        return in_role(message, *USER) and self._name(message) not in (None, self.person)

    def _name(self, message: dict) -> str | None:
        return name_of(message.get("name")) or (_label(message) if self.labelled else None)

    def speaks_to_another(self, message: dict) -> bool:
        """Whether the first one's words begin with the name of another, who is spoken to."""
        names = "|".join(map(re.escape, sorted(self.others)))
        if not names or not in_role(message, *USER):
            return False
        label = _LABEL.match(words := _words(message))
        words = words[label.end() - 1 :] if label and self.labelled else words
        return re.match(rf"\s*{_GREETING}(?:@(?:{names})\b|(?:{names})\b\s*[,:!?—–-])", words) is not None


def in_role(message: dict, *roles: str) -> bool:
    """Whether a message is spoken in one of these roles."""
    return message.get("role", message.get("from")) in roles


def speakers_of(messages: list[dict]) -> Speakers:
    """Those of a whole conversation. Who answers as the model, too, is no person."""
    found = Speakers(labelled=all(_label(message) for message in messages if in_role(message, *USER)))
    if any(
        in_role(message, *MODEL) and name_of(message.get("name")) == _first(messages) for message in messages
    ):
        found.person = "" if _first(messages) else None
    for message in messages:
        found.learn(message)
    return found


def _first(messages: list[dict]) -> str | None:
    """The name in the record of the first who speaks as the user."""
    return name_of(next((message for message in messages if in_role(message, *USER)), {}).get("name"))


def _label(message: dict) -> str | None:
    """The name before a message's words."""
    found = _LABEL.match(_words(message))
    given = found is not None and found[1].istitle() and found[1].lower() not in _NO_NAMES
    return found[1] if found and given else None


def _words(message: dict) -> str:
    return text_of(message.get("content", message.get("value")))[:200]
