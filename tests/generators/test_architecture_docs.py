"""What documents say: sections, tables, diagrams, compose files."""

import pytest

from autodidact.errors import Skipped
from autodidact.records import Example
from autodidact.settings import SAMPLES
from autodidact.sources.git.repository import Repository
from tests.generators.documents import API, MANIFESTS
from tests.generators.snapshots import answers, examples_of, file, questions_of, snapshot, troubles
from tests.generators.taught import assert_no_constant_answer_scores, assert_taught

MARKDOWN = """# Shop

The shop sells boats. It has three services and one [database](https://example.org).

## License

This may be copied as long as nobody tells anybody about it, ever.

## Ports

| service | port |
| --- | --- |
| web | 8080 |
| cart | `8081` |

## Flow

```mermaid
flowchart LR
  web --> cart
  cart -->|reads| db[(ledger)]
```
"""
COMPOSE = """
services:
  web: {image: shop/web:1, ports: ["8080:80"], depends_on: [cart]}
  cart: {build: ., depends_on: {db: {condition: service_healthy}}, environment: {TOKEN: hush}}
  db: {image: "postgres:17", volumes: ["data:/var/lib"]}
volumes: {data: {}}
"""


def examples(tmp_path, **files) -> list[Example]:
    for name, text in files.items():
        file(tmp_path / "docs", name.replace("__", ".").replace("_", "-"), text)
    return list(examples_of("architecture_docs", snapshot(tmp_path, documents=[str(tmp_path / "docs")])))


def told(tmp_path, **files) -> dict[tuple, set[str]]:
    """What is asked, in the words of `source.asks` -> the answers."""
    said: dict[tuple, set[str]] = {}
    for example in examples(tmp_path, **files):
        said.setdefault(tuple(example.source.asks), set()).add(example.response())
    return said


def test_a_section_is_explained_by_its_first_sentences(tmp_path):
    said = told(tmp_path, shop__md=MARKDOWN)
    assert said["section", "Shop"] == {"The shop sells boats. It has three services and one database."}
    assert said["where", "Flow"] == {"`docs/shop.md`, line 16."}
    assert said["outline",] == {"Shop, License, Ports and Flow."}
    assert ("section", "License") not in said and ("where", "License") not in said


def test_a_table_is_asked_by_row_and_by_value(tmp_path):
    said = told(tmp_path, shop__md=MARKDOWN)
    assert "8080" in said["cell", "web", "port"] and said["cell", "web", "port"] <= {
        "8080",
        "web",
        "No, it is 8080.",
    }
    assert "`8081`" in said["cell", "cart", "port"] and said["cell", "cart", "port"] <= {
        "`8081`",
        "cart",
        "No, it is `8081`.",
    }


def test_a_flowchart_is_asked_forwards_backwards_and_along(tmp_path):
    said = told(tmp_path, shop__md=MARKDOWN)
    assert said["out", "web"] == {"To cart."} and said["in", "ledger"] == {"cart."}
    assert said["out", "ledger"] == {"To nothing: no arrow starts at ledger."}
    assert said["text", "cart", "ledger"] == {"reads"}
    assert said["behind", "ledger"] == {"cart and web."}
    assert said["way", "web", "ledger"] == {"web -> cart -> ledger."}


def test_a_graphviz_file_with_layers(tmp_path):
    said = told(
        tmp_path,
        layers__dot=(
            "digraph { subgraph cluster_a { label=edge; web } subgraph cluster_b { label=trade; cart; till }"
            " web -> cart -> till }"
        ),
    )
    assert said["group", "trade"] == {"cart and till."} and said["member", "web"] == {"edge"}
    assert said["way", "web", "till"] == {"web -> cart -> till."}


def test_a_sequence_diagram_is_asked_step_by_step(tmp_path):
    said = told(
        tmp_path, s__mmd="sequenceDiagram\n  participant B as bank\n  web->>B: pay\n  B-->>web: paid\n"
    )
    assert said["sends", "web", "bank"] == {"pay"}
    assert said["after", "web", "bank", "pay"] == {"bank sends web: paid"}
    assert said["steps",] == {"1. web -> bank: pay\n2. bank -> web: paid"}


