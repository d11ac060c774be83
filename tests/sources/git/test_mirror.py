"""Fetching a repository from somewhere else: into a bare mirror, safely, and again after a kill."""

import subprocess
from datetime import timedelta

import pytest

from autodidact.errors import AutodidactError, Unavailable, UsageError
from autodidact.settings import load_settings
from autodidact.sources.git import mirror
from autodidact.sources.git.revisions import discover, resolve
from autodidact.sources.name_of_system import system_of
from tests.sandbox import NOON, Sandbox
from tests.sources.git.git_server import git_server


@pytest.fixture
def remote(tmp_path):
    """The repository `shop` on a git server; `address` is where it is."""
    sandbox = Sandbox(tmp_path / "served" / "shop")
    sandbox.first = sandbox.commit("Sell", {"shop.py": "PRICE = 3\n"})
    with git_server(tmp_path / "served") as server:
        sandbox.server, sandbox.address = server, f"{server.root}/shop/.git"
        yield sandbox


@pytest.fixture
def folder(remote, tmp_path):
    return mirror.folder_of(remote.address, tmp_path / "mirrors")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://github.com/org/shop.git", "shop.git"),
        ("https://github.com/org/shop/", "shop.git"),
        ("https://github.com/org/shop/.git", "shop.git"),
        ("git@github.com:org/the.shop.git", "the.shop.git"),
        ("ssh://git@host.example:2222/~ada/shop", "shop.git"),
        ("http://127.0.0.1:3000/org/shop%20floor.git", "shop-20floor.git"),
    ],
)
def test_a_mirror_is_called_like_its_repository(tmp_path, address, name):
    folder = mirror.folder_of(address, tmp_path)
    assert folder.name == name and folder.parent.parent == tmp_path
    assert folder != mirror.folder_of(address + "x", tmp_path)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://github.com/org/shop.git", "A repository is not fetched by 'http'"),
        ("file:///etc", "A repository is not fetched by 'file'"),
        ("git://github.com/org/shop.git", "A repository is not fetched by 'git'"),
        ("ext::sh -c touch% /tmp/owned", "is no address"),
        ("ext::sh", "has no protocol"),
        ("--upload-pack=touch /tmp/owned", "is no address"),
        ("-oProxyCommand=touch:x", "is no address"),
        ("ssh://-oProxyCommand=touch/x", "A repository is not fetched by 'ssh'"),
        ("/srv/shop", "has no protocol"),
        ("../shop", "has no protocol"),
        ("https://ada:secret@github.com/org/shop.git", "holds a login"),
        ("https://token@github.com/org/shop.git", "holds a login"),
        ("https://[::1/shop.git", "is no address"),
        ("https://github.com/a\nb", "is no address"),
        ("", "has no protocol"),
    ],
)
def test_an_address_that_is_not_fetched_is_refused_in_one_line_without_its_text(tmp_path, address, message):
    with pytest.raises(UsageError, match=message) as caught:
        mirror.folder_of(address, tmp_path)
    assert "secret" not in str(caught.value) and "\n" not in str(caught.value)


def test_a_fetch_brings_branches_and_what_is_the_default_one(remote, folder):
    remote.git("branch", "work")
    remote.git("tag", "v1")
    mirror.fetch(remote.address, folder)
    assert mirror.has(folder, remote.first) and not mirror.has(folder, "0" * 40)
    assert discover(folder) == ("shop", remote.first)
    listed = subprocess.run(
        ["git", "--git-dir", folder, "for-each-ref", "--format=%(refname)"], capture_output=True, text=True
    )
    assert listed.stdout.split() == ["refs/heads/main", "refs/heads/work"]
    assert not list(folder.glob("hooks/*"))


def test_a_later_fetch_follows_the_remote_also_where_its_history_was_rewritten(remote, folder):
    mirror.fetch(remote.address, folder)
    second = remote.commit("Raise", {"shop.py": "PRICE = 4\n"}, hours=1)
    mirror.fetch(remote.address, folder)
    assert resolve(folder, None, NOON + timedelta(hours=2)) == second
    remote.git("branch", "-M", "trunk")
    remote.git("reset", "-q", "--hard", remote.first)
    third = remote.commit("Raise more", {"shop.py": "PRICE = 5\n"}, hours=1)
    mirror.fetch(remote.address, folder)
    assert resolve(folder, None, NOON + timedelta(hours=2)) == third
    assert resolve(folder, "trunk", NOON + timedelta(hours=2)) == third


