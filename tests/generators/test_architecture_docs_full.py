"""Documents in the register `full`: whole quotations put to use, services in prose, conversations."""

import pytest

from autodidact.generators import architecture_docs
from autodidact.generators.architecture_docs.document_probe_facts import WORDINGS, Facts
from autodidact.generators.architecture_docs.full import _rows as rows_and_openings
from autodidact.generators.architecture_docs.full import by_path
from autodidact.generators.architecture_docs.full.document_block import Block, code_block
from autodidact.generators.architecture_docs.full.heading_phrases import heading
from autodidact.generators.architecture_docs.full.openapi_prose import _a
from autodidact.generators.architecture_docs.full.quotable_passages import explained, longest, passage
from autodidact.generators.architecture_docs.full.quoting_answers import one_code
from autodidact.generators.architecture_docs.full.section_blocks import parts
from autodidact.generators.architecture_docs.text_and_table_questions import Titles
from autodidact.knowledge.fact import Question
from autodidact.records import Source
from autodidact.sources.documents.openapi import Api, Operation
from autodidact.sources.documents.reader import Document, prose
from autodidact.sources.git.repository import Repository
from tests.generators.snapshots import FULL, by_kind, examples_of, file, full_examples_of, snapshot

GUIDE = """# Guide

## Starting the worker

Start the worker in the foreground with one command:

```bash
shop worker --log INFO
```

> [!WARNING]
> Two workers with one name steal messages from each other, so give each a name of its own.

## Warm shutdown

A warm shutdown lets the worker finish what it has begun before it ends. The queue keeps everything else.

See the section above for the flags.
"""

SETTINGS = """Settings
========

``task_acks_late``
------------------

Default: Disabled.

Late acknowledgment means that a message is acknowledged after the task has run, not before.

``worker_pool``
---------------

.. versionadded:: 3.1

Default: ``"prefork"``.

The pool of the worker decides in which processes or threads its tasks run.
"""

COMPOSE = """services:
  web:
    image: shop/web:3
    ports: ["8080:80"]
    depends_on: [cart]
  cart:
    image: shop/cart:2
    depends_on:
      db: {condition: service_healthy}
    environment:
      DB_URL: postgresql://user:hunter2@db:5432/cart
  db:
    image: postgres:17
    volumes: ["carts:/var/lib/postgresql/data"]
volumes: {carts: }
"""

MANIFESTS = """kind: ConfigMap
apiVersion: v1
metadata: {name: addresses}
data: {CART_ADDR: "cart:8080", MOTTO: "we sell"}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8000}]}
---
apiVersion: v1
kind: Service
metadata: {name: cart}
spec: {selector: {app: cart}, ports: [{port: 8080, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: web, image: "shop/web:3", envFrom: [{configMapRef: {name: addresses}}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
        - {name: cart, image: "shop/cart:2", readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 5}}
"""


def made(tmp_path, name: str, text: str) -> dict[str, list]:
    seen = snapshot(tmp_path, settings=FULL, documents=[file(tmp_path, name, text)])
    return by_kind(examples_of("architecture_docs", seen))


def said(rows) -> list[str]:
    return [row.messages[-1]["content"] for row in rows]


def test_instructions_are_quoted_with_their_command(tmp_path):
    (row,) = made(tmp_path, "guide.md", GUIDE)["how"]
    assert "the worker" in row.messages[-2]["content"]
    assert (
        "Start the worker in the foreground with one command:\n\n```bash\nshop worker --log INFO\n```"
    ) in row.messages[-1]["content"]


def test_a_section_is_quoted_with_its_warning(tmp_path):
    (answer,) = said(made(tmp_path, "guide.md", GUIDE)["how"])
    assert (
        "```\n\nWarning: Two workers with one name steal messages from each other, so give each a name"
        in answer
    )


def test_a_section_whose_note_cannot_be_quoted_is_not_quoted(tmp_path):
    away = GUIDE.replace(
        "Two workers with one name steal", "As mentioned earlier, two workers with one name steal"
    )
    assert "how" not in made(tmp_path, "guide.md", away)


def test_nothing_is_quoted_that_points_elsewhere(tmp_path):
    answers = [text for rows in made(tmp_path, "guide.md", GUIDE).values() for text in said(rows)]
    assert any("A warm shutdown lets the worker finish" in text for text in answers)
    assert not any("section above" in text for text in answers)


