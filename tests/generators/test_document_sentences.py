"""Documents, manifests and API descriptions in the register `full`: quotations that lose nothing, and no
clause that was not read.
"""

import pytest

from autodidact.generators.architecture_docs.full.document_block import Block, flush
from autodidact.generators.architecture_docs.full.markdown_blocks import Markdown
from autodidact.generators.architecture_docs.full.quotable_passages import Passage, is_away, sent_on
from autodidact.generators.architecture_docs.full.quoting_answers import begun
from autodidact.generators.architecture_docs.full.rst_blocks import Rst
from autodidact.generators.writing.quotations_altered_by_masks import is_masked
from autodidact.records import example
from autodidact.sources.documents.inline_markdown import plain
from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import examples_of, file, snapshot
from tests.generators.test_architecture_docs_full import FULL, MANIFESTS, made, said


@pytest.mark.parametrize(
    ("item", "row"),
    [
        ("- [.NET version](https://shop.example/net)", "- .NET version: https://shop.example/net"),
        ("1. [The guide](https://shop.example/guide).", "1. The guide: https://shop.example/guide"),
        ("- The [guide](https://shop.example/guide) says it.", "- The guide says it."),
        ("- [Setup](docs/setup.md)", "- Setup"),
    ],
)
def test_an_item_that_is_a_link_keeps_its_address(item, row):
    rows: list[str] = []
    flush(rows, item, plain)
    assert rows == [row]


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        (["- One.", "- Two."], ["list"]),
        (["- `--hook`", "", "  | Hook | When |", "  | --- | --- |", "  | none | never |"], ["gap"]),
        (["1. Install:", "   | System | Command |", "   |---|---|", "   | any | cargo |"], ["gap"]),
    ],
)
def test_a_table_in_a_list_is_not_quoted_as_one_line(lines, kinds):
    assert [one.kind for one in Markdown(plain).blocks(lines, 1)] == kinds


@pytest.mark.parametrize("reader", [Rst, Markdown])
def test_a_heading_between_the_items_of_a_list_does_not_run_into_one_of_them(reader):
    items = ["- uri (all of it)", "- headers (of the request)", "- url (an alias)"]
    (block,) = reader(plain).blocks(items, 1)
    assert block.text == "\n".join(items)
    apart = [*items[:2], "", "  Older matchers:", "", items[2]]
    assert [one.kind for one in reader(plain).blocks(apart, 1)] == ["gap"]


@pytest.mark.parametrize(
    ("text", "away"),
    [
        ("The data store is psycopg_ based.", True),
        ("It is built on clap_.", True),
        ("The parser is made with [clap] and nothing else.", True),
        ("The name `psycopg_` is code.", False),
        ("Call `get[T]` with the type.", False),
        ("The snake_case names stay.", False),
    ],
)
def test_what_a_reference_left_behind_is_not_quoted(text, away):
    assert is_away(text) is away


@pytest.mark.parametrize(
    ("cell", "sent"), [("See the wiki", True), ("Read more in the wiki.", True), ("Seen by all", False)]
)
def test_a_cell_that_only_sends_the_reader_on(cell, sent):
    assert sent_on(cell) is sent


def drilled(tmp_path, name: str, text: str) -> list:
    return list(examples_of("architecture_docs", snapshot(tmp_path, documents=[file(tmp_path, name, text)])))


TABLES = """# Variables

## One table

| Name | Default | Meaning |
| --- | --- | --- |
| `SHOP_PORT:` | 8080 | The port on which the shop listens. |
| `SHOP_WIKI` | none | See the wiki |

## Two tables

| Name | Default | Meaning |
| --- | --- | --- |
| `SHOP_A` | 1 | The first of the values that the shop reads. |

| System | Path | Example |
| --- | --- | --- |
| Mac | the library folder of the user | Application Support of the shop |
"""


def test_a_row_is_told_where_its_heading_has_one_table_and_its_cells_say_something(tmp_path):
    rows = made(tmp_path, "guide.md", TABLES)["row"]
    texts = " ".join(message["content"] for row in rows for message in row.messages)
    assert "SHOP_PORT" in texts and "SHOP_PORT:" not in texts
    assert "SHOP_WIKI" not in texts and "SHOP_A" not in texts and "Application Support" not in texts


