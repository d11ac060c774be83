"""Secrets that a sentence tells: "the password of the old box is ...", "log in with ...", 64 hexadecimal
digits after "wallet".

What is said to be a password need not look drawn at random: letters with a digit or a sign among them will
do, where a verb says that it is one. What stands after `=` or `:` alone is looked at in `assigned.py`, which
asks for more, as code is full of it.
"""

# ruff: noqa: E501 - a pattern a line

import re
from collections.abc import Iterator

from autodidact.scanning.assignments import password_like, weak
from autodidact.scanning.randomness import COMMON_SHARE, common_share, is_hex

# How secrets are called. After the first anything that is no plain word counts as one, after the second
# digits alone do, after the third only
# what looks drawn at random.
_PASSWORD = (
    r"pass-?(?:words?|wd|phrases?|keys?)|pwd|pw|passwort|kennwort|passwörter|mot de passe|contraseñ[ao]s?|senhas?|palavra-passe|parola d'ordine|parola|wachtwoord|hasło|şifre|"
    r"lösenord|adgangskode|heslo|jelszó|salasana|mật khẩu|kata sandi|парол[ьяею]\w*|密码|密碼|口令|パスワード|비밀번호|암호|كلمة المرور|كلمة السر|पासवर्ड|סיסמה|סיסמא|รหัสผ่าน"
)
_DIGITS_TOO = (
    r"pin(?: code)?|pass-?codes?|(?:access|entry|door|gate|alarm|unlock|safe|security|keypad) (?:code|combination)s?|zugangscode|türcode|geheimzahl|code d'accès|"
    r"code secret|código de acceso|código de acesso|пин-?код\w*|код доступа|暗証番号|访问码|門禁碼|门禁码"
)
_RANDOM_ONLY = (
    r"(?:api|access|secret|signing|encryption|master|private|account|license|auth(?:entication)?|bot|bearer|service|client|recovery|root|admin)[ -](?:keys?|tokens?|secrets?|credentials?)|"
    r"credentials?|secret|log-?in|token|zugangsdaten|identifiants|credenciales|credenciais|учетные данные|токен\w*|密钥|密鑰|令牌|トークン|秘密鍵|토큰|مفتاح"
)
_NAME = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?P<p>{_PASSWORD})|(?P<d>{_DIGITS_TOO})|(?P<o>{_RANDOM_ONLY}))(?![a-z]?[(=_]|[a-z]{{2}})",
    re.IGNORECASE,
)

_SAYS = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|remains?|stays?|reads|becomes?|equals|called|named|to|lautet|lauten|ist|sind|war|heißt|est|sont|était|reste|es|son|era|será|é|são|foi|sarà|è|"
    r"jest|to|brzmi|är|er|je|adalah|là|это|будет|остался|остаётся|теперь|auf|zu|en|a|para|por|su|naar|na|still|noch|immer|toujours|sera|wird|devient|todavía|ainda)(?=[\s:\"'`“«„*])|(?<=[Ii]t|at|re|at)['’]s(?=\s)|[是为為成]了?|[はがを은는이가:：→=—–]|->|هي|هو|है|היא)"
)
_FILLER = re.compile(
    r"[\s:：=,\"'`“”‘’«»„「『*_(\[-]*(?:(?:now|currently|still|just|simply|always|again|literally|actually|exactly|probably|temporarily|today|then|the following|as follows|"
    r"set|changed|reset|updated|rotated|back|to|jetzt|nun|wieder|immer|noch|maintenant|désormais|toujours|ahora|siempre|agora|sempre|теперь|сейчас|现在|今は|目前)[\s:：,\"'`“”‘’«»„「『*_(\[-]+){0,4}"
)
_VALUE = re.compile(r"[A-Za-z0-9!#$%&()*+./:=?@\[\]\\^_{|}~'-]{4,80}")

# The sentence goes on, with a secret perhaps, as long as no stop is met; a dot in a name of a host is none.
_ON = re.compile(
    r"(?:[^.!?。！？\n\x1e]|[.!?](?=\w)|[.!?] (?=(?:[Ii]t|[Tt]hat|[Tt]his|[Hh]ere|[Ee]s|[Cc]'est|[Ээ]то)\b)){0,90}"
)

