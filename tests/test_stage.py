import pytest

from autodidact.errors import AutodidactError, Skipped
from autodidact.stage import Troubles, load_manifest, run_stage, verified
from autodidact.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def make(store, text="result", runs=None, **keywords):
    def work(run):
        if runs is not None:
            runs.append(1)
        run.troubles.add("torn line", "a.jsonl:7")
        run.outputs["out.txt"] = store.write_text(run.key("out.txt"), text)

    arguments = {"code": "1", "inputs": {"x": "1"}, "work": work} | keywords
    return run_stage(store, "2026-11-23T1200Z", "gate", "system/gate", **arguments)


def test_a_stage_leaves_its_manifest_last_and_names_its_outputs(store):
    manifest = make(store)
    assert manifest.outputs["out.txt"].bytes == 6
    assert [(e.reason, e.count, e.ref) for e in manifest.errors] == [("torn line", 1, "a.jsonl:7")]
    assert load_manifest(store, "system/gate/manifest.json") == manifest


def test_unchanged_inputs_and_code_are_nothing_to_do(store):
    runs = []
    first, second = make(store, runs=runs), make(store, runs=runs)
    assert (first, runs) == (second, [1])


@pytest.mark.parametrize("change", [{"inputs": {"x": "2"}}, {"code": "2"}, {"force": True}])
def test_changed_inputs_or_code_or_force_run_again_and_keep_the_old_manifest(store, change):
    runs = []
    make(store, runs=runs)
    make(store, runs=runs, **change)
    assert runs == [1, 1]
    assert len([key for key in store.list("system/gate") if "manifest-" in key]) == 1


def test_a_damaged_output_is_made_again(store):
    make(store)
    store.write_text("system/gate/out.txt", "tampered")
    runs = []
    make(store, runs=runs)
    assert (runs, store.read_text("system/gate/out.txt")) == ([1], "result")


def test_a_folder_is_looked_at_like_a_file_and_made_again_when_it_was_changed(store):
    from autodidact.digests import folder_digest
    from autodidact.records import Output

    runs = []

    def work(run):
        runs.append(1)
        store.write_text(run.key("adapter/weights"), "trained")
        run.outputs["adapter"] = Output(sha256=folder_digest(store.local(run.key("adapter"))), bytes=7)

    manifest = make(store, work=work)
    make(store, work=work)
    assert runs == [1]
    store.write_text("system/gate/adapter/weights", "tampered")
    with pytest.raises(AutodidactError, match="adapter is not what the stage gate wrote"):
        verified(store, "system/gate", manifest, "adapter")
    make(store, work=work)
    assert (runs, store.read_text("system/gate/adapter/weights")) == ([1, 1], "trained")


def test_the_remedy_is_a_command_that_there_is(store):
    manifest = make(store).model_copy(update={"stage": "generate.tool_spec"})
    store.delete("system/gate/out.txt")
    with pytest.raises(
        AutodidactError, match="`autodidact generate --cycle 2026-11-23T1200Z --force --only tool_spec`"
    ):
        verified(store, "system/gate", manifest, "out.txt")


def test_a_reader_notices_a_wrong_hash(store):
    manifest = make(store)
    store.write_text("system/gate/out.txt", "tampered")
    with pytest.raises(AutodidactError, match="is not what the stage gate wrote"):
        verified(store, "system/gate", manifest, "out.txt")


def test_a_skipped_stage_says_why(store):
    def work(run):
        raise Skipped("no goals file")

    manifest = make(store, work=work)
    assert (manifest.status, manifest.reason) == ("skipped", "no goals file")


def test_a_failed_stage_leaves_no_manifest(store):
    def work(run):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        make(store, work=work)
    assert load_manifest(store, "system/gate/manifest.json") is None


def test_troubles_are_counted_by_reason_with_the_first_place():
    troubles = Troubles()
    troubles.add("syntax error", "b.py")
    troubles.add("syntax error", "a.py")
    troubles.add("too large", "c.py", count=3)
    assert [(t.reason, t.count, t.ref) for t in troubles.list()] == [
        ("syntax error", 2, "b.py"),
        ("too large", 3, "c.py"),
    ]
