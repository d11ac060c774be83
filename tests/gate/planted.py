"""Secrets to plant and places to plant them in, made at run time from parts, so that no scanner is alarmed by
this file. They open nothing.
"""

# ruff: noqa: E501 - a carrier a line

import base64
import json
import random
import string
import urllib.parse

from autodidact.records import Example, call, example

B62 = string.ascii_letters + string.digits
LOW36 = string.ascii_lowercase + string.digits
UP36 = string.ascii_uppercase + string.digits
URLSAFE = B62 + "-_"
B64 = B62 + "+/"
HEX = "0123456789abcdef"
B32 = string.ascii_uppercase + "234567"


def draw(alphabet: str, n: int):
    return lambda rng: "".join(rng.choice(alphabet) for _ in range(n))


def parts(*pieces):
    """A maker that puts literal text and drawn pieces together."""
    return lambda rng: "".join(piece(rng) if callable(piece) else piece for piece in pieces)


def encoded(*pieces):
    return lambda rng: base64.b64encode(parts(*pieces)(rng).encode()).decode()


def password(rng):
    return "".join(
        (
            rng.choice("BCDFGHK"),
            draw(B62, 4)(rng),
            str(rng.randint(2, 9)),
            rng.choice("!#^*"),
            draw(B62, 5)(rng),
        )
    )


