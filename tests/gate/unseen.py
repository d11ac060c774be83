"""Further kinds of secrets and further places, written down from public lists (gitleaks, detect-secrets,
GitHub's partner patterns) before the rules were looked at, to measure what a stranger would find. `HALF`
splits them by name. With the rules as they were then half A was found at .809, half B at .768; mended with
the help of A alone, A at .998 and B at .902; with B too, A at .997 and B at .996. `LATER` kinds and carriers
were written after that: of those .800 were found (octal digits and base32 were not undone), and .995 in the
end. They open nothing.
"""

# ruff: noqa: E501 - a kind or a carrier a line

import base64
import json
import random
import textwrap
import urllib.parse
from hashlib import sha256

from autodidact.records import Example, call, example
from tests.gate.planted import (
    B32,
    B62,
    B64,
    HEX,
    LOW36,
    SOURCE,
    UP36,
    URLSAFE,
    draw,
    encoded,
    parts,
    password,
    uuid,
)

DIGITS = "0123456789"
UPHEX = "0123456789ABCDEF"


def HALF(name: str) -> str:
    """`A` or `B`, by the name alone."""
    return "AB"[sha256(name.encode()).digest()[0] % 2]


def session(rng):
    body = (
        base64.urlsafe_b64encode(
            json.dumps({"_fresh": True, "_user_id": str(rng.randint(10, 10**6))}).encode()
        )
        .decode()
        .rstrip("=")
    )
    return f"Cookie: session={body}.{draw(URLSAFE, 6)(rng)}.{draw(URLSAFE, 27)(rng)}"


def service_account(rng):
    key = "\n".join(draw(B64, 64)(rng) for _ in range(3))
    return json.dumps(
        {
            "type": "service_account",
            "project_id": "shop",
            "private_key_id": draw(HEX, 40)(rng),
            "private_key": "-----BEGIN PRIVATE" + f" KEY-----\n{key}\n-----END PRIVATE" + " KEY-----\n",
        }
    )


def putty(rng):
    return (
        "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: deploy\nPrivate-Lines: 2\n"
        + draw(B64, 64)(rng)
        + "\n"
        + draw(B64, 64)(rng)
        + "\nPrivate-MAC: "
        + draw(HEX, 64)(rng)
    )


def signs(n):
    return draw(B62 + "!@#$%^&*(-_=+)", n)