def test_a_setting_is_told_with_its_default(tmp_path):
    answers = sorted(said(made(tmp_path, "settings.rst", SETTINGS)["setting"]))
    late, pool = sorted(answers, key=lambda text: "pool" in text)
    assert "`task_acks_late`" in late and "isabled" in late and "acknowledged after the task has run" in late
    assert '`"prefork"`' in pool and "The pool of the worker decides" in pool
    assert not any("Default: Disabled." in text or "efault: `" in text.replace("(d", "") for text in [late])


def test_the_version_in_which_something_came(tmp_path):
    (answer,) = said(made(tmp_path, "settings.rst", SETTINGS)["added"])
    assert "3.1" in answer and "`worker_pool`" in answer


@pytest.fixture
def composed(tmp_path) -> dict[str, list]:
    return made(tmp_path, "docker-compose.yml", COMPOSE)


def test_who_depends_on_a_service_by_the_file(composed):
    (answer,) = [text for text in said(composed["compose down"]) if "`db`" in text]
    begin = "`cart` depends on `db` directly, and `web` through `cart` (for example `web` -> `cart` -> `db`):"
    assert f"{begin} Compose starts `db` before them." in answer
    assert "By the environment in the file, `cart` (`DB_URL`) is given its address." in answer


def test_a_service_in_a_few_sentences(composed):
    assert any(
        "`cart` runs the image `shop/cart:2` and publishes no port. It waits for `db` to be healthy. `web` depends on it."
        in text
        for text in said(composed["compose brief"])
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("command: [huey_consumer, -w, '4']", "is started with the command `huey_consumer -w 4`"),
        ("command: mail --password hunter2", ""),
        ("entrypoint: [mail, serve]", ""),
    ],
)
def test_what_a_service_runs_is_its_command_too(tmp_path, line, told):
    text = f"services:\n  mail: {{image: shop/mail, depends_on: [db], {line}}}\n  db: {{image: postgres}}\n"
    answers = [
        text for text in said(made(tmp_path, "compose.yml", text)["compose brief"]) if "`mail` " in text
    ]
    begin = f"`mail` runs the image `shop/mail`, {told} and publishes no port. It waits for `db`"
    assert any(begin in text for text in answers) is bool(told)
    assert not any("hunter2" in text for text in answers)


def test_a_taken_port_is_moved_on_its_left_side(composed):
    (answer,) = said(composed["compose taken"])
    assert '      - "18080:80"\n' in answer and "Then connect to `localhost:18080`." in answer


def test_addresses_are_read_and_what_else_is_in_a_value_is_not(composed):
    answers = [text for rows in composed.values() for text in said(rows)]
    assert any("`DB_URL` names `db` (port 5432)" in text for text in answers)
    assert not any("hunter2" in text or "user" in text for text in answers)


def test_who_is_given_an_address_in_the_cluster_and_what_is_probed(tmp_path):
    found = made(tmp_path, "k8s.yaml", MANIFESTS)
    assert any(
        "`web` is given the address of `cart`, as `CART_ADDR`" in t for t in said(found["cluster down"])
    )
    assert any("asks for `/ready` on port 8080 every 5 seconds" in t for t in said(found["cluster probe"]))


def test_a_section_is_read_before_it_is_explained(sandbox, tmp_path):
    with Repository(sandbox.path, sandbox.commit("Begin", {"docs/guide.md": GUIDE})) as repository:
        seen = snapshot(tmp_path, repository, settings=FULL)
        rows = by_kind(list(examples_of("architecture_docs", seen)))["read"]
    row = next(row for row in rows if "Warm shutdown" in row.source.model_extra["asks"])
    system, user, call, result, answer = row.messages
    assert call["tool_calls"][0]["function"] == {
        "name": "read_file",
        "arguments": {"path": "docs/guide.md", "first_line": 14, "last_line": 16},
    }
    assert result["content"].splitlines()[0] == "   14  ## Warm shutdown"
    assert "A warm shutdown lets the worker finish what it has begun" in answer["content"]
    assert row.tools and system["role"] == "system" and user["role"] == "user"


