"""Fields called `state`, `status` or `end_reason` that speak of where somebody lives, of a user's account or
of the chat as a whole, and not of how an answer ended: `state: "Bavaria"`, `chat_state: "archived"`.
"""

import re
from collections.abc import Sequence
from typing import Any

_STATE = frozenset("state status".split())
# Words of a path that name nothing.
_HOLDERS = frozenset("meta metadata info data details extra properties attributes current".split())
# Those of whom a state says nothing of an answer.
_PERSONS = frozenset(
    "user users customer customers client account accounts profile person author contact visitor member"
    " subscription plan address location geo place billing shipping".split()
)
_CHATS = frozenset("chat chats conversation conversations session sessions thread threads ticket".split())
# What an address has besides its state.
_ADDRESS = frozenset(
    "country country_code countryCode city town zip zipcode zip_code zipCode postcode post_code postal_code"
    " postalCode region county province street continent hashed_ip ip ip_address".split()
)
# A state of a country by its two letters; not the words of two letters that judge.
_REGION = re.compile(r"(?!KO|NG|NO|OK)[A-Z]{2}\Z")
# Values, without case and marks: of anything that is kept, and of a chat that goes on or was left.
_KEPT = frozenset("ready archived pinned starred shared public private".split())
_GOES_ON = frozenset("active inactive open opened reopened new read unread idle live online offline".split())
_ENDS = frozenset("end ended ending close closed closing".split())
_LEFT = re.compile(
    r"(user|customer|client|visitor|person|human|member)s?"
    r"(has)?(left|ended|closed|exit|exited|quit|gone|inactive|idle|inactivity|loggedout|logout)"
    r"(the)?(chat|conversation|session|page)?\Z"
)


def of_something_else(path: Sequence[str], siblings: Any, value: Any) -> bool:
    """Whether a field of an unknown value speaks of something else than an answer. `path`: the words of its
    name and of those of the objects that hold it; `siblings`: the names of the fields around it.
    """
    if not isinstance(value, str):
        return False
    plain = re.sub(r"[\W_]", "", value[:80]).lower()
    words = set(path) - _HOLDERS
    if not _ENDS.isdisjoint(words) and "reason" in words:
        return _LEFT.match(plain) is not None
    if _STATE.isdisjoint(words):
        return False
    owners = words - _STATE
    if not owners:
        lives = "state" in words and (not _ADDRESS.isdisjoint(siblings) or _REGION.match(value.strip()))
        return bool(lives) or plain in _KEPT
    if owners <= _CHATS:
        return plain in _KEPT | _GOES_ON
    return owners <= _PERSONS