def jwt(rng):
    def piece(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return ".".join(
        (
            piece({"alg": "HS256"}),
            piece({"sub": draw(LOW36, 8)(rng), "iat": rng.randint(10**9, 2 * 10**9)}),
            draw(URLSAFE, 43)(rng),
        )
    )


def pem(kind):
    def make(rng):
        body = "\n".join(draw(B64, 64)(rng) for _ in range(4))
        return (
            f"-----BEGIN {kind}PRIVATE"
            + f" KEY-----\nMIIEowIBAAKC{body}\n-----END {kind}PRIVATE"
            + " KEY-----"
        )

    return make


def uuid(rng):
    return "-".join(draw(HEX, n)(rng) for n in (8, 4, 4, 4, 12))


# Kind -> maker of one.
KINDS = {
    "AWS access key": parts("AK", "IA", draw(B32, 16)),
    "AWS temporary key": parts("AS", "IA", draw(B32, 16)),
    "AWS secret": parts("aws_secret_access_key = ", draw(B64, 40)),
    "Google API key": parts("AI", "za", draw(URLSAFE, 35)),
    "Google OAuth secret": parts("GOC", "SPX-", draw(URLSAFE, 28)),
    "Google OAuth token": parts("ya", "29.", draw(URLSAFE, 80)),
    "Azure storage": parts("AccountName=shop;Account", "Key=", draw(B64, 86), "=="),
    "Azure client secret": parts(draw(B62, 3), "8", "Q~", draw(URLSAFE, 34)),
    "DigitalOcean": parts("dop", "_v1_", draw(HEX, 64)),
    "Alibaba": parts("LT", "AI", draw(B62, 20)),
    "Databricks": parts("da", "pi", draw(HEX, 32)),
    "Vault": parts("hv", "s.", draw(URLSAFE, 24)),
    "Terraform": parts(draw(B62, 14), ".atl", "asv1.", draw(URLSAFE, 64)),
    "Pulumi": parts("pu", "l-", draw(HEX, 40)),
    "Doppler": parts("dp", ".pt.", draw(B62, 43)),
    "Supabase": parts("sb", "p_", draw(HEX, 40)),
    "Netlify": parts("nf", "p_", draw(B62, 40)),
    "GitHub classic": parts("gh", "p_", draw(B62, 36)),
    "GitHub server": parts("gh", "s_", draw(B62, 36)),
    "GitHub fine-grained": parts("github", "_pat_", draw(B62, 22), "_", draw(B62, 59)),
    "GitLab": parts("gl", "pat-", draw(URLSAFE, 20)),
    "GitLab deploy": parts("gl", "dt-", draw(URLSAFE, 20)),
    "Bitbucket": parts("AT", "BB", draw(B62, 32)),
    "OpenAI old": parts("s", "k-", draw(B62, 48)),
    "OpenAI project": parts("s", "k-proj-", draw(URLSAFE, 120)),
    "Anthropic": parts("s", "k-ant-", "api03-", draw(URLSAFE, 93), "AA"),
    "Groq": parts("gs", "k_", draw(B62, 52)),
    "Hugging Face": parts("h", "f_", draw(string.ascii_letters, 34)),
    "Replicate": parts("r", "8_", draw(B62, 37)),
    "Perplexity": parts("pp", "lx-", draw(B62, 48)),
    "xAI": parts("xa", "i-", draw(B62, 80)),
    "Slack bot": parts(
        "xo", "xb-", draw(string.digits, 12), "-", draw(string.digits, 12), "-", draw(B62, 24)
    ),
    "Slack app": parts("xa", "pp-1-A", draw(UP36, 10), "-", draw(string.digits, 13), "-", draw(HEX, 64)),
    "Slack webhook": parts(
        "https://hooks.sl", "ack.com/services/T", draw(UP36, 8), "/B", draw(UP36, 8), "/", draw(B62, 24)
    ),
    "Discord bot": parts("M", draw(B62, 23), ".", draw(URLSAFE, 6), ".", draw(URLSAFE, 38)),
    "Discord webhook": parts(
        "https://disc", "ord.com/api/webhooks/", draw(string.digits[1:], 18), "/", draw(URLSAFE, 68)
    ),
    "Telegram": parts(draw(string.digits[1:], 10), ":A", "A", draw(URLSAFE, 33)),
    "Stripe": parts("sk", "_live_", draw(B62, 24)),
    "Stripe restricted": parts("rk", "_live_", draw(B62, 24)),
    "Stripe webhook": parts("wh", "sec_", draw(B62, 32)),
    "Square": parts("sq0", "atp-", draw(URLSAFE, 22)),
    "Razorpay": parts("rzp", "_live_", draw(B62, 14)),
    "Shopify": parts("shp", "at_", draw(HEX, 32)),
    "SendGrid": parts("S", "G.", draw(URLSAFE, 22), ".", draw(URLSAFE, 43)),
    "Mailgun": parts("ke", "y-", draw(HEX, 32)),
    "Mailchimp": parts(draw(HEX, 32), "-us", "12"),
    "Twilio": parts("S", "K", draw(HEX, 32)),
    "npm": parts("np", "m_", draw(B62, 36)),
    "PyPI": parts("py", "pi-AgEIcHlwaS5vcmc", draw(URLSAFE, 120)),
    "RubyGems": parts("ruby", "gems_", draw(HEX, 48)),
    "crates.io": parts("c", "io", draw(B62, 32)),
    "Docker Hub": parts("dc", "kr_pat_", draw(URLSAFE, 27)),
    "Grafana": parts("gl", "sa_", draw(B62, 32), "_", draw(HEX, 8)),
    "New Relic": parts("NR", "AK-", draw(UP36, 27)),
    "Sentry": parts(
        "https://",
        draw(HEX, 32),
        "@o4",
        draw(string.digits, 5),
        ".ingest.sen",
        "try.io/",
        draw(string.digits[1:], 7),
    ),
    "Linear": parts("lin", "_api_", draw(B62, 40)),
    "Notion": parts("nt", "n_", draw(B62, 46)),
    "Figma": parts("fi", "gd_", draw(URLSAFE, 40)),
    "Airtable": parts("pa", "t", draw(B62, 14), ".", draw(HEX, 64)),
    "Postman": parts("PM", "AK-", draw(HEX, 24), "-", draw(HEX, 34)),
    "Tailscale": parts("ts", "key-auth-", draw(B62, 12), "-", draw(B62, 32)),
    "JWT": jwt,
    "RSA key": pem("RSA "),
    "PKCS8 key": pem(""),
    "OpenSSH key": pem("OPENSSH "),
    "age key": parts("AGE-SECRET", "-KEY-1", draw(UP36, 58)),
    "PostgreSQL URL": parts("postgresql://shop:", password, "@db.shop-internal.net:5432/shop"),
    "Redis URL": parts("redis://:", draw(B62, 16), "@cache.shop-internal.net:6379/0"),
    "MongoDB URL": parts("mongodb+srv://shop:", draw(B62, 14), "@cluster0.ab1cd.mongodb.net/shop"),
    "ADO connection": parts("Server=db1;Database=shop;User Id=shop;Password=", password, ";"),
    "environment token": parts("DEPLOY_TOKEN=", draw(B62, 28)),
    "environment key in hex": parts("DATALINE_API_KEY=", draw(HEX, 32)),
    "environment key as UUID": parts("HEROKU_API_KEY=", uuid),
    "basic authentication": parts("Authorization: Basic ", encoded("shop:", password)),
    "bearer": parts("Authorization: Bearer ", draw(URLSAFE, 40)),
    "password": parts("password: ", password),
    "unknown issuer": parts("acme_live_", draw(B62, 32)),
    "no prefix": draw(B62, 48),
    "base64 of a key": encoded("gh", "p_", draw(B62, 36)),
    "npmrc": parts("//registry.shop.net/:_authToken=", draw(B62, 36)),
}

SOURCE = {"kind": "transcript", "ref": "s.jsonl:1"}


def _say(text: str, question: str = "How is the shop's deploy job set up?") -> Example:
    return example("session_miner", "tool_use", question, text, SOURCE)


def _flat(secret: str) -> str:
    return secret.replace("\n", "\\n")


def _cut(secret: str) -> tuple[str, str]:
    """Two pieces; the first has the prefix and what comes a good way behind it."""
    place = max(len(secret) // 2, min(len(secret) - 4, 16))
    return secret[:place], secret[place:]


def _split(secret: str, between: str, before: str = "", after: str = "") -> str:
    first, second = _cut(secret)
    return f"{before}{first}{between}{second}{after}"


# Where a secret may stand -> the example that holds it there.
CARRIERS = {
    "code": lambda s: _say(f'client = connect("""{s}""", timeout=5)\nreturn client.jobs()'),
    "JSON": lambda s: _say(json.dumps({"name": "deploy", "value": s, "retries": 3}, indent=2)),
    "URL": lambda s: _say(
        f"Open https://shop.test/hook?x=1&value={urllib.parse.quote(s, safe='')}&y=2 and wait for the page."
    ),
    "multi-line": lambda s: _say(
        "The value is cut by the editor:\n" + _split(s, "\\\n    ") + "\nand goes on here."
    ),
    "string pieces": lambda s: _say(
        "value = (\n    " + json.dumps(_cut(s)[0]) + "\n    " + json.dumps(_cut(s)[1]) + "\n)"
    ),
    "quoted": lambda s: _say(f"He wrote: “{s}”, and then left."),
    "tool argument": lambda s: example(
        "session_miner",
        "tool_use",
        "Run it.",
        call(("run", {"command": "deploy", "env": [{"value": s}]})),
        SOURCE,
    ),
    "file path": lambda s: _say(f"The file is at /srv/deploy/{_flat(s)}/run.log on the second host."),
    "markup": lambda s: _say("Use " + _split(s, "</b>", "<b>") + " for the job. It is <i>new</i>."),
    "Markdown emphasis": lambda s: _say("Use " + _split(s, "**", "**") + " for the job."),
    "zero width": lambda s: _say("Use " + _split(s, "\u200b") + " for the job."),
    "base64": lambda s: _say(f"data:\n  config: {base64.b64encode(s.encode()).decode()}\nkind: Secret"),
    "base64 in lines": lambda s: _say(
        "-- begin\n" + base64.encodebytes(f"# settings of the job\n{s}\n".encode()).decode() + "-- end"
    ),
    "YAML": lambda s: _say("deploy:\n  value: |\n    " + s.replace("\n", "\n    ") + "\n  retries: 3"),
    "TOML": lambda s: _say(f"[deploy]\nvalue = '''{s}'''\nretries = 3"),
    "env file": lambda s: _say(f'STAGE=prod\nDEPLOY="{_flat(s)}"\nRETRIES=3'),
    "shell": lambda s: _say(f"export DEPLOY='{_flat(s)}' && ./deploy --now | tee run.log"),
    "docstring": lambda s: _say(
        f'def deploy(value):\n    """Deploys the shop.\n\n    >>> deploy("{_flat(s)}")\n    True\n    """'
    ),
    "comment": lambda s: _say(
        "def deploy():\n    # was: " + s.replace("\n", "\n    # ") + "\n    return run()"
    ),
    "diff line": lambda s: _say("@@ -1,2 +1,2 @@\n-value = None\n+value = " + s.replace("\n", "\n+")),
    "Markdown table": lambda s: _say(f"| what | value |\n| --- | --- |\n| deploy | {_flat(s)} |"),
    "log line": lambda s: _say(
        f"The log says: 2026-11-23 12:00:01 INFO deploy started with {_flat(s)} (attempt 1)"
    ),
    "stack trace": lambda s: _say(
        f'Traceback (most recent call last):\n  File "run.py", line 3, in <module>\nValueError: not accepted: {_flat(s)!r}'
    ),
    "HTML": lambda s: _say(f'<div class="value"><code>{s.replace("&", "&amp;")}</code></div><p>Keep it.</p>'),
    "HTML entities": lambda s: _say("<p>" + "".join(f"&#{ord(c)};" for c in s) + "</p>"),
    "unicode escapes": lambda s: _say('{"value": "' + "".join(f"\\u{ord(c):04x}" for c in s) + '"}'),
    "XML": lambda s: _say(f"<job><value>{s}</value><retries>3</retries></job>"),
    "question": lambda s: _say("The job is set up in the pipeline's settings.", f"Why does {s} not work?"),
    "history": lambda s: example(
        "session_miner",
        "tool_use",
        "And now?",
        "Now the job is set up.",
        SOURCE,
        history=[{"role": "user", "content": s}, {"role": "assistant", "content": "Thanks."}],
    ),
    "tool description": lambda s: example(
        "tool_spec",
        "tool_use",
        "Deploy.",
        call(("deploy", {})),
        SOURCE,
        tools=[
            {
                "type": "function",
                "function": {"name": "deploy", "description": f"Deploys with {s}", "parameters": {}},
            }
        ],
    ),
}


def planted(seed: int = 0):
    """(kind, carrier, secret, example) of every kind in every carrier."""
    for kind, make in KINDS.items():
        for carrier, plant in CARRIERS.items():
            secret = make(random.Random(f"{seed}/{kind}/{carrier}"))
            yield kind, carrier, secret, plant(secret)
