"""What is said of documents of many forms (tests/data/documents): nothing that they do not say, and nothing
about a whole that was not read.
"""

from pathlib import Path

import pytest

from autodidact.errors import Skipped
from autodidact.sources.git.repository import Repository
from tests.generators.documents import API, COMPOSE, GUIDE, LAYERS, MANIFESTS, MODELS
from tests.generators.snapshots import examples_of, file, questions_of, snapshot, troubles

DATA = Path(__file__).parents[1] / "data" / "documents"


def told(folder: Path, **files: str) -> tuple[dict[tuple, set[str]], dict[str, int]]:
    """What is asked, in the words of `source.asks`, with its answers; and what was counted."""
    for name, text in files.items():
        file(folder / "docs", name.replace("__", "."), text)
    seen = snapshot(folder, limit=5000, documents=[str(folder / "docs")])
    said: dict[tuple, set[str]] = {}
    for example in examples_of("architecture_docs", seen):
        if example.source.asks != ["open book"]:
            said.setdefault(tuple(example.source.asks), set()).add(example.response())
    return said, troubles(seen)


def of(folder: Path, *names: str) -> dict[tuple, set[str]]:
    """The same of some of the stored documents."""
    return told(folder, **{name.replace(".", "__"): (DATA / name).read_text() for name in names})[0]


def test_a_compose_file_is_told_as_compose_puts_it_together(tmp_path):
    said = of(tmp_path, "compose.yaml", "base.yaml")
    ports = "9101, 9200, 9201 and 9202; and 8101 unless BOOKING_PORT is set"
    assert said["port", "booking"] == said["port", "worker"] == {ports}
    assert said["port", "ledger"] == {"8104"}
    assert said["port", "cache"] == {"None: cache publishes no fixed port."}
    assert said["image", "booking"] == {"`registry.example/booking:1.4`, unless TAG is set"}
    assert said["image", "cache"] == {"`redis:7`"}
    assert said["needs", "booking"] == {"ledger; cache (not required)."}
    assert said["down", "ledger"] == {"booking and worker."} and ("down", "cache") not in said
    # Two services publish it.
    assert ("publisher", "9101") not in said and said["publisher", "8104"] == {"ledger"}


def test_the_probe_asks_for_no_port_that_a_variable_changes(tmp_path):
    text = "services:\n" + "".join(f"  s{n}: {{image: a, ports: ['{80 + n}:80']}}\n" for n in range(4))
    text += "  web: {image: a, ports: ['${PORT:-99}:80']}\n  two: {image: a, ports: ['5:5', '${P}:6']}\n"
    seen = snapshot(tmp_path, documents=[file(tmp_path / "docs", "compose.yaml", text)])
    asked = {question.subject for question in questions_of("architecture_docs", seen)}
    assert {"s0 (compose.yaml)", "s3 (compose.yaml)"} <= asked
    assert not asked & {"web (compose.yaml)", "two (compose.yaml)"}


@pytest.mark.parametrize(
    ("text", "silent", "said_still"),
    [
        (
            "services:\n  web: {image: a, ports: ['${PORT}:80', '81:81']}\n  db: {image: b}\n",
            [("port", "web"), ("publisher", "81")],
            ("port", "db"),
        ),
        (
            "services:\n  web: {image: a, links: [db], depends_on: [mq]}\n  db: {image: b}\n  mq: {image: c}\n",
            [("needs", "web"), ("needed by", "db"), ("down", "mq")],
            ("needs", "db"),
        ),
        (
            "include: [away.yaml]\nservices:\n  web: {image: a, ports: ['80:80'], depends_on: [db]}\n  db: {image: b}\n",
            [("services",), ("needed by", "web"), ("down", "db"), ("publisher", "80")],
            ("port", "web"),
        ),
        (
            "services:\n  web: {extends: ghost, image: a}\n  db: {image: b, ports: ['5:5']}\n",
            [("port", "web"), ("publisher", "5")],
            ("port", "db"),
        ),
    ],
)
def test_what_a_compose_file_does_not_say_whole_is_not_told(tmp_path, text, silent, said_still):
    said, _ = told(tmp_path, compose__yaml=text)
    assert not [key for key in silent if key in said] and said_still in said


