"""A third list of kinds and of places, written down when `unseen.py` was done with, and by someone who had
not written the rules. As the rules were, .80 of these were found: tokens in the place of a URL's user name,
tokens of one case, passwords of letters alone, the words of a wallet, keys in packed base64, in base85 and in
lists of characters were not. They open nothing.

Left out, as nothing but a name can tell them, and they come without one: a wallet as 64 numbers, 22
characters in a header of one service, `u` and 24 hexadecimal digits, a password of 14 characters after `LOGIN
name` or `community`.
"""

# ruff: noqa: E501 - a kind or a carrier a line

import base64
import gzip
import html
import json
import quopri
import random
import string
import urllib.parse

from autodidact.records import call, example
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
from tests.gate.unseen import UPHEX, _flat, _say, signs

LOW = string.ascii_lowercase
WORDS = "abandon ability able about above absent absorb abstract absurd abuse access accident account zoo zone zero youth young yellow year wrong write wreck wrap world worth wood wonder".split()


def seed(rng):
    return " ".join(rng.sample(WORDS, 12))


# Kind -> maker of one.
KINDS = {
    "Auth0": parts("AUTH0_CLIENT_SECRET=", draw(URLSAFE, 64)),
    "Azure function": parts("https://shop-run.azurewebsites.net/api/run?code=", draw(URLSAFE, 54), "=="),
    "Azure APIM": parts("Ocp-Apim-Subscription-Key: ", draw(HEX, 32)),
    "Azure ACR": parts(draw(B62, 42), "+AC", "R", draw(B62, 6)),
    "Azure OpenAI": parts("AZURE_OPENAI_API_KEY=", draw(B62, 52), "JQQ", "J99", draw(UP36, 20), draw(B62, 4)),
    "GCP HMAC": parts("GO", "OG1E", draw(UP36, 57)),
    "Gemini new": parts("A", "Q.Ab8RN6", draw(URLSAFE, 44)),
    "IBM": parts("IBMCLOUD_API_KEY=", draw(URLSAFE, 44)),
    "Linode": parts("LINODE_TOKEN=", draw(HEX, 64)),
    "Hetzner": parts("HCLOUD_TOKEN=", draw(B62, 64)),
    "Vultr": parts("VULTR_API_KEY=", draw(UP36, 36)),
    "OVH": parts("application_secret=", draw(LOW36, 32)),
    "Gitea URL": parts("https://", draw(HEX, 40), "@git.shop-internal.net/shop/web.git"),
    "x-access-token URL": parts("https://x-access-token:gh", "s_", draw(B62, 36), "@github.com/shop/web.git"),
    "oauth2 URL": parts("https://oauth2:", draw(B62, 26), "@gitlab.shop-internal.net/shop/web.git"),
    "Zhipu": parts("ZHIPUAI_API_KEY=", draw(HEX, 32), ".", draw(B62, 16)),
    "Slack signing": parts("SLACK_SIGNING_SECRET=", draw(HEX, 32)),
    "Slack refresh": parts("xo", "xe-1-", draw(B62, 146)),
    "Mattermost hook": parts("https://chat.shop-internal.net/hooks/", draw(LOW36, 26)),
    "Rocket.Chat": parts("X-Auth-Token: ", draw(URLSAFE, 43)),
    "Zulip": parts("[api]\nemail=bot@shop.test\nkey=", draw(B62, 32)),
    "Pushover": parts(
        "curl -F token=a",
        draw(LOW36, 29),
        " -F user=u",
        draw(LOW36, 29),
        " https://api.pushover.net/1/messages.json",
    ),
    "ntfy": parts("Authorization: Bearer t", "k_", draw(LOW36, 29)),
    "Discord mfa": parts("mf", "a.", draw(URLSAFE, 84)),
    "Adyen": parts("AQ", "E", draw(B64, 90), "-", draw(B64, 43), "=-", draw(B62, 16)),
    "Wise": parts("WISE_API_TOKEN=", uuid),
    "GoCardless": parts("li", "ve_", draw(URLSAFE, 40)),
    "Paddle": parts("pd", "l_live_apikey_01", draw(LOW36, 24), "_", draw(B62, 22), "_", draw(B62, 3)),
    "Polar": parts("pol", "ar_oat_", draw(B62, 43)),
    "Checkout": parts("sk_", draw(LOW36, 26)),
    "Conda URL": parts("https://conda.anaconda.org/t/sh-", uuid, "/shop/linux-64"),
    "Gemfury": parts("https://", draw(B62, 20), ":@repo.fury.io/shop/"),
    "Hex.pm": parts("HEX_API_KEY=", draw(HEX, 32)),
    "JSR": parts("js", "rp_", draw(B62, 40)),
    "Packagist": parts("packag", "ist_out_", draw(HEX, 60)),
    "AppVeyor": parts("v", "2.", draw(LOW36, 20)),
    "Coveralls": parts("repo_token: ", draw(B62, 33)),
    "Travis": parts("TRAVIS_TOKEN=", draw(B62, 22)),
    "Drone": parts("DRONE_TOKEN=", draw(B62, 32)),
    "Codecov": parts("CODECOV_TOKEN=", uuid),
    "Honeycomb": parts("hc", "aik_01", draw(LOW36, 58)),
    "Splunk HEC": parts("Authorization: Splunk ", uuid),
    "Loggly": parts("https://logs-01.loggly.com/inputs/", uuid, "/tag/http/"),
    "PagerDuty": parts("Authorization: Token token=", draw(URLSAFE, 20)),
    "Opsgenie": parts("Authorization: GenieKey ", uuid),
    "Axiom": parts("xa", "at-", uuid),
    "Logfire": parts("py", "lf_v1_eu_", draw(B62, 43)),
    "Bugsnag": parts("bugsnag_api_key: ", draw(HEX, 32)),
    "Neon password": parts(
        "postgresql://neondb_owner:np",
        "g_",
        draw(B62, 12),
        "@ep-cool-fog-1234.eu-central-1.aws.neon.tech/neondb",
    ),
    "Mongo Atlas": parts("md", "b_sa_sk_", draw(URLSAFE, 40)),
    "Clickhouse query": parts("clickhouse-client --host ch.shop.net --user shop --password ", draw(B62, 16)),
    "MSSQL URL": parts(
        "mssql+pyodbc://sa:", draw(B62, 14), "@sql.shop-internal.net/shop?driver=ODBC+Driver+18"
    ),
    "Elastic ApiKey": parts("Authorization: ApiKey ", encoded(draw(URLSAFE, 20), ":", draw(URLSAFE, 22))),
    "Influx": parts("INFLUX_TOKEN=", draw(URLSAFE, 86), "=="),
    "Fauna": parts("fn", "AE", draw(URLSAFE, 36)),
    "planetscale URL": parts(
        "mysql://", draw(LOW36, 20), ":psc", "ale_pw_", draw(B62, 43), "@aws.connect.psdb.cloud/shop"
    ),
    "netrc lines": parts("machine git.shop.net\n  login deploy\n  password ", draw(B62, 20)),
    "git-credentials": parts("https://deploy:", draw(B62, 24), "@git.shop-internal.net"),
    "kubeconfig token": parts(
        "users:\n- name: deploy\n  user:\n    token: ", draw(LOW, 6), ".", draw(LOW36, 16)
    ),
    "kubeadm": parts("kubeadm join 10.0.0.1:6443 --token ", draw(LOW36, 6), ".", draw(LOW36, 16)),
    "pgpass": parts("db.shop.net:5432:shop:deploy:", draw(B62, 16)),
    "wp-config": parts("define('AUTH_KEY', '", signs(64), "');"),
    "tfvars": parts('db_password = "', password, '"'),
    "tfstate": parts('"master_password": "', draw(B62, 20), '",'),
    "TF_VAR": parts("export TF_VAR_db_password=", draw(B62, 16)),
    "PRIVATE-TOKEN": parts(
        "curl --header 'PRIVATE-TOKEN: ", draw(URLSAFE, 20), "' https://gitlab.shop.net/api/v4/projects"
    ),
    "JSESSIONID": parts("Cookie: JSESSIONID=", draw(UPHEX, 32)),
    "AWS presigned": parts(
        "https://shop.s3.amazonaws.com/a.zip?X-Amz-Credential=AK",
        "IA",
        draw(B32, 16),
        "%2F20260101&X-Amz-Signature=",
        draw(HEX, 64),
    ),
    "GCS signed": parts(
        "https://storage.googleapis.com/shop/a.zip?X-Goog-Expires=900&X-Goog-Signature=", draw(HEX, 256)
    ),
    "STS XML": parts("<SecretAccessKey>", draw(B64, 40), "</SecretAccessKey>"),
    "OpenVPN": parts(
        "-----BEGIN Open",
        "VPN Static key V1-----\n",
        draw(HEX, 32),
        "\n",
        draw(HEX, 32),
        "\n",
        draw(HEX, 32),
        "\n-----END Open",
        "VPN Static key V1-----",
    ),
    "JWK oct": parts('{"kty": "oct", "kid": "a1", "k": "', draw(URLSAFE, 43), '"}'),
    "nostr": parts("ns", "ec1", draw("023456789acdefghjklmnpqrstuvwxyz", 58)),
    "WIF": parts("5", "K", draw("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", 49)),
    "Stellar": parts("S", draw(B32, 55)),
    "mnemonic": parts("seed phrase: ", seed),
    "Google app password": parts("SMTP_PASSWORD=", draw(LOW, 16)),
    "Twitch": parts("TWITCH_CLIENT_SECRET=", draw(LOW36, 30)),
    "Steam": parts("STEAM_API_KEY=", draw(UPHEX, 32)),
    "Riot": parts("RG", "API-", uuid),
    "VAPID": parts("VAPID_PRIVATE_KEY=", draw(URLSAFE, 43)),
    "Make hook": parts("https://hook.eu1.make.com/", draw(LOW36, 32)),
    "Segment": parts("SEGMENT_WRITE_KEY=", draw(B62, 32)),
    "Statsig": parts("sec", "ret-", draw(B62, 43)),
    "Unleash": parts("default:production.", draw(HEX, 56)),
    "ngrok": parts("ngrok config add-authtoken 2", draw(B62, 26), "_", draw(B62, 21)),
    "cloudflared": parts(
        "cloudflared tunnel run --token ",
        encoded('{"a":"', draw(HEX, 32), '","t":"', uuid, '","s":"', draw(B62, 44), '"}'),
    ),
    "Bitwarden": parts("BWS_ACCESS_TOKEN=0.", uuid, ".", draw(B62, 30), ":", draw(B64, 22), "=="),
    "Infisical": parts("st.", draw(HEX, 24), ".", draw(HEX, 32), ".", draw(HEX, 32)),
    "Salesforce": parts(
        "00D",
        draw(B62, 12),
        "!AQ",
        draw("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._", 94),
    ),
    "Zendesk": parts(
        "curl -u ops@shop.test/token:", draw(B62, 40), " https://shop.zendesk.com/api/v2/users.json"
    ),
    "Twilio auth": parts("TWILIO_AUTH_TOKEN=", draw(HEX, 32)),
    "Mailjet": parts(
        "curl --user '", draw(HEX, 32), ":", draw(HEX, 32), "' https://api.mailjet.com/v3.1/send"
    ),
    "Mandrill": parts("m", "d-", draw(B62, 22)),
    "OpenAI admin": parts("s", "k-admin-", draw(URLSAFE, 110)),
    "Modal": parts("a", "s-", draw(B62, 22)),
    "E2B": parts("e", "2b_", draw(HEX, 40)),
    "Daytona": parts("dt", "n_", draw(HEX, 64)),
    "Exa": parts("EXA_API_KEY=", uuid),
    "Firecrawl": parts("f", "c-", draw(HEX, 32)),
    "Helicone": parts(
        "s", "k-helicone-", draw(LOW36, 7), "-", draw(LOW36, 7), "-", draw(LOW36, 7), "-", draw(LOW36, 7)
    ),
    "Langfuse basic": parts("LANGFUSE_SECRET_KEY=s", "k-lf-", uuid),
    "RunPod": parts("rp", "a_", draw(UP36, 40), draw(LOW36, 6)),
    "HF oauth": parts("hf", "_oauth_", draw(B62, 40)),
    "GitHub OAuth secret": parts("GITHUB_CLIENT_SECRET=", draw(HEX, 40)),
    "Databricks OAuth": parts("do", "se", draw(HEX, 32)),
    "Snowflake PAT": parts(
        "SNOWFLAKE_PASSWORD=eyJraWQiOiI", draw(B62, 30), ".eyJ", draw(URLSAFE, 80), ".", draw(URLSAFE, 86)
    ),
    "MCP header": parts('"headers": {"Authorization": "Bearer ', draw(LOW36, 40), '"}'),
    "redis requirepass": parts("requirepass ", draw(B62, 24)),
    "Kerberos": parts("kinit --password=", draw(B62, 16)),
    "keystore": parts("keytool -genkey -storepass ", draw(B62, 14), " -alias shop"),
    "ansible vars": parts("vault_db_pass: '", password, "'"),
    "spring": parts("spring.datasource.password=", draw(B62, 14)),
    "rails master": parts("RAILS_MASTER_KEY=", draw(HEX, 32)),
    "erlang cookie": parts("RABBITMQ_ERLANG_COOKIE=", draw("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 20)),
    "minio": parts("MINIO_ROOT_PASSWORD=", draw(B62, 20)),
    "htpasswd": parts("deploy:$apr1$", draw(B62, 8), "$", draw(B62, 22)),
    "ssh private oneline": parts(
        "-----BEGIN OPENSSH PRIVATE",
        " KEY-----\\nb3BlbnNzaC1rZXktdjEAAAAA",
        draw(B64, 64),
        "\\n",
        draw(B64, 64),
        "\\n-----END OPENSSH PRIVATE",
        " KEY-----",
    ),
}


def b64(s):
    return base64.b64encode(s.encode()).decode()


def hexdump(s):
    """As `hexdump -C` writes it."""
    out, raw = [], s.encode()
    for at in range(0, len(raw), 16):
        row = raw[at : at + 16]
        digits = " ".join(f"{b:02x}" for b in row[:8]) + "  " + " ".join(f"{b:02x}" for b in row[8:])
        out.append(f"{at:08x}  {digits:<48}  |{_shown(row)}|")
    return "\n".join(out)


def xxd(s):
    """As `xxd` writes it."""
    out, raw = [], s.encode()
    for at in range(0, len(raw), 16):
        digits = raw[at : at + 16].hex()
        out.append(
            f"{at:08x}: {' '.join(digits[i : i + 4] for i in range(0, len(digits), 4)):<39}  {_shown(raw[at : at + 16])}"
        )
    return "\n".join(out)


def _shown(row):
    return "".join(chr(b) if 32 <= b < 127 else "." for b in row)


# Where a secret may stand -> the example that holds it there.
CARRIERS = {
    "plain": lambda s: _say(f"Use this:\n{s}\nand be done."),
    "JSON slashes": lambda s: _say(
        '{"stage": "prod", "with": '
        + json.dumps(s).replace("/", "\\/").replace("&", "\\u0026").replace("=", "\\u003d")
        + "}"
    ),
    "XML attribute": lambda s: _say(
        '<job with="' + html.escape(s).replace("\n", "&#xA;") + '" retries="3"/>'
    ),
    "data attribute": lambda s: _say("<div data-with='" + html.escape(s) + "'>x</div>"),
    "HTML comment": lambda s: _say(f"<p>Job</p><!-- with {s} --><p>end</p>"),
    "base64url": lambda s: _say("with=" + base64.urlsafe_b64encode(s.encode()).decode().rstrip("=")),
    "base64 of JSON": lambda s: _say("payload: " + b64(json.dumps({"stage": "prod", "with": s}))),
    "base64 YAML block": lambda s: _say(
        "data:\n  with: |\n"
        + "\n".join("    " + b64(s)[i : i + 40] for i in range(0, len(b64(s)), 40))
        + "\nkind: Secret"
    ),
    "base64 UTF-16": lambda s: _say(
        "powershell -EncodedCommand " + base64.b64encode(s.encode("utf-16-le")).decode()
    ),
    "gzip base64": lambda s: _say(
        "release: " + base64.b64encode(gzip.compress(s.encode(), mtime=0)).decode()
    ),
    "terraform heredoc": lambda s: _say(
        f'resource "x" "y" {{\n  user_data = <<-EOT\n    #!/bin/sh\n    {s}\n  EOT\n}}'
    ),
    "word diff": lambda s: _say(f"stage=prod {{+{_flat(s)}+}} [-none-]"),
    "SQL comment": lambda s: _say(f"SELECT 1; -- {_flat(s)}\nSELECT 2;"),
    "INI comment": lambda s: _say(f"[deploy]\n; {_flat(s)}\nretries=3"),
    "HAR": lambda s: _say(
        json.dumps({"log": {"entries": [{"request": {"headers": [{"name": "x-deploy", "value": s}]}}]}})
    ),
    "fragment": lambda s: _say("https://shop.test/cb#state=1&with=" + urllib.parse.quote(s, safe="")),
    "form body": lambda s: _say("POST /run\n\nstage=prod&with=" + urllib.parse.quote_plus(s) + "&x=1"),
    "stringified arguments": lambda s: example(
        "session_miner",
        "tool_use",
        "Run it.",
        call(("run", {"arguments": json.dumps({"cmd": ["bash", "-lc", f"run '{s}'"]})})),
        SOURCE,
    ),
    "bash argument": lambda s: example(
        "session_miner",
        "tool_use",
        "Run it.",
        call(("bash", {"command": "bash -lc \"export DEPLOY='" + s.replace('"', '\\"') + "' && ./deploy\""})),
        SOURCE,
    ),
    "edit argument": lambda s: example(
        "session_miner",
        "tool_use",
        "Edit it.",
        call(("edit", {"path": "a.py", "old": "x = 1", "new": f"x = 1\n# {s}\n"})),
        SOURCE,
    ),
    "C hex escapes": lambda s: _say('char v[] = "' + "".join(f"\\x{b:02x}" for b in s.encode()) + '";'),
    "JS braces": lambda s: _say('const v = "' + "".join(f"\\u{{{b:x}}}" for b in s.encode()) + '";'),
    "char array": lambda s: _say("char v[] = {" + ", ".join(repr(c) for c in s) + "};"),
    "Rust raw": lambda s: _say(f'let v = r#"{s}"#;'),
    "bash dollar": lambda s: _say("V=$'" + s.replace("\n", "\\n") + "' ./deploy"),
    "YAML folded quoted": lambda s: _say(
        'with: "'
        + s[: len(s) // 2].replace("\n", "\\n")
        + "\\\n  "
        + s[len(s) // 2 :].replace("\n", "\\n")
        + '"'
    ),
    "CRLF": lambda s: _say("stage=prod\r\n" + s.replace("\n", "\r\n") + "\r\nretries=3\r\n"),
    "tabs": lambda s: _say(f"deploy\t{_flat(s)}\t3\nother\tx\t4"),
    "MIME word": lambda s: _say(f"Subject: =?utf-8?b?{b64(s)}?="),
    "quopri": lambda s: _say(
        "Content-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(s.encode()).decode()
    ),
    "hexdump -C": lambda s: _say(hexdump(s)),
    "xxd ascii": lambda s: _say(xxd(s)),
    "LDIF": lambda s: _say(f"dn: cn=svc,dc=shop\ndescription:: {b64(s)}"),
    "cat -A": lambda s: _say("\n".join(line + "$" for line in ("stage=prod\n" + s + "\nx=1").split("\n"))),
    "cat -n wrapped": lambda s: _say(
        "\n".join(f"{i:6d}\t{line}" for i, line in enumerate(("stage=prod\n" + s).split("\n"), 1))
    ),
    "thinking": lambda s: _say(f"<think>The user gave {s} so I can use it.</think>Done, it is deployed."),
    "system reminder": lambda s: _say(f"<local-command-stdout>{s}</local-command-stdout>"),
    "actions log": lambda s: _say(
        f"2026-11-23T12:00:00.1234567Z ##[debug]env {_flat(s)}\n2026-11-23T12:00:01Z done"
    ),
    "asciidoc": lambda s: _say(f"[source,ini]\n----\n{s}\n----\n<1> the job"),
    "BBCode": lambda s: _say(f"[code]{s}[/code] [i]new[/i]"),
    "Python bytes hex": lambda s: _say(f"v = bytes.fromhex('{s.encode().hex().upper()}')"),
    "base64 decode call": lambda s: _say(f"v = base64.b64decode('{b64(s)}').decode()"),
    "base85": lambda s: _say(f"v = base64.b85decode({base64.b85encode(s.encode()).decode()!r})"),
    "Java properties": lambda s: _say(
        "run.with=" + s.replace("\n", "\\n\\\n  ").replace(":", "\\:").replace("=", "\\=")
    ),
    "groovy": lambda s: _say("withEnv(['DEPLOY=" + _flat(s).replace("'", "\\'") + "']) { sh 'deploy' }"),
    "json5 key": lambda s: _say("{ stage: 'prod', with: '" + _flat(s).replace("'", "\\'") + "', }"),
    "csv quoted": lambda s: _say('"id";"with"\n"1";"' + s.replace('"', '""') + '"'),
    "python tuple env": lambda s: _say(f"env = (('STAGE', 'prod'), ('WITH', {s!r}))"),
    "kwargs repr": lambda s: _say(f"Job(stage='prod', with_={s!r}, retries=3)"),
}


def third(seed: int = 0, most: int = 2000):
    """(kind, carrier, secret, example) of `most` kinds in carriers, chosen by the seed."""
    for kind, carrier in random.Random(seed).sample(
        [(kind, carrier) for kind in KINDS for carrier in CARRIERS], most
    ):
        secret = KINDS[kind](random.Random(f"{seed}/{kind}/{carrier}"))
        yield kind, carrier, secret, CARRIERS[carrier](secret)
