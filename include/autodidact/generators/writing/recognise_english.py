"""Which language a short text is in, as far as a generator has to know it."""

import re

# Words that stand in most sentences of German, French, Spanish, Italian and Dutch, and in none of English.
_FOREIGN = re.compile(
    r"\b(?:ich|nicht|das|der|ein|eine|einen|und|ist|wir|mehr|bitte|so ein|je|le|est|pas|nous|vous|une|el|los"
    r"|que|por|muy|il|che|sono|het|een|niet|ik|mijn|nach|wieder|braucht|seit|oder|aber|noch|auch|wie|wo"
    r"|kost|voor|abbiamo|hier|gestern|heute|morgen|eure|davon)\b",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")


def is_english(text: str) -> bool:
    """Whether nothing speaks against it: letters of English alone, and no common word of another language."""
    return all(letter.isascii() for letter in _LETTER.findall(text)) and not _FOREIGN.search(text)