def test_what_starts_only_with_a_profile_or_ends_by_itself(tmp_path):
    said, _ = told(
        tmp_path,
        compose__yaml=(
            "services:\n  web: {image: a, depends_on: [api]}\n  api: {image: b, depends_on: {db: {}, init: {condition:"
            " service_completed_successfully}}}\n  db: {image: c, profiles: [full]}\n  init: {image: d}\n"
        ),
    )
    # With `docker compose up` the database is not started.
    assert said["start", "web"] == {"api, db and init."}
    # What waits for it is refused then, and not merely not started.
    assert said["down", "init"] == {"api and web."} and ("down", "db") not in said


def test_the_files_that_a_compose_file_names_are_those_of_its_commit(sandbox, tmp_path):
    files = {
        "deploy/compose.yaml": "services: {web: {extends: {file: ../base.yaml, service: web}}, db: {image: b}}\n",
        "base.yaml": "services: {web: {image: a, ports: ['80:80']}}\n",
    }
    commit = sandbox.commit("Begin", files)
    sandbox.write("base.yaml", "services: {web: {image: z, ports: ['81:81']}}\n")
    with Repository(sandbox.path, commit) as repository:
        said = {
            tuple(example.source.asks): example.response()
            for example in examples_of("architecture_docs", snapshot(tmp_path, repository))
        }
    assert said["port", "web"] == "80" and said["image", "web"] == "`a`"


def test_branches_of_diagrams_are_told_as_branches(tmp_path):
    said = of(tmp_path, "flow.md")
    assert said["out", "Seat free?"] == {"To Start (no) and Take the hold (yes)."}
    assert {answer for key, answer in said.items() if key[0] in ("way", "behind", "steps")} == set()
    assert said["out", "D"] == {"To ledger (money)."} and said["in", "D"] == {
        "Take the hold and ledger (money)."
    }
    assert not [key for key in said if "K" in key or "L" in key]
    assert not [key for key in said if key[:2] in (("out", "ledger-db"), ("in", "Money side"))]
    messages = {key: answer for key, answer in said.items() if key[0] in ("sends", "after")}
    assert messages == {
        ("sends", "Guest", "booking"): {"ask for a seat."},
        ("sends", "booking", "ledger"): {"is the hold paid?"},
        ("sends", "booking", "booking"): {"expire holds"},
        ("after", "Guest", "booking", "ask for a seat"): {"booking sends ledger: is the hold paid?"},
    }
    assert said["next", "Held"] == {"Paid (payment arrives) or Gone (20 minutes pass)."}
    assert said["next", "Paid"] == {"The end."} and said["begins",] == {"Held"}
    assert said["inherits", "Ferry"] == {"Vessel."} and said["aggregation", "Ferry"] == {"Seat."}
    assert said["count", "BOOKING", "SEAT"] == {"Zero or more"}
    assert said["count", "SEAT", "BOOKING"] == {"Exactly one"}


def flow(text: str, head: str = "flowchart LR") -> str:
    return f"# Flow\n\n```mermaid\n{head}\n{text}\n```\n"


def test_a_fork_or_a_choice_is_no_state(tmp_path):
    text = (
        "state pick <<choice>>\n[*] --> pick\npick --> A : small\npick --> B : large\nA --> pick\nB --> [*]"
    )
    said, _ = told(tmp_path, a__md=flow(text, "stateDiagram-v2"))
    assert {key for key in said if key[0] in ("begins", "next")} == {("next", "B")}


def test_an_answer_that_ends_with_a_question_mark_gets_no_full_stop(tmp_path):
    said, _ = told(tmp_path, a__md=flow("A --> B{Free?}\nB -- yes --> C\nB -- no --> A"))
    assert said["out", "A"] == {"To Free?"} and said["in", "C"] == {"Free?"}


def test_a_way_is_traced_where_there_is_only_one(tmp_path):
    said, _ = told(tmp_path, a__md=flow("A --> B --> D\nA --> C --> D\nD --> E --> F"))
    assert ("way", "A", "D") not in said and ("way", "A", "F") not in said
    assert said["way", "D", "F"] == {"D -> E -> F."}