OWNERS = """# Services

| Service | port | team | database |
| --- | --- | --- | --- |
| recall | 8431 | front-of-house | – |
| basket | 8432 | front-of-house | see above |
"""


def test_a_row_is_told_with_its_empty_cells_or_not_at_all(tmp_path):
    texts = " ".join(said(made(tmp_path, "guide.md", OWNERS)["row"]))
    assert "- port: 8431\n- team: front-of-house\n- database: nothing given" in texts
    assert "basket" not in texts


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Example: `/Users/Alice/Library/Application Support`", True),
        ("Ask ines.marten@shop-marten.de for the key.", True),
        ("Example: `/usr/local/share/shop`", False),
    ],
)
def test_what_a_mask_would_change_is_no_quotation(text, masked):
    row = example("architecture_docs", "architecture", "What does it say?", text, {"kind": "git", "ref": "x"})
    assert is_masked(row) is masked


@pytest.mark.parametrize(
    ("whole", "answer"),
    [(True, "It reads: one."), (False, "It reads: one.\n\nThe section goes on after line 7.")],
)
def test_a_quotation_that_stops_says_where_the_section_goes_on(whole, answer):
    assert begun("It reads: one.", Passage((Block("text", "one.", lines=(5, 7)),), whole)) == answer


def probes(tmp_path, name: str, text: str) -> list:
    seen = snapshot(tmp_path, settings=FULL, documents=[file(tmp_path, name, text)])
    return [row for row in examples_of("architecture_docs", seen) if "probe" in row.model_extra]


API = """openapi: 3.0.0
info: {title: Kassa, version: "1"}
SERVERS
paths:
  /passes/{card}:
    get: {operationId: getPass, summary: One pass., responses: {"200": {description: ok}}}
  /passes:
    get: {operationId: listPasses, summary: All passes., responses: {"200": {description: ok}}}
    post: {operationId: sellPass, summary: Sell a pass., security: [{key: []}], responses: {"201": {description: ok}}}
"""


@pytest.mark.parametrize(
    ("servers", "lines"),
    [
        (
            "servers: [{url: 'http://leit01:7100/v2'}]",
            {"GET /v2/passes/{card}", "GET /v2/passes", "POST /v2/passes"},
        ),
        ("servers: [{url: 'http://leit01:7100/'}]", {"GET /passes/{card}", "GET /passes", "POST /passes"}),
        ("servers: [{url: 'http://a/v1'}, {url: 'http://b/v2'}]", set()),
        ("tags: []", set()),
    ],
)
def test_a_line_of_the_access_log_has_the_path_of_the_server(tmp_path, servers, lines):
    rows = probes(tmp_path, "openapi.yaml", API.replace("SERVERS", servers))
    found = [row.messages[-1]["content"] for row in rows if "ccess log" in row.messages[-2]["content"]]
    assert {text.partition("`")[2].partition("`")[0] for text in found} <= lines
    assert bool(found) is bool(lines)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("cart:8080", True),
        ("http://cart.shop.svc.cluster.local:8080", True),
        ("http://cart.svc:8080", True),
        ("https://cart.example.com", False),
        ("https://cart.io", False),
    ],
)
def test_a_service_is_meant_by_its_name_in_the_cluster(tmp_path, value, told):
    rows = made(tmp_path, "k8s.yaml", MANIFESTS.replace("cart:8080", value))
    assert any("`cart`" in text for text in said(rows["cluster wired"])) is told


def test_one_key_of_a_config_map_is_read_as_well(tmp_path):
    given = "env: [{name: CART, valueFrom: {configMapKeyRef: {name: addresses, key: CART_ADDR}}}]"
    text = MANIFESTS.replace("envFrom: [{configMapRef: {name: addresses}}]", given)
    (answer,) = said(made(tmp_path, "k8s.yaml", text)["cluster wired"])
    assert "- `CART`: `cart`, port 8080 (from the ConfigMap `addresses`)" in answer


