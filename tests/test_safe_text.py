import pytest

from autodidact.safe_text import address, addresses, harmless, one_line


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("/srv/store", "/srv/store"),
        ("s3://bucket/prefix@2", "s3://bucket/prefix@2"),
        ("http://host:8080/a@b", "http://host:8080/a@b"),
        ("s3://AK:hunter22@bucket/prefix", "s3://***@bucket/prefix"),
        ("postgresql://me:p@ss@db:5432/shop", "postgresql://***@db:5432/shop"),
        ("ftp://me:se/cret?1@host/x", "ftp://***@host/x"),
        ("https://host/x?sig=hunter22#top", "https://host/x?***"),
        ("filecache::s3://AK:hunter22@bucket/x", "filecache::s3://***@bucket/x"),
        ("zip://inner::s3://AK:hunter22@bucket/x", "zip://***@bucket/x"),
    ],
)
def test_an_address_is_shown_without_login_and_query(url, shown):
    assert address(url) == shown


def test_in_a_text_every_address_is_and_a_known_ones_password_stands_nowhere():
    text = "GET https://a:hunter22@x/y?k=1 failed; login hunter%2122 of me"
    assert addresses(text) == "GET https://***@x/y?*** failed; login hunter%2122 of me"
    assert (
        addresses("wrong password hunter!22 for me:hunter%2122", "ftp://me:hunter%2122@host/x")
        == "wrong password *** for ***"
    )
    store = "s3://bucket/x?secret=hunter/22x&n=1"
    said = "no http://127.0.0.1:9/bucket/x%3Fsecret%3Dhunter%2F22x%26n%3D1, nor hunter/22x 1"
    assert addresses(said, store) == "no http://127.0.0.1:9/bucket/x%3F***, nor *** 1"


def test_what_would_steer_a_terminal_is_written_out():
    foreign = "a\x1b[2Jb\x9b31mc\x07\x7f\u202ed\u2066e\u2028f\r"
    assert harmless(foreign) == "a\\u001b[2Jb\\u009b31mc\\u0007\\u007f\\u202ed\\u2066e\\u2028f\\u000d"
    assert harmless("half a character: \ud83d") == "half a character: \\ud83d"
    assert harmless("Käse\tund\n日本 👍") == "Käse\tund\n日本 👍"


def test_an_error_is_one_line_whatever_is_in_it():
    assert one_line("no version x\n[autodidact] promoted: x") == "no version x\\n[autodidact] promoted: x"
    assert one_line("x" * 3000) == "x" * 3000
    assert one_line("x" * 3001) == "x" * 2997 + "..."
    assert len(one_line("\n" * 3000)) == 3000
