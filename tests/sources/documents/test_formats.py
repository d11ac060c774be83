"""Graphviz, Kubernetes, OpenAPI, the tables of reStructuredText, and which file is what."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autodidact.sources.documents.compose import compose
from autodidact.sources.documents.diagram import Edge
from autodidact.sources.documents.graphviz import dot
from autodidact.sources.documents.kubernetes_manifests import Route, Service, Workload, manifests
from autodidact.sources.documents.mermaid import mermaid
from autodidact.sources.documents.openapi import Operation, Parameter, Schema, openapi
from autodidact.sources.documents.reader import Document, kind_of, prose
from autodidact.sources.table_files import load_all_yaml, load_each_yaml
from autodidact.stage import Troubles


def counted(troubles: Troubles) -> dict[str, int]:
    return {t.reason: t.count for t in troubles.list()}


@pytest.mark.parametrize(
    ("body", "edges"),
    [
        ("a -> b -> c", [("a", "b", ""), ("b", "c", "")]),
        ('a [label="Web app"]; a -> b [label=asks, color=red]', [("Web app", "b", "asks")]),
        ("a -> {b c} // why\n/* not */ b -> c\n# no", [("a", "b", ""), ("a", "c", ""), ("b", "c", "")]),
        ('"a b":port:n -> b; node [shape=box]; rankdir=LR', [("a b", "b", "")]),
        ("a [label=<<b>Bold</b> one>]; a -> b", [("Bold one", "b", "")]),
        ("subgraph cluster_x { a -> b }\nb -> c", [("a", "b", ""), ("b", "c", "")]),
    ],
)
def test_the_arrows_of_a_digraph(body, edges):
    assert dot(f"strict digraph g {{\n{body}\n}}").edges == [Edge(*edge) for edge in edges]


def test_clusters_are_layers_in_graphviz_and_in_mermaid():
    assert dot(
        'digraph { subgraph cluster_0 { label="edge"; a; b } subgraph cluster_trade { c -> a } }'
    ).groups == {"edge": ["a", "b"], "trade": ["c", "a"]}
    text = "flowchart TD\nsubgraph one [The edge]\n a --> b\nend\nsubgraph trade\n c\n a --> d\nend\nc --> e"
    assert mermaid(text).groups == {"The edge": ["a", "b"], "trade": ["c", "d"]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "graph { a -- b }",
        "digraph {",
        "digraph { a -> }",
        "digraph { a [ }",
        "digraph " + "{" * 500,
        "digraph {a -> <" + "<" * 50_000,
    ],
)
def test_no_digraph_is_none(text):
    assert dot(text) is None


MANIFESTS = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: trade}
spec:
  replicas: 3
  template:
    metadata: {labels: {app: shop, tier: web}}
    spec:
      containers:
      - name: web
        image: shop/web:7
        ports: [{name: http, containerPort: 8080}]
        env: [{name: TOKEN, value: hush}, {name: KEY, valueFrom: {secretKeyRef: {name: keys, key: k}}}]
        envFrom: [{configMapRef: {name: settings}}]
      volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]
---
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {selector: {app: shop}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: front}
spec: {rules: [{host: shop.example, http: {paths: [{path: /buy, backend: {service: {name: shop, port: {number: 80}}}}]}}]}
---
kind: ConfigMap
"""


def test_manifests():
    troubles = Troubles()
    found = manifests(MANIFESTS, "m", troubles)
    labels = {"app": "shop", "tier": "web"}
    needs = ("ConfigMap settings", "PersistentVolumeClaim data", "Secret keys")
    assert found.workloads == [
        Workload("Deployment", "shop", "trade", 3, {"web": "shop/web:7"}, {"http": 8080}, labels, needs)
    ]
    assert found.services == [Service("shop", "ClusterIP", ((80, "http"),), {"app": "shop"})]
    assert found.routes == [Route("front", "shop.example", "/buy", "shop", "80")]
    assert found.behind(found.services[0]) == found.workloads
    assert counted(troubles) == {"not a resource": 1} and "hush" not in repr(found)


