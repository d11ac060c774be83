"""The credential formats in use: for each what it begins with, and what the whole looks like.

A pattern is tried only where one of its literals stands, so the list may be long. Literals, with `|` between
them, are what the pattern begins with; with a `~` before it, a literal only says that the whole text is worth
a search. After the prefix most issuers put letters and digits drawn at random; `tail` below checks that, so
that `sk_test_helper_for_payments` stays code.
"""

# ruff: noqa: E501 - a format a line

import re
from dataclasses import dataclass
from typing import Any

import numpy

from autodidact.scanning.randomness import CHANGES, changes, common_share, is_placeholder

_W, _B, _H = "[A-Za-z0-9_-]", "[A-Za-z0-9]", "[0-9a-f]"

# kind; literals; pattern. Where a group `t` is, it must look drawn at random.
_TABLE: tuple[tuple[str, str, str], ...] = (
    # keys
    (
        "private key",
        "-----BEGIN|-----Begin",
        r"-----(?i:BEGIN)\s*(?:[A-Z0-9]+\s+)*?(?:[A-Z0-9]+\s*)?PRIVATE\s*KEY(?:\s*BLOCK)?\s*-----",
    ),
    ("private key", "---- BEGIN", r"---- BEGIN [A-Z0-9 ]*PRIVATE KEY ----"),
    ("OpenVPN key", "-----BEGIN OpenVPN", r"-----BEGIN OpenVPN Static key V\d-----"),
    (
        "private key",
        "MII|MIG|MHc|MC4CAQ",
        r"(?:MII[B-J]\w{2}IBAA[JK]|MII[B-K][\w+/]{2}(?:IBADAN|gIBAA|AIBAA)|MIG[HT]AgEAMB|MHcCAQEE|MC4CAQAw)[\w+/]{12,}",
    ),
    ("OpenSSH private key", "b3BlbnNzaC1rZXktdjE", r"b3BlbnNzaC1rZXktdjE[\w+/]{20,}"),
    ("PuTTY key", "PuTTY-User-Key-File", r"PuTTY-User-Key-File-\d:"),
    ("age key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[A-Z0-9]{40,}"),
    (
        "JWK symmetric key",
        "~\"oct\"|~'oct'",
        r"""(?s)['"]kty['"]\s*:\s*['"]oct['"].{0,400}['"]k['"]\s*:\s*['"]""" + _W + "{20,}",
    ),
    ("JWK private key", "~\"d\"|~'d'", r"""(?s)['"]kty['"].{0,800}['"]d['"]\s*:\s*['"]""" + _W + "{20,}"),
    # clouds
    ("AWS access key", "AKIA|ASIA|ABIA|ACCA", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])"),
    ("AWS session token", "FwoG|IQoJ|FQoG", r"(?:FwoGZXIvYXdz|IQoJb3JpZ2lu|FQoGZXIvYXdz)[\w+/=]{60,}"),
    ("AWS Bedrock key", "ABSK", r"ABSK(?P<t>[A-Za-z0-9+/]{60,}={0,2})"),
    ("Google API key", "AIza", rf"AIza(?P<t>{_W}{{35}})(?!{_W})"),
    ("Google OAuth secret", "GOCSPX-", rf"GOCSPX-(?P<t>{_W}{{24,}})"),
    ("Google OAuth token", "ya29.", r"ya29\.(?P<t>[A-Za-z0-9_.-]{20,})"),
    ("Google refresh token", "1//0", rf"1//0(?P<t>{_W}{{30,}})"),
    ("Google HMAC key", "GOOG1", rf"GOOG1[A-Z0-9]{{50,60}}(?!{_B})"),
    ("signed URL", "X-Goog-Signature|X-Amz-Signature", rf"X-(?:Goog|Amz)-Signature(?:=|%3[Dd]){_H}{{64,}}"),
    (
        "Azure storage key",
        "AccountKey|SharedAccessKey|SharedSecret",
        r"(?:AccountKey|SharedAccessKey|SharedSecret)['\"]?\s*[=:]\s*['\"]?[A-Za-z0-9+/]{40,}={0,2}",
    ),
    ("Azure signature", "~sig=", r"\bsig=(?P<t>[A-Za-z0-9%+/]{40,}(?:%3[Dd]|=)?)"),
    (
        "Azure client secret",
        "~Q~",
        r"(?<![\w~.-])(?P<t>[A-Za-z0-9_~.]{3}[78]Q~[A-Za-z0-9_~.-]{31,34})(?![\w~.-])",
    ),
    ("Alibaba key", "LTAI", rf"LTAI(?P<t>{_B}{{12,26}})(?!{_B})"),
    ("Tencent key", "AKID", rf"AKID(?P<t>{_B}{{28,36}})(?!{_B})"),
    (
        "Yandex key",
        "AQVN|y0_|t1.",
        rf"(?:AQVN(?P<t>{_W}{{34,}})|y0_{_W}{{50,}}|t1\.[A-Z0-9a-z_-]+\.[A-Z0-9a-z_-]{{80,}})",
    ),
    ("DigitalOcean token", "dop_v1_|doo_v1_|dor_v1_", rf"do[opr]_v1_{_H}{{60,}}"),
    ("Heroku key", "HRKU-", rf"HRKU-(?P<t>{_W}{{30,}})"),
    (
        "Fly token",
        "FlyV1|fm1r_|fm2_|fo1_",
        r"(?:FlyV1 fm\d\w*_|fm[12]\w?_|fo1_)(?P<t>[A-Za-z0-9+/=_,-]{30,})",
    ),
    ("Cloudflare key", "v1.0-", rf"v1\.0-{_H}{{24}}-{_H}{{100,}}"),
    ("Supabase key", "sbp_|sb_secret_", rf"(?:sbp_{_H}{{40}}|sb_secret_(?P<t>{_W}{{20,}}))"),
    ("PlanetScale token", "pscale_", r"pscale_(?:tkn|pw|oauth)_(?P<t>[A-Za-z0-9_.=-]{30,})"),
    ("Netlify token", "nfp_|nfc_", rf"nf[pc]_(?P<t>{_B}{{36,}})"),
    ("Databricks token", "dapi|dkea|dose", rf"(?:dapi|dkea|dose){_H}{{32}}(?:-\d)?"),
    ("Scaleway key", "SCW", r"SCW[A-Z0-9]{17}(?![A-Z0-9])"),
    ("Vault token", "hvs.|hvb.|hvr.", rf"hv[sbr]\.(?P<t>{_W}{{20,}})"),
    ("Terraform token", "~.atlasv1.", rf"{_B}{{14}}\.atlasv1\.(?P<t>{_W}{{50,}})"),
    ("Pulumi token", "pul-", rf"pul-{_H}{{40}}"),
    ("Doppler token", "dp.", rf"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{{2,35}}\.)?(?P<t>{_B}{{40,}})"),
    (
        "1Password token",
        "ops_eyJ|A3-",
        rf"(?:ops_eyJ{_W}{{100,}}=*|A3-[A-Z0-9]{{6}}-[A-Z0-9]{{6,11}}(?:-[A-Z0-9]{{5}}){{3,4}})",
    ),
    ("Infisical token", "st.", rf"st\.[0-9a-f-]{{24,36}}\.{_H}{{32,64}}\.{_H}{{32,64}}"),
    (
        "Kubernetes bootstrap token",
        "~--token|~token:|~token-secret|~ token",
        r"(?<![\w.])[a-z0-9]{6}\.(?P<t>[a-z0-9]{16})(?![\w.(])",
    ),
    (
        "Unleash token",
        "~:production.|~:development.|~:staging.|~:default.",
        rf"[\w*-]+:(?:production|development|staging|default)\.{_H}{{40,64}}(?!{_B})",
    ),
    # git hosts
    ("GitHub token", "ghp_|gho_|ghu_|ghs_|ghr_", rf"gh[pousr]_(?P<t>{_B}{{30,255}})"),
    ("GitHub token", "github_pat_", r"github_pat_(?P<t>\w{40,})"),
    (
        "GitLab token",
        "glpat-|glptt-|gldt-|glrt-|glcbt-|glsoat-|glimt-|glft-|glagent-|gloas-|glffct-|GR1348941",
        r"(?:gl(?:pat|ptt|dt|rt|cbt|soat|imt|ft|agent|oas|ffct)-|GR1348941)(?P<t>[\w.-]{16,})",
    ),
    (
        "Bitbucket token",
        "ATBB|ATCTT3xFfG|ATATT3xFfG",
        rf"(?:ATBB(?P<t>{_B}{{24,}})|AT(?:C|A)TT3xFfG[\w=-]{{40,}})",
    ),
    ("Sourcegraph token", "sgp_", rf"sgp_(?:[0-9a-z]+_)?{_H}{{40}}"),
    # model providers
    (
        "model provider key",
        "sk-",
        r"sk-(?:ant|proj|svcacct|admin|or|lf|None|live|test|[a-z]{2,10})(?:-[a-z]{0,6}\d{0,3})?-(?P<t>[\w-]{18,})",
    ),
    ("model provider key", "sk-", rf"sk-(?P<t>{_B}{{28,}})"),
    (
        "model provider key",
        "gsk_|xai-|pplx-|r8_|tvly-|csk-|fw_|tgp_|nvapi-|jina_|pa-|voy-|cpk_|AIzaSy|esecret_",
        rf"(?:gsk_|xai-|pplx-|r8_|tvly-(?:dev-|prod-)?|csk-|fw_|tgp_v1_|nvapi-|jina_|pa-|voy-|cpk_|esecret_)(?P<t>{_W}{{22,}})",
    ),
    ("Hugging Face token", "hf_|api_org_", rf"(?:hf_|api_org_)(?P<t>{_B}{{28,}})"),
    ("LangSmith key", "lsv2_", rf"lsv2_(?:pt|sk)_{_H}{{32}}_{_H}{{10}}"),
    ("Pinecone key", "pcsk_", r"pcsk_(?P<t>\w{40,})"),
    # chat
    (
        "Slack token",
        "xox|xapp-|xwfp-",
        r"(?:xox[abceoprs](?:\.xox[bp])?-|xapp-|xwfp-)(?P<t>[A-Za-z0-9-]{10,})",
    ),
    (
        "Slack webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/\w{6,}/\w{6,}/(?P<t>\w{16,})",
    ),
    (
        "Discord webhook",
        "~/api/webhooks/",
        rf"discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d{{15,}}/{_W}{{40,}}",
    ),
    (
        "Teams webhook",
        "~.webhook.office.com",
        r"webhook\.office\.com/webhookb2/[0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/[0-9a-f]{32}/",
    ),
    ("Telegram token", "~:A", rf"(?<!\d)\d{{8,10}}:A(?P<t>{_W}{{34}})(?!{_W})"),
    ("Matrix token", "syt_|mat_", rf"(?:syt_[A-Za-z0-9+/=]+_{_B}{{20}}_{_B}{{6}}|mat_(?P<t>{_B}{{30,}}))"),
    # payment and shops
    (
        "Stripe key",
        "sk_live_|rk_live_|pk_live_|sk_test_|rk_test_|sk_org_",
        rf"(?:sk|rk|pk)_(?:live|test|org)_(?P<t>{_B}{{16,}})",
    ),
    ("webhook secret", "whsec_", r"whsec_(?P<t>[A-Za-z0-9+/=]{20,})"),
    (
        "Square token",
        "sq0atp-|sq0csp-|sq0idp-|EAAA",
        rf"(?:sq0(?:atp|csp|idp)-(?P<t>{_W}{{22,}})|EAAA{_W}{{60}})",
    ),
    ("PayPal token", "access_token$", rf"access_token\$(?:production|sandbox)\$[0-9a-z]{{16}}\${_H}{{32}}"),
    ("Razorpay key", "rzp_live_|rzp_test_", rf"rzp_(?:live|test)_(?P<t>{_B}{{14,}})"),
    (
        "Plaid token",
        "access-sandbox-|access-production-|access-development-",
        rf"access-(?:sandbox|production|development)-{_H}{{8}}-[0-9a-f-]{{27}}",
    ),
    ("Mollie or Paystack key", "live_|test_", r"(?:live|test)_(?P<t>[A-Za-z0-9]{28,})"),
    ("Flutterwave key", "FLWSECK", r"FLWSECK(?:_TEST)?-[0-9a-zA-Z]{12,}(?:-X)?"),
    ("Braintree token", "access_token$production", r"access_token\$production\$\w{16}\$\w{32}"),
    ("Shopify token", "shpat_|shpca_|shppa_|shpss_", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    ("Coinbase key", "organizations/", r"organizations/[0-9a-f-]{36}/apiKeys/[0-9a-f-]{36}"),
    # mail, telephony, marketing
    ("SendGrid key", "SG.", rf"SG\.(?P<t>{_W}{{16,}}\.{_W}{{30,}})"),
    ("Mailgun key", "key-", rf"key-(?:{_H}{{32}})(?!{_B})"),
    ("Mailchimp key", "~-us", rf"(?<!\w){_H}{{32}}-us\d{{1,2}}(?!\w)"),
    ("Brevo key", "xkeysib-|xsmtpsib-", rf"x(?:key|smtp)sib-{_H}{{40,}}"),
    ("Resend key", "re_", rf"re_(?P<t>{_B}{{8}}_{_B}{{20,}})"),
    ("Twilio key", "SK|AC", rf"(?:SK|AC){_H}{{32}}(?!{_B})"),
    ("Facebook token", "EAACEdEose0cBA|EAAG|EAAB|EAAD", rf"EAA[A-Z](?P<t>{_B}{{60,}})"),
    ("Twitter bearer", "AAAAAAAAAAAAAAAAAAAA", r"A{20,24}[A-Za-z0-9%]{40,}"),
    ("LinkedIn secret", "WPL_AP1.", rf"WPL_AP\d\.{_B}{{12,}}"),
    # package registries and build services
    ("npm token", "npm_", rf"npm_(?P<t>{_B}{{30,}})"),
    ("PyPI token", "pypi-", rf"pypi-(?P<t>A{_W}{{50,}})"),
    ("RubyGems key", "rubygems_", rf"rubygems_{_H}{{48}}"),
    ("crates.io token", "cio", rf"cio(?P<t>{_B}{{32}})(?!{_B})"),
    ("NuGet key", "oy2", r"oy2(?P<t>[a-z0-9]{43})(?![a-z0-9])"),
    ("Docker token", "dckr_", rf"dckr_(?:pat|oat)_(?P<t>{_W}{{24,}})"),
    ("JFrog key", "AKCp|cmVmd", rf"(?:AKCp\d?(?P<t>{_B}{{60,}})|cmVmdGtuOj{_B}{{40,}})"),
    ("Clojars token", "CLOJARS_", rf"CLOJARS_{_H}{{60}}"),
    ("Buildkite token", "bkua_|bkaj_|bkct_", rf"bk(?:ua|aj|ct)_{_H}{{40}}"),
    ("CircleCI token", "CCIPAT_|CCIPRJ_", r"CCIP(?:AT|RJ)_(?P<t>\w{22,})"),
    ("Codecov or Snyk token", "snyk_", r"snyk_(?:\w{2,4}_)?(?P<t>[\w.-]{20,})"),
    ("AppVeyor token", "v2.", r"v2\.(?P<t>[a-z0-9]{20})(?![a-z0-9.])"),
    ("channel of packages with a token", "~/t/", r"/t/[a-z]{2}-[0-9a-f]{8}-[0-9a-f-]{27}"),
    # tools and services
    (
        "Grafana token",
        "glsa_|glc_|eyJrIjoi",
        rf"(?:glsa_(?P<t>{_B}{{32}})_{_H}{{8}}|glc_[A-Za-z0-9+/]{{32,}}={{0,2}}|eyJrIjoi[A-Za-z0-9+/]{{60,}}={{0,2}})",
    ),
    ("New Relic key", "NRAK-|NRJS-|NRII-|NRRA-", r"NR(?:AK|JS|II|RA)-[A-Za-z0-9_-]{18,}"),
    ("New Relic key", "~NRAL", r"(?<!\w)[0-9a-f]{36}NRAL(?!\w)"),
    ("Sentry token", "sntrys_|sntryu_", r"sntry[su]_[A-Za-z0-9+/=_-]{40,}"),
    ("Sentry address", "~sentry", rf"https?://{_H}{{32}}(?::{_H}{{32}})?@[\w.-]*sentry[\w.-]*/\d+"),
    ("Datadog key", "pub|ddapp_", rf"(?:pub{_H}{{32}}|ddapp_(?P<t>{_B}{{30,}}))(?!{_B})"),
    ("Linear key", "lin_api_|lin_oauth_", rf"lin_(?:api|oauth)_(?P<t>{_B}{{32,}})"),
    ("Notion token", "secret_|ntn_", rf"(?:secret_(?P<t>{_B}{{40,}})|ntn_{_B}{{40,}})"),
    ("Figma token", "figd_|figo_|figu_", rf"fig[dou]_(?P<t>{_W}{{30,}})"),
    ("Airtable token", "pat", rf"pat{_B}{{14}}\.{_H}{{64}}"),
    ("Postman key", "PMAK-", rf"PMAK-{_H}{{24}}-{_H}{{34}}"),
    ("PostHog key", "phc_|phx_", rf"ph[cx]_(?P<t>{_B}{{30,}})"),
    ("Dynatrace token", "dt0c01.|dt0s01.|dt0s16.", r"dt0[a-z]\d\d\.[A-Z0-9]{8,24}\.[A-Z0-9]{40,}"),
    ("Elastic key", "essu_", r"essu_[A-Za-z0-9+/=]{40,}"),
    ("Axiom token", "xaat-|xapt-", rf"xa[ap]t-{_H}{{8}}-[0-9a-f-]{{27}}"),
    ("Firecrawl key", "fc-", rf"fc-{_H}{{32}}(?!{_B})"),
    (
        "Loggly or Logz.io address",
        "~/inputs/|~logz.io",
        r"(?:/inputs/[0-9a-f]{8}-[0-9a-f-]{27}|logz\.io[^\s\"']{0,20}[?&]token=[A-Za-z]{32})",
    ),
    ("Prefect or Infracost key", "pnu_|pnb_|ico-", rf"(?:pn[ub]_(?P<t>{_B}{{36}})|ico-{_B}{{32}})"),
    ("Tailscale key", "tskey-", rf"tskey-(?:[a-z]+-)?(?P<t>{_W}{{16,}})"),
    ("Asana token", "1/|2/", rf"[012]/\d{{12,20}}[:/](?:\d{{12,20}}:)?{_H}{{32}}"),
    ("Mapbox token", "sk.eyJ|tk.eyJ|pk.eyJ", rf"[spt]k\.eyJ{_W}{{40,}}\.{_W}{{16,}}"),
    ("Typeform or Contentful token", "tfp_|CFPAT-", rf"(?:tfp_|CFPAT-)(?P<t>{_W}{{36,}})"),
    (
        "Zapier or IFTTT webhook",
        "hooks.zapier.com|maker.ifttt.com",
        r"(?:hooks\.zapier\.com/hooks/catch/\d+/\w{5,}|maker\.ifttt\.com/\S{0,80}/key/[\w-]{15,})",
    ),
    ("Okta token", "SSWS ", r"SSWS (?P<t>[\w-]{30,})"),
    ("Bitcoin key", "xprv|yprv|zprv", rf"[xyz]prv{_B}{{100,}}"),
    ("OTP seed", "~otpauth://", r"otpauth://[^\s\"'<>]{1,300}[?&]secret=[A-Z2-7a-z]{12,}"),
    # frames that many issuers use
    ("JWT", "eyJ|ewog", rf"(?:eyJ|ewog){_W}{{8,}}\.(?:eyJ|ewog){_W}{{8,}}\.{_W}{{10,}}"),
    ("JWE", "eyJ", rf"eyJ{_W}{{8,}}\.{_W}*\.{_W}{{12,}}\.{_W}{{20,}}\.{_W}{{16,}}"),
    (
        "password hash",
        "$2a$|$2b$|$2y$|$6$|$5$|$1$|$y$|$apr1$|$argon2",
        r"\$(?:2[aby]\$\d\d\$[./A-Za-z0-9]{53}|[156y]\$(?:rounds=\d+\$)?[./A-Za-z0-9$]{2,32}\$[./A-Za-z0-9]{22,86}|apr1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}|argon2id?\$[\w=,$]+\$[\w+/]+\$[\w+/]{20,})",
    ),
)


