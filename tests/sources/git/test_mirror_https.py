"""Fetching by https from git's own server: what certificate, which password, and what an error says."""

import shutil

import pytest

from autodidact.errors import Unavailable
from autodidact.sources.git import mirror
from tests.sandbox import Sandbox
from tests.sources.git.git_server import certificate, git_server

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")


@pytest.fixture
def remote(tmp_path, monkeypatch):
    """The repository `shop`, which a server gives by https to ada with her password. git trusts the server."""
    sandbox = Sandbox(tmp_path / "served" / "shop")
    sandbox.first = sandbox.commit("Sell", {"shop.py": "PRICE = 3\n"})
    sandbox.certificate = certificate(tmp_path)
    monkeypatch.setenv("GIT_SSL_CAINFO", str(sandbox.certificate))
    with git_server(tmp_path / "served", "ada", "k-very-secret", sandbox.certificate) as server:
        sandbox.server, sandbox.address = server, f"{server.root}/shop/.git"
        sandbox.folder = mirror.folder_of(sandbox.address, tmp_path / "mirrors")
        yield sandbox


def refused(remote, **login: str) -> str:
    """The error of a fetch that fails, without the port."""
    with pytest.raises(Unavailable) as caught:
        mirror.fetch(remote.address, remote.folder, **login)
    return str(caught.value).replace(remote.address.removesuffix("/shop/.git"), "https://host")


def test_the_password_opens_what_is_fetched_by_https_and_fetched_again(remote):
    mirror.fetch(remote.address, remote.folder, login="ada", key="k-very-secret")
    assert mirror.has(remote.folder, remote.first)
    second = remote.commit("Raise", {"shop.py": "PRICE = 4\n"}, hours=1)
    mirror.fetch(remote.address, remote.folder, login="ada", key="k-very-secret")
    assert mirror.has(remote.folder, second)
    assert remote.server.asked and all(path.startswith("/shop/.git/") for path in remote.server.asked)
    files = (file for file in remote.folder.rglob("*") if file.is_file())
    assert all(b"secret" not in file.read_bytes() for file in files)


@pytest.mark.parametrize("login", [{}, {"login": "ada", "key": "k-wrong-one"}], ids=["none", "wrong"])
def test_without_the_right_password_one_line_says_so_and_no_program_is_asked_for_it(
    remote, login, tmp_path, monkeypatch
):
    program = tmp_path / "ask"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-asked\necho k-very-secret\n")
    program.chmod(0o755)
    for name in ("SSH_ASKPASS", "GIT_ASKPASS"):
        monkeypatch.setenv(name, str(program))
    assert refused(remote, **login) == (
        "The repository could not be fetched: fatal: could not read Username for 'https://host':"
        " terminal prompts disabled."
        " The server wants a login and a password, and takes none that the Connection has."
    )
    assert not (tmp_path / "was-asked").exists()


def test_a_certificate_that_nobody_here_trusts_is_refused_and_no_variable_switches_that_off(
    remote, monkeypatch
):
    monkeypatch.delenv("GIT_SSL_CAINFO")
    monkeypatch.setenv("GIT_SSL_NO_VERIFY", "1")
    said = refused(remote, login="ada", key="k-very-secret")
    assert said.startswith(
        "The repository could not be fetched: fatal: unable to access 'https://host/shop/.git/'"
    )
    assert said.endswith(
        " The server's certificate is not trusted here: add its authority to the system's, or name the file of"
        " its certificate in GIT_SSL_CAINFO."
    )
    assert "k-very-secret" not in said and "\n" not in said and remote.server.asked == []


def test_the_certificate_of_another_host_is_refused(remote, tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.mkdir()
    made = certificate(other, "DNS:git.example")
    monkeypatch.setenv("GIT_SSL_CAINFO", str(made))
    with git_server(tmp_path / "served", tls=made) as server:
        remote.address = f"{server.root}/shop/.git"
        assert "The server's certificate is not trusted here" in refused(remote)
        assert server.asked == []