API3 = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1.2"},
    "servers": [{"url": "https://shop.example/v1"}],
    "paths": {
        "/boats/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "get": {
                "operationId": "getBoat",
                "summary": "One boat",
                "tags": ["boats"],
                "parameters": [
                    {
                        "name": "unit",
                        "in": "query",
                        "schema": {"type": "string", "enum": ["m", "ft"], "default": "m"},
                    }
                ],
                "responses": {
                    "200": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Boat"}}}
                    },
                    "404": {"description": "none"},
                },
            },
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Boat"}}
                        }
                    }
                }
            },
        },
        "/far": {"$ref": "https://elsewhere.example/api.json#/x"},
        "/round": {"get": {"parameters": [{"$ref": "#/components/parameters/Round"}]}},
    },
    "components": {
        "schemas": {
            "Boat": {
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "sail": {"$ref": "#/components/schemas/Sail"}},
            }
        },
        "parameters": {
            "Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
            "Round": {"$ref": "#/components/parameters/Round"},
        },
    },
}


def test_openapi_3():
    troubles = Troubles()
    api = openapi(json.dumps(API3), "a", troubles)
    assert (api.title, api.version, api.servers) == ("Shop", "1.2", ("https://shop.example/v1",))
    boat_id, unit = (
        Parameter("id", "path", True, "integer"),
        Parameter("unit", "query", False, "string", '"m"', ("m", "ft")),
    )
    assert api.operations[:2] == (
        Operation(
            "GET",
            "/boats/{id}",
            "getBoat",
            "One boat",
            ("boats",),
            (boat_id, unit),
            "",
            {"200": "Boat", "404": ""},
            meanings={"404": "none"},
        ),
        Operation("POST", "/boats/{id}", "", "", (), (boat_id,), "array of Boat", {}),
    )
    assert api.schemas == (Schema("Boat", {"name": "string", "sail": "Sail"}, ("name",)),)
    assert set(counted(troubles)) == {"a remote reference is not followed", "references in a circle"}


def test_a_schema_in_a_file_of_its_own_has_the_name_of_that():
    answer = {"content": {"application/json": {"schema": {"$ref": "./schemas/Health.yml"}}}}
    text = json.dumps({"openapi": "3.0.0", "paths": {"/health": {"get": {"responses": {"200": answer}}}}})
    assert openapi(text, "a", Troubles()).operations[0].responses == {"200": "Health"}


def test_openapi_2_in_yaml():
    text = (
        "swagger: '2.0'\ninfo: {title: Shop}\nhost: shop.example\nbasePath: /v1\nschemes: [https]\npaths:\n "
        " /boats:\n    post:\n"
    )
    text += (
        "      parameters: [{name: boat, in: body, schema: {$ref: '#/definitions/Boat'}}, {name: n, in:"
        " query, type: integer, default: 3}]\n"
    )
    text += "      responses: {200: {schema: {$ref: '#/definitions/Boat'}}}\n"
    api = openapi(text, "a", Troubles())
    assert api.servers == ("https://shop.example/v1",)
    assert api.operations == (
        Operation(
            "POST",
            "/boats",
            "",
            "",
            (),
            (Parameter("boat", "body", False, "Boat"), Parameter("n", "query", False, "integer", "3")),
            "Boat",
            {"200": "Boat"},
        ),
    )


def test_what_is_no_openapi_is_counted():
    troubles = Troubles()
    assert [
        openapi(text, "a", troubles)
        for text in ("{", "openapi: 3.0.0", "openapi: [", '{"openapi": "3", "paths": []}')
    ] == [None] * 4
    assert counted(troubles) == {"not JSON": 1, "not YAML": 1, "an OpenAPI document without paths": 2}


RST = """
Ports
=====

+---------+------+
| service | port |
+=========+======+
| web     | 8080 |
+---------+------+
| ``db``  | 5432 |
|         | only |
+---------+------+

=======  =====
service  owner
=======  =====
web      ada
=======  =====

.. list-table:: Limits
   :header-rows: 1

   * - limit
     - value
   * - seats
     - 40

.. csv-table::
   :header: "a", "b"

   1, "2, 3"

.. mermaid::

   flowchart LR
     a --> b

.. graphviz::
   :align: center

   digraph { c -> d }
"""