@pytest.mark.parametrize("line", ["B ->> C", 'C -- "half'])
def test_a_diagram_with_a_line_that_is_not_understood_denies_no_arrow(tmp_path, line):
    said, counted = told(tmp_path, a__md=flow(f"A --> B\n{line}"))
    assert not [key for key in said if key[0] in ("out", "in", "not", "way", "behind")]
    assert counted == {"a line of a diagram that is not understood": 1}


def test_of_two_diagrams_of_a_kind_under_one_heading_neither_is_asked_about(tmp_path):
    two = flow("A --> B") + flow("C --> D").partition("\n\n")[2]
    said, _ = told(tmp_path, a__md=two, b__md=flow("X --> Y"))
    assert {key[1] for key in said if key[0] in ("out", "in")} == {"X", "Y"}


def test_cells_that_two_tables_answer_and_such_without_a_value_are_not_asked_for(tmp_path):
    said = of(tmp_path, "table.md")
    asked = {key[1:] for key in said if key[0] == "cell"}
    assert asked == {("booking", "Notes")}


@pytest.mark.parametrize("value", ["TBD", "n/a", "-", ""])
def test_which_row_has_a_value_is_not_asked_while_another_may_have_it(tmp_path, value):
    text = "# P\n\n| s | port |\n|-|-|\n" + "".join(f"| s{n} | {n + 80} |\n" for n in range(30))
    whole, _ = told(tmp_path / "whole", a__md=text)
    part, _ = told(tmp_path / "part", a__md=text + f"| web | {value} |\n")
    keys = {f"s{n}" for n in range(30)}
    assert {answer for answers in whole.values() for answer in answers} & keys
    assert not {answer for answers in part.values() for answer in answers} & keys


def test_headings_of_every_form_and_none_that_is_repeated_or_to_be_done(tmp_path):
    said = of(tmp_path, "guide.md", "setext.md", "arch.adoc", "guide.rst")
    where = {key[1] for key in said if key[0] == "where"}
    assert where == {"Book", "Top two", "Architecture", "Layers", "2.1.3 Prices", "Steps"}
    assert said["outline",] == {"Book, Making a hold and Top two."}
    assert said["section", "Layers"] == {"The booking layer calls the money layer."}
    assert "minutes minutes" not in str(said) and "Hidden" not in str(said)


def test_a_text_in_another_encoding_is_left_out_and_counted(sandbox, tmp_path):
    files = {
        "docs/latin1.md": (DATA / "latin1.md").read_bytes(),
        "docs/a.md": "# Sails\n\nSails are of \ufffd canvas.\n",
    }
    files["docs/b.md"] = "# Masts\n\nThe masts are made of pine, all of them.\n".encode("utf-16")
    for name, content in files.items():
        file(sandbox.path, name, content)
    with Repository(
        sandbox.path, sandbox.commit("Begin", {"docs/c.puml": "@startuml\na -> b\n"})
    ) as repository:
        seen = snapshot(tmp_path, repository)
        assert {example.source.path for example in examples_of("architecture_docs", seen)} == {"docs/b.md"}
    assert troubles(seen) == {
        "invalid UTF-8": 1,
        "a text with characters that were lost": 1,
        "a diagram of a language that is not read": 1,
    }


def test_an_api_denies_only_what_was_resolved(tmp_path):
    said = of(tmp_path, "openapi.yaml")
    assert said["required", "GET", "/holds/{id}"] == {"`id`."}
    assert said["required", "POST", "/holds"] == {"None: `POST /holds` has no required parameter."}
    # It has a `default`, which is any status.
    assert ("statuses", "GET", "/holds/{id}") not in said
    assert said["statuses", "POST", "/holds"] == {"201."}


def operations(tmp_path, paths: str) -> dict:
    return told(tmp_path, api__yaml=f"swagger: '2.0'\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}")[0]


def test_what_stands_in_a_path_and_a_body_of_swagger_2_are_required_parameters(tmp_path):
    said = operations(
        tmp_path,
        "  /pets/{id}/toys/{toy}:\n"
        "    parameters: [{name: id, in: path, type: string}]\n"
        "    put: {parameters: [{name: pet, in: body, required: true, schema: {type: object}}]}\n"
        "  /pets/{id}: {delete: {}}\n",
    )
    assert said["required", "PUT", "/pets/{id}/toys/{toy}"] == {"`toy`, `id` and `pet`."}
    assert said["required", "DELETE", "/pets/{id}"] == {"`id`."}