def test_a_follow_up_needs_the_turn_before(composed):
    row = next(row for kind, rows in composed.items() if kind.startswith("talk") for row in rows)
    assert [message["role"] for message in row.messages if message["role"] != "system"] == [
        "user", "assistant", "user", "assistant",
    ]  # fmt: skip


def test_a_translation_is_not_quoted_in_english_sentences(sandbox, tmp_path):
    files = {"README.md": GUIDE, "README-de.md": GUIDE.replace("worker", "Arbeiter")}
    with Repository(sandbox.path, sandbox.commit("Begin", files)) as repository:
        seen = snapshot(tmp_path, repository, settings=FULL)
        rows = [row for row in examples_of("architecture_docs", seen) if "probe" not in row.model_extra]
    assert rows and not any("Arbeiter" in row.prompt() + row.response() for row in rows)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        # A paragraph that leads to code is quoted with it, or not at all.
        ("Run the tests before you push anything at all to the branch:\n\n    make test\n", None),
        (
            "Run the tests before you push anything to the branch, and run them all:\n\n```\nmake test\n```\n",
            "Run the tests before you push anything to the branch, and run them all:\n\n```\nmake test\n```",
        ),
        # Code within a sentence.
        (
            "The short form of this long and winding call is just\n\n```\nf()\n```\n\nwhich nobody uses here.\n",
            None,
        ),
        # Its first words point back.
        ("This is done by the scheduler, which wakes up once a minute and looks at the clock.\n", None),
    ],
)
def test_what_can_be_quoted(text, quoted):
    document = Document("a.md", f"# T\n\n{text}", {"kind": "document", "ref": "a.md"})
    (part,) = [part for part in parts(document, prose(document)) if part.title == "T"]
    found = passage(part.blocks)
    assert (found.text if found else None) == quoted


LAYERS = """# Layers

## The way of a request

```mermaid
flowchart LR
  gateway --> booking
  booking --> ledger
  booking --> timetable
  booking --> tides
  timetable --> tides
  tides --> cache
  timetable --> cache
```
"""


def test_a_way_is_told_only_where_there_is_no_second_one(tmp_path):
    found = said(made(tmp_path, "layers.md", LAYERS)["diagram way"])
    # Behind a colon a sentence goes on.
    assert not [text for text in found if ": No arrow" in text]
    assert any("`gateway`" in one and "`ledger`" in one for one in found)
    assert not any("`cache`" in one for one in found)


def test_of_several_diagrams_none_is_the_diagram_of_the_document(tmp_path):
    second = "\n## Later\n\n```mermaid\nflowchart LR\n  ledger --> gateway\n  ledger --> mail\n```\n"
    assert "diagram node" in made(tmp_path, "layers.md", LAYERS)
    assert "diagram node" not in made(tmp_path, "layers.md", LAYERS + second)


def test_a_node_is_told_by_its_arrows(tmp_path):
    text = LAYERS.replace("  timetable --> cache\n", "  timetable --> cache\n  ledger --> cache\n")
    found = said(made(tmp_path, "layers.md", text)["diagram node"])
    end = "`ledger`, `tides` and `timetable` lead to `cache`; no arrow leads on from there."
    assert any(end in one for one in found)
    # A step of a chain is no news.
    assert not any("`booking` leads to `ledger`" in one for one in found)


SALES = """openapi: 3.0.0
info: {title: Shop, version: "1"}
servers: [{url: "http://shop.example"}]
paths:
  /sales/{id}:
    get:
      summary: One sale
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: unit, in: query, schema: {type: string, default: m}}
      responses: {"200": {description: The sale}, "404": {description: No such sale}}
    put:
      summary: Change a sale
      security: [{key: []}]
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Sale"}}}}
      responses: {"200": {description: ok}, "404": {description: No such sale}}
components:
  schemas:
    Sale:
      type: object
      required: [id, item]
      properties: {id: {type: string, readOnly: true}, item: {type: string}}
"""


def test_an_operation_is_told_with_all_its_parameters_and_answers(tmp_path):
    found = made(tmp_path, "sales.yaml", SALES)
    # A call would leave out what a description asks of `id`.
    assert "api operation" not in found
    (answers,) = said(found["api errors"])
    assert answers.endswith("- 200: The sale\n- 404: No such sale")
    # A form for a body would leave out which values its fields take.
    assert "api schema" not in found


