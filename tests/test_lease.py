"""Who holds a lease: told by its heartbeat, and on the holder's own machine by its sign of life."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid

import pytest

from autodidact import liveness_file
from autodidact.errors import AutodidactError, Unavailable
from autodidact.lease import is_taken
from autodidact.store import Store


def dead_process() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen(["true"]) as process:
        return process.pid


def holder(tmp_path, **environment) -> subprocess.Popen:
    """A process that holds the lease "a/lease.json"."""
    code = (
        f"import time; from autodidact.store import Store\nwith Store({str(tmp_path)!r}).lease('a/lease.json'):"
        " print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=os.environ | environment
    )
    assert process.stdout.readline() == "held\n"
    return process


def kill(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


# A container's own process numbers, a cloned machine: the same host name, and a number that nobody has here.
@pytest.mark.parametrize("written", [{"format": 1}, {}], ids=["now", "by the first releases"])
def test_a_machine_of_the_same_name_is_another_machine(tmp_path, written):
    store = Store(tmp_path)
    lease = written | {
        "host": socket.gethostname(),
        "pid": dead_process(),
        "id": uuid.uuid4().hex,
        "heartbeat": time.time(),
    }
    store.write_json("a/lease.json", lease)
    assert is_taken(store, "a/lease.json")
    with pytest.raises(Unavailable, match=f"^a is being worked on by process {lease['pid']} on "):
        store.lease("a/lease.json").__enter__()
    store.write_json("a/lease.json", lease | {"heartbeat": time.time() - 121})
    with store.lease("a/lease.json"):
        assert store.read_json("a/lease.json")["id"] != lease["id"]


def test_a_process_that_has_the_number_of_a_killed_holder_does_not_hold_its_lease(tmp_path):
    kill(holder(tmp_path))
    store = Store(tmp_path)
    store.write_json("a/lease.json", store.read_json("a/lease.json") | {"pid": os.getpid()})
    assert not is_taken(store, "a/lease.json")
    with store.lease("a/lease.json"):
        assert is_taken(store, "a/lease.json")


def test_a_killed_holder_had_another_folder_for_temporary_files(tmp_path):
    (tmp_path / "tmp").mkdir()
    kill(holder(tmp_path, TMPDIR=str(tmp_path / "tmp")))
    with Store(tmp_path).lease("a/lease.json"):
        pass


def test_what_a_killed_holder_left_goes_when_its_lease_is_taken(tmp_path):
    kill(holder(tmp_path))
    store = Store(tmp_path)
    name = store.read_json("a/lease.json")["id"]
    assert liveness_file.has_ended(name)
    with store.lease("a/lease.json"):
        assert not liveness_file.has_ended(name)
        mine = store.read_json("a/lease.json")["id"]
        assert [path.name for path in liveness_file._found(mine) if path.exists()] == [mine]
    assert not [path for path in liveness_file._found(mine) if path.exists()]


def test_a_lease_that_could_not_be_given_back_is_taken_at_once(tmp_path, monkeypatch):
    def away(self, key):
        raise Unavailable("The store is away")

    store = Store(tmp_path)
    with monkeypatch.context() as patch, store.lease("a/lease.json"):
        patch.setattr(Store, "delete", away)
    assert store.exists("a/lease.json")
    with store.lease("a/lease.json"):
        pass


@pytest.mark.parametrize("lost", ["another start", "removed"])
def test_a_sign_of_another_machine_or_none_says_nothing(tmp_path, lost):
    kill(holder(tmp_path))
    store = Store(tmp_path)
    (sign,) = (path for path in liveness_file._found(store.read_json("a/lease.json")["id"]) if path.exists())
    sign.write_text("11111111-2222-3333-4444-555555555555") if lost == "another start" else sign.unlink()
    assert is_taken(store, "a/lease.json")


def test_a_folder_that_others_can_write_or_a_link_is_not_believed(tmp_path, monkeypatch):
    monkeypatch.setattr(liveness_file, "PLACES", (str(tmp_path),))
    name = uuid.uuid4().hex
    liveness_file.give(name).end(remove=False)
    (folder,) = liveness_file._folders()
    assert liveness_file.has_ended(name)
    folder.chmod(0o770)
    assert not liveness_file.has_ended(name) and liveness_file.give(uuid.uuid4().hex) is None
    folder.chmod(0o700)
    folder.rename(tmp_path / "real")
    folder.symlink_to(tmp_path / "real")
    assert not liveness_file.has_ended(name) and liveness_file.give(uuid.uuid4().hex) is None


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "/etc/passwd", "A" * 32, "a" * 33])
def test_a_name_that_no_lease_has_is_nobody_s_sign(name):
    assert not liveness_file.has_ended(name)
    liveness_file.remove(name)


def test_without_a_folder_for_signs_a_lease_is_held_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(liveness_file, "PLACES", ("/proc/nowhere",))
    store = Store(tmp_path)
    with store.lease("a/lease.json"):
        assert is_taken(store, "a/lease.json")
        with pytest.raises(Unavailable):
            store.lease("a/lease.json").__enter__()
    with store.lease("a/lease.json"):
        pass


def test_signs_of_processes_that_are_long_dead_are_removed_and_those_of_the_living_stay(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(liveness_file, "PLACES", (str(tmp_path),))
    dead, lives, new = (uuid.uuid4().hex for _ in range(3))
    liveness_file.give(dead).end(remove=False)
    sign = liveness_file.give(lives)
    (folder,) = liveness_file._folders()
    for name in (dead, lives):
        os.utime(folder / name, (0, 0))
    liveness_file.give(new).end(remove=False)
    assert {path.name for path in folder.iterdir()} == {lives, new}
    sign.end(remove=True)


@pytest.mark.parametrize(
    "text",
    [
        '{"format": 1, "heartbeat": NaN}',
        '{"format": 1, "heartbeat": Infinity}',
        '{"format": 1, "heartbeat": 1, "id": 5}',
        '{"format": 1, "heartbeat": 1, "host": ["x"]}',
        "[" * 100_000,
    ],
)
def test_a_lock_that_cannot_be_judged_is_refused(tmp_path, text):
    store = Store(tmp_path)
    store.write_text("a/lease.json", text)
    with pytest.raises(AutodidactError, match="is no lock that this version knows"):
        store.lease("a/lease.json").__enter__()


def test_a_lease_without_names_is_refused_in_one_line(tmp_path):
    store = Store(tmp_path)
    store.write_text("a/lease.json", json.dumps({"heartbeat": time.time()}))
    with pytest.raises(Unavailable, match=r"^a is being worked on by process \? on this machine"):
        store.lease("a/lease.json").__enter__()


def test_a_lease_of_the_future_is_a_wrong_clock(tmp_path):
    store = Store(tmp_path)
    store.write_json("a/lease.json", {"format": 1, "host": "b", "pid": 1, "heartbeat": time.time() + 4000})
    with pytest.raises(AutodidactError, match=r"was written \d+ s in the future, by b.*Set the clocks"):
        store.lease("a/lease.json").__enter__()


@pytest.mark.parametrize("hours", [-1, 1])
def test_the_lease_of_a_process_killed_here_is_free_however_the_clock_jumped_since(tmp_path, hours):
    store, process = Store(tmp_path), holder(tmp_path)
    kill(process)
    lease = store.read_json("a/lease.json")
    store.write_json("a/lease.json", lease | {"heartbeat": lease["heartbeat"] + 3600 * hours})
    with store.lease("a/lease.json"):
        assert store.read_json("a/lease.json")["id"] != lease["id"]


def test_a_holder_whose_clock_jumps_back_gives_its_lease_back(tmp_path):
    store = Store(tmp_path)
    with store.lease("a/lease.json"):
        lease = store.read_json("a/lease.json")
        store.write_json("a/lease.json", lease | {"heartbeat": lease["heartbeat"] + 3600})
    assert not store.exists("a/lease.json")