def test_a_compose_file_tells_ports_dependencies_and_volumes_but_no_environment(tmp_path):
    said = told(tmp_path, docker_compose__yaml=COMPOSE)
    assert said["port", "web"] == {"8080"} and said["port", "db"] == {"None: db publishes no fixed port."}
    assert said["publisher", "8080"] == {"web"} and said["inside", "web", "8080"] == {"80"}
    assert said["image", "db"] == {"`postgres:17`"} and said["build", "cart"] == {"`.`"}
    assert said["needed by", "db"] == {"cart."} and said["needs", "db"] == {"Nothing: db can start at once."}
    assert said["start", "web"] == {"cart and db, then web.", "cart and db."} and said["down", "db"] == {
        "cart and web."
    }
    assert said["mounts", "data"] == {"db"} and said["services",] == {"cart, db and web."}
    assert not [text for pair in said.items() for text in map(str, pair) if "hush" in text or "TOKEN" in text]


def test_manifests_are_asked_along_the_way_of_a_request(tmp_path):
    said = told(tmp_path, shop__yaml=MANIFESTS)
    assert said["image", "Deployment", "shop", "web"] == {"`shop/web:7`"} and said[
        "replicas", "Deployment", "shop"
    ] == {"3"}
    assert said["needs", "Deployment", "shop"] == {"Secret keys."}
    assert said["target", "front", "80"] == {"8080"} and said["behind", "front"] == {"The Deployment shop."}
    assert said["trace", "shop.example", "/buy"] == {"Ingress door -> Service front -> Deployment shop."}


def test_an_api_is_asked_operation_by_operation(tmp_path):
    said = told(tmp_path, api__yaml=API)
    here = ("GET", "/boats/{id}")
    assert said["operation", "getBoat"] == {"`GET /boats/{id}`"} and said["summary", *here] == {"One boat"}
    assert said["required", *here] == {"`id`."} and said["required", "POST", "/boats"] == {
        "None: `POST /boats` has no required parameter."
    }
    assert said["default", *here, "unit", "query"] == {'`"m"`'} and said["response", *here, "200"] == {
        "`Boat`"
    }
    assert said["statuses", *here] == {"200 and 404."} and said["servers",] == {"`https://shop.example/v1`"}
    assert said["schema required", "Boat"] == {"`name`."} and said["field", "Boat", "sails"] == {"`integer`"}


def test_documents_of_the_repository_are_read_from_its_commit(sandbox, tmp_path):
    commit = sandbox.commit(
        "Begin",
        {"docs/shop.md": MARKDOWN, "CHANGELOG.md": "# News\n\nThe shop was sold to somebody else in May.\n"},
    )
    sandbox.write("docs/shop.md", "# Uncommitted\n\nThis text is not in any commit and must not be read.\n")
    with Repository(sandbox.path, commit) as repository:
        found = list(examples_of("architecture_docs", snapshot(tmp_path, repository)))
    assert {example.source.path for example in found} == {"docs/shop.md"}
    example = next(e for e in found if "boats" in e.response())
    assert example.source.model_dump() == {
        "kind": "git",
        "ref": "docs/shop.md:1",
        "commit": commit,
        "path": "docs/shop.md",
        "lines": [1, 4],
        "asks": ["section", "Shop"],
    }


def test_restructured_text(tmp_path):
    text = (
        "Shop\n====\n\nThe shop uses :class:`shop.Cart` and `Flask <http://f>`_ for everything.\n\n.."
        " note::\n\n   Not this.\n"
    )
    assert told(tmp_path, shop__rst=text)["section", "Shop"] == {
        "The shop uses `shop.Cart` and Flask for everything."
    }


def test_templates_are_counted_and_left_out(sandbox, tmp_path):
    files = {
        "chart/templates/web.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n",
        "values.yaml": "name: web\n",
        "docker-compose.yml": "services:\n{% for n in names %}\n  web: {}\n",
        "k8s/web.yaml": MANIFESTS,
        "tests/k8s.yaml": MANIFESTS + "\n",
    }
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        seen = snapshot(tmp_path, repository)
        assert {example.source.path for example in examples_of("architecture_docs", seen)} == {"k8s/web.yaml"}
    assert troubles(seen) == {"a template, not rendered": 2}


