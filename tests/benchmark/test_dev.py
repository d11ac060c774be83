"""The base's scores on dev items: asked once, cached like every answer."""

from autodidact.benchmark import measure_model
from autodidact.benchmark import measuring_process as worker
from autodidact.benchmark.items import find
from autodidact.benchmark.measure_model import dev_ids, measure_dev, read_dev
from autodidact.models.find_base_model import resolve_base
from autodidact.settings import load_settings
from autodidact.store import Store


def test_every_visible_family_has_its_items_and_no_hidden_one():
    ids = dev_ids(2)
    assert len(ids) == len(set(ids)) == 180
    assert not any(find(item_id).hidden for item_id in ids[::30])


def test_the_base_is_asked_once(tmp_path, monkeypatch):
    store, settings, asked = Store(tmp_path), load_settings("laptop", {}, environ={}), []

    def answer(store, root, sheets, spec, say, worker):
        asked.append(sheets)
        for key, sheet in sheets.items():
            names = [item_id.split("/") for item_id in sheet["items"]]
            rows = [
                {"id": "/".join(n), "category": n[0], "family": n[1], "block": -1, "score": 1.0}
                for n in names
            ]
            store.write_json(f"{key}/result.json", rows)

    monkeypatch.setattr(measure_model, "_answer", answer)
    base = resolve_base(settings)
    assert read_dev(store, "shop", settings, base) is None
    found = measure_dev(store, "shop", settings, base, say=print)
    assert (
        measure_dev(store, "shop", settings, base, say=print)
        == read_dev(store, "shop", settings, base)
        == found
    )
    assert len(asked) == 1 and len(found) == 90 * settings.benchmark.dev_items


def test_a_sheet_of_items_asks_exactly_those(tmp_path):
    sheet = worker.items_sheet(
        {"items": ["reasoning/percent/dev-3"], "folder": str(tmp_path), "answers": str(tmp_path)},
        {"level": 1},
        None,
    )
    assert [prompt.id for prompt in sheet.prompts] == ["reasoning/percent/dev-3"]
    assert (sheet.name, sheet.facts["reasoning/percent/dev-3"]["block"]) == ("dev items", -1)