_SIGNS = frozenset("!@#$%^&*?~+=|")
_TECHNICAL = re.compile(
    r"(?i)(?:sha|md|base|utf|oauth|openid|http|ipv|x\.?|argon|pbkdf|bcrypt|scrypt|aes|rsa|hs|rs|es|ed|tls|ssl|wpa|oauth|rfc|python|win|mp|s|web|k|v|i|l|h|ec|neo|log|py|http/)-?\d[\w.+/-]*"
    r"|\d[\d.,:/-]*-?(?:[a-z%°]{0,4}|char\w*|bits?|digits?|bytes?|letters?|days?|min\w*|hours?|times?|fold|step|factor)|[\w.-]+@[\w.-]+\.\w+|\w+://\S*"
    r"|.*[(){}\[\]\\].*|[$%&/<-].*|.*(?:\.\.\.|…|%[sdr](?![A-Za-z0-9])|/\w*/).*|[a-z_]\w*(?:\.[a-z_]\w*)+|(?-i:[a-z]+(?:_[a-z0-9]+)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)|(?-i:[a-z]+\d?(?:-[a-z]+\d?){1,2})"
    r"|(?-i:[A-Z]?[a-z]+(?:[A-Z][a-z]+)*\d?)"
)

_WORD = re.compile(r"(?<![^\s\"'`“«,])[A-Za-z0-9!#$%&*+?@^_~.-]{8,40}(?![^\s\"'`”»,.;:)])")
_AT_ONCE = re.compile(r"(?: ?[:=/,]| ->)? ?[\"'`“«*]{0,3}")
_APART = re.compile(r"(?:, | \()[\"'`“«*]{0,3}([^\s\"'`“”«»<>,;()]{8,40})[\"'`”»*]{0,3}[,)]")
_PAIR = re.compile(
    r"(?i)\b(?:admin|administrator|root|user|login|guest|postgres|operator)\b(?: ?[:|] ?| / )[\"'`]?([^\s\"'`,;<>/]{8,40})"
)

# Pieces of code: `tokenUrl=`, `t.start[0]`.
_CODE = re.compile(r"[A-Za-z_][\w.]*=\S*|[\w.]+[\[(]\w*[\])]?\S*")

# Words of which a phrase that is a secret has none.
_COMMON = frozenset(
    """the and for are was were not has had have with from that this which who will would can could may might must should been being into onto than then them
    they their there here when where what your our his her its you she him but nor too very only also all any each every some such more most other same stored set kept saved sent
    used needed required hashed encrypted missing wrong empty valid invalid optional read written taken passed given checked shown hidden always never""".split()
)
_PHRASE = re.compile(
    r"[\"'`“«„*]{0,3}([a-z]{3,9}(?:[ ._-][a-z]{3,9}){3,11})(?=[\"'`”»“*]{0,3}(?:[.,;!?)\n]|\s*\Z|\s*\x1e))"
)

# What stands before the name of a password: `... as the password`, `... is our old staging`.
_BACKWARDS = re.compile(
    r"([^\s\"'`“”«»<>,;]{6,64})[\"'`”»*]{0,3},?(?: (?:it|that|this|which))?(?: is|'s| was| as| for| ist| est| es| é| →| =) (?:the |our |my |your |his |her |their |its |a |das |mein |unser |le |la |el )?(?:[\w-]+ ){0,3}\Z",
    re.IGNORECASE,
)
_OF_PASSWORDS = re.compile(
    r"(?i) ?(?:hash|field|reset|manager|polic|file|format|algorithm|type|input|column|check|strength)"
)
_ENTERED = re.compile(
    r"(?i)\b(?:log(?:ged|ging)? ?(?:in|on)(?:to)?|sign(?:ed|ing)? ?in|authenticat\w+|connect(?:ed|ing)?|get in(?:to)?|gets you in(?:to)?|unlock\w*|decrypt\w*|opens? (?:it|the \w+)|anmelden|einloggen|connecte\w*|inicia\w* sesión)\b"
    rf"({_ON.pattern})"
)
_WITH = re.compile(
    r"(?i)\b(?:with|using|typing|entering|via|mit|avec|con|com|/|and|und|et|y)\s+[\"'`“«*]{0,3}([^\s\"`“”«»<>,;]{8,64})"
)

