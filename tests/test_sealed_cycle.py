"""What a cycle made is never made anew once its adapter is a registered version, or the cycle is closed."""

import pytest

from autodidact import sealed_cycle
from autodidact.errors import AutodidactError, Skipped, UsageError
from autodidact.runtime import Runtime
from autodidact.settings import Settings
from autodidact.stage import run_stage
from autodidact.store import Store
from autodidact.training.stage import skip
from tests.cycles import a_cycle

FOLDER = "shop/cycles/c1"


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "store")


def train(store: Store, weights: str, code: str = "1", **options):
    def work(run):
        run.outputs["adapter.txt"] = store.write_text(f"{FOLDER}/training/adapter.txt", weights)

    return run_stage(store, "c1", "train", f"{FOLDER}/training", code=code, inputs={}, work=work, **options)


def weights(store: Store) -> str:
    return store.read_text(f"{FOLDER}/training/adapter.txt")


def test_a_cycle_is_sealed_by_its_version_and_by_its_end_and_for_good(store):
    assert sealed_cycle.sealed(store, FOLDER) is None
    sealed_cycle.seal(store, FOLDER, version="c1-abc")
    assert (
        sealed_cycle.sealed(store, FOLDER)
        == "the adapter of cycle c1 is registered as c1-abc, which never changes"
    )
    assert sealed_cycle.closed(store, FOLDER) is None
    sealed_cycle.seal(store, FOLDER, closed=True)
    sealed_cycle.seal(store, FOLDER, version="c1-other")
    assert sealed_cycle.sealed(store, FOLDER) == sealed_cycle.closed(store, FOLDER) == "cycle c1 is closed"
    assert store.read_json(f"{FOLDER}/sealed.json") == {"format": 1, "version": "c1-abc", "closed": True}


def test_a_candidate_with_a_verdict_from_before_there_were_seals_is_sealed_too(store):
    store.write_json(f"{FOLDER}/verdict.json", {"outcome": "reject", "candidate": None})
    assert sealed_cycle.sealed(store, FOLDER) is None
    store.write_json(f"{FOLDER}/verdict.json", {"outcome": "reject", "candidate": "c1-abc"})
    assert (
        sealed_cycle.sealed(store, FOLDER)
        == "the adapter of cycle c1 is registered as c1-abc, which never changes"
    )


def test_after_an_upgrade_a_sealed_stage_stays_as_it_is_and_an_open_one_is_done_again(store):
    first = train(store, "first")
    assert train(store, "second", code="2") != first and weights(store) == "second"
    why = "the adapter of cycle c1 is registered as c1-abc, which never changes"
    kept = train(store, "third", code="3", sealed=why)
    assert (kept.code, weights(store)) == ("2", "second")


def test_force_is_refused_in_one_line_that_says_what_to_do(store):
    train(store, "first")
    expected = (
        r"^Cycle c1 is closed. To run the window again use the param `again`, or `autodidact cycle --until"
        r" \.\.\. --again`\.$"
    )
    with pytest.raises(UsageError, match=expected):
        train(store, "second", sealed="cycle c1 is closed", force=True)
    assert weights(store) == "first"


def test_a_stage_that_a_closed_cycle_never_did_is_not_done_later(store):
    with pytest.raises(UsageError, match="^Cycle c1 is closed"):
        train(store, "late", sealed="cycle c1 is closed")
    assert store.list(FOLDER) == []


def test_what_was_damaged_is_not_made_anew_but_asked_back(store):
    train(store, "first")
    store.write_text(f"{FOLDER}/training/adapter.txt", "damaged")
    with pytest.raises(
        AutodidactError,
        match=(
            r"is not what the stage train wrote \(wrong sha256\), and cycle c1 is closed. Put it back from a"
        ),
    ):
        train(store, "second", sealed="cycle c1 is closed")
    assert weights(store) == "damaged"


def test_what_a_person_refused_to_train_is_no_failure_and_may_still_be_trained(store):
    cycle, runtime = a_cycle(cycle_id="c1"), Runtime(Settings(store=str(store.root)))
    run_stage(store, "c1", "gate", f"{FOLDER}/gate", code="1", inputs={}, work=lambda run: None)
    with pytest.raises(AutodidactError, match="train of c1 has not finished"):
        cycle.done(store, "train")
    skip(cycle, runtime, "the training was not approved")
    with pytest.raises(Skipped, match="the training was not approved"):
        cycle.done(store, "train")
    train(store, "approved after all")
    assert cycle.done(store, "train").status == "done"
    skip(cycle, runtime, "too late")
    assert cycle.done(store, "train").status == "done"