# Kind -> maker of one.
KINDS = {
    "Adobe client secret": parts("p8", "e-", draw(B62, 32)),
    "1Password service account": parts("op", "s_eyJ", draw(B62, 250)),
    "1Password secret key": parts(
        "A",
        "3-",
        draw(UP36, 6),
        "-",
        draw(UP36, 11),
        "-",
        draw(UP36, 5),
        "-",
        draw(UP36, 5),
        "-",
        draw(UP36, 5),
    ),
    "Alibaba secret": parts("ALIBABA_CLOUD_ACCESS_KEY_SECRET=", draw(B62, 30)),
    "Artifactory key": parts("AK", "Cp", draw(B62, 69)),
    "Artifactory reference": parts("cm", "Vmd", draw(B62, 59)),
    "Asana secret": parts("asana_client_secret: ", draw(LOW36, 32)),
    "Atlassian": parts("ATA", "TT3", draw(URLSAFE, 186)),
    "Authress": parts(
        "sc", "_", draw(LOW36, 12), ".", draw(LOW36, 5), ".acc-", draw(LOW36, 14), ".", draw(B62, 60)
    ),
    "Clojars": parts("CLOJ", "ARS_", draw(HEX, 60)),
    "Cloudflare token": parts("CLOUDFLARE_API_TOKEN=", draw(URLSAFE, 40)),
    "Cloudflare global key": parts("CF_API_KEY=", draw(HEX, 37)),
    "Cloudflare origin": parts("v1.", "0-", draw(HEX, 24), "-", draw(HEX, 146)),
    "Cohere": parts("CO_API_KEY=", draw(B62, 40)),
    "Datadog": parts("DD_API_KEY=", draw(HEX, 32)),
    "Datadog application": parts("DD_APP_KEY: ", draw(HEX, 40)),
    "DigitalOcean OAuth": parts("do", "o_v1_", draw(HEX, 64)),
    "DigitalOcean refresh": parts("do", "r_v1_", draw(HEX, 64)),
    "Discord secret": parts("DISCORD_CLIENT_SECRET=", draw(URLSAFE, 32)),
    "Dropbox": parts("s", "l.", draw(URLSAFE, 135)),
    "Duffel": parts("duf", "fel_live_", draw(URLSAFE, 43)),
    "Dynatrace": parts("dt0", "c01.", draw(UP36, 24), ".", draw(UP36, 64)),
    "EasyPost": parts("EZ", "AK", draw(B62, 54)),
    "Facebook page": parts("EA", "AC", draw(B62, 120)),
    "Fly.io": parts("fo", "1_", draw(URLSAFE, 43)),
    "Fly.io macaroon": parts("fm", "2_", draw(B64, 140)),
    "Frame.io": parts("fi", "o-u-", draw(URLSAFE, 64)),
    "GitLab runner registration": parts("GR13", "48941", draw(URLSAFE, 20)),
    "GitLab trigger": parts("gl", "ptt-", draw(HEX, 40)),
    "GitLab OIDC": parts("gl", "oas-", draw(HEX, 64)),
    "GitLab session": parts("_gitlab_session=", draw(HEX, 32)),
    "Grafana cloud": parts(
        "gl",
        "c_",
        encoded('{"o":"', draw(DIGITS, 6), '","n":"', draw(LOW36, 10), '","k":"', draw(B62, 24), '"}'),
    ),
    "Harness": parts("pa", "t.", draw(URLSAFE, 22), ".", draw(HEX, 24), ".", draw(B62, 20)),
    "Heroku new": parts("HRKU", "-AA", draw(URLSAFE, 58)),
    "HubSpot": parts("pat", "-na1-", uuid),
    "Hugging Face organisation": parts("api", "_org_", draw(B62[:52], 34)),
    "Infracost": parts("ic", "o-", draw(B62, 32)),
    "Kraken": parts("KRAKEN_PRIVATE_KEY=", draw(B64, 86), "=="),
    "LaunchDarkly": parts("launchdarkly_sdk_key: sd", "k-", uuid),
    "Mapbox secret": parts("s", "k.eyJ1Ijoi", draw(B62, 70), ".", draw(URLSAFE, 22)),
    "MaxMind": parts(draw(B62, 6), "_", draw(B62, 29), "_m", "mk"),
    "Teams webhook": parts(
        "https://shop.webhook.off",
        "ice.com/webhookb2/",
        uuid,
        "@",
        uuid,
        "/IncomingWebhook/",
        draw(HEX, 32),
        "/",
        uuid,
    ),
    "Mailgun new": parts("MAILGUN_API_KEY=", draw(HEX, 32), "-", draw(HEX, 8), "-", draw(HEX, 8)),
    "New Relic insert": parts("NR", "II-", draw(B62, 32)),
    "Octopus": parts("AP", "I-", draw(UP36, 26)),
    "Okta": parts("Authorization: SSWS 00", draw(URLSAFE, 40)),
    "OpenShift": parts("sha", "256~", draw(URLSAFE, 43)),
    "Plaid": parts("access", "-production-", uuid),
    "PlanetScale token": parts("psc", "ale_tkn_", draw(URLSAFE, 43)),
    "PlanetScale password": parts("psc", "ale_pw_", draw(URLSAFE, 43)),
    "Prefect": parts("pn", "u_", draw(B62, 36)),
    "ReadMe": parts("rd", "me_", draw(LOW36, 70)),
    "Scalingo": parts("tk", "-us-", draw(URLSAFE, 48)),
    "Sentry user": parts("sntr", "yu_", draw(HEX, 64)),
    "Shippo": parts("ship", "po_live_", draw(HEX, 40)),
    "Slack configuration": parts("xo", "xe.xoxp-1-", draw(B62, 165)),
    "Slack cookie": parts("xo", "xd-", draw(B62, 40), "%2F", draw(B62, 40)),
    "Sourcegraph": parts("sg", "p_", draw(HEX, 40)),
    "Snyk": parts("SNYK_TOKEN=", uuid),
    "Sonar": parts("sq", "u_", draw(HEX, 40)),
    "Twitter bearer": parts("A" * 22, draw(B62, 30), "%3D", draw(B62, 50)),
    "Twitter access": parts("twitter_access_token: ", draw(DIGITS[1:], 18), "-", draw(B62, 40)),
    "Typeform": parts("tf", "p_", draw(URLSAFE, 59)),
    "Vault batch": parts("hv", "b.", draw(URLSAFE, 140)),
    "Yandex cloud": parts("AQ", "VN", draw(URLSAFE, 36)),
    "Yandex IAM": parts("t", "1.9eue", draw(URLSAFE, 40), ".", draw(URLSAFE, 86)),
    "Contentful": parts("CF", "PAT-", draw(URLSAFE, 43)),
    "Doppler service": parts("dp", ".st.prd.", draw(B62, 43)),
    "Buildkite": parts("bk", "ua_", draw(HEX, 40)),
    "CircleCI": parts("CCI", "PAT_", draw(B62, 22), "_", draw(HEX, 40)),
    "Cloudinary": parts("cloudinary://", draw(DIGITS, 15), ":", draw(URLSAFE, 27), "@shop"),
    "Azure SAS": parts(
        "https://shop.blob.core.windows.net/box?sv=2024-11-04&ss=b&srt=co&sp=rl&se=2027-01-01T00%3A00%3A00Z&sig=",
        lambda rng: urllib.parse.quote(draw(B64, 43)(rng) + "=", safe=""),
    ),
    "Azure DevOps": parts("AZURE_DEVOPS_EXT_PAT=", draw("abcdefghijklmnopqrstuvwxyz234567", 52)),
    "Cosmos": parts(
        "AccountEndpoint=https://shop.documents.azure.com:443/;Account", "Key=", draw(B64, 86), "==;"
    ),
    "Service Bus": parts(
        "Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccess",
        "Key=",
        draw(B64, 43),
        "=",
    ),
    "AMQP URL": parts("amqps://orders:", draw(B62, 18), "@mq.shop-internal.net:5671/main"),
    "SMTP URL": parts("smtp://mailer%40shop.net:", draw(B62, 16), "@smtp.shop-internal.net:587"),
    "JDBC": parts("jdbc:postgresql://db.shop-internal.net:5432/shop?user=shop&password=", draw(B62, 16)),
    "netrc": parts("machine api.shop.net login deploy password ", draw(B62, 18)),
    "Docker config": parts(
        '{"auths": {"registry.shop.net": {"auth": "', encoded("deploy:", draw(B62, 20)), '"}}}'
    ),
    "PuTTY key": putty,
    "PGP key": parts(
        "-----BEGIN PGP PRIVATE",
        " KEY BLOCK-----\n\nlQOYBF",
        draw(B64, 58),
        "\n",
        draw(B64, 64),
        "\n-----END PGP PRIVATE",
        " KEY BLOCK-----",
    ),
    "Google service account": service_account,
    "Django secret": parts("SECRET_KEY = 'django-insecure-", signs(50), "'"),
    "Flask session": session,
    "Ethereum": parts("PRIVATE_KEY=0x", draw(HEX, 64)),
    "WireGuard": parts("[Interface]\nPrivateKey = ", draw(B64, 43), "=\nAddress = 10.8.0.2/24"),
    "Laravel": parts("APP_KEY=base64:", draw(B64, 43), "="),
    "Rails": parts("secret_key_base: ", draw(HEX, 128)),
    "Jenkins": parts("curl --user deploy:11", draw(HEX, 32), " https://ci.shop.net/job/deploy/build"),
    "IFTTT": parts("https://maker.ifttt.com/trigger/deployed/with/key/", draw(URLSAFE, 43)),
    "Google Chat": parts(
        "https://chat.googleapis.com/v1/spaces/AAAA",
        draw(B62, 7),
        "/messages?key=AI",
        "zaSy",
        draw(URLSAFE, 33),
        "&token=",
        draw(URLSAFE, 43),
        "%3D",
    ),
    "Firebase": parts("AAAA", draw(URLSAFE, 7), ":APA", "91b", draw(URLSAFE, 134)),
    "AWS session": parts("aws_session_token = IQoJb3JpZ2luX2Vj", draw(B64, 300)),
    "AWS Bedrock": parts("AB", "SK", draw(B64, 109)),
    "Claude OAuth": parts("s", "k-ant-", "oat01-", draw(URLSAFE, 93), "AA"),
    "OpenRouter": parts("s", "k-or-v1-", draw(HEX, 64)),
    "DeepSeek": parts("s", "k-", draw(HEX, 32)),
    "Voyage": parts("pa", "-", draw(URLSAFE, 43)),
    "Fireworks": parts("fw", "_", draw(B62, 24)),
    "Tavily": parts("tv", "ly-", draw(B62, 32)),
    "Langfuse": parts("s", "k-lf-", uuid),
    "LangSmith": parts("lsv", "2_pt_", draw(HEX, 32), "_", draw(HEX, 10)),
    "W&B": parts("WANDB_API_KEY=", draw(HEX, 40)),
    "Pinecone": parts("pc", "sk_", draw(B62, 6), "_", draw(B62, 64)),
    "Cerebras": parts("cs", "k-", draw(LOW36, 48)),
    "ElevenLabs": parts("s", "k_", draw(HEX, 48)),
    "Braintree": parts("access", "_token$production$", draw(LOW36, 16), "$", draw(HEX, 32)),
    "Binance": parts("BINANCE_SECRET=", draw(B62, 64)),
    "Lob": parts("lob_key: li", "ve_", draw(HEX, 35)),
    "Resend": parts("r", "e_", draw(B62, 8), "_", draw(B62, 24)),
    "Postmark": parts("X-Postmark-Server-Token: ", uuid),
    "Algolia": parts("ALGOLIA_ADMIN_KEY=", draw(HEX, 32)),
    "Neon": parts("na", "pi_", draw(LOW36, 64)),
    "Consul": parts("X-Consul-Token: ", uuid),
    "Snowflake": parts("snowflake://loader:", password, "@xy12345.eu-central-1/shop"),
    "ADO with Pwd": parts(
        "Server=tcp:shop.database.windows.net,1433;Uid=shop;Pwd=", password, ";Encrypt=yes"
    ),
    "LDAP": parts("bind_dn: cn=svc,dc=shop\nbind_pw: ", password),
    "sshpass": parts("sshpass -p '", password, "' ssh deploy@host1.shop.net"),
    "htpasswd call": parts("htpasswd -b users.txt deploy ", password),
    "redis-cli": parts("redis-cli -h cache.shop.net -a ", draw(B62, 20), " ping"),
    "OTP seed": parts("otpauth://totp/Shop:deploy?secret=", draw(B32, 32), "&issuer=Shop"),
    "X-API-Key header": parts("X-API-Key: ", draw(B62, 32)),
    "CSRF-free cookie": parts("Set-Cookie: sessionid=", draw(LOW36, 32), "; HttpOnly; Path=/"),
    "Kubernetes token": parts(
        "token: ",
        lambda rng: (
            "eyJhbGciOiJSUzI1NiIsImtpZCI6Ii"
            + draw(B62, 40)(rng)
            + ".eyJpc3MiOiJrdWJlcm5ldGVz"
            + draw(B62, 120)(rng)
            + "."
            + draw(URLSAFE, 342)(rng)
        ),
    ),
    "kubeconfig": parts(
        "client-key-data: ",
        encoded(
            "-----BEGIN RSA PRIVATE",
            " KEY-----\nMIIEow",
            draw(B64, 58),
            "\n",
            draw(B64, 64),
            "\n-----END RSA PRIVATE",
            " KEY-----",
        ),
    ),
}