@pytest.mark.parametrize(
    "described",
    [
        "description: Either `from` or `cursor` is required.",
        "summary: Lists orders. One of them is needed.",
        "parameters: [{name: from, in: query, type: string, description: Mandatory without a cursor}]",
        "parameters: [{name: from, in: query, type: string, description: Must be given with `to`}]",
    ],
)
def test_where_a_description_says_what_is_required_no_parameter_is_denied(tmp_path, described):
    said = operations(
        tmp_path, f"  /orders: {{get: {{{described}}}, post: {{parameters: [{{name: q, in: query}}]}}}}"
    )
    assert [key for key in said if key[0] in ("required", "no parameter") and key[1] == "GET"] == []
    assert said["required", "POST", "/orders"] == {"None: `POST /orders` has no required parameter."}


def test_how_a_deprecated_operation_is_called_is_not_said(tmp_path):
    said = operations(
        tmp_path,
        "  /a: {get: {operationId: oldOne, summary: Old., tags: [t], deprecated: true}, put: {tags: [t]}}\n",
    )
    assert [key for key in said if "GET" in key or "oldOne" in key] == []
    assert said["tag", "t"] == {"`GET /a` and `PUT /a`. Deprecated: `GET /a`."}


def api(parameters: str, schemas: str = "") -> str:
    return (
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n"
        f"  /a: {{get: {{{parameters}, responses: {{'200': {{}}}}}}, post: {{parameters: [{{name: q, in: query}}]}}}}\n"
        f"components: {{schemas: {{{schemas}}}}}\n"
    )


@pytest.mark.parametrize(
    "parameter", ["$ref: 'common.yaml#/Id'", "$ref: '#/components/parameters/Ghost'", "$ref: '#/paths'"]
)
def test_an_operation_with_a_parameter_that_is_not_resolved_denies_none(tmp_path, parameter):
    said, counted = told(tmp_path, api__yaml=api(f"parameters: [{{{parameter}}}]"))
    silent = [key for key in said if key[0] in ("required", "no parameter") and key[1:3] == ("GET", "/a")]
    assert silent == [] or parameter == "$ref: '#/paths'"
    assert ("required", "POST", "/a") in said and (counted or parameter == "$ref: '#/paths'")


@pytest.mark.parametrize(
    ("schema", "required"),
    [
        ("A: {properties: {x: {}}, required: [x]}", {"`x`."}),
        (
            "A: {allOf: [{$ref: '#/components/schemas/B'}, {properties: {y: {}}, required: [y]}]}, B: {properties: {x: {}},"
            " required: [x]}",
            {"`x` and `y`."},
        ),
        ("A: {properties: {x: {}}, anyOf: [{required: [x]}, {required: [y]}]}", None),
        ("A: {properties: {x: {}}, required: [x, hidden]}", None),
        ("A: {properties: {x: {}}, allOf: [{$ref: 'b.yaml#/B'}]}", None),
        ("A: {properties: {x: {}}, if: {required: [x]}, then: {required: [y]}}", None),
    ],
)
def test_the_required_fields_of_a_schema(tmp_path, schema, required):
    said, _ = told(tmp_path, api__yaml=api("parameters: []", schema))
    assert said.get(("schema required", "A")) == required


def test_values_of_several_types_are_not_listed_in_part(tmp_path):
    enum = "parameters: [{name: k, in: query, schema: {enum: [adult, child, null]}}, {name: j, in: query, schema: {enum: [a]}}]"
    said, _ = told(tmp_path, api__yaml=api(enum))
    assert (
        said["enum", "GET", "/a", "j", "query"] == {"`a`."}
        and ("enum", "GET", "/a", "k", "query") not in said
    )


WORKLOAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: shop}}
spec: {{replicas: 2, template: {{spec: {{{}}}}}}}
"""


@pytest.mark.parametrize(
    ("spec", "answer"),
    [
        ("containers: [{name: a, image: b}]", "None: the Deployment shop names no Secret."),
        ("containers: [{name: a}]", None),
        ("volumes: []", None),
    ],
)
def test_a_patch_of_a_workload_denies_nothing(tmp_path, spec, answer):
    said, _ = told(tmp_path, shop__yaml=WORKLOAD.format(spec))
    assert said.get(("no secret", "Deployment", "shop")) == ({answer} if answer else None)
    assert said["replicas", "Deployment", "shop"] == {"2"}


@pytest.mark.parametrize(
    "spec",
    [
        "initContainers: [{name: i, image: j, envFrom: [{secretRef: {name: keys}}]}]",
        "imagePullSecrets: [{name: keys}]",
        "volumes: [{name: v, projected: {sources: [{secret: {name: keys}}]}}]",
    ],
)
def test_secrets_wherever_a_workload_names_them(tmp_path, spec):
    said, _ = told(tmp_path, shop__yaml=WORKLOAD.format("containers: [{name: a, image: b}], " + spec))
    assert said["needs", "Deployment", "shop"] == {"Secret keys."}


@pytest.mark.parametrize(
    ("spec", "silent"),
    [
        ("containers: [{name: a, image: 'b:{{ .Values.tag }}'}]", "image"),
        ("containers: [{name: a, image: 'b:$(TAG)'}]", "image"),
        (
            "containers: [{name: a, image: b, envFrom: [{secretRef: {name: '{{ .Release.Name }}-keys'}}]}]",
            "no secret",
        ),
        ("containers: [{name: a, image: b, envFrom: [{secretRef: {name: 'keys-${STAGE}'}}]}]", "needs"),
    ],
)
def test_a_name_that_a_template_or_a_variable_gives_is_none(tmp_path, spec, silent):
    said, _ = told(tmp_path, shop__yaml=WORKLOAD.format(spec))
    assert silent not in {key[0] for key in said} and "{{" not in str(said) and "$" not in str(said)


def test_charts_are_templates_wherever_their_braces_stand(sandbox, tmp_path):
    text = WORKLOAD.format("containers: [{name: a, image: 'b:{{ .Values.tag }}'}]")
    with Repository(sandbox.path, sandbox.commit("Begin", {"chart/templates/shop.yaml": text})) as repository:
        seen = snapshot(tmp_path, repository)
        with pytest.raises(Skipped):
            list(examples_of("architecture_docs", seen))
    assert troubles(seen) == {"a template, not rendered": 1}


def test_what_kustomize_reads_is_no_resource_and_an_image_with_a_variable_is_none(tmp_path):
    text = WORKLOAD.format("containers: [{name: a, image: 'b:${TAG}'}]")
    said, counted = told(
        tmp_path,
        kustomization__yaml="apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [shop.yaml]\n",
        shop__yaml=text,
    )
    assert counted == {} and not [key for key in said if key[0] == "image"]


def test_every_other_kind_of_question(tmp_path):
    said, _ = told(
        tmp_path,
        k8s__yaml=MANIFESTS,
        api__yaml=API,
        guide__rst=GUIDE,
        layers__dot=LAYERS,
        compose__yaml=COMPOSE,
        models__md=MODELS,
    )
    expected = {
        ("not", "Free", "Ask"): {"No, the other way round: Ask points at Free."},
        ("transition", "Empty", "Moored"): {"boat comes"},
        ("composition", "Boat"): {"Mast."},
        ("related", "QUAY", "BERTH"): {"QUAY has BERTH."},
        ("route", "shop.example", "/buy"): {"front, port 80"},
        ("networks", "store"): {"inner"},
        ("ports", "Deployment", "shop"): {"8080"},
        ("tag", "boats"): {"`GET /boats/{id}` and `POST /boats`."},
        ("operationId", "POST", "/boats"): {"`addBoat`"},
        ("body", "POST", "/boats"): {"`array of Boat`"},
        ("in", "POST", "/boats", "dry", "header"): {"From the header."},
        ("enum", "GET", "/boats/{id}", "unit", "query"): {"`m` and `ft`."},
        ("no field", "Boat", "depth"): {"No."},
        ("version",): {"1.2"},
    }
    assert {key: said.get(key) for key in expected} == expected
    assert "7" in said["cell", "south", "depth"]

    def denied(kind: str, name: str) -> set[str]:
        """What is said to whatever is drawn that `name` does not have."""
        return {answer for key in said if key[:2] == (kind, name) for answer in said[key]}

    assert denied("not", "Ask") == {"No, Ask points at Free."}
    assert denied("not needed", "cart") == {"No, cart depends on store."}