PAPERS = """openapi: 3.0.0
info: {title: Papers, version: "1"}
paths:
  /papers:
    get:
      operationId: listPapers
      parameters:
        - {name: imo, in: query, schema: {type: string, pattern: "^[0-9]{7}$"}}
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 200, default: 40}}
      responses: {"200": {description: The papers}}
  /stamps:
    get:
      operationId: listStamps
      parameters:
        - {name: imo, in: query, schema: {type: string}}
        - {name: kinds, in: query, schema: {type: array, items: {type: string, enum: [a, b]}}}
      responses: {"200": {description: The stamps}}
"""


def test_parameters_are_listed_with_all_that_their_schema_asks_for_or_left_out(tmp_path):
    (listed,) = said(made(tmp_path, "papers.yaml", PAPERS)["api parameter"])
    assert listed == (
        "`GET /papers` takes these parameters, by `papers.yaml`:\n\n"
        "- `imo`: optional, in the query, type `string`, `pattern` `^[0-9]{7}$`\n"
        "- `limit`: optional, in the query, type `integer`, `minimum` `1`, `maximum` `200`, default `40`"
    )


FORKED = """services:
  web: {image: "shop/web:1", depends_on: [cart, bill]}
  cart: {image: "shop/cart:1", depends_on: [db]}
  bill: {image: "shop/bill:1", depends_on: [db, mail]}
  db: {image: "postgres:17"}
  mail: {image: "shop/mail:1"}
"""


def test_a_way_to_a_service_is_shown_where_no_other_is_as_short(tmp_path):
    asked = {row.prompt() for row in made(tmp_path, "compose.yml", FORKED)["compose why"]}
    assert len(asked) == 1 and "mail" in asked.pop()


def test_who_depends_on_a_service_through_others_is_answered_where_nobody_does(tmp_path):
    found = said(made(tmp_path, "compose.yml", FORKED)["compose down"])
    assert any(
        "`web` depends on `cart` directly, and no other service through it: Compose starts `cart` before it."
        in text
        for text in found
    )


@pytest.mark.parametrize(
    ("name", "article"), [("Order", "an"), ("Update", "an"), ("Unknown", "an"), ("User", "a"), ("Unit", "a")]
)
def test_the_article_of_a_schema(name, article):
    assert _a(name) == f"{article} `{name}`"


def test_an_operation_is_taken_only_for_one_of_the_same_api():
    source = Source(kind="document", ref="sales.yaml", asks=["operation", "getSale"])
    question = Question(
        id="1",
        generator="architecture_docs",
        kind="operation",
        subject="getSale (sales.yaml)",
        reserved="?",
        answer="!",
        accept=["GET /sales/{id}"],
        confuse=["PUT /sales/{id}", "GET /boats"],
        fresh=True,
        source=source,
    )
    requests = {"GET /sales/{id}", "PUT /sales/{id}"}
    assert by_path(question, "api/sales.yaml", requests).confuse == ["PUT /sales/{id}"]


SNIPPETS = """# Guide

## Sending commands

Sending the command and its arguments to all workers:

```python
app.control.broadcast("rate_limit", arguments={"rate": "200/m"})
```

To request a reply of each worker you have to use the argument reply:

```python
app.control.broadcast("rate_limit", {"rate": "200/m"}, reply=True)
```
"""


def test_a_section_has_an_example_where_it_has_one_block_of_code_alone():
    document = Document("guide.md", SNIPPETS, {"kind": "document", "ref": "guide.md"}, True)
    (two,) = [part for part in parts(document, prose(document)) if part.title == "Sending commands"]
    assert not one_code(two)
    document = Document("guide.md", GUIDE, {"kind": "document", "ref": "guide.md"}, True)
    (one,) = [part for part in parts(document, prose(document)) if part.title == "Starting the worker"]
    assert one_code(one)


def test_an_example_has_nothing_of_its_section_before_it(tmp_path):
    text = (
        "# Guide\n\n## Native images\n\n{}If you want a native image, activate the profile of that name:\n\n"
    )
    text += "```sh\nmvn clean install -Pbuild-native-image\n```\n"
    assert "example" in made(tmp_path, "guide.md", text.format(""))
    before = "An image is built by `mvn install`, which takes a few minutes on most machines.\n\n"
    assert "example" not in made(tmp_path, "guide.md", text.format(before))