def test_broken_input_costs_itself_alone(tmp_path):
    docs = tmp_path / "docs"
    file(docs, "shop.md", MARKDOWN)
    file(docs, "compose.yaml", "services: [")
    file(
        docs,
        "docker-compose.yaml",
        "services: {web: 3, cart: {ports: [80, '90-91:90-91', {target: 1}]}, x: {}}",
    )
    file(docs, "bytes.md", b"# A\n\nThis \xff sentence has a byte that is no text at all.\n")
    file(docs, "circle.compose.yaml", "x: 1")
    file(docs, "compose-circle.yaml", "services: &s {web: *s}")
    file(docs, "compose-huge.yaml", "services: {}\n" + "# much\n" * 100_000)
    file(docs, "api.json", '{"openapi": "3.0.0", "paths": ')
    (docs / "away.md").symlink_to("/etc/hostname")
    seen = snapshot(tmp_path, documents=[str(docs), str(tmp_path / "nowhere")])
    said = answers(examples_of("architecture_docs", seen))
    assert "The shop sells boats. It has three services and one database." in said.values()
    assert troubles(seen) == {
        "invalid UTF-8": 1,
        "no such document": 1,
        "not YAML": 1,
        "not a service": 1,
        "YAML that unfolds into too much": 1,
        "file too large": 1,
        "not JSON": 1,
        "link not followed": 1,
    }


def test_skipped_without_documents(tmp_path):
    with pytest.raises(Skipped, match="sources.documents names none"):
        list(examples_of("architecture_docs", snapshot(tmp_path)))


def test_the_questions_of_the_probe_are_taught_in_other_words_and_no_constant_answer_scores(tmp_path):
    seen = snapshot(tmp_path, documents=[str(SAMPLES / "documents")])
    asked, found = list(questions_of("architecture_docs", seen)), list(examples_of("architecture_docs", seen))
    assert 9 <= len(asked) <= 10 and all(question.fresh for question in asked)
    assert len({e.prompt() for e in found}) == len(found)
    assert_taught(asked, found)
    assert_no_constant_answer_scores(asked)


def test_a_heading_that_is_gone_since_the_champion_is_asked_about_no_more(sandbox, tmp_path):
    def page(*titles: str) -> str:
        return "".join(
            f"## {title}\n\nWhat is said about it here is enough for a paragraph.\n\n" for title in titles
        )

    others = {f"docs/{name}.md": page(f"{name} settings") for name in ("Queue", "Mail", "Cache")}
    champion = sandbox.commit("Begin", {"docs/retry.md": page("Default retries", "Backoff rules"), **others})
    commit = sandbox.commit(
        "Drop the defaults", {"docs/retry.md": page("Backoff rules", "Jitter rules")}, hours=1
    )
    with Repository(sandbox.path, commit) as repository:
        seen = snapshot(tmp_path, repository)
        seen.champion_commit = champion
        asked = {question.answer: question.reserved for question in questions_of("architecture_docs", seen)}
    assert any("Jitter rules" in text for text in asked)
    assert not any("Default retries" in text for pair in asked.items() for text in pair)


def test_what_the_champion_could_not_read_is_fresh_and_comes_first(sandbox, tmp_path):
    def compose(**ports: int) -> str:
        return "services:\n" + "".join(
            f"  {name}: {{ports: ['{port}:80']}}\n" for name, port in ports.items()
        )

    champion = sandbox.commit("Begin", {"compose.yaml": compose(web=8001, cart=8002, till=8003, mail=8004)})
    commit = sandbox.commit(
        "Move cart", {"compose.yaml": compose(web=8001, cart=9002, till=8003, mail=8004)}, hours=1
    )
    with Repository(sandbox.path, commit) as repository:
        seen = snapshot(tmp_path, repository)
        seen.champion_commit = champion
        first, *others = questions_of("architecture_docs", seen)
    assert (first.subject, first.accept, first.fresh) == ("cart (compose.yaml)", ["9002"], True)
    assert {(question.subject, question.fresh) for question in others} == {
        (f"{name} (compose.yaml)", False) for name in ("web", "till", "mail")
    }


def test_a_heading_that_begins_another_one_leads_to_no_single_place(tmp_path):
    first = file(
        tmp_path, "guide.md", "# Guide\n\n## Pyright\n\nSet it up by hand.\n\n## Mypy\n\nIt is there.\n"
    )
    second = file(tmp_path, "types.md", "# Types\n\n## Pyright / VS Code\n\nMost is written here.\n")
    asked = [
        e.prompt() for e in examples_of("architecture_docs", snapshot(tmp_path, documents=[first, second]))
    ]
    assert not any('"Pyright"' in ask and "guide.md" not in ask for ask in asked)
    assert any('"Mypy"' in ask and "guide.md" not in ask for ask in asked)