def test_who_uses_a_service_is_not_told_where_a_command_names_it_too(tmp_path):
    other = """---
apiVersion: apps/v1
kind: Deployment
metadata: {name: loader}
spec:
  template:
    spec: {containers: [{name: l, image: "shop/loader:1", args: ["--target=http://cart:8080"]}]}
"""
    assert made(tmp_path, "a.yaml", MANIFESTS)["cluster down"]
    assert not made(tmp_path, "b.yaml", MANIFESTS + other)["cluster down"]


def test_an_image_that_skaffold_or_kustomize_replaces_is_not_told(sandbox, tmp_path):
    def work(name: str, image: str) -> str:
        spec = f"{{template: {{spec: {{containers: [{{name: c, image: '{image}'}}]}}}}}}"
        return f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec: {spec}\n---\n"

    files = {
        "k8s/all.yaml": "".join(work(f"w{n}", f"redis:{n + 2}") for n in range(4))
        + work("cart", "cart")
        + work("mail", "shop/mail:1"),
        "k8s/live/kustomization.yaml": "kind: Kustomization\nimages: [{name: shop/mail, newTag: '7'}]\n",
        "skaffold.yaml": "apiVersion: skaffold/v3\nkind: Config\nbuild: {artifacts: [{image: cart}]}\n",
    }
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        rows = list(examples_of("architecture_docs", snapshot(tmp_path, repository, settings=FULL)))
    asked = [row.source.model_extra["asks"] for row in rows if "probe" in row.model_extra]
    assert ["image", "Deployment", "w0", "c"] in asked
    assert not [one for one in asked if one[2:3] in (["cart"], ["mail"])]


@pytest.mark.parametrize(
    "text",
    [
        "In a situation like that, the scheduler decides what to do.",
        "The difference between the first two options is the time.",
    ],
)
def test_a_sentence_that_counts_among_others_is_not_quoted_alone(text):
    assert is_away(text)


BROKER = """# Shop

## Messages

```mermaid
graph LR
  stall -->|order.paid| broker
  panes -->|climate.frost| broker
  broker -->|order.paid| packer
  broker -->|climate.frost| bell
  packer -->|HTTP| passport
```
"""


def test_a_broker_hands_on_what_it_gets_and_nothing_else(tmp_path):
    found = made(tmp_path, "shop.md", BROKER)
    ways = [said([row])[0] for row in found["diagram way"]]
    assert any(
        "`stall` leads to `broker` (order.paid) and `broker` leads to `packer` (order.paid)" in one
        for one in ways
    )
    assert any(
        "`broker` leads to `packer` (order.paid) and `packer` leads to `passport` (HTTP)" in one
        for one in ways
    )
    assert not any("`panes`" in one and "`packer`" in one for one in ways)


def test_the_drills_trace_no_other_way_through_it_either(tmp_path):
    rows = drilled(tmp_path, "shop.md", BROKER)
    ways = {row.messages[-1]["content"] for row in rows if row.source.model_extra["asks"][0] == "way"}
    assert ways and not any("panes -> broker -> packer" in way for way in ways)
    behind = {
        row.source.model_extra["asks"][1] for row in rows if row.source.model_extra["asks"][0] == "behind"
    }
    assert "broker" in behind and "bell" not in behind


def test_no_drill_asks_for_a_cell_that_sends_the_reader_on(tmp_path):
    found = [row.messages[-1]["content"] for row in drilled(tmp_path, "guide.md", TABLES)]
    assert "The port on which the shop listens." in found and "See the wiki" not in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A [companion](https://x.example/wiki/Viper_(snake)) to Cobra.", "A companion to Cobra."),
        ("A [companion](https://x.example/wiki) (to Cobra).", "A companion (to Cobra)."),
        ("See [one](https://x.example/a_(b)_(c)) and [two](d).", "See one and two."),
    ],
)
def test_an_address_with_parentheses_leaves_none_behind(text, words):
    assert plain(text) == words
