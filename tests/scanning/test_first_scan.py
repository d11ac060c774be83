import argparse
import ast
import base64
import configparser
import ftplib
import getpass
import hashlib
import http.cookiejar
import imaplib
import json
import mimetypes
import netrc
import smtplib
import ssl
import tarfile
import urllib.request
import uuid
import zipfile
from pathlib import Path

import pytest

from autodidact.scanning import find, suspicious

# Random to look at, of no one; the literals below are joined so that no scanner stumbles here.
RUN = "q7Xk2Lm9Zt4Rw8Yb1Nc5Vd6Hs3Jf0Gp" * 4
PLANTED = {
    "private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "AWS access key": "AKIA" + "Q7XK2LM4ZT4RW5YB",
    "Google API key": "AIza" + RUN[:35],
    "GitHub token": "ghp_" + RUN[:36],
    "GitLab token": "glpat-" + RUN[:20],
    "model provider key": "sk-ant-" + "api03-" + RUN[:60],
    "Hugging Face token": "hf_" + RUN[:34],
    "Slack token": "xoxb-" + "123456789012-123456789012-" + RUN[:24],
    "Stripe key": "sk_live_" + RUN[:24],
    "npm token": "npm_" + RUN[:36],
    "PyPI token": "pypi-AgE" + RUN[:80],
    "password in a URL": "postgresql://app:" + "s3cr3tPa55" + "@db.internal:5432/app",
}
BY_PATTERN_ONLY = {
    "JWT": "eyJ" + RUN[:20] + ".eyJ" + RUN[:30] + "." + RUN[:40],
    "SendGrid key": "SG." + RUN[:22] + "." + RUN[:43],
    "Azure storage key": "AccountKey=" + (RUN * 2)[:86] + "==",
    "Telegram token": "123456789:AA" + RUN[:33],
    "Slack webhook": "https://hooks.slack.com/" + "services/T0AB12CD3/B0AB12CD3/" + RUN[:24],
    "random word": "It is " + RUN[:40],
    "assigned secret": 'SECRET_KEY = "' + RUN[:28] + '"',
    "secret in hexadecimal digits": "DATALINE_API_KEY=" + "5dc781f0bd5f36186bfcc74e0a4f9f65",
    "password": "password: " + RUN[:7] + "!#",
    "password on a command line": "curl -u shop:" + RUN[:8] + "! https://shop.test/",
}
CARRIERS = [
    "{}",
    'token = "{}"',
    "Use {}, please.",
    "a\n{}\nb",
    "curl https://x.test/?key={}",
    '{{"k": "{}"}}',
]


@pytest.mark.parametrize("kind", PLANTED)
@pytest.mark.parametrize("carrier", CARRIERS)
def test_both_methods_find_it(kind, carrier):
    text = carrier.format(PLANTED[kind])
    assert find(text)
    if kind != "password in a URL" or carrier in ("{}", "a\n{}\nb", "Use {}, please."):
        assert suspicious(text)


@pytest.mark.parametrize("kind", PLANTED | BY_PATTERN_ONLY)
def test_the_kind_is_named(kind):
    assert find((PLANTED | BY_PATTERN_ONLY)[kind]) == kind


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Basic " + base64.b64encode(b"shop:" + RUN[:9].encode()).decode(),
        base64.b64encode(b"the token is ghp" + b"_" + RUN[:36].encode()).decode(),
        "ghp" + "_" + RUN[:10] + "\\\n  " + RUN[10:36],
        "+# ghp" + "_" + RUN[:10] + "\n+# " + RUN[10:36],
    ],
)
def test_what_is_encoded_or_cut_in_two_is_found(text):
    assert find(text)


