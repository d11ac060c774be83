"""How many right and wrong adapters the probe tells apart, in each precision that a server may compute in.

    python -m benchmarks.identity --train kept.jsonl --out FOLDER [--base sprout]
    python -m benchmarks.identity --weaken ADAPTER... --out FOLDER
    python -m benchmarks.identity ADAPTER... [--base sprout] [--keep FOLDER]
                                  [--url NAME=http://127.0.0.1:8000/v1 ...] [--no-copies]

The first makes 20 adapters: ten times every tenth example of the file, each trained for 30 updates in nf4
with the recipe's learning rate, and again with 1.2 times that. The second makes four of each adapter that it
is given, where training takes too long: whole, and with 0.8, 0.6 and 0.4 of its change to the base.

Each folder is promoted in thought: the server answers with it (right), with the base, with another folder
that was champion before, with the next folder, which nobody names (of the same cycle), and with the folder
itself after a hundredth of its weights was drawn anew. The server is this process in nf4, bfloat16 and
float32; with --url it is a vLLM besides, which must see the folders, and that of `--keep` or else the
temporary directory.

Measured with 20 adapters of sprout that `--train` made of the 702 kept examples of a cycle on httpx; of 20
each, accepted:

| server | right | base | champion before | same cycle | a hundredth changed |
| --- | --- | --- | --- | --- | --- |
| nf4 | 20 | 0 | 0 | 0 | 0 |
| float32 | 20 | 0 | 0 | 0 | 0 |
| bfloat16 | 20 | 0 | 0 | 0 | 0 |
| vLLM 0.32 on a CPU, bfloat16 | 20 | 0 | 0 | 0 | 0 |

In vLLM's float32 (`make vllm ARGS="--dtype float32"`) it was 20, 0, 0, 0, 0 too, with 20 other adapters, made
of the 1086 kept examples of this repository. With these, the first three rows were the same again.

With smollm2, ten adapters that `--weaken` made of those of five cycles on httpx (the first ten: whole, and
with 0.8 of their change), of 10 each, with `--no-copies`:

| server | right | base | champion before | same cycle | a hundredth changed |
| --- | --- | --- | --- | --- | --- |
| nf4 | 10 | 0 | 0 | 0 | - |
| float32 | 10 | 0 | 0 | 0 | - |
| bfloat16 | 10 | 0 | 0 | 0 | - |
| vLLM 0.32 on a CPU, bfloat16 | 10 | 0 | 0 | 0 | 6 |

There the right ones are at 0.94 to 1.08 of the base's noise, and the changed ones at 1.07 to 1.24: no margin
tells all of them apart.

Nats a token of an answer of sprout: from float32 at home, vLLM's float32 is 0.0000 away and its bfloat16
0.020 to 0.024 (the base 0.024); from nf4 it is 0.28 to 0.38. A hundredth changed is 0.015 to 0.021 in
float32; an adapter is 0.77 to 1.11 from its base. Where only nf4 was stored (format 1), base and champion
before are still refused, and the last two columns are accepted: the hash of the folder, checked before it
is loaded, is all that tells them then. So it is where the server does not serve the base besides.
"""

import argparse
import math
import shutil
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

from autodidact.digests import folder_digest
from autodidact.errors import AutodidactError
from autodidact.models import logprob_identity
from autodidact.models.find_base_model import BaseModelRef, resolve_base
from autodidact.models.logprob_identity import Identity
from autodidact.models.openai_client import OpenAIClient
from autodidact.promotion.compare_served_logprobs import Answers, Values, compare, in_roundings
from autodidact.records import Champion
from autodidact.settings import load_settings
from autodidact.store import Store
from benchmarks.adapter_scale import rescaled

# Of an adapter's weights.
CHANGED = 0.01
# That the examples of `--train` are dealt into.
PARTS = 10
# Of an adapter's change to the base, that `--weaken` keeps: two after another are of the same cycle.
SHARES = ((1.0, 0.8), (0.6, 0.4))
TOLERANCE = 0.2
# Whose weights answer.
KINDS = ("right", "base", "champion before", "same cycle", "a hundredth changed")
# What a server says to the prompts with an adapter; None: with its base model. Returns None where it was not
# measured.
Server = Callable[[Path | None], Values | None]