@pytest.mark.parametrize(("after", "shown"), [("", True), ("\nOr use `make test` and `make cov`.\n", False)])
def test_commands_are_shown_where_no_others_follow_in_the_section(tmp_path, after, shown):
    text = "# Guide\n\n## Native images\n\nIf you want a native image, activate the profile of that name:\n\n"
    text += f"```sh\nmvn clean install -Pbuild-native-image\n```\n{after}"
    assert ("example" in made(tmp_path, "guide.md", text)) is shown


def test_nothing_is_said_of_a_persons_own_machine_or_of_a_route_that_only_a_document_has():
    full = [text for kind in ("compose_port", "operation") for text in WORDINGS[kind].full]
    assert len(WORDINGS["operation"].full) == 5
    assert not [text for text in full if "own machine" in text["say"] or "of the API:" in text["say"]]


def test_a_service_of_the_probe_is_named_by_its_path():
    source = Source(kind="document", ref="deploy/web.yaml", asks=["image", "web"])
    question = Question(
        id="1",
        generator="architecture_docs",
        kind="compose_image",
        subject="web (web.yaml)",
        reserved="?",
        answer="!",
        accept=["shop/web:3"],
        confuse=[],
        fresh=True,
        source=source,
    )
    assert by_path(question, "deploy/web.yaml").subject == "`web` in `deploy/web.yaml`"


PORTS = """services:
  web:
    build: ./web
    ports: ["8080:80", "9229:9229"]
    depends_on:
      db: {condition: service_healthy}
  db:
    image: postgres:17
    ports: ["5432:5432"]
    healthcheck: {test: pg_isready}
"""


def test_every_published_port_is_named(tmp_path):
    found = made(tmp_path, "docker-compose.yml", PORTS)
    assert any(
        "publishes port 8080 of the host (80 in the container) and port 9229 of the host." in text
        for text in said(found["compose brief"])
    )


def test_what_a_service_waits_for_is_said_with_the_check_that_ends_the_wait(tmp_path):
    (answer,) = said(made(tmp_path, "docker-compose.yml", PORTS)["compose waits"])
    assert (
        "`web` waits for `db` to be healthy. `db` counts as healthy once `pg_isready` succeeds."
    ) in answer


def test_of_a_service_that_nothing_waits_for_nobody_asks_who_depends_on_it(composed):
    asked = [row.messages[-2]["content"] for row in composed["compose down"]]
    assert asked and not any("`web`" in text for text in asked)


def test_a_port_is_cited_from_the_file_of_its_service(tmp_path):
    _, *parts = MANIFESTS.split("---\n")
    files = [file(tmp_path, f"{number}.yaml", text) for number, text in enumerate(parts)]
    rows = by_kind(full_examples_of("architecture_docs", tmp_path, documents=files))
    (row,) = [row for row in rows["cluster port"] if row.source.model_extra["asks"][1] == "cart"]
    assert row.source.ref.endswith("1.yaml")
    (brief,) = [text for text in said(rows["cluster brief"]) if "`cart`" in text]
    assert "1.yaml`) offers it on port 8080." in brief


def test_the_address_of_a_service_is_for_pods_and_a_machine_gets_a_port_forward(tmp_path):
    rows = made(tmp_path, "shop.yaml", MANIFESTS)["cluster port"]
    answers = {row.source.model_extra["asks"][1]: row.response().lower() for row in rows}
    assert (
        "within the cluster, from pods of the same namespace, call `cart:8080`; the service hands it to port 8080 of"
        " the pods of `cart`. from your machine:\n\n```bash\nkubectl port-forward service/cart 8080:8080\n```\n\n"
        "then it answers on `localhost:8080`."
    ) in answers["cart"]
    # A load balancer has a way in of its own.
    assert "web" not in answers
    # A port below 1024 is not the user's to open, and a Service is in its namespace.
    plain = MANIFESTS.replace("type: LoadBalancer, ", "").replace(
        "{name: web}\nspec: {sel", "{name: web, namespace: shop}\nspec: {sel"
    )
    (web,) = [one for one in said(made(tmp_path, "plain.yaml", plain)["cluster port"]) if "`web:80`" in one]
    assert "kubectl -n shop port-forward service/web 8080:80\n" in web