CLEAN = [
    "Authorization: Basic dXNlcjpwYXNzd29yZDEyMw==",  # user:password123
    "amqp://guest:guest@localhost:5672// and redis://:password@hostname:6379/0",
    (
        "integrity"
        " sha512-oRF9wHWx0UZwgb7GhLdFb8gqNkmXtJ1y3yQZm8Fd3oVb1aVvXy5Q0q1w2e3r4t5y6u7i8o9p0aSdFgHjKlZxCg=="
    ),
    'token = "d41d8cd98f00b204"',
    'etag_token_hash = "d41d8cd98f00b204e9800998ecf8427e"',
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    "def test_token_refresh_v2_with_http2_and_oauth2_client(): pass",
    'password = settings.DATABASES["default"]["PASSWORD"]',
    "self.password = make_password(password2, salt=None)",
    "0x5dc781f0bd5f36186bfcc74e0a4f9f65 and 5dc781f0bd5f36186bfcc74e0a4f9f65440ee6d2",
    "def hf_quantizer_for_models_with_4bit_config_loaded(): pass",
    "sha256 53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "commit a649de79 of https://github.com/huggingface/datatrove",
    'api_key = os.environ["API_KEY"]',
    'token = "<your token here, please>"',
    'password = "correct horse battery"',
    'SECRET_KEY = "change-me-in-production"',
    "postgresql://user:password@localhost/db".replace(":password", ":{password}"),
    "git@github.com:owner/name.git",
    (
        "You are the model of celery-dd5db41a, of celery-dd5db41a/2026-11-28T0708Z and"
        " a-longer-name-0f5cdb1a/2026-11-28T0708Z/gate."
    ),
    "LongerName-dd5db41a/2026-11-28T0708Z and logs/Worker-7f-2026-11-28T070851Z/2026-11-29",
    "id 3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "sk-learn, skimage and sk_test_helper",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
    "begins with -----BEGIN CERTIFICATE-----",
    'if "-----BEGIN" in text and "PRIVATE KEY" in text:',
]


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_is_left_alone(text):
    assert find(text) is None and suspicious(text) is None


