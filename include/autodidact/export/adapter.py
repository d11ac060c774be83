"""A version's adapter as a folder that the Hugging Face hub takes as it is.

README.md                     the card of its cycle (training/adapter_card.py), with the hub's header
adapter_model.safetensors     the weights, as they were measured
adapter_config.json           as they were measured, with the base by its name on the hub
loss.svg, chat_template.jinja
"""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autodidact.errors import AutodidactError, UsageError
from autodidact.export.atomic_folder import new_folder
from autodidact.models.base_licence import licence_of
from autodidact.models.find_base_model import is_hub_id, resolve_base
from autodidact.models.packaged_base_models import PACKAGED
from autodidact.promotion.deploy import check_adapter, require_not_withdrawn
from autodidact.training import TEMPLATE

if TYPE_CHECKING:
    from autodidact.cycle.record import Cycle
    from autodidact.runtime import Runtime

CONFIG, PICTURE = "adapter_config.json", "loss.svg"


def export_adapter(
    runtime: "Runtime",
    cycle: "Cycle",
    row: dict[str, Any],
    out: Path,
    *,
    base: str | None = None,
    licence: str | None = None,
) -> dict[str, Any]:
    """Writes the folder `out` of a version: its row in the Chronicle, and the cycle that trained it. Returns
    {"folder", "version", "base_model", "license"}; `base_model` is None where the base has no name on the
    hub that is known here, and `base` gives none.

    Raises UsageError for a withdrawn version or a name that no hub has, AutodidactError where the store has
    not what was measured.
    """
    from autodidact.cycle.summary import summarize
    from autodidact.training.adapter_card import card

    store = runtime.store
    require_not_withdrawn(store, row)
    check_adapter(store, row)
    facts = summarize(cycle, runtime)
    if facts["candidate"] != row["version"]:
        raise AutodidactError(
            f"{cycle.cycle_id} was trained again: what the store has of it is {facts['candidate']}",
            "Export that one.",
        )
    name = facts["base"]["id"]
    hub, revision = _on_the_hub(name, facts["base"]["revision"], base)
    licence = licence or _licence(runtime, cycle) or "unknown"
    head = {"base_model": hub, "base_model_relation": "adapter" if hub else None, "license": licence}
    text = card(facts, {"head": head, "use": _use(name, hub)})
    source = store.local(row["adapter"]["path"])
    with new_folder(out) as folder:
        for file in sorted(source.iterdir()):
            shutil.copyfile(file, folder / file.name)
        if hub:
            _name_base(folder / CONFIG, hub, revision)
        for extra in (PICTURE, TEMPLATE):
            if store.exists(f"{cycle.folder}/training/{extra}"):
                (folder / extra).write_bytes(store.read_bytes(f"{cycle.folder}/training/{extra}"))
        (folder / "README.md").write_text(text, encoding="utf-8")
    return {"folder": str(out), "version": row["version"], "base_model": hub, "license": licence}


def _on_the_hub(name: str, revision: str | None, given: str | None) -> tuple[str | None, str | None]:
    """(the base's name on the hub, its revision there), as far as they are known."""
    if given is not None:
        hub, _, at = given.partition("@")
        if not is_hub_id(given):
            raise UsageError(f"--base-model {given!r} is no name on the hub", "Write OWNER/NAME.")
        return hub, at or None
    if name in PACKAGED:
        return PACKAGED[name].hub_id or None, None
    hub = name.partition("@")[0]
    return (hub, revision) if is_hub_id(name) and not name.startswith("/") else (None, None)


def _licence(runtime: "Runtime", cycle: "Cycle") -> str | None:
    """That of the base, where it is on this machine and names one."""
    try:
        base = resolve_base(cycle.effective(runtime.settings))
    except AutodidactError:
        return None
    return licence_of(base.id, base.path)


def _name_base(path: Path, hub: str, revision: str | None) -> None:
    config = json.loads(path.read_text(encoding="utf-8"))
    config |= {"base_model_name_or_path": hub, "revision": revision}
    path.write_text(json.dumps(config, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _use(name: str, hub: str | None) -> str:
    """How the adapter is loaded, and what its base is."""
    if hub is None:
        about = (
            f"The base, `{name.rpartition('/')[2]}`, has no name on the hub that is known here. Its sha256 is"
            " in the lineage below; load the adapter on that model."
        )
        return f"## Use\n\n{about}"
    about = ""
    if name in PACKAGED:
        about = (
            f"\n\nIt was trained and measured on weights of {hub} that were rounded to fewer bits"
            f" (`{name}` of Autodidact); on the hub's own, the scores below were not measured."
        )
    return f"""\
## Use

```python
from peft import AutoPeftModelForCausalLM

model = AutoPeftModelForCausalLM.from_pretrained("FOLDER_OR_NAME")
```

The base is {hub}. `autodidact serve`, vLLM and other servers of LoRA adapters take the folder too.{about}"""