def test_tables_and_diagrams_of_restructured_text():
    (section,) = prose(Document("a.rst", RST, {})).sections[1:]
    assert section.tables == [
        [["service", "port"], ["web", "8080"], ["`db`", "5432 only"]],
        [["service", "owner"], ["web", "ada"]],
        [["limit", "value"], ["seats", "40"]],
        [["a", "b"], ["1", "2, 3"]],
    ]
    assert mermaid(section.mermaid[0]).edges == [Edge("a", "b")] and dot(section.dot[0]).edges == [
        Edge("c", "d")
    ]


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("a.md", "", "prose"),
        ("a.mdx", "", "prose"),
        ("a.adoc", "", "prose"),
        ("release.tar.gz.asc", "", ""),
        ("a/b.gv", "", "dot"),
        ("x.mmd", "", "mermaid"),
        ("compose.yaml", "", "compose"),
        ("k.yaml", "apiVersion: v1\nkind: Pod\n", "kubernetes"),
        ("api.json", '{"openapi": "3.0.0"}', "openapi"),
        ("api.yml", "swagger: '2.0'", "openapi"),
        ("values.yaml", "image: x", ""),
        ("main.py", "", ""),
    ],
)
def test_what_kind_of_document_a_file_is(path, text, kind):
    assert kind_of(path, text) == kind


def test_a_file_of_yaml_documents_is_read_whole_or_not_at_all():
    troubles = Troubles()
    assert list(load_all_yaml("a: 1\n---\n- 2\n", "y", troubles)) == [{"a": 1}, [2]] and not troubles.list()
    assert list(load_all_yaml("a: 1\n---\nb: {\n", "y", troubles)) == [] and counted(troubles) == {
        "not YAML": 1
    }


@pytest.mark.parametrize(
    "torn", ["b: {", 'b: "no end', "b: [1, 2", "\tb: 1", "b: |\n  text\nc", "{{ .Values.all }}: {{ b }}"]
)
def test_of_several_yaml_documents_a_torn_one_costs_itself_alone(torn):
    troubles = Troubles()
    found = load_each_yaml(f"# The shop\n---\na: 1\n--- # second\n{torn}\n---\nc: [3]\n", "y", troubles)
    assert list(found) == [{"a": 1}, {"c": [3]}] and counted(troubles) == {"not YAML": 1}


def test_yaml_documents_that_are_whole_or_hold_no_other_are_read_as_ever():
    troubles = Troubles()
    assert list(load_each_yaml("%YAML 1.1\n---\na: 1\n---\n- 2\n", "y", troubles)) == [{"a": 1}, [2]]
    assert not troubles.list()
    assert list(load_each_yaml("b: {\n", "y", troubles)) == [] and counted(troubles) == {"not YAML": 1}


def test_a_torn_manifest_leaves_the_others_and_silences_what_it_could_contradict():
    troubles = Troubles()
    found = manifests(f"{MANIFESTS}---\nkind: Deployment\nmetadata: {{name: till\n", "m", troubles)
    assert [one.name for one in found.workloads] == ["shop"] and len(found.services) == 1
    assert counted(troubles)["not YAML"] == 1 and not found.unread.whole("workloads")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (
                    "paths /x get parameters name in schema $ref responses content components schemas"
                    " properties kind metadata spec template containers ports services image depends_on"
                    " volumes items required rules selector"
                ).split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=80)
@given(JSON)
def test_no_shape_breaks_a_reader(content):
    text = json.dumps(
        {
            "openapi": "3.0.0",
            "paths": content,
            "components": content,
            "kind": "Deployment",
            "metadata": {"name": "x"},
            "spec": content,
            "services": content,
        }
    )
    openapi(text, "a", Troubles())
    manifests(text, "a", Troubles())
    compose(text, "a", Troubles())


@settings(max_examples=150)
@given(st.text(max_size=150) | st.text(alphabet='{}[]->;="<>,:abc \n|+-=*.`', max_size=80))
def test_no_text_breaks_a_reader(text):
    dot(f"digraph {{ {text}")
    dot(text)
    mermaid(f"flowchart LR\n{text}")
    for path in ("a.md", "a.rst"):
        prose(Document(path, text, {}))
