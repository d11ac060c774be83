import pytest

from autodidact.gate import personal_data, secrets
from autodidact.gate.rule import Drop
from autodidact.records import example

SOURCE = {"kind": "transcript", "ref": "s.jsonl"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ask jo.doe+x@corp.co.uk today", "ask <EMAIL> today"),
        ("<jo@corp.io>", "<<EMAIL>>"),
        (r"'foo@corp.io\nbar@corp.io'", r"'<EMAIL>\n<EMAIL>'"),
        ("call +49 30 901820 11 now", "call <PHONE> now"),
        ("or (212) 664-7665.", "or <PHONE>."),
        ("212-664-7665", "<PHONE>"),
        ("Tel.: 030/9018 2011", "Tel.: <PHONE>"),
        ("pay to DE89 3704 0044 0532 0130 00, please", "pay to <IBAN>, please"),
        ("GB82WEST12345698765432", "<IBAN>"),
        ("card 4111 1111 1111 1111", "card <CARD>"),
        ("card 5555-5555-5555-4444", "card <CARD>"),
        ("amex 378282246310005", "amex <CARD>"),
        ("from 93.184.216.34 port 22", "from <IP> port 22"),
        ("http://93.184.216.34:8080/x", "http://<IP>:8080/x"),
        ("from 2a00:1450:4001:82b::200e", "from <IP>"),
        ("open /home/jdoe/src/a.py", "open /home/<USER>/src/a.py"),
        ("open /Users/jane.doe/src", "open /Users/<USER>/src"),
        (r"open C:\Users\Jane\src", r"open C:\Users\<USER>\src"),
    ],
)
def test_what_is_masked(text, left):
    assert personal_data.redact(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "user@example.com and me@mail.example.org and git@corp.io",
        "git@github.com:owner/name",
        "icon@2x.png and @app.route and a @ b.T",
        "@property.setter and x@task.task",
        "127.0.0.1, 0.0.0.0, 10.1.2.3, 192.168.1.20, 172.16.0.1, 192.0.2.7, 198.51.100.3, 203.0.113.9, 8.8.8.8",
        "version 4.0.12.15, 1.2.3.4, pip==20.10.30.40 and 1.3.6.1.4.1.311.21",
        "2001:db8::1 and fe80::1 and ::1 and aa:bb:cc:dd:ee:ff and 12:34:56",
        "2026-11-23 12:00:01 and 1700000000 and 20261123120001",
        "555-0142 and (212) 555-0199 and +1 555 555 1234",
        "DE00 3704 0044 0532 0130 00 has wrong check digits",
        "4111 1111 1111 1112 has a wrong check digit",
        "/home/user/src, /home/runner/work, /home/<name>/x and https://a.test/home/page/x",
        "x = a[1:2, 3] + 1234567890123456789",
        "0.1234567890123456 and 1e-1000000000",
    ],
)
def test_what_is_no_ones_stays(text):
    assert personal_data.redact(text) == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://x.test/?to=jo%40corp.io", "e-mail address"),
        ("jo.<b>doe</b>@corp.io is him", "e-mail address"),
        ("jo&#64;corp.io", "e-mail address"),
        ("the card 4111 1111\n1111 1111", "payment card"),
    ],
)
def test_what_a_mask_cannot_reach_drops_the_example(text, kind):
    one = example("session_miner", "tool_use", "Who?", text, SOURCE)
    assert secrets.check(one, None) == Drop("personal data that cannot be masked", kind)