@dataclass(frozen=True)
class Format:
    """One format. `anywhere`: the pattern is searched for in the whole text, else matched where a literal
    stands. `blanks`: it may have some within.
    """

    kind: str
    pattern: re.Pattern
    anywhere: bool
    blanks: bool


def _formats() -> dict[str, list[Format]]:
    by_literal: dict[str, list[Format]] = {}
    for kind, literals, pattern in _TABLE:
        compiled = re.compile(pattern)
        for literal in literals.split("|"):
            by_literal.setdefault(literal.removeprefix("~"), []).append(
                Format(kind, compiled, literal.startswith("~"), " " in pattern or "\\s" in pattern)
            )
    return by_literal


FORMATS = _formats()
"""Literal -> the formats that begin with it."""

_RUNS = 1 << 16


def _run(codes: Any) -> Any:
    """A number for each run of three characters, given as an array of their codes; different runs may have
    the same.
    """
    return (codes[:-2] * 961 + codes[1:-1] * 31 + codes[2:]) % _RUNS


def _tables() -> tuple[Any, dict[int, list[int]], list[int]]:
    there, by_run, short = numpy.zeros(_RUNS, dtype=bool), {}, []
    for number, literal in enumerate(FORMATS):
        if len(literal) < 3:
            short.append(number)
            continue
        run = int(_run(numpy.array([*literal[:3].encode()], dtype=numpy.uint32))[0])
        there[run] = True
        by_run.setdefault(run, []).append(number)
    return there, by_run, short