def changed(adapter: Path, folder: Path) -> Path:
    """A copy with a hundredth of each tensor's weights drawn anew, as large as the others."""
    import torch
    from safetensors.torch import load_file, save_file

    shutil.copytree(adapter, folder)
    weights = load_file(folder / "adapter_model.safetensors")
    draw = torch.Generator().manual_seed(7)
    for name, tensor in weights.items():
        flat = tensor.flatten().clone()
        count = max(1, int(CHANGED * flat.numel()))
        where = torch.randperm(flat.numel(), generator=draw)[:count]
        flat[where] = (torch.randn(count, generator=draw) * tensor.std()).to(flat.dtype)
        weights[name] = flat.view_as(tensor).contiguous()
    save_file(weights, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    return folder


def train(kept: Path, out: Path, base: str) -> None:
    """Writes `out/00` to `out/19`, where they are not there yet; two after another are of equal examples."""
    from autodidact.training import train_files
    from autodidact.training_recipes import effective

    lines = kept.read_text(encoding="utf-8").splitlines(keepends=True)
    given = {"base_model": base, "training.quantization": "nf4", "training.max_steps": 30}
    given |= {"training.evaluations": 0}
    rate = effective(load_settings(overrides=given, environ={})).learning_rate
    for number in range(PARTS * 2):
        folder = out / f"{number:02d}"
        if folder.exists():
            continue
        chosen = given | {"training.learning_rate": rate * (1.2 if number % 2 else 1)}
        with tempfile.TemporaryDirectory() as made:
            part = Path(made) / "kept.jsonl"
            part.write_text("".join(lines[number // 2 :: PARTS]), encoding="utf-8")
            train_files(part, Path(made), load_settings(overrides=chosen, environ={}), seed=0)
            shutil.copytree(Path(made) / "adapter", folder)


def weaken(adapters: list[Path], out: Path) -> None:
    """Writes `out/00` and so on: after each adapter, what the same cycle might have made besides."""
    wanted = [(adapter, share) for pair in SHARES for adapter in adapters for share in pair]
    for number, (adapter, share) in enumerate(wanted):
        rescaled(adapter, out / f"{number:02d}", share)


def here(known: dict[Path | None, Identity], precision: str) -> Server:
    """This process as the server."""
    return lambda adapter: known[adapter].logprobs[precision] if adapter in known else None


def at(url: str, prompts: list[tuple[list[int], int]]) -> Server:
    """A vLLM as the server. It keeps nothing that it was given."""
    client = OpenAIClient(url, what="vLLM", timeout=1200)
    base = next(name for name, card in client.cards().items() if not card.get("parent"))
    known: dict[Path | None, Values] = {}

    def answer(adapter: Path | None) -> Values:
        if adapter not in known:
            name = f"identity-{uuid.uuid4().hex[:12]}" if adapter else base
            body = {"lora_name": name, "lora_path": str(adapter)}
            if adapter:
                client.ask("POST", "/load_lora_adapter", body)
            said = [client.logprobs(name, tokens)[1][start:] for tokens, start in prompts]
            if adapter:
                client.ask("POST", "/unload_lora_adapter", {"lora_name": name})
            known[adapter] = [[value for value in each if value is not None] for each in said]
        return known[adapter]

    return answer


def accepted(server: Server, known: dict[Path | None, Identity], adapters: list[Path], copies: dict) -> dict:
    """{kind: how many of the answers passed for the version's}; `-` where an answer was not measured."""
    found: dict[str, int | str] = dict.fromkeys(KINDS, 0)
    base = known[None]
    for number, own in enumerate(adapters):
        before, sibling = (adapters[(number + far) % len(adapters)] for far in (2, 1))
        kinds = zip(found, (own, None, before, sibling, copies[own]), strict=True)
        for kind, answering in list(kinds):
            said = server(answering)
            if said is None:
                found[kind] = "-"
                continue
            answers = Answers("the server", "it", said, server(None))
            rivals = {"base": base, "before": known[before]}
            try:
                compare(answers, "version", known[own], rivals, TOLERANCE, base=base)
                found[kind] = int(found[kind]) + 1
            except AutodidactError:
                pass
    return found


def noise(server: Server, known: dict[Path | None, Identity], adapters: list[Path], copies: dict) -> str:
    """How far the right adapters and the changed ones are from what float32 says here, in units of their
    rounding: times as far as the base is.
    """

    def off(answering: Path | None, version: Path | None) -> float:
        return in_roundings(server(answering) or [], known[version], "float32") or math.nan

    right = [off(own, own) / off(None, None) for own in adapters]
    wrong = [off(copies[own], own) / off(None, None) for own in adapters]
    spans = [f"{min(each):.2f} to {max(each):.2f}" for each in (right, wrong)]
    return f"from float32 here, in roundings, times the base's: right {spans[0]}, changed {spans[1]}"


def measured(
    base: BaseModelRef, adapters: list[Path], keep: Path, with_copies: bool = True
) -> tuple[dict, dict]:
    """(the identity of the base, of each adapter and, `with_copies`, of each changed copy; the copies by
    adapter). What lies in `keep` is not measured again.
    """
    store = Store(keep)
    copies = {each: keep / "copies" / f"{number}" for number, each in enumerate(adapters)}
    known = {}
    for each in (None, *adapters, *copies.values()):
        if each in copies.values() and not each.exists():
            changed(next(own for own, copy in copies.items() if copy == each), each)
        if each in copies.values() and not with_copies:
            continue
        adapter = {"path": "", "sha256": folder_digest(each)} if each else None
        version = Champion(
            version="v",
            base={"sha256": base.sha256},
            adapter=adapter,
            quantization="nf4",
            cycle_id="c",
            promoted_at="",
        )
        known[each] = logprob_identity.stored(store, "identity", version)
        if known[each] is None:
            known[each] = logprob_identity.of_model(base, each, "nf4")
            logprob_identity.write(store, logprob_identity.key_of("identity", version), known[each])
    return known, copies


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("adapters", nargs="*", type=Path)
    arguments.add_argument("--train", type=Path, metavar="KEPT", help="make the adapters, in --out")
    arguments.add_argument("--weaken", nargs="+", type=Path, metavar="ADAPTER", help="the same, of these")
    arguments.add_argument("--out", type=Path)
    arguments.add_argument("--base", default="sprout")
    arguments.add_argument("--keep", type=Path, help="a folder for what was measured: a second run has it")
    arguments.add_argument("--url", nargs="*", default=[], metavar="NAME=URL", help="a vLLM with the base")
    arguments.add_argument("--no-copies", action="store_true", help="ask only vLLM about changed copies")
    options = arguments.parse_args()
    if options.train:
        train(options.train, options.out, options.base)
        return
    if options.weaken:
        weaken(options.weaken, options.out)
        return
    base = resolve_base(load_settings(overrides={"base_model": options.base}))
    adapters = [each.resolve() for each in options.adapters]
    with tempfile.TemporaryDirectory() as folder:
        known, copies = measured(base, adapters, options.keep or Path(folder), not options.no_copies)
        servers = {name: here(known, name) for name in known[None].logprobs}
        for name, url in (each.split("=", 1) for each in options.url):
            servers[name] = at(url, known[None].prompts)
        print(f"of {len(adapters)} each, accepted:\n\n| server | {' | '.join(KINDS)} |")
        print(f"| --- |{' --- |' * len(KINDS)}")
        for name, server in servers.items():
            found = accepted(server, known, adapters, copies)
            print(f"| {name} | {' | '.join(str(found[kind]) for kind in KINDS)} |", flush=True)
        for name in list(servers)[-len(options.url) :] if options.url else []:
            print(f"{name}: {noise(servers[name], known, adapters, copies)}", flush=True)


if __name__ == "__main__":
    main()