def test_two_probes_are_kept_apart(tmp_path):
    text = MANIFESTS.replace(
        "periodSeconds: 5}", "initialDelaySeconds: 5}, livenessProbe: {tcpSocket: {port: 8080}}"
    )
    (answer,) = said(made(tmp_path, "shop.yaml", text)["cluster probe"])
    assert (
        "asks for `/ready` on port 8080, first after 5 seconds; the liveness probe opens port 8080." in answer
    )


def test_whether_a_pod_is_ready_is_not_told_by_a_liveness_probe(tmp_path):
    text = MANIFESTS.replace("readinessProbe", "livenessProbe")
    assert not made(tmp_path, "shop.yaml", text)["cluster probe"]


def test_a_port_that_has_a_name_is_told_by_it(tmp_path):
    text = MANIFESTS.replace("port: 8080}, periodSeconds", "port: http}, periodSeconds")
    (answer,) = said(made(tmp_path, "shop.yaml", text)["cluster probe"])
    assert "asks for `/ready` on the port `http` every 5 seconds." in answer


def test_no_port_is_forwarded_where_kustomize_may_name_the_namespace(tmp_path):
    text = (
        MANIFESTS
        + "---\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n"
    )
    assert "cluster port" not in made(tmp_path, "shop.yaml", text)


def test_what_a_pod_asks_for_is_said_with_the_number_of_pods(tmp_path):
    text = MANIFESTS.replace(
        'image: "shop/cart:2"', 'image: "shop/cart:2", resources: {requests: {cpu: 1}, limits: {memory: 1Gi}}'
    ).replace(
        "spec:\n  template:\n    metadata: {labels: {app: cart}}",
        "spec:\n  replicas: 3\n  template:\n    metadata: {labels: {app: cart}}",
    )
    rows = made(tmp_path, "shop.yaml", text)["cluster resources"]
    assert any(
        "ach pod of `cart` requests 1 of CPU and is limited to 1Gi of memory. A container that goes beyond its memory"
        " limit is killed. The manifest asks for 3 replicas." in one
        for one in said(rows)
    )


PARTS = """
## Parts

```
worker
```

### One

The first part of it is what a worker does while it is awake.

### Two

The second part of it is what a worker does while it is asleep.
"""


def test_where_a_section_is_can_go_on_with_how_it_begins(tmp_path):
    seen = snapshot(tmp_path, settings=FULL, documents=[file(tmp_path, "guide.md", GUIDE + PARTS)])
    _, openings = rows_and_openings(architecture_docs.read(seen), seen)
    found = {title: text for (_, title), text in openings.items()}
    assert found["Warm shutdown"] == (
        'It begins: "A warm shutdown lets the worker finish what it has begun before it ends."'
    )
    # "Parts" begins with code, and one word does not say what the section is about.
    assert "Parts" not in found


def test_a_quotation_has_no_gap():
    texts = (
        "The queue keeps everything that came in while nobody looked at it, and nothing of it is lost.",
        "See the guide.",
        "It is emptied at night.",
    )
    found = passage([Block("text", text, lines=(number, number)) for number, text in enumerate(texts, 1)])
    assert found is not None and found.text == texts[0]


def test_a_directive_in_a_fence_is_no_code():
    assert code_block("eval-rst", [".. click:example::", "", "    @click.command()"]).kind == "gap"
    assert code_block("python", ["x = 1"]).kind == "code"


def section(text: str, name: str = "T", path: str = "a.md"):
    document = Document(path, text, {"kind": "document", "ref": path})
    found = prose(document)
    return document, found, next(part for part in parts(document, found) if part.title == name)


LONG = "The worker writes every message to the log before it looks at what the message asks it to do. " * 5
GAP = "\n![a picture](picture.png)\n"


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        # All of the section, with the code that the text leads to.
        (
            "Simply pass a dict to the parameter headers of any call that you make:\n\n```\nget(headers={})\n```\n",
            "Simply pass a dict to the parameter headers of any call that you make:\n\n```\nget(headers={})\n```",
        ),
        # A sentence, and then something that cannot be quoted: it stops before the point.
        (f"Everything before the first tag is printed, which can be used for a neat trick.\n{GAP}", None),
        # A long beginning says enough, but for the sentence that announces what is not there.
        (f"{LONG}\n\nA few examples make it clearer to everybody who reads this.\n{GAP}", LONG.strip()),
        (f"{LONG}\n{GAP}", LONG.strip()),
    ],
)
def test_a_section_is_explained_by_all_of_it_or_by_a_long_beginning(text, quoted):
    found = explained(section(f"# T\n\n{text}")[2].blocks)
    assert (found.text if found else None) == quoted