def _say(text: str, question: str = "What does the deploy of the shop need?") -> Example:
    return example("session_miner", "tool_use", question, text, SOURCE)


def _flat(secret: str) -> str:
    return secret.replace("\n", "\\n")


def _value(secret: str) -> tuple[str, str]:
    """(what stands before the value, the value): `KEY=`, `abc`."""
    for sign in ("=", ": "):
        name, found, value = secret.partition(sign)
        if (
            found
            and "\n" not in secret
            and name.replace("_", "").replace("-", "").isalnum()
            and len(value) >= 8
            and not value.startswith("=")
        ):
            return name + sign, value
    return "", secret


def _thirds(secret: str) -> list[str]:
    """Three pieces; the first takes a name and the prefix with it."""
    name, value = _value(secret)
    first = max(12, len(value) // 3)
    second = first + max(8, len(value) // 3)
    return [name + value[:first], value[first:second], value[second:]]


# Where a secret may stand -> the example that holds it there.
CARRIERS = {
    "YAML folded": lambda s: _say(
        "job:\n  env: >-\n    stage=prod\n    " + s.replace("\n", "\n    ") + "\n  retries: 3"
    ),
    "YAML list item": lambda s: _say(f"env:\n  - STAGE=prod\n  - {json.dumps(s)}\n  - RETRIES=3"),
    "Dockerfile": lambda s: _say(f"FROM python:3.12\nARG WHAT\nENV WHAT {json.dumps(s)}\nRUN make deploy"),
    "docker run": lambda s: _say(
        f"docker run --rm -e STAGE=prod -e '{_flat(s)}' registry.shop.test/deploy:1.4"
    ),
    "curl data": lambda s: _say(
        "curl -X POST https://hook.shop.test/run \\\n  -H 'Content-Type: application/json' \\\n  -d '"
        + json.dumps({"stage": "prod", "with": s})
        + "'"
    ),
    "curl query": lambda s: _say(
        "curl 'https://hook.shop.test/run?stage=prod&with=" + urllib.parse.quote(s, safe="") + "'"
    ),
    "git remote": lambda s: (
        _say(
            "git remote add backup https://deploy:"
            + urllib.parse.quote(_value(s)[1], safe="-_~.")
            + "@git.shop-internal.net/shop.git"
        )
        if _value(s)[1] == s and len(s) < 200 and not s.startswith(("http", "curl", "-----")) and " " not in s
        else _say(f"git config shop.deploy {_flat(s)!r}")
    ),
    "Kubernetes Secret": lambda s: _say(
        f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: deploy\ntype: Opaque\ndata:\n  settings: {base64.b64encode(s.encode()).decode()}\n"
    ),
    "HTTP dump": lambda s: _say(
        f"> POST /run HTTP/1.1\n> Host: hook.shop.test\n> X-Deploy: {_flat(s)}\n> Accept: */*\n>\n< HTTP/1.1 403 Forbidden"
    ),
    "JSON in JSON": lambda s: _say(
        json.dumps({"event": "run", "body": json.dumps({"stage": "prod", "with": s})})
    ),
    "JSON thrice": lambda s: _say(json.dumps({"log": json.dumps({"body": json.dumps({"with": s})})})),
    "HTML attribute": lambda s: _say(
        '<input type="hidden" name="with" value="'
        + s.replace("&", "&amp;").replace('"', "&quot;")
        + '"><p>Deploy the shop.</p>'
    ),
    "XML CDATA": lambda s: _say(f"<job><with><![CDATA[{s}]]></with></job>"),
    "Markdown code": lambda s: _say(f"Put this in your settings:\n\n```ini\n{s}\n```\n\nThen run it."),
    "Markdown escapes": lambda s: _say("Use " + s.replace("_", "\\_").replace("*", "\\*") + " for it."),
    "Markdown link": lambda s: _say(
        f"See [the job](https://shop.test/jobs/7#{urllib.parse.quote(s, safe='-_~.=:')}) for more."
    ),
    "Python concatenation": lambda s: _say(
        "value = " + " + ".join(map(json.dumps, _thirds(s))) + "\nrun(value)"
    ),
    "Python f-string": lambda s: _say(f"stage = 'prod'\nrun(f'{{stage}} {_flat(s)}')"),
    "Python join": lambda s: _say(
        "value = ''.join([" + ", ".join(map(json.dumps, _thirds(s))) + "])\nrun(value)"
    ),
    "Python bytes": lambda s: _say(f"run({s.encode()!r}, retries=3)"),
    "Python dict": lambda s: _say(f"{{'stage': 'prod', 'with': {s!r}, 'retries': 3}}"),
    "default argument": lambda s: _say(f"def run(value: str = {json.dumps(s)}) -> None:\n    deploy(value)"),
    "JavaScript": lambda s: _say(f"const job = {{ stage: 'prod', with: `{s}` }};\nexport default job;"),
    "trailing comment": lambda s: _say(f"run(value)  # TODO: was {_flat(s)}, ask ops"),
    "block comment": lambda s: _say(
        "/*\n * Deploys the shop with\n * " + s.replace("\n", "\n * ") + "\n */\nvoid run();"
    ),
    "stack trace with locals": lambda s: _say(
        f'Traceback (most recent call last):\n  File "/app/run.py", line 7, in run\n    deploy(value)\n    value = {s!r}\n    retries = 3\nPermissionError: 403'
    ),
    "SQL insert": lambda s: _say(
        "INSERT INTO settings (name, value) VALUES ('deploy', '"
        + s.replace("'", "''")
        + "'), ('retries', '3');"
    ),
    "CSV": lambda s: _say('name,value,retries\ndeploy,"' + s.replace('"', '""') + '",3\n'),
    "heredoc": lambda s: _say(f"cat > settings.ini <<'EOT'\nstage=prod\n{s}\nEOT\nchmod 600 settings.ini"),
    "hexadecimal": lambda s: _say(f"The dump of the field: {s.encode().hex()}"),
    "hex bytes": lambda s: _say("data = bytes([" + ", ".join(f"0x{b:02x}" for b in s.encode()) + "])"),
    "xxd": lambda s: _say(
        "\n".join(
            f"{at:08x}: " + " ".join(s.encode()[at : at + 16].hex()[i : i + 4] for i in range(0, 32, 4))
            for at in range(0, len(s.encode()), 16)
        )
    ),
    "character codes": lambda s: _say(
        "value = ''.join(map(chr, [" + ", ".join(str(b) for b in s.encode()) + "]))"
    ),
    "percent twice": lambda s: _say(
        "https://shop.test/r?to="
        + urllib.parse.quote(
            urllib.parse.quote(f"https://hook.shop.test/?with={urllib.parse.quote(s, safe='')}", safe=""),
            safe="",
        )
    ),
    "base64 twice": lambda s: _say("with: " + base64.b64encode(base64.b64encode(s.encode())).decode()),
    "base64 data URL": lambda s: _say(
        "data:text/plain;base64," + base64.b64encode(f"stage=prod\n{s}\n".encode()).decode()
    ),
    "zero width everywhere": lambda s: _say("Use " + "\u200b".join(s) + " for it."),
    "soft hyphens": lambda s: _say(
        "Use "
        + "&shy;".join(textwrap.wrap(s, 9, drop_whitespace=False, replace_whitespace=False))
        + " for it."
    ),
    "word breaks": lambda s: _say(
        "Use <code>"
        + "<wbr>".join(textwrap.wrap(s, 11, drop_whitespace=False, replace_whitespace=False))
        + "</code>."
    ),
    "wrapped at 60": lambda s: _say(
        "The mail said:\n\n"
        + "\n".join(line[at : at + 60] for line in s.split("\n") for at in range(0, max(1, len(line)), 60))
        + "\n\nRegards"
    ),
    "quoted-printable": lambda s: _say(
        "Content-Transfer-Encoding: quoted-printable\n\n"
        + "=\n".join(s.replace("=", "=3D")[at : at + 50] for at in range(0, len(s.replace("=", "=3D")), 50))
    ),
    "quoted mail": lambda s: _say(
        "On Monday she wrote:\n> take this\n> " + s.replace("\n", "\n> ") + "\nI did."
    ),
    "spaced letters": lambda s: _say("value: " + " ".join(s.replace("\n", ""))),
    "UTF-16": lambda s: _say("value: " + "\x00".join(s)),
    "fullwidth": lambda s: _say(
        "Use " + "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in s) + " for it."
    ),
    "nested argument": lambda s: example(
        "session_miner",
        "tool_use",
        "Run it.",
        call(("run", {"job": {"steps": [{"name": "deploy", "with": {"values": [1, s]}}]}})),
        SOURCE,
    ),
    "argument name": lambda s: example(
        "session_miner", "tool_use", "Run it.", call(("run", {"env": {s: True}})), SOURCE
    ),
    "JSON argument": lambda s: example(
        "session_miner", "tool_use", "Run it.", call(("run", {"body": json.dumps({"with": s})})), SOURCE
    ),
    "tool result": lambda s: example(
        "session_miner",
        "tool_use",
        "And now?",
        "Done.",
        SOURCE,
        history=[
            {"role": "user", "content": "Run."},
            {
                "role": "assistant",
                "content": "",
                "tool_calls": [{"type": "function", "function": {"name": "run", "arguments": {}}}],
            },
            {"role": "tool", "name": "run", "content": f"stdout: {s}\nexit 0"},
        ],
    ),
    "system prompt": lambda s: example(
        "session_miner", "tool_use", "Deploy.", "Done.", SOURCE, system=f"You deploy the shop. {s}"
    ),
    "tool default": lambda s: example(
        "tool_spec",
        "tool_use",
        "Deploy.",
        call(("deploy", {})),
        SOURCE,
        tools=[
            {
                "type": "function",
                "function": {
                    "name": "deploy",
                    "description": "Deploys.",
                    "parameters": {
                        "type": "object",
                        "properties": {"with": {"type": "string", "default": s}},
                    },
                },
            }
        ],
    ),
    "source reference": lambda s: example(
        "session_miner",
        "tool_use",
        "Deploy the shop.",
        "It is deployed.",
        {"kind": "transcript", "ref": f"logs/{_flat(s)}.jsonl:3"},
    ),
    "file name": lambda s: _say(f"cp /srv/backup/settings-{_flat(s)}.bak /srv/shop/"),
    "Windows path": lambda s: _say(f"C:\\deploy\\{_flat(s)}\\run.log"),
    "upper-case key": lambda s: _say(f"SHOP_DEPLOY_WITH={_flat(s)}\nRETRIES=3"),
    "PowerShell": lambda s: _say(f"$env:DEPLOY = '{_flat(s)}'\n./deploy.ps1 -Verbose"),
    "systemd": lambda s: _say(f'[Service]\nEnvironment="{_flat(s)}"\nExecStart=/srv/deploy'),
    "GitHub workflow": lambda s: _say(
        "      - run: ./deploy\n        env:\n          DEPLOY: " + json.dumps(s) + "\n          STAGE: prod"
    ),
    "Terraform": lambda s: _say('variable "deploy" {\n  default = ' + json.dumps(s) + "\n}"),
    "properties": lambda s: _say(
        "deploy.with=" + s.replace(":", "\\:").replace("=", "\\=").replace("\n", "\\n") + "\ndeploy.retries=3"
    ),
    "INI with spaces": lambda s: _say(f"[deploy]\nwith   =   {_flat(s)}\nretries = 3"),
    "chat": lambda s: _say(f"mia: what do I use?\njo: {_flat(s)}\nmia: thx!!"),
    "sentence end": lambda s: _say(f"The deploy needs {_flat(s)}. Nothing else, I think."),
    "parentheses": lambda s: _say(f"It works now (with {_flat(s)})."),
    "angle brackets": lambda s: _say(f"Send it to <{_flat(s)}>, please."),
    "pipe": lambda s: _say(f"echo '{_flat(s)}'|./deploy --stdin"),
    "colours": lambda s: _say(f"\x1b[32mok\x1b[0m deploy with \x1b[1m{_flat(s)}\x1b[0m"),
    "reStructuredText": lambda s: _say(
        f"Deploying\n=========\n\n.. code-block:: ini\n\n   {_flat(s)}\n\nSee :ref:`jobs`."
    ),
    "diff": lambda s: _say(
        "--- a/settings.ini\n+++ b/settings.ini\n@@ -1,2 +1,2 @@\n stage=prod\n-"
        + s.replace("\n", "\n-")
        + "\n+deploy=none"
    ),
    "numbered listing": lambda s: _say(
        "\n".join(f"{n:4d}  {line}" for n, line in enumerate(["stage=prod", *s.split("\n"), "retries=3"], 1))
    ),
}


LATER_KINDS = {
    "Vercel": parts("VERCEL_TOKEN=", draw(B62, 24)),
    "Render": parts("rn", "d_", draw(B62, 32)),
    "Upstash": parts('UPSTASH_REDIS_REST_TOKEN="A', draw(B64, 54), '="'),
    "Mistral": parts("MISTRAL_API_KEY=", draw(B62, 32)),
    "Deepgram": parts("deepgram_api_key: ", draw(HEX, 40)),
    "Trello": parts("https://api.trello.com/1/members/me?key=", draw(HEX, 32), "&token=ATTA", draw(HEX, 72)),
    "MySQL options": parts('[client]\nuser=shop\npassword="', password, '"'),
    "Kafka": parts('PlainLoginModule required username="shop" password="', draw(B62, 24), '";'),
    "Maven": parts(
        "<server><id>shop</id><username>deploy</username><password>", password, "</password></server>"
    ),
    "npm legacy": parts("//registry.shop.net/:_auth=", encoded("deploy:", draw(B62, 16))),
    "s3cfg": parts("secret_key = ", draw(B64, 40)),
    "access token in a URL": parts("https://api.shop.net/v2/orders?access_token=", draw(B62, 40)),
    "Mattermost": parts("mattermost_token: ", draw(LOW36, 26)),
    "Telegram URL": parts(
        "https://api.telegram.org/bot", draw(DIGITS[1:], 10), ":A", "A", draw(URLSAFE, 33), "/getMe"
    ),
    "Zoom": parts("ZOOM_CLIENT_SECRET=", draw(B62, 32)),
    "FTP URL": parts("ftp://backup:", password, "@files.shop-internal.net/in"),
    "Oracle": parts("CREATE USER shop IDENTIFIED BY PASSWORD '", password, "'"),
    "Ansible": parts("ansible_become_pass: ", password),
    "PGPASSWORD": parts("PGPASSWORD=", draw(B62, 20)),
    "Wi-Fi": parts("network={ ssid=shop psk=", password, " }"),
    "Vault AppRole": parts("vault_secret_id: ", uuid),
    "unknown with hex": parts("shopkit", "_", draw(HEX, 40)),
    "unknown in capitals": parts("SHK", "-", draw(UP36, 30)),
    "Basic in a header": parts("Proxy-Authorization: Basic ", encoded("deploy:", draw(B62, 14))),
    "EC key": parts(
        "-----BEGIN EC PRIVATE", " KEY-----\nMHcCAQEE", draw(B64, 56), "\n-----END EC PRIVATE", " KEY-----"
    ),
}

LATER_CARRIERS = {
    "GraphQL": lambda s: _say("mutation { deploy(with: " + json.dumps(s) + ") { ok } }"),
    "notebook": lambda s: _say(
        json.dumps({"cells": [{"cell_type": "code", "source": ["import shop\n", f"shop.deploy({s!r})\n"]}]})
    ),
    "Makefile": lambda s: _say(f"deploy:\n\t@./deploy '{_flat(s)}' --now"),
    "Ruby": lambda s: _say(f"Shop.deploy({{ :stage => 'prod', :with => {json.dumps(s)} }})"),
    "Go": lambda s: _say('cfg := Config{Stage: "prod", With: ' + json.dumps(s) + "}"),
    "Java concatenation": lambda s: _say(
        "String v = " + "\n    + ".join(json.dumps(piece) for piece in _thirds(s)) + ";"
    ),
    "PHP": lambda s: _say("<?php return ['stage' => 'prod', 'with' => '" + s.replace("'", "\\'") + "'];"),
    "nginx": lambda s: _say(f'location / {{\n  proxy_set_header X-With "{_flat(s)}";\n}}'),
    "multipart": lambda s: _say(f'--b42\nContent-Disposition: form-data; name="with"\n\n{s}\n--b42--'),
    "commit message": lambda s: _say(
        f"Deploy with the new settings\n\nUse {_flat(s)} from now on.\n\nSigned-off-by: ops"
    ),
    "octal": lambda s: _say("printf '" + "".join(f"\\{b:03o}" for b in s.encode()) + "'"),
    "base32": lambda s: _say("with: " + base64.b32encode(s.encode()).decode()),
    "Jira": lambda s: _say("{code:ini}\n" + s + "\n{code}\n~ops"),
    "LaTeX": lambda s: _say(
        "\\texttt{" + s.replace("_", "\\_").replace("#", "\\#").replace("%", "\\%") + "}"
    ),
    "assert": lambda s: _say(f"def test_deploy():\n    assert deploy({s!r}).status == 200"),
    "two lines of a string": lambda s: _say('value = """' + "\\\n".join(_thirds(s)) + '"""'),
}


def later(seed: int = 0):
    """The same of what was written last."""
    for kind, make in LATER_KINDS.items():
        for carrier, plant in LATER_CARRIERS.items():
            secret = make(random.Random(f"{seed}/{kind}/{carrier}"))
            yield kind, carrier, secret, plant(secret)


def unseen(half: str | None = None, seed: int = 0, most: int | None = None):
    """(kind, carrier, secret, example) of kinds in carriers; of one half, both are of it. `most` of them,
    chosen by the seed.
    """
    pairs = [
        (kind, carrier)
        for kind in KINDS
        for carrier in CARRIERS
        if half is None or HALF(kind) == HALF(carrier) == half
    ]
    if most is not None and most < len(pairs):
        pairs = random.Random(seed).sample(pairs, most)
    for kind, carrier in pairs:
        secret = KINDS[kind](random.Random(f"{seed}/{kind}/{carrier}"))
        yield kind, carrier, secret, CARRIERS[carrier](secret)