_WALLET = re.compile(
    r"(?i)(?:wallet|seed|mnemonic|priv(?:ate)?[ _-]?key|(?:signing|secret|master|spending|spend|view|account|validator|deployer|minter|ethereum|eth|bitcoin|btc|solana|node)[ _-]?(?:private[ _-]?)?key|keystore|metamask|ledger|cold storage|entropy|wif|sk)\b"
    r"([^\n\x1e]{0,80}?|[^\n\x1e]{0,60}\n[^\n\x1e]{0,30}?)(?<![0-9A-Za-z])(?:0x)?([0-9a-fA-F]{64}|(?:[0-9a-fA-F]{2,16}[ :-]){3,31}[0-9a-fA-F]{2,16})(?![0-9A-Za-z])"
)
_PUBLIC = re.compile(
    r"(?i)public|hash|\bsha\d?\b|\bsha-?\d|digest|checksum|fingerprint|\bcommit(?: id)? \W{0,3}[0-9a-f]|address|txid|transaction|block|merkle|uuid|etag|integrity|revision|pub[ _-]?key|random seed|seed=\d"
)

# How the names begin; each is looked for by itself, which takes a fifth of the time of one pattern for all.
_STEMS = tuple(
    """pass pwd pw kennwort contrase senha palavra-passe parola wachtwoord hasł şifre lösenord adgangskode heslo jelszó salasana mật_khẩu kata_sandi mot_de_passe парол 密码 密碼
    口令 パスワード 비밀번호 암호 كلمة पासवर्ड סיסמ รหัสผ่าน pin access entry door gate alarm unlock safe security keypad zugangs türcode geheimzahl code_ código пин код_доступа
    暗証番号 访问码 門禁碼 门禁码 api secret signing encryption master private account license auth bot bearer service client recovery root admin credential log-in login token
    identifiants credenc учетные токен 密钥 密鑰 令牌 トークン 秘密鍵 토큰 مفتاح""".split()
)
_STEMS = tuple(stem.replace("_", " ") for stem in _STEMS)
_PLAIN_STEMS = tuple(filter(str.isascii, _STEMS))
_WAYS_IN = (
    "log",
    "sign",
    "authenticat",
    "connect",
    "get in",
    "gets you in",
    "unlock",
    "decrypt",
    "open",
    "anmelden",
    "inicia",
)
_WALLETS = (
    "wallet",
    "seed",
    "mnemonic",
    "priv",
    "key",
    "keystore",
    "metamask",
    "ledger",
    "cold storage",
    "entropy",
    "wif",
    "sk",
)
# Nothing is looked for in a text of ASCII without one of these.
_CUES = (
    *_PLAIN_STEMS,
    *_WALLETS,
    "sign in",
    "log in",
    "log on",
    "logged ",
    "connect",
    "gets you in",
    "get in",
    "decrypt",
)


def may_tell(text: str) -> bool:
    """A quick look: whether `find` may find something."""
    if not text.isascii():
        return True
    lower = text.lower()
    return any(cue in lower for cue in _CUES)


def find(text: str) -> str | None:
    """The kind of the first secret that a sentence tells; None when there is none. `text` may be several
    readings (`readings.BETWEEN`).
    """
    lower = text.lower()
    if len(lower) != len(text):  # of some letters of other alphabets
        text = lower
    for match in _names(text, lower):
        if any(_is_told(value, match) for value in _told(text, match)):
            return "password in a sentence"
        if match["p"] and any(
            map(_is_sure, _WORD.findall(text, match.end(), _ON.match(text, match.end()).end()))
        ):
            return "password in a sentence"
        if match["p"] and (_has_phrase(text, match.end()) or _follows(text, match.end())):
            return "password"
        if match["p"] and not _OF_PASSWORDS.match(text, match.end()):
            before = _BACKWARDS.search(text, max(0, match.start() - 100), match.start())
            if before and _looks_told(before[1], least=8):
                return "password in a sentence"
    for match in _PAIR.finditer(text) if "/" in text or ":" in text or "|" in text else ():
        if (
            any(map(str.isdigit, match[1]))
            and _SIGNS.intersection(match[1])
            and _is_strong(match[1].rstrip("."))
        ):
            return "name and password"
    if any(map(lower.__contains__, _WAYS_IN)):
        for match in _ENTERED.finditer(text):
            if any(_is_strong(value[1]) for value in _WITH.finditer(match[1])):
                return "password in a sentence"
    return None


def _names(text: str, lower: str) -> Iterator[re.Match]:
    """Where a secret is named."""
    for stem in _STEMS if not text.isascii() else _PLAIN_STEMS:
        place = lower.find(stem)
        while place >= 0:
            if match := _NAME.match(text, place):
                yield match
            place = lower.find(stem, place + len(stem))


