"""The sample system is consistent with itself and holds nothing that it should not."""

import asyncio
import json
import re
import sys

import pytest
import yaml

from autodidact.settings import SAMPLES
from autodidact.sources.documents.compose import compose
from autodidact.sources.documents.kubernetes_manifests import manifests
from autodidact.sources.documents.mermaid import mermaid
from autodidact.sources.documents.openapi import openapi
from autodidact.sources.documents.reader import Document, prose
from autodidact.sources.graphs.triple_files import read_triples
from autodidact.sources.graphs.triple_graph import Graph
from autodidact.stage import Troubles

SERVICES = ["booking", "gateway", "helm", "notices", "payments", "roster", "tides", "timetable"]


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph(read_triples(SAMPLES / "graph.csv", Troubles()))


def documents() -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((SAMPLES / "documents").iterdir())}


def test_graph_compose_file_diagram_and_table_tell_the_same(graph):
    services = compose(documents()["docker-compose.yaml"], "compose", Troubles()).services
    assert (
        sorted(s.name for s in services if s.image.text.startswith("wharfside/"))
        == graph.back("service", "is_a")
        == SERVICES
    )
    for service in services:
        assert list(service.needs) == graph.out(service.name, "depends_on")
        assert [port.host for port in service.ports] == graph.out(service.name, "listens_on")
    parts = {
        section.title: section
        for section in prose(Document("architecture.md", documents()["architecture.md"], {})).sections
    }
    for name, port, owner, _ in parts["Services"].tables[0][1:]:
        assert ([port], [owner]) == (graph.out(name, "listens_on"), graph.out(name, "owned_by"))
    drawn = {
        (edge.start, edge.end) for edge in mermaid(parts["Layers"].mermaid[0]).edges if edge.start != "queue"
    }
    assert drawn | {("notices", "queue")} == {(s, o) for s, r, o in graph.triples if r == "depends_on"}


def test_the_cluster_and_the_api_fit_the_compose_file():
    cluster = manifests(documents()["kubernetes.yaml"], "kubernetes", Troubles())
    found = compose(documents()["docker-compose.yaml"], "compose", Troubles())
    images = {s.name: s.image.text for s in found.services}
    assert {
        w.name: image for w in cluster.workloads for image in w.images.values() if w.kind != "CronJob"
    } == {name: images[name] for name in ("booking", "gateway", "bookings-db")}
    assert [
        (r.path, [w.name for s in cluster.services if s.name == r.service for w in cluster.behind(s)])
        for r in cluster.routes
    ] == [("/bookings", ["booking"]), ("/", ["gateway"])]
    api = openapi(documents()["booking-api.yaml"], "api", Troubles())
    assert [o.id for o in api.operations] == [
        "holdSeats",
        "readHold",
        "releaseHold",
        "listBookings",
        "bookHold",
    ]


def test_owners_of_goals_are_owners_of_services(graph):
    goals = yaml.safe_load((SAMPLES / "goals.yaml").read_text())["goals"]
    names = {goal["id"] for goal in goals}
    assert len(names) == len(goals) == 13
    assert {goal["owner"] for goal in goals} <= set(graph.objects("owned_by"))
    assert {other for goal in goals for other in goal.get("depends_on", ())} <= names


def test_the_sessions_are_lines_of_json_but_for_one_torn_line():
    torn = []
    for path in sorted((SAMPLES / "sessions").glob("*.jsonl")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            try:
                json.loads(line)
            except ValueError:
                torn.append((path.name, number))
    assert torn == [("night-shift.jsonl", 59)]


def test_eight_handlers_take_about_sixty_requests():
    text = "".join(path.read_text() for path in (SAMPLES / "sessions").glob("*.jsonl"))
    took = re.findall(r'"subagent_type":"(\w+)"', text) + re.findall(
        r'"name":"transfer_to_(\w+)","arguments"', text
    )
    assert {handler: took.count(handler) >= 6 for handler in took} == dict.fromkeys(
        ["bookings", "crew", "incidents", "notices", "refunds", "reports", "reviewer", "sailings"], True
    )
    assert len(took) == 64


def test_no_address_but_of_reserved_names_and_no_secret():
    for path in sorted(SAMPLES.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            text = path.read_text()
            assert not re.search(
                r"[\w.]+@[\w-]+\.\w+|AKIA|BEGIN [A-Z ]*PRIVATE|(?i:password|secret|api[_-]?key)\s*[:=]", text
            ), path
            hosts = re.findall(r"https?://([^/\s\"]+)", text)
            assert all(host.endswith((".example", "www.mediawiki.org")) for host in hosts), (path, hosts)


def test_the_mcp_server_answers_and_knows_the_tools_of_the_graph(graph):
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    async def talk():
        parameters = StdioServerParameters(command=sys.executable, args=[str(SAMPLES / "mcp_server.py")])
        async with (
            stdio_client(parameters) as (incoming, outgoing),
            ClientSession(incoming, outgoing) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            held = await session.call_tool(
                "hold_seats",
                {"sailing": "W103", "date": "2026-09-05", "party": [{"kind": "adult", "count": 2}]},
            )
            refused = await session.call_tool("send_notice", {"audience": {}, "template": "delay"})
            return [tool.name for tool in tools], held.content[0].text, refused.content[0].text

    names, held, refused = asyncio.run(talk())
    assert sorted(names) == graph.objects("exposes")
    assert json.loads(held) == {
        "hold": "H-103-2",
        "date": "2026-09-05",
        "seats": 2,
        "minutes": 20,
        "told": "nobody",
    }
    assert "name either a pier or a sailing" in refused
