import errno
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from autodidact.digests import folder_digest
from autodidact.errors import AutodidactError, Unavailable
from autodidact.store import Cache, Store


@pytest.fixture(params=["local", "memory"])
def store(request, tmp_path):
    """A local folder, and an object store (fsspec's, in memory)."""
    return Store(tmp_path / "store" if request.param == "local" else f"memory://{tmp_path.name}")


def test_what_is_written_is_read_again(store):
    output = store.write_jsonl("a/b.jsonl", [{"x": 1}, "raw", {"y": "\u2028"}])
    assert (output.bytes, output.records) == (24, 3)
    assert list(store.read_lines("a/b.jsonl")) == ['{"x":1}', "raw", '{"y":"\u2028"}']
    store.write_json("a/c.json", {"z": 2})
    assert store.list("a") == ["a/b.jsonl", "a/c.json"]
    assert store.read_json("a/c.json") == {"z": 2}
    store.delete("a")
    assert not store.exists("a/b.jsonl") and store.list("a") == []


def test_a_listing_says_how_big_each_file_is_and_which_folders_there_are(store):
    for key in ("shop/cycles/b/cycle.json", "shop/cycles/a/gate/kept.jsonl", "shop/cycles/note"):
        store.write_text(key, "x" * len(key))
    assert store.sizes("shop") == {
        "shop/cycles/a/gate/kept.jsonl": 29,
        "shop/cycles/b/cycle.json": 24,
        "shop/cycles/note": 16,
    }
    assert list(store.sizes("shop")) == store.list("shop")
    assert store.sizes("nothing") == {} == store.sizes("shop/cycles/note")
    assert store.folders("shop/cycles") == ["a", "b"] and store.folders() == ["shop"]
    assert store.folders("nothing") == [] == store.folders("shop/cycles/note")


def test_a_file_is_deleted_and_what_lies_with_it_stays(store):
    store.write_text("a/b", "x")
    store.write_text("a/c", "x")
    store.delete_file("a/b")
    store.delete_file("a/none")
    assert store.list("") == ["a/c"]


def modes(folder: Path) -> dict[str, str]:
    found = {
        path.relative_to(folder.parent).as_posix(): oct(path.stat().st_mode & 0o7777)
        for path in [folder, *folder.rglob("*")]
    }
    return dict(sorted(found.items()))


def write(store: Store) -> None:
    store.write_json("shop/salt.json", {"salt": "1"})
    Cache(store).put("words", "ab12", b"x")
    with store.folder("shop/adapter") as folder, store.lease("shop/lease.json"):
        (folder / "weights").write_bytes(b"x")  # as libraries do


def test_half_a_character_comes_back_as_it_was(store):
    broken = {"ref": "goals.json#\ud800", "path": "caf\udce9"}
    store.write_json("a/b.json", broken)
    store.write_jsonl("a/b.jsonl", [broken])
    assert store.read_json("a/b.json") == broken
    assert [json.loads(line) for line in store.read_lines("a/b.jsonl")] == [broken]


def test_what_is_written_is_its_owner_s_alone(tmp_path):
    before = os.umask(0)
    try:
        write(Store(tmp_path / "store"))
    finally:
        os.umask(before)
    assert modes(tmp_path / "store") == {
        "store": "0o700",
        "store/cache": "0o700",
        "store/cache/words": "0o700",
        "store/cache/words/ab": "0o700",
        "store/cache/words/ab/ab12": "0o600",
        "store/shop": "0o700",
        "store/shop/adapter": "0o700",
        "store/shop/adapter/weights": "0o600",
        "store/shop/lease.lock": "0o600",
        "store/shop/salt.json": "0o600",
    }