def _told(text: str, name: re.Match) -> Iterator[str]:
    """What each verb of the sentence that goes on after a name says. A sign says it after a word (`password
    for the box: ...`), or a name of a language that no code is written in.
    """
    place = name.end()
    end = _ON.match(text, place).end()
    for says in _SAYS.finditer(text, place, end):
        if says[0] in (":", "=", "->") and name[0].isascii() and not _in_prose(text, name, says.start()):
            continue
        if match := _VALUE.match(text, _FILLER.match(text, says.end()).end()):
            yield match[0]


def _in_prose(text: str, name: re.Match, sign: int) -> bool:
    """Whether words stand between the name and a sign, or two before the name, as code has none; or it is the
    code of a door.
    """
    between = re.match(r"['’]?s?\s+\w", text[name.end() : sign])
    before = re.search(r"[A-Za-z]{2,} (?:[\w'’]+ )+\Z", text[max(0, name.start() - 40) : name.start()])
    return bool(between or before or (name["d"] and name[0] != "pin"))


def _is_told(value: str, name: re.Match) -> bool:
    if name["d"] and re.fullmatch(r"\d(?:[ -]?\d){3,11}[#*]?", value.rstrip(".!?)'")):
        return True
    if name["p"] or name["d"]:
        return _looks_told(value)
    return password_like(value.rstrip(".:?)'")) and not _CODE.fullmatch(value)


def _looks_told(value: str, least: int = 6) -> bool:
    """No plain word, name, number or term: letters with a digit or a sign among them."""
    value = value.rstrip(".:?)'*_")
    if _CODE.fullmatch(value):
        return False
    if password_like(value):
        return True
    bare = value.rstrip("!")
    if len(value) < least or weak(bare) or is_hex(bare) or _TECHNICAL.fullmatch(bare):
        return False
    letters = any(c.isalpha() for c in bare)
    if (
        bare.isalpha()
        and len(bare) >= 10
        and not bare.islower()
        and not bare.isupper()
        and common_share(bare) <= COMMON_SHARE
    ):
        return True
    return letters and (any(c.isdigit() for c in bare) or bool(_SIGNS.intersection(bare)))


def _is_sure(value: str) -> bool:
    """A word that is a password wherever it stands in a sentence that speaks of one: with a digit, a sign,
    and capitals or small letters, or as random as `password_like` asks.
    """
    value = value.rstrip(".:?)'")
    if _CODE.fullmatch(value) or _TECHNICAL.fullmatch(value.rstrip("!")):
        return False
    return password_like(value) or (
        any(map(str.isdigit, value)) and bool(_SIGNS.intersection(value[1:])) and _is_strong(value)
    )


def _is_strong(value: str) -> bool:
    """As `_looks_told`, and of three of the four: capitals, small letters, digits, signs."""
    present = (str.isupper, str.islower, str.isdigit, _SIGNS.__contains__)
    return _looks_told(value, least=8) and sum(any(map(kind, value)) for kind in present) >= 3


def _follows(text: str, place: int) -> bool:
    """Whether a password follows its name at once: `password Kelp2031!`, `pw: ...`, `passphrase
    kelp-tunnel-cedar-pebble`.
    """
    if (apart := _APART.match(text, place)) and _is_strong(apart[1]):
        return True
    start = _AT_ONCE.match(text, place).end()
    if start == place:
        return False
    phrase, value = _PHRASE.match(text, start), _VALUE.match(text, start)
    if phrase and not _COMMON.intersection(words := re.split("[ ._-]", phrase[1])) and len(set(words)) > 3:
        return True
    found = value[0].rstrip(".:?)'") if value else ""
    return any(map(str.isdigit, found)) and bool(_SIGNS.intersection(found[1:])) and _is_strong(found)


def _has_phrase(text: str, place: int) -> bool:
    end = _ON.match(text, place).end()
    for says in _SAYS.finditer(text, place, end):
        match = _PHRASE.match(text, _FILLER.match(text, says.end()).end())
        if match and not _COMMON.intersection(words := re.split("[ ._-]", match[1])) and len(set(words)) > 3:
            return True
    return False


def wallet(text: str) -> str | None:
    """64 hexadecimal digits, in one piece or in groups, after a word that says that they open a wallet: the
    kind, or None.
    """
    if not any(map(text.lower().__contains__, _WALLETS)):
        return None
    for match in _WALLET.finditer(text):
        digits = re.sub("[^0-9a-fA-F]", "", match[2])
        if (
            len(digits) == 64
            and len(set(digits.lower())) >= 8
            and not _PUBLIC.search(text, max(0, match.start() - 40), match.start(2))
        ):
            return "key of a wallet in hexadecimal digits"
    return None