def test_a_mirror_that_a_kill_left_half_made_is_whole_after_the_next_fetch(remote, folder):
    mirror.fetch(remote.address, folder)
    for name in ("objects/pack/tmp_pack_a1", "objects/pack/tmp_idx_b2"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"half")
    (folder / "refs" / "heads" / "main").unlink()
    mirror.fetch(remote.address, folder)
    assert mirror.has(folder, remote.first) and not list(folder.glob("objects/pack/tmp_*"))


def test_a_key_opens_what_is_closed_and_stands_in_no_error_and_no_file(tmp_path):
    sandbox = Sandbox(tmp_path / "served" / "shop")
    first = sandbox.commit("Sell")
    with git_server(tmp_path / "served", "ada", "k-very-secret") as server:
        address = f"{server.root}/shop/.git"
        folder = mirror.folder_of(address, tmp_path / "mirrors")
        for key in ("", "k-wrong-one"):
            with pytest.raises(Unavailable, match="The repository could not be fetched: ") as caught:
                mirror.fetch(address, folder, login="ada", key=key)
            assert "k-wrong-one" not in str(caught.value)
        mirror.fetch(address, folder, login="ada", key="k-very-secret")
    assert mirror.has(folder, first)
    assert all(b"secret" not in file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_no_redirect_is_followed(remote, tmp_path):
    address = remote.address.replace("/shop/", "/moved/shop/")
    with pytest.raises(Unavailable, match="could not be fetched"):
        mirror.fetch(address, mirror.folder_of(address, tmp_path / "mirrors"))
    assert all(path.startswith("/moved/") for path in remote.server.asked)


def test_submodules_and_hooks_are_not_touched(remote, folder, tmp_path):
    other = Sandbox(tmp_path / "served" / "other")
    other.commit("Other", {"a": "b"})
    remote.write(
        ".gitmodules", f'[submodule "other"]\n\tpath = other\n\turl = {remote.server.root}/other/.git\n'
    )
    remote.git("update-index", "--add", "--cacheinfo", f"160000,{other.git('rev-parse', 'HEAD')},other")
    remote.git("add", ".gitmodules")
    remote.git("commit", "-q", "-m", "Submodule")
    mirror.fetch(remote.address, folder)
    hook = folder / "hooks" / "reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/owned\n")
    hook.chmod(0o755)
    remote.commit("More", {"shop.py": "PRICE = 6\n"}, hours=2)
    mirror.fetch(remote.address, folder)
    assert not any("/other/" in path for path in remote.server.asked)
    assert not (tmp_path / "owned").exists()


def test_a_repository_that_is_too_large_or_too_slow_is_given_up(remote, folder, monkeypatch):
    monkeypatch.setattr(mirror, "MOST_BYTES", 100)
    with pytest.raises(AutodidactError, match="The repository is larger than 1e-07 GB"):
        mirror.fetch(remote.address, folder)
    monkeypatch.setattr(mirror, "MOST_BYTES", 10**9)
    monkeypatch.setattr(mirror, "MOST_SECONDS", 0.0)
    with pytest.raises(Unavailable, match="was not fetched within 0 minutes"):
        mirror.fetch(remote.address, folder)


def test_the_system_is_called_after_the_repository_and_not_after_a_folder(tmp_path):
    sandbox = Sandbox(tmp_path / "served" / "shop.git")
    first = sandbox.commit("Sell")
    with git_server(tmp_path / "served") as server:
        address = f"{server.root}/shop.git"
        folder = mirror.folder_of(address, tmp_path / "mirrors")
        mirror.fetch(address, folder)
    settings = load_settings(overrides={"sources.repository": str(folder)}, environ={})
    assert system_of(settings) == f"shop-{first[:8]}"


@pytest.mark.parametrize(
    ("printed", "advice"),
    [
        (
            "No ED25519 host key is known for git.example and you have requested strict checking.\n"
            "Host key verification failed.\nfatal: Could not read from remote repository.",
            "The server's key is not the one in the known_hosts of the worker's user: compare it with what the"
            " server's owner says, then write it there (ssh-keyscan prints it).",
        ),
        (
            "git@git.example: Permission denied (publickey).\nfatal: Could not read from remote repository.",
            "The server takes no key of the worker's user: give it the public key in that user's ~/.ssh.",
        ),
    ],
)
def test_what_ssh_prints_comes_with_what_to_do(printed, advice):
    assert mirror._remedy(printed) == advice
