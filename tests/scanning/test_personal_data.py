import pytest

from autodidact.gate import secrets
from autodidact.gate.rule import Drop
from autodidact.records import call, example
from autodidact.scanning import redact

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
        ("from \u066193.184.216.34 port 22", "from <IP> port 22"),  # its first digit is Arabic
        ("from 2a00:1450:4001:82b::200e", "from <IP>"),
        ("open /home/jdoe/src/a.py", "open /home/<USER>/src/a.py"),
        ("open /Users/jane.doe/src", "open /Users/<USER>/src"),
        (r"open C:\Users\Jane\src", r"open C:\Users\<USER>\src"),
        (r"open C:\Users\Jane Roe\src", r"open C:\Users\<USER>\src"),
        ("open /mnt/c/Users/jroe/src", "open /mnt/c/Users/<USER>/src"),
        ("cp /home/jroe/a b/c", "cp /home/<USER>/a b/c"),
        ('"jane_roe@sub.company.de",', '"<EMAIL>",'),
        ("Co-authored-by: Jane <1+jane@roe.name>", "Co-authored-by: Jane <<EMAIL>>"),
        ("MAIL: JANE.ROE@ROE.NAME.", "MAIL: <EMAIL>."),
        ("+49 (0)30 901820", "<PHONE>"),
        ("+442079460018 and 0049 171 2345678", "<PHONE> and <PHONE>"),
        ("tel 030 901820 11", "tel <PHONE>"),
        ('phone: "+33 1 42 68 53 00"', 'phone: "<PHONE>"'),
        ("mobile 0171 2345678", "mobile <PHONE>"),
        ("FR1420041010050500013M02606", "<IBAN>"),
        ("IBAN: GB29 NWBK 6016 1331 9268 19", "IBAN: <IBAN>"),
        ("6011111111111117 or 3530111333300000 or 2223003122003222", "<CARD> or <CARD> or <CARD>"),
        ("3782 822463 10005", "<CARD>"),
        ("ssh root@54.239.28.85", "ssh root@<IP>"),
        ("ip=52.95.110.1", "ip=<IP>"),
        ("[2a02:8108:8dc0:1234::1]:443", "[<IP>]:443"),
        ("cd /home/jroe && ls", "cd /home/<USER> && ls"),
        ("PWD='/Users/jane.roe'", "PWD='/Users/<USER>'"),
        ("jroe:x:1000:1000::/home/jroe:/bin/bash", "jroe:x:1000:1000::/home/<USER>:/bin/bash"),
        ("/c/Users/jroe/src and /var/home/jroe/src", "/c/Users/<USER>/src and /var/home/<USER>/src"),
        (r"\\wsl$\Ubuntu\home\jroe\src", r"\\wsl$\Ubuntu\home\<USER>\src"),
        (
            "~/.claude/projects/-Users-jroe-src-shop/1.jsonl",
            "~/.claude/projects/-Users-<USER>-src-shop/1.jsonl",
        ),
        ("jane (at) roe.name, jroe[at]corp.co.uk", "<EMAIL>, <EMAIL>"),
        ("jane@müller.de", "<EMAIL>"),
        ("user:jane@roe.name", "user:<EMAIL>"),
        ("+33698765432", "<PHONE>"),
    ],
)
def test_what_is_masked(text, left):
    assert redact(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "user@example.com and me@mail.example.org and git@corp.io",
        "git@github.com:owner/name",
        "icon@2x.png and @app.route and a @ b.T",
        "@property.setter and x@task.task",
        (
            "127.0.0.1, 0.0.0.0, 10.1.2.3, 192.168.1.20, 172.16.0.1, 192.0.2.7, 198.51.100.3, 203.0.113.9,"
            " 8.8.8.8"
        ),
        "version 4.0.12.15, 1.2.3.4, pip==20.10.30.40 and 1.3.6.1.4.1.311.21",
        "2001:db8::1 and fe80::1 and ::1 and aa:bb:cc:dd:ee:ff and 12:34:56",
        "2026-11-23 12:00:01 and 1700000000 and 20261123120001",
        "555-0142 and (212) 555-0199 and +1 555 555 1234",
        "DE00 3704 0044 0532 0130 00 has wrong check digits",
        "4111 1111 1111 1112 has a wrong check digit",
        "/home/user/src, /home/runner/work, /home/<name>/x and https://a.test/home/page/x",
        "x = a[1:2, 3] + 1234567890123456789",
        "0.1234567890123456 and 1e-1000000000",
        (
            "order number 1234567890123456, order 4929001234567, tracking 00340434161094042557, ISBN"
            " 978-3-16-148410-0"
        ),
        (
            "Chrome/119.0.6045.160, version: 10.20.30.40, release 21.14.13.12, Windows 10.0.19045.3693, OID"
            " 1.3.6.1.4.1.311.2.1.14"
        ),
        "255.255.255.255, 224.0.0.1, 169.254.10.20, 100.64.0.10 and 300.400.500.600 and 016.017.018.019",
        (
            "PORTS = (8000, 8080, 9000, 50051); x = 2125551234; timeout=3000000000; range(100, 200, 300);"
            " a[212:664:7665]"
        ),
        "2024-11-23T12:34:56.789012+00:00 and 20241123-123456-789 and 2023-01-15 10:20:30,123",
        "+1 + 234 + 567, +0100, $1,234,567,890, 100 000 000 000, 0x1234567890abcdef, 3.141592653589793",
        "phone = models.CharField(max_length=20); phone: 1234567; tel: 123; tel 12; a model 1234567",
        "12345678-1234-1234-1234-123456789012 and da39a3ee5e6b4b0d3255bfef95601890afd80709",
        (
            "lodash@4.17.21, react@18.2.0, x@2x.png, @pytest.mark.parametrize and"
            " 1+name@users.noreply.github.com"
        ),
        "00:1A:2B:3C:4D:5E and std::vector and a::b::c::d and ff02::1 and 2001:db8:85a3::8a2e:370:7334",
        r"C:\Users\runneradmin\AppData and /root/x and ~/x and $HOME/x and /users/home/x",
        "ABCD1234EFGH5678IJKL and AT1234567890 and GB00 WEST 1234 5698 7654 32",
        "/home/page and /home/index and 'GET /home/dashboard' and /home/user",
        "https://jo:open.sesame@corp.io/ and x[at].y and f(at) and data-home-page-x",
        "1111 1111 1111 1111 and 0000 0000 0000 0000 and 4111-1111-1111-1112",
    ],
)
def test_what_is_no_ones_stays(text):
    assert redact(text) == text


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


@pytest.mark.parametrize("name", ["to", "type", "content", "a"])
def test_a_datum_is_masked_whatever_its_field_is_called(name):
    one = example(
        "session_miner",
        "tool_use",
        "Do it.",
        call(("mail", {name: "jo@corp.io", "deep": [{name: ["+49 30 901820 11"]}]})),
        SOURCE,
    )
    arguments = secrets.check(one, None).messages[-1]["tool_calls"][0]["function"]["arguments"]
    assert arguments == {name: "<EMAIL>", "deep": [{name: ["<PHONE>"]}]}