_THERE, _BY_RUN, _SHORT = _tables()
_LITERALS = tuple(FORMATS)


def literals(text: str) -> list[str]:
    """The literals of `FORMATS` that are in a text, in their order. The few whose first three characters may
    be there are looked for: to look for all takes ten times as long.
    """
    codes = numpy.frombuffer(text.encode("latin-1", "replace"), dtype=numpy.uint8).astype(numpy.uint32)
    found = _run(codes) if len(codes) > 2 else codes[:0]
    some = {number for run in set(found[_THERE[found]].tolist()) for number in _BY_RUN[run]}
    return [_LITERALS[number] for number in sorted(some.union(_SHORT)) if _LITERALS[number] in text]


_COMMON = (
    "sk-",
    "pa-",
    "re_",
    "fw_",
    "key-",
    "secret_",
    "test_",
    "live_",
    "mat_",
    "access-",
    "st.",
    "v2.",
    "fc-",
)
ISSUERS = frozenset(
    literal
    for literal in FORMATS
    if literal[-1] in "_-." and len(literal) > 2 and literal[0].isalnum() and not literal.startswith(_COMMON)
)
"""Prefixes that nobody but an issuer of credentials writes."""

LIMIT = 600
"""Characters of a credential that are looked at."""


def tail(word: str) -> bool:
    """Could what follows a prefix be drawn at random? No for words in snake case, for `xxxx` and for
    `your-key-here`.
    """
    if is_placeholder(word) and not any(c.isdigit() for c in word[-8:]):
        return False
    if len(set(word)) < 6:
        return False
    letters = re.sub("[^A-Za-z0-9]", "", word)
    if changes(letters) >= CHANGES * len(letters):
        return True
    return any(c.isdigit() for c in word) and common_share(letters) <= 0.5