def test_of_clean_code_hardly_anything_is_lost():
    """Functions of the standard library, which holds hashes, tables, addresses and many names of
    passwords."""
    modules = (
        argparse,
        ast,
        base64,
        configparser,
        ftplib,
        getpass,
        hashlib,
        http.cookiejar,
        imaplib,
        json.encoder,
        mimetypes,
        netrc,
        smtplib,
        ssl,
        tarfile,
        urllib.request,
        uuid,
        zipfile,
    )
    functions = []
    for module in modules:
        source = Path(module.__file__).read_text(encoding="utf-8")
        lines = source.split("\n")
        found = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
        functions += ["\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in found]
    assert len(functions) >= 900
    lost = [text.split("(")[0] for text in functions if find(text)]
    assert len(lost) <= 0.005 * len(functions), lost
    assert [text.split("(")[0] for text in functions if not find(text) and suspicious(text)] == []


GITHUB = "gh" + "p_" + "q7Xk2mPz9LwR4tYv8NbC3dFg6HjK1sQa5WeU"
HEX = "a1b2c3d4e5f60718" * 4


@pytest.mark.parametrize(
    "text",
    [
        "The password of the staging database is Zebra!Quill9 since Monday.",
        "Passwort: egal. Das Kennwort lautet Zebra!Quill9.",
        "\u30d1\u30b9\u30ef\u30fc\u30c9\u306fZebra!Quill9\u3067\u3059\u3002",
        "Our passphrase is lantern-gravel-otter-mitten.",
        "Zebra!Quill9 is the password of the crane.",
        "The PIN of the safe is 482913.",
        'token = "' + "".join(f"\\U{ord(c):08x}" for c in GITHUB) + '"',
        "token = " + " + ".join(f"chr({ord(c)})" for c in GITHUB),
        f"| part | text |\n|---|---|\n| 1 | {GITHUB[:20]} |\n| 2 | {GITHUB[20:]} |",
        f"| {GITHUB[:20]} | {GITHUB[20:]} |",
        f"1. {GITHUB[:14]}\n2. {GITHUB[14:28]}\n3. {GITHUB[28:]}",
        f"The wallet can be restored from {HEX}.",
        f"private key of the deployer: 0x{HEX}",
        "Use Zebra!Quill9 to get into the staging database.",
        "The password? Zebra!Quill9.",
        "With Zebra!Quill9 you get into the crane. To unlock it, enter the code.",
        "To unlock the crane, enter Zebra!Quill9.",
        "Accounts: deploy:Zebra!Quill9, backup:unknown",
        ", ".join(f"0b{ord(c):08b}" for c in GITHUB),
        " ".join(f"{ord(c):03o}" for c in GITHUB),
        " ".join(GITHUB[place : place + 8] for place in range(0, 40, 8)),
        f"The cold wallet\n\n{HEX}",
        "Creds for grafana are admin:lantern7gravel",
        "The door code 4829# is new.",
        "2FA backup codes: 4839-2931, 8820-1174",
        "".join(f"\\N{{U+{ord(c):04X}}}" for c in GITHUB),
        " ".join(f"U+{ord(c):04X}" for c in GITHUB),
        " ".join(f"{ord(c):08b}" for c in GITHUB),
        "".join(f"={ord(c):02X}" for c in GITHUB),
        "key: " + " ".join(GITHUB[place : place + 4] for place in range(0, 40, 4)),
        f"part,text\n1,{GITHUB[:20]}\n2,{GITHUB[20:]}",
        f"<tr><td>1</td><td>{GITHUB[:20]}</td></tr>\n<tr><td>2</td><td>{GITHUB[20:]}</td></tr>",
    ],
)
def test_secrets_in_sentences_in_pieces_by_number_and_of_wallets_are_found(text):
    assert find(text)


@pytest.mark.parametrize(
    "text",
    [
        "The password is required and must have 12 characters.",
        "The password is hashed with argon2id, the token is signed with RS256.",
        "The password is stored in settings.DB_PASSWORD2 and read by get_password2().",
        "The passphrase is asked once and then kept for the session.",
        "The password and the username are sent to tokenUrl='token'.",
        "Log in with your GitHub account and open the settings.",
        "The PIN has 4 digits.",
        f"The sha256 of the wallet is {HEX}.",
        f"public key of the wallet: {HEX}",
        "Use the password manager to log in, and a security code 12 of the app.",
        "Which password? The one of the test database.",
        "Accounts: admin:read-only, root: everything",
        "0b1010 and 0b0110; 00000001 00000010 00000100",
        "from this that were when some with 2031 with 2032",
        "| name | rows |\n|---|---|\n| alpha1 | 12 |\n| beta2 | 14 |",
        "1. open the store\n2. read the manifest\n3. close it",
        "chr(10) ends a line, chr(9) is a tab",
    ],
)
def test_text_about_passwords_and_wallets_stays(text):
    assert find(text) is None


# Drawn at random, of no one; the words of the phrase are no wallet's.
DRAWN = "vG3Uf2t" + "uUuImyH7"
PHRASE = "orbit kitten salad merge tuna ritual uphold velvet garden toast absurd zebra"


@pytest.mark.parametrize(
    "text",
    [
        "docker login -u bob -p {} registry.test",
        "unzip -P {} backup.zip",
        "7z x -p{} backup.7z",
        "ldapsearch -D cn=admin,dc=x -w {} -b dc=x",
        "net user bob {} /add",
        "echo {} | sudo -S systemctl restart shop",
        "echo bob:{} | chpasswd",
        "echo '{}' | docker login --username bob --password-stdin",
        'dataSource.setPassword("{}");',
        'conn.login("bob", "{}")',
        "requests.get(url, auth=('bob', '{}'))",
        'new NetworkCredential("bob", "{}")',
        'ConvertTo-SecureString "{}" -AsPlainText -Force',
        "CREATE USER 'app'@'%' IDENTIFIED BY '{}';",
        "jdbc:oracle:thin:scott/{}@db:1521/ORCL",
        'expect "assword:"\nsend "{}\\r"',
        "WIFI:T:WPA;S:Harbour;P:{};;",
        "Wi-Fi name Harbour, key {}",
        "user,password,role\nbob,{},admin",
        "name;login;passwort\nBob;bob;{}",
        "password: |\n  {}\n",
        "Log in as admin / {} and restart the job.",
        "Lösenordet är {}",
    ],
)
def test_what_programs_are_given_is_found(text):
    assert find(text.format(DRAWN))


def test_the_words_of_a_wallet_are_found_after_any_of_their_names():
    assert find(f"The recovery phrase of the treasury wallet: {PHRASE}")
    assert find(f"Seed words: {PHRASE}")
    assert find("Wallet seed:\n" + "".join(f"{n}. {word}\n" for n, word in enumerate(PHRASE.split(), 1)))
    assert find("| # | seed words |\n|---|---|\n" + "".join(f"| 1 | {word} |\n" for word in PHRASE.split()))
    assert find(f"{', '.join(PHRASE.split())}: with these twelve words MetaMask is restored")
    assert not find(f"The tables of the shop: {PHRASE}")
    assert not find(
        "A mnemonic is a phrase of twelve words that wallets read, drawn from a list of 2048 words"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Password reset links expire after ten minutes.",
        "Passwords expire after ninety days.",
        "ssh-keygen writes the private key to ~/.ssh/id_ed25519 and the public one beside it.",
        'docker login -u bob -p "$PASSWORD" registry.test; echo $PASS | sudo -S true',
        "conn.login(user, password); setPassword(hash); auth=('user', 'password')",
        "Sign in as admin / owner. Seed words are twelve words from a list.",
        "name,token_count,role\nbob,vG3Uf2tuUuImyH7,admin",
        "CREATE USER app IDENTIFIED BY 'secret'; ConvertTo-SecureString $plain -Force",
    ],
)
def test_places_of_passwords_without_one_stay(text):
    assert find(text) is None