def test_a_folder_with_the_set_group_id_bit_shares_what_is_written_with_its_group(tmp_path):
    (tmp_path / "store").mkdir()
    (tmp_path / "store").chmod(0o2770)
    write(Store(tmp_path / "store"))
    folders, files = (
        ("store", "store/shop", "store/shop/adapter"),
        ("store/shop/adapter/weights", "store/shop/lease.lock", "store/shop/salt.json"),
    )
    found = modes(tmp_path / "store")
    assert {found[name] for name in folders} == {"0o2770"} and {found[name] for name in files} == {"0o660"}


def test_a_folder_that_is_there_already_keeps_its_mode(tmp_path):
    (tmp_path / "store").mkdir()
    (tmp_path / "store").chmod(0o755)
    write(Store(tmp_path / "store"))
    assert (
        modes(tmp_path / "store")["store"] == "0o755" and modes(tmp_path / "store")["store/shop"] == "0o700"
    )


SECRETS = "mate:hunter%2122@127.0.0.1:1/store?sig=hunter23"


@pytest.mark.parametrize("scheme", ["http", "ftp", "s3", "webhdfs"])
@pytest.mark.parametrize("use", ["read_bytes", "read_lines", "read_json", "write"])
def test_no_message_of_a_store_holds_the_password_of_its_address(scheme, use):
    with pytest.raises(AutodidactError) as caught:
        store = Store(f"{scheme}://{SECRETS}")
        store.write_bytes("a", b"") if use == "write" else list(getattr(store, use)("a") or ())
    assert "://***@127.0.0.1" in str(caught.value)
    assert "hunter" not in str(caught.value)


def test_a_write_that_breaks_leaves_what_was_there(store):
    def rows():
        yield "new"
        raise RuntimeError("the power went")

    store.write_jsonl("rows.jsonl", ["old"])
    with pytest.raises(RuntimeError):
        store.write_jsonl("rows.jsonl", rows())
    assert list(store.read_lines("rows.jsonl")) == ["old"]
    assert store.list("") == ["rows.jsonl"]


@pytest.mark.parametrize("key", ["../secret", "a/../../b", "a\\b"])
def test_no_key_leaves_the_store(store, key):
    with pytest.raises(AutodidactError, match="is no key of the store"):
        store.write_bytes(key, b"")


def test_a_missing_key_is_one_line(store):
    with pytest.raises(AutodidactError, match="gate/kept.jsonl is not in the store"):
        store.read_bytes("gate/kept.jsonl")


def test_a_store_that_cannot_be_written_is_one_line_with_the_reason(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(AutodidactError, match="cannot write .*: Not a directory. Check the path"):
        Store(tmp_path / "file" / "store").check_writable()


def test_what_the_library_of_an_object_store_raises_is_one_line_and_may_be_tried_again(tmp_path, monkeypatch):
    class NoCredentials(Exception):
        """As botocore's: of no kind that Python knows."""

    def refuse(*_, **__):
        raise NoCredentials("Unable to locate\ncredentials")

    store = Store(f"memory://{tmp_path.name}")
    for name in ("open", "exists", "cat_file"):
        monkeypatch.setattr(store._fs, name, refuse)
    told = r"NoCredentials: Unable to locate credentials. Check the address, the credentials"
    for work in (
        store.check_writable,
        lambda: store.exists("a"),
        lambda: store.read_bytes("a"),
        lambda: store.list("a"),
        lambda: store.delete("a"),
    ):
        with pytest.raises(Unavailable, match=told):
            work()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.EBUSY, "Service Unavailable"), Unavailable),  # as s3fs puts S3's answer 503
        (OSError(errno.EREMOTEIO, "Internal Server Error"), Unavailable),  # and its 500
        (ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"), Unavailable),
        (PermissionError("AccessDenied"), AutodidactError),
    ],
)
def test_an_object_store_that_is_away_may_be_tried_again(tmp_path, monkeypatch, error, kind):
    def fail(*_, **__):
        raise error

    store = Store(f"memory://{tmp_path.name}")
    for name in ("open", "exists", "cat_file", "isfile", "ls"):
        monkeypatch.setattr(store._fs, name, fail)
    for work in (
        lambda: store.exists("a"),
        lambda: store.read_bytes("a"),
        lambda: list(store.read_lines("a")),
        lambda: store.write_text("a", ""),
        lambda: store.list("a"),
        lambda: store.local("a"),
    ):
        with pytest.raises(AutodidactError, match=f"^The store memory://{tmp_path.name} cannot ") as caught:
            work()
        assert type(caught.value) is kind


