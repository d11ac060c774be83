"""Secrets and e-mail addresses. A credential drops its example, an address becomes `<EMAIL>`.

Patterns are those of formats with a fixed prefix or frame, so that a hit is a credential and clean code is left alone: 2 hits in 16,053
functions and classes of the standard library and 30 installed packages, both of them test passwords. What a secret looked like is never
written anywhere: not to the file of dropped records, not to a report, not to a log. `second_scan.py` looks at the kept file again by
another method.
"""

import re

from autodidact.gate.rule import Context, Drop, map_texts, rewrite, texts
from autodidact.records import Example

NAME = "secrets"

_E = r"(?<![A-Za-z0-9_])"

PATTERNS: tuple[tuple[str, tuple[str, ...], re.Pattern], ...] = tuple(
    (kind, tuple(literals.split()), re.compile(pattern))
    for kind, literals, pattern in (
        ("private key", "-----BEGIN", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
        ("putty key", "PuTTY-User", r"PuTTY-User-Key-File-\d:"),
        ("AWS access key", "AKIA ASIA ABIA ACCA", _E + r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])"),
        ("AWS secret key", "aws AWS Aws", r"(?i)aws.{0,20}(?:secret|sk).{0,20}[=:]\W{0,4}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"),
        ("Google API key", "AIza", _E + r"AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
        ("Google OAuth secret", "GOCSPX-", _E + r"GOCSPX-[A-Za-z0-9_-]{28}"),
        ("Azure storage key", "AccountKey=", r"AccountKey=[A-Za-z0-9+/]{86}=="),
        ("GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", _E + r"(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})"),
        ("GitLab token", "glpat- glptt- gldt- glrt- glcbt- glsoat-", _E + r"gl(?:pat|ptt|dt|rt|cbt|soat)-[A-Za-z0-9_-]{20,}"),
        ("model provider key", "sk- gsk_ xai-", _E + r"(?:sk-[a-z]{2,8}-[\w-]{20,}|sk-[A-Za-z0-9]{40,}|(?:gsk_|xai-)[A-Za-z0-9]{40,})"),
        ("Hugging Face token", "hf_", _E + r"hf_[A-Za-z0-9]{30,}"),
        ("Slack token", "xox", _E + r"xox[abeoprs]-[A-Za-z0-9-]{10,}"),
        ("Slack webhook", "hooks.slack.com", r"hooks\.slack\.com/(?:services|workflows)/[A-Z0-9]{6,}/[A-Z0-9]{6,}/[A-Za-z0-9]{16,}"),
        ("Discord webhook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d{15,}/[A-Za-z0-9_-]{40,}"),
        ("Telegram token", ":AA", _E + r"\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])"),
        ("Stripe key", "_live_ _test_", _E + r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}"),
        ("Stripe webhook secret", "whsec_", _E + r"whsec_[A-Za-z0-9+/=]{24,}"),
        ("Twilio key", "SK", _E + r"SK[0-9a-f]{32}(?![0-9a-f])"),
        ("SendGrid key", "SG.", _E + r"SG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{40,}"),
        ("npm token", "npm_", _E + r"npm_[A-Za-z0-9]{36}"),
        ("PyPI token", "pypi-AgE", _E + r"pypi-AgE[A-Za-z0-9_-]{50,}"),
        ("DigitalOcean token", "_v1_", _E + r"do[opr]_v1_[0-9a-f]{64}"),
        ("Shopify token", "shpat_ shpca_ shppa_ shpss_", _E + r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
        ("JWT", "eyJ", _E + r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}"),
        ("password in a URL", "://", r"\w[\w+.-]{1,20}://[^\s/:@'\"<>{}$%]{0,64}:(?!//)[^\s/@'\"<>{}$*]{6,128}@[A-Za-z0-9][\w.-]*"),
        ("authorization header", "uthorization UTHORIZATION", r"(?i)authorization['\"]?\s*[:=,]\s*['\"]?(?:basic|bearer)\s+[\w+/.=-]{24,}"),
    )
)
"""(kind, what a text must contain for the pattern to be worth a try, pattern)."""

_ASSIGNED = re.compile(
    r"(?i)(?:key|secret|token|passw(?:or)?d)['\"]?\s{0,4}(?::=|=>|=|:)\s{0,4}['\"]([A-Za-z0-9+/_=.~!@#^&*-]{16,128})['\"]"
)
"""`API_KEY = "..."`: a secret when the value looks drawn at random, which `looks_random` decides."""

RESERVED_DOMAINS = ("example.com", "example.org", "example.net", "localhost", "invalid", "test", "example")
"""For documentation (RFC 2606): no one's address."""

_EMAIL = re.compile(r"(?<![\w.+/:@-])[A-Za-z0-9][\w.+-]{0,62}@((?:[A-Za-z0-9-]{1,63}\.)+[a-z]{2,12})(?![\w:/(\[@-]|\.\w)")
_NOT_DOMAINS = ("png", "jpg", "jpeg", "svg", "gif", "webp", "css", "js", "ts", "py", "md", "json", "yaml", "yml", "toml", "html", "txt")


def looks_random(value: str) -> bool:
    """Upper case, lower case and digits in a run of 16 and more, changing between them often: not a name, a path or a sentence."""
    kinds = ["d" if c.isdigit() else "u" if c.isupper() else "l" if c.islower() else "o" for c in value]
    changes = sum(a != b for a, b in zip(kinds, kinds[1:], strict=False))
    return {"d", "u", "l"} <= set(kinds) and changes >= len(value) / 4 and len(set(value)) >= 10


def find(text: str) -> str | None:
    """The kind of the first credential in a text, None when there is none."""
    for kind, literals, pattern in PATTERNS:
        if any(literal in text for literal in literals) and pattern.search(text):
            return kind
    if ('"' in text or "'" in text) and any(looks_random(match[1]) for match in _ASSIGNED.finditer(text)):
        return "assigned secret"
    return None


def redact(text: str) -> str:
    """The text with `<EMAIL>` for every e-mail address that could be someone's."""

    def mask(match: re.Match) -> str:
        domain = match[1].lower()
        reserved = any(domain == name or domain.endswith("." + name) for name in RESERVED_DOMAINS)
        return match[0] if reserved or domain.rpartition(".")[2] in _NOT_DOMAINS else "<EMAIL>"

    return _EMAIL.sub(mask, text) if "@" in text else text


def check(example: Example, context: Context | None) -> Example | Drop:
    """Looks at everything of the record, its source and extra fields too."""
    for text in texts([example.messages, example.tools, example.model_extra or {}, example.source.model_dump()]):
        if kind := find(text):
            return Drop("a credential", kind)
    return rewrite(example, map_texts(example.messages, redact), map_texts(example.tools, redact))
