"""What goes wrong inside a run: no memory, no number, no space. Faults are put into the trainer of this
process.
"""

import json
import shlex
import shutil
import subprocess

import pytest

from autodidact.errors import AutodidactError
from autodidact.models import child_process
from autodidact.training import qlora, specification
from autodidact.training.checkpoints import read
from autodidact.training.loss import answer_loss, held_out_loss

pytestmark = pytest.mark.slow


@pytest.fixture
def train(kept, settings, tmp_path):
    """Trains in this process; returns (result, events)."""

    def run(out=tmp_path, **values):
        events: list[dict] = []
        spec = specification(kept, out, settings(**values), seed=7)
        (out / "checkpoints").mkdir(parents=True)
        try:
            return qlora.train(spec, qlora.Stop(), events.append), events
        finally:
            run.events = events

    return run


def test_out_of_memory_halves_the_micro_batch_keeps_the_update_and_says_so(train, monkeypatch, tmp_path):
    plain, _ = train(tmp_path / "plain", dropout=0.0, epochs=4, evaluations=0)
    passes = []

    def small(model, inputs, trained):
        passes.append(len(inputs["cu_seq_lens_q"]) - 1)  # rows of the pass
        if len(passes) > 26 and passes[-1] > 2:  # in the seventh update: the last checkpoint is of the fifth
            raise RuntimeError(
                "[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory: you tried to"
                " allocate 1 bytes."
            )
        return answer_loss(model, inputs, trained)

    monkeypatch.setattr("autodidact.training.sft_trainer_in_fixed_order.answer_loss", small)
    result, events = train(dropout=0.0, epochs=4, evaluations=0)
    assert [event["text"] for event in events if event["event"] == "say"] == [
        "out of memory: continues with 2 rows a pass and 8 passes an update"
    ]
    assert (result["settings"]["batch_size"], result["settings"]["accumulation"], result["resumed_from"]) == (
        2,
        8,
        5,
    )
    assert result["identity"] == plain["identity"]  # the split does not count
    losses = [[loss for _, loss, _ in each["loss_curve"]] for each in (result, plain)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)


def test_out_of_memory_with_a_single_row_is_one_line(train, monkeypatch):
    def never(model, inputs, trained):
        raise RuntimeError("CUDA out of memory.")

    monkeypatch.setattr("autodidact.training.sft_trainer_in_fixed_order.answer_loss", never)
    with pytest.raises(
        AutodidactError,
        match=(
            "out of memory, with a single row a pass and activations computed again. Lower"
            " training.max_length"
        ),
    ):
        train(evaluations=0, batch_size=2, accumulation=8)
    told = [event["text"] for event in train.events if event["event"] == "say"]
    assert told == [
        "out of memory: continues with 1 rows a pass and 16 passes an update",
        "out of memory: continues with activations computed again",
    ]


def test_a_loss_that_is_not_a_number_leaves_the_last_good_checkpoint(train, monkeypatch, tmp_path):
    from safetensors.torch import load_file

    passes = []

    def spoiled(model, inputs, trained):
        passes.append(1)
        loss = answer_loss(model, inputs, trained)
        return loss * float("nan") if len(passes) > 30 else loss

    monkeypatch.setattr("autodidact.training.sft_trainer_in_fixed_order.answer_loss", spoiled)
    with pytest.raises(
        AutodidactError,
        match="The loss became nan .* at update 8 of 20; nothing after the last checkpoint was kept",
    ):
        train()
    left = sorted((tmp_path / "checkpoints").glob("checkpoint-*"))
    assert [path.name for path in left] == ["checkpoint-5"]
    digest = json.loads((left[0] / "complete.json").read_text())["digest"]
    assert read(left[0], digest).step == 5
    assert all(
        weight.isfinite().all() for weight in load_file(left[0] / "adapter_model.safetensors").values()
    )
    assert not (tmp_path / "adapter").exists()


def test_an_early_end_keeps_the_adapter_of_the_lowest_held_out_loss(train, monkeypatch, tmp_path):
    from safetensors.torch import load_file

    script, seen = [3.0, 2.0, 2.5, 2.0, 1.0], []

    def scripted(model, rows, held, **options):
        assert held_out_loss(model, rows, held, **options)["loss"] > 0
        seen.append(
            {name: weight.detach().clone() for name, weight in model.named_parameters() if "lora_B" in name}
        )
        return {"loss": script[len(seen) - 1], "by_generator": {}}

    monkeypatch.setattr("autodidact.training.sft_trainer_in_fixed_order.held_out_loss", scripted)
    result, _ = train(held_out=0.2, evaluations=10, patience=2)
    assert (result["ended_early"], len(seen), result["updates"]) == (True, 4, 5) and result["steps"] == 16
    adapter = load_file(tmp_path / "adapter" / "adapter_model.safetensors")
    best = {name.replace(".default", ""): weight for name, weight in seen[1].items()}
    assert all(weight.equal(best[name]) for name, weight in adapter.items() if "lora_B" in name)


@pytest.mark.skipif(
    not shutil.which("unshare")
    or subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "x", "/mnt"], capture_output=True).returncode
    != 0,
    reason="no small disk can be made here",
)
def test_a_full_disk_is_one_clear_line(kept, settings, tmp_path):
    out = tmp_path / "small"
    out.mkdir()
    # The process that mounts the disk stays the one that trains: `exec`, and no fork by unshare.
    worker = shlex.join(child_process.command("autodidact.training.worker", tmp_path))
    command = f"mount -t tmpfs -o size=64k disk {out} && exec {worker}"
    child = subprocess.Popen(
        ["unshare", "-rm", "sh", "-c", command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    child.stdin.write(json.dumps(specification(kept, out, settings(), seed=7)) + "\n")
    child.stdin.flush()
    last = json.loads(child.stdout.readlines()[-1])
    assert child.wait() == 1
    assert last["error"]["message"] == f"The disk is full: {out}/checkpoints cannot take a checkpoint"
    assert last["error"]["remedy"] == "Free some space and run again; the last checkpoint is kept."