def test_on_a_network_disk_that_is_away_nothing_is_absent_and_all_may_be_tried_again(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise OSError(errno.ESTALE, "Stale file handle")

    store = Store(tmp_path)
    store.write_text("a", "x")
    for name in ("os.stat", "builtins.open", "pathlib.Path.read_bytes", "tempfile.mkstemp"):
        monkeypatch.setattr(name, fail)
    for work in (
        lambda: store.exists("a"),
        lambda: store.read_bytes("a"),
        lambda: list(store.read_lines("a")),
        lambda: store.write_text("a", ""),
    ):
        with pytest.raises(Unavailable, match="cannot .* a: Stale file handle"):
            work()


def test_an_unknown_kind_of_store_says_so():
    with pytest.raises(AutodidactError, match="cannot be used"):
        Store("carrier-pigeon://bucket")


def test_a_folder_is_sent_whole_and_what_vanished_from_it_too(store):
    with store.folder("run") as path:
        (path / "deep").mkdir()
        (path / "deep" / "a.txt").write_text("a")
        (path / "b.txt").write_text("b")
    with store.folder("run") as path:
        assert (path / "deep" / "a.txt").read_text() == "a"
        (path / "b.txt").unlink()
    assert store.list("run") == ["run/deep/a.txt"]
    assert (store.local("run") / "deep" / "a.txt").read_text() == "a"


def test_the_folder_digest_is_the_hash_of_sorted_lines(tmp_path):
    import hashlib

    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b").write_bytes(b"2")
    (tmp_path / "a").write_bytes(b"1")
    lines = sorted(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in (("a", b"1"), ("sub/b", b"2"))
    )
    assert folder_digest(tmp_path) == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_a_link_in_an_artifact_is_refused(tmp_path):
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(AutodidactError, match="is a link"):
        folder_digest(tmp_path)


def test_the_cache_may_be_deleted_and_may_be_read_only(tmp_path):
    cache = Cache(Store(tmp_path))
    assert cache.get("parsed", "abc") is None
    cache.put("parsed", "abc", b"1")
    assert cache.get("parsed", "abc") == b"1"
    Cache(Store("/proc/nowhere")).put("parsed", "abc", b"1")


def test_a_lease_is_held_by_one(store):
    with store.lease("run/lease.json"):
        second = store.lease("run/lease.json")
        with (
            pytest.raises(
                Unavailable,
                match=f"run is being worked on by process {os.getpid()} on .*Wait for it, or run again",
            ),
            second,
        ):
            pass
    with store.lease("run/lease.json"):
        pass
    assert not store.exists("run/lease.json")


def test_of_many_that_want_a_lease_at_once_one_at_a_time_has_it(tmp_path):
    store, inside, most = Store(tmp_path), [], []

    def work():
        with store.lease("lease.json", wait=30):
            inside.append(1)
            most.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(6)]
    [t.start() for t in threads], [t.join() for t in threads]
    assert most == [1] * 6


def test_the_lease_of_a_killed_process_is_free_at_once(tmp_path):
    code = (
        f"import time; from autodidact.store import Store\nwith Store({str(tmp_path)!r}).lease('lease.json'):"
        " print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(AutodidactError, match=f"process {holder.pid}"),
            Store(tmp_path).lease("lease.json"),
        ):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with Store(tmp_path).lease("lease.json"):
            assert Path(tmp_path, "lease.json").exists()