@pytest.mark.parametrize(
    ("title", "text", "verb"),
    [
        ("Filter Arguments", "In the other language a filter takes one argument.", ""),
        ("Passing Parameters In URLs", "You often want to send data.", ""),
        ("Installing Cobra", "With one command you get Cobra. Run `cobra init`.", "install Cobra"),
        ("Streaming Requests", "You can iterate over requests. So does Requests.", ""),
        ("Choose your registry", "Tell the build where it pushes to.", "choose my registry"),
    ],
)
def test_a_heading_is_an_order_where_it_reads_as_one(title, text, verb):
    document, found, part = section(f"# Guide\n\n## {title}\n\n{text}\n", title)
    assert heading(part, document, Titles([(document, found)])).verb == verb


def test_how_to_do_something_keeps_its_words_where_it_is_no_order():
    document, found, part = section(
        "# Guide\n\n## How to use patches\n\nThey are run.\n", "How to use patches"
    )
    assert heading(part, document, Titles([(document, found)])).name == '"How to use patches" in `a.md`'


OVERRIDE = """services:
  web: {build: web, ports: ["8080:80"]}
  cart: {build: cart, ports: ["9090:80"]}
"""


def test_a_file_that_is_laid_over_another_says_nothing_of_what_it_leaves_out(tmp_path):
    files = [
        file(tmp_path, "docker-compose.yml", COMPOSE),
        file(tmp_path, "docker-compose.dev.yml", OVERRIDE),
    ]
    rows = by_kind(full_examples_of("architecture_docs", tmp_path, documents=files))
    of = [row for found in rows.values() for row in found if row.source.ref.endswith("dev.yml")]
    assert any("localhost:8080" in text for text in said(of))
    assert not any("no `depends_on`" in text or "no other service" in text for text in said(of))


def test_what_a_fence_hands_to_sphinx_is_no_code():
    text = "# T\n\nThe overview of the project is the one of its README:\n\n```{include} ../README.md\n:start: a\n```\n"
    assert explained(section(text)[2].blocks) is None


INTRODUCED = """URL processors
==============

.. versionadded:: 0.7

Flask 0.7 introduces the concept of URL processors. The idea is that you might have some resources.

What is a trap?
===============

A trap is what one steps into without a look at the sign that stands beside it.
"""


def test_what_a_version_introduces_is_not_described_by_that(tmp_path):
    found = made(tmp_path, "urls.rst", INTRODUCED)
    assert not found["added"]
    # Where a question is answered is asked of no document: the question itself is.
    assert not any("trap" in row.source.model_extra["asks"][1] for row in found["where"])
    assert found["question"]
    assert not [row for row in found["talk follow text"] if "trap" in row.source.model_extra["asks"][1]]


@pytest.mark.parametrize(("heading", "told"), [("Log", True), ("exact-rowcount", False)])
def test_a_beginning_has_the_words_of_its_heading(heading, told):
    assert (explained(section(f"# T\n\n{LONG}\n{GAP}")[2].blocks, heading) is not None) is told


MIGRATION = """apiVersion: v1
kind: Service
metadata: {name: sql}
spec: {ports: [{port: 1433}]}
---
apiVersion: batch/v1
kind: Job
metadata: {name: migration}
spec:
  template:
    spec:
      containers:
        - name: migration
          image: shop/migration:1
          env:
            - {name: CART_DB, value: "Data Source=sql,1433;Initial Catalog=Cart"}
            - {name: STOCK_DB, value: "Data Source=sql,1433;Initial Catalog=Stock"}
"""


def test_who_is_given_an_address_is_told_with_every_variable_that_holds_it(tmp_path):
    (answer,) = said(made(tmp_path, "k8s.yaml", MIGRATION)["cluster down"])
    assert (
        "he address of `sql` is given to `migration` (`CART_DB` and `STOCK_DB`, from its own environment)."
    ) in answer


def test_what_is_quoted_fits_into_an_answer_that_the_gate_keeps():
    assert (longest(160), longest(320), longest(800)) == (368, 736, 1200)
    assert explained(section(f"# T\n\n{LONG}\n")[2].blocks, "", longest(160)) is None


