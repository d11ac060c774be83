"""What documents say: sections, tables, diagrams, compose files."""

import pytest
from snapshots import answers, file, snapshot, troubles

from autodidact.errors import Skipped
from autodidact.generators import architecture_docs
from autodidact.sources.git import Repository

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


def told(tmp_path, **files) -> dict[str, str]:
    for name, text in files.items():
        file(tmp_path / "docs", name.replace("__", "."), text)
    return answers(list(architecture_docs.generate(snapshot(tmp_path, documents=[str(tmp_path / "docs")]))))


def test_a_section_is_explained_by_its_first_sentences(tmp_path):
    said = told(tmp_path, shop__md=MARKDOWN)
    explained = {answer for ask, answer in said.items() if '"Shop"' in ask}
    assert explained == {"The shop sells boats. It has three services and one database."}
    assert not [ask for ask in said if "License" in ask]


def test_a_table_is_asked_by_row_and_by_value(tmp_path):
    said = told(tmp_path, shop__md=MARKDOWN)
    by_row = [answer for ask, answer in said.items() if ask.endswith(('stands under "port" for web?', "service web: port?"))]
    assert by_row == ["8080"]
    by_value = [answer for ask, answer in said.items() if "which service has" in ask]
    assert set(by_value) <= {"web", "cart"}


def test_a_flowchart_is_asked_forwards_backwards_and_along(tmp_path):
    said = told(tmp_path, shop__md=MARKDOWN)
    where = 'the diagram "Flow" of shop.md'
    assert said[f"In {where}, where do the arrows of web lead?"] == "To cart."
    assert said[f"What points at ledger in {where}?"] == "cart."
    assert said[f"In {where}, what is written on the arrow from cart to ledger?"] == "reads"
    assert said[f"By {where}, which parts need ledger, directly or not?"] == "cart and web."
    assert "web -> cart -> ledger." in said.values()


def test_a_sequence_diagram_is_asked_step_by_step(tmp_path):
    said = told(tmp_path, s__mmd="sequenceDiagram\n  participant B as bank\n  web->>B: pay\n  B-->>web: paid\n")
    assert said['What does web send to bank in "s.mmd" in s.mmd?'] == "pay"
    assert said['List the steps of "s.mmd" in s.mmd in order.'] == "1. web -> bank: pay\n2. bank -> web: paid"


def test_a_compose_file_tells_ports_dependencies_and_volumes_but_no_environment(tmp_path):
    file(tmp_path / "docs", "docker-compose.yaml", COMPOSE)
    said = told(tmp_path)
    name = "docker-compose.yaml"
    assert said[f"Which port of the host does web publish in {name}?"] == "8080"
    assert said[f"Which port of the host does db publish in {name}?"] == "None: db publishes no fixed port."
    assert said[f"Which service of {name} publishes port 8080?"] == "web"
    assert said[f"Which services of {name} depend on db?"] == "cart."
    assert said[f"What is started in all when I run `docker compose up web` with {name}?"] == "cart and db, then web."
    assert said[f"Who mounts the volume data in {name}?"] == "db"
    assert not [text for pair in said.items() for text in pair if "hush" in text or "TOKEN" in text]


def test_documents_of_the_repository_are_read_from_its_commit(sandbox, tmp_path):
    commit = sandbox.commit("Begin", {"docs/shop.md": MARKDOWN, "CHANGELOG.md": "# News\n\nThe shop was sold to somebody else in May.\n"})
    sandbox.write("docs/shop.md", "# Uncommitted\n\nThis text is not in any commit and must not be read.\n")
    with Repository(sandbox.path, commit) as repository:
        examples = list(architecture_docs.generate(snapshot(tmp_path, repository)))
    assert {example.source.path for example in examples} == {"docs/shop.md"}
    example = next(e for e in examples if "boats" in e.response())
    assert example.source.model_dump() == {"kind": "git", "ref": "docs/shop.md:1", "commit": commit, "path": "docs/shop.md", "lines": [1, 4]}


def test_restructured_text(tmp_path):
    text = "Shop\n====\n\nThe shop uses :class:`shop.Cart` and `Flask <http://f>`_ for everything.\n\n.. note::\n\n   Not this.\n"
    said = told(tmp_path, shop__rst=text)
    assert set(said.values()) == {"The shop uses `shop.Cart` and Flask for everything."}


def test_broken_input_costs_itself_alone(tmp_path):
    docs = tmp_path / "docs"
    file(docs, "shop.md", MARKDOWN)
    file(docs, "compose.yaml", "services: [")
    file(docs, "docker-compose.yaml", "services: {web: 3, cart: {ports: [80, '90-91:90-91', {target: 1}]}, x: {}}")
    file(docs, "bytes.md", b"# A\n\nThis \xff sentence has a byte that is no text at all.\n")
    seen = snapshot(tmp_path, documents=[str(docs), str(tmp_path / "nowhere")])
    said = answers(list(architecture_docs.generate(seen)))
    assert "The shop sells boats. It has three services and one database." in said.values()
    assert troubles(seen) == {"invalid UTF-8": 1, "no such document": 1, "not YAML": 1, "not a service": 1}


def test_skipped_without_documents(tmp_path):
    with pytest.raises(Skipped, match="sources.documents names none"):
        list(architecture_docs.generate(snapshot(tmp_path)))