def test_a_conversation_that_begins_with_a_place_asks_for_the_place_alone(tmp_path):
    rows = made(tmp_path, "guide.md", GUIDE)["talk follow text"]
    first = {next(m["content"] for m in row.messages if m["role"] == "user") for row in rows}
    assert first and not [one for one in first if "first sentence" in one or "how does it begin" in one]


def test_nobody_is_sent_to_a_heading_whose_text_a_directive_brings(tmp_path):
    texts = {"api.rst": "Seat Errors\n===========\n\n.. automodule:: seats.errors\n   :members:\n"}
    texts |= {
        f"{name}.md": f"# The pier\n\n## {name} of the pier\n\nThe {name.lower()} of the pier are kept in the house at its end.\n"
        for name in ("Bells", "Boats", "Horns", "Desks")
    }
    documents = [file(tmp_path, name, text) for name, text in texts.items()]
    rows = examples_of("architecture_docs", snapshot(tmp_path, settings=FULL, documents=documents))
    headings = {row.source.model_extra["asks"][1] for row in rows if "probe" in row.model_extra}
    assert "Seat Errors" not in headings and "Bells of the pier" in headings


def test_a_document_outside_of_the_repository_is_named_from_its_folder_on(tmp_path):
    file(tmp_path, "handbook/k8s.yaml", MANIFESTS)
    folder = str(tmp_path / "handbook")
    rows = full_examples_of("architecture_docs", tmp_path, documents=[folder])
    texts = [message["content"] for row in rows for message in row.messages]
    assert any("handbook/k8s.yaml" in text for text in texts)
    assert not any(str(tmp_path) in text for text in texts)
    assert all(row.source.ref.startswith(folder) for row in rows)


BROKER = MANIFESTS.replace("cart", "events").replace("shop/events:2", "confluentinc/cp-kafka:5")


@pytest.mark.parametrize(
    "text", [BROKER, MANIFESTS.replace("targetPort: 8080}", "targetPort: 8080, protocol: UDP}")]
)
def test_no_port_is_forwarded_to_a_broker_that_advertises_its_address_or_of_udp(tmp_path, text):
    rows = made(tmp_path, "shop.yaml", text.replace("type: LoadBalancer, ", ""))["cluster port"]
    assert [row.source.model_extra["asks"][1] for row in rows] == ["web"]


NEEDS = MANIFESTS.replace("data: {CART_ADDR", "data: {X_ADDR").replace(
    "readinessProbe:", "envFrom: [{secretRef: {name: addresses}}], readinessProbe:"
)


def test_a_secret_is_not_defined_where_a_config_map_of_its_name_is(tmp_path):
    answers = said(made(tmp_path, "shop.yaml", NEEDS)["cluster needs"])
    (secret,) = [text for text in answers if "Secret" in text]
    (config,) = [text for text in answers if "ConfigMap" in text]
    assert secret.endswith("`cart` refers to the Secret `addresses`.")
    assert "`web` refers to the ConfigMap `addresses`. It is defined in `" in config


def test_nobody_is_sent_to_an_operation_that_is_deprecated():
    kept = Operation("GET", "/a", id="readA")
    api = Api("Old", "1", (), (kept, Operation("DELETE", "/a", id="dropA", deprecated=True)), ())
    facts = Facts()
    facts.openapi(api, Document("old.yaml", "", {"kind": "document"}, name="old.yaml"), True)
    assert facts.outside() == {"operation/readA (old.yaml)": "GET /a"}


def test_who_depends_on_a_service_only_through_others_stands_one_a_line(tmp_path):
    compose = (
        "services:\n  db: {image: p}\n  cart: {image: c, depends_on: [db]}\n"
        "  web: {image: w, depends_on: [cart]}\n  edge: {image: e, depends_on: [web]}\n"
    )
    (answer,) = {
        text
        for text in said(made(tmp_path, "docker-compose.yml", compose)["compose down"])
        if "on `db`" in text
    }
    assert answer.endswith(
        "`cart` depends on `db` directly. Through others, each with a way on which it does:\n"
        "- `edge` -> `web` -> `cart` -> `db`\n- `web` -> `cart` -> `db`\n\n"
        "Compose starts `db` before all of them."
    )
