"""docker-compose files: what Compose makes of them, and what is noted as unread."""

import pytest

from autodidact.sources.documents.compose import Composition, Dependency, Service, compose
from autodidact.sources.documents.compose_values import Port, Text, interpolated, published
from autodidact.stage import Troubles


def read(text: str, path: str = "compose.yaml", **files: str) -> tuple[dict[str, Service], Composition, dict]:
    """The services by name, the whole, and what was counted. `files`: others, `_` for a dot."""
    there = {name.replace("__", "/").replace("_", "."): content for name, content in files.items()}
    troubles = Troubles()
    found = compose(text, path, troubles, there.get)
    return {s.name: s for s in found.services}, found, {t.reason: t.count for t in troubles.list()}


def test_services():
    text = "x-common: &c {image: 'a:1'}\nservices:\n  web: {<<: *c, "
    text += (
        "ports: ['127.0.0.1:80:8080/tcp', '443', {published: '90', target: 9}], volumes: ['./x:/x',"
        " 'd:/d']}\n"
    )
    services, found, counted = read(text)
    ports = (Port("80", "8080"), Port("90", "9"))
    assert services == {"web": Service("web", Text("a:1"), ports, volumes=("d",), on_free_ports=("443",))}
    assert found.unread.whole("services", "ports", "depends") and counted == {}


def test_a_service_of_another_shape_costs_itself():
    services, found, counted = read(
        "services: {web: 3, db: {image: '${IMAGE}', ports: 80, depends_on: x}, cart: {image: a}}"
    )
    assert services == {"db": Service("db"), "cart": Service("cart", Text("a"))}
    assert counted == {"not a service": 1, "a part of a service of another shape": 2}
    assert found.unread.whole("ports/cart", "depends/cart")
    assert not any(map(found.unread.whole, ("services", "ports/web", "ports/db", "depends/db")))


@pytest.mark.parametrize("text", ["a: [", "services: [1]", "services: {web: {<<: 3}}"])
def test_a_file_of_another_shape_has_no_services_and_denies_none(text):
    _, found, counted = read(text)
    assert found.services == [] and len(counted) == 1 and not found.unread.whole("services")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("redis:7", Text("redis:7")),
        ("a:${TAG:-1.4}", Text("a:1.4", "TAG")),
        ("a:${TAG-1.4}", Text("a:1.4", "TAG")),
        ("a$$b", Text("a$b")),
        ("${TAG}", None),
        ("$TAG", None),
        ("${TAG:?set it}", None),
        ("${TAG:+x}", None),
        ("${A:-1}.${B:-2}", None),
        ("${A:-${B:-2}}", None),
        ("${SET:-1}", None),
        ("a:{{ tag }}", None),
    ],
)
def test_a_default_counts_while_the_variable_is_not_set(text, value):
    assert interpolated(text, frozenset({"SET"})) == value


@pytest.mark.parametrize(
    ("entry", "ports"),
    [
        ("8080:80", [Port("8080", "80")]),
        ("[::1]:8080:80/udp", [Port("8080", "80")]),
        ("6379", []),
        (6379, []),
        ("127.0.0.1::80", []),
        ("${PORT:-8101}:80", [Port("8101", "80", "PORT")]),
        ("${BIND:-127.0.0.1}:8080:80", [Port("8080", "80")]),
        ("8080:${INSIDE:-80}", [Port("8080", "")]),
        ("${PORT}:80", None),
        ("9200-9201:9300-9301", [Port("9200", "9300"), Port("9201", "9301")]),
        ("9200-9202:80", None),
        ("1-60000:1-60000", None),
        ({"target": 80}, []),
        ({"target": 80, "published": "8080-8081"}, None),
        ({"published": 80}, None),
        ([80], None),
    ],
)
def test_the_ports_of_an_entry(entry, ports):
    assert published(entry, frozenset()) == ports


def test_ports_that_look_like_a_time_are_ports():
    services, _, _ = read("services: {ssh: {image: a, ports: [22:22, 2222:22]}}")
    assert services["ssh"].ports == (Port("22", "22"), Port("2222", "22"))


def test_a_service_extends_one_of_the_same_file_and_one_of_another():
    services, found, counted = read(
        "services:\n"
        "  web: {image: shop, ports: ['80:8080'], depends_on: [db]}\n"
        "  worker: {extends: web, ports: ['81:8081'], image: worker}\n"
        "  cache: {extends: {file: base/base.yaml, service: cache}}\n"
        "  db: {image: postgres}\n",
        base__base_yaml="services: {cache: {extends: small, build: ., ports: ['6379:6379']}, small: {image: redis}}",
    )
    assert services["worker"].ports == (Port("80", "8080"), Port("81", "8081"))
    assert services["worker"].image == Text("worker") and services["worker"].needs == ("db",)
    assert services["cache"] == Service("cache", Text("redis"), (Port("6379", "6379"),), local=True)
    assert found.unread.whole("ports", "depends") and counted == {}


@pytest.mark.parametrize(
    "given",
    ["ghost", "web", "{file: away.yaml, service: web}", "{file: ../../etc/passwd, service: web}", "3"],
)
def test_what_a_service_extends_in_vain_silences_that_service_alone(given):
    services, found, counted = read(
        f"services: {{web: {{image: a, extends: {given}}}, db: {{image: b, ports: ['5:5']}}}}"
    )
    assert services["web"].image == Text("a")
    assert counted == {"a service that extends one that is not read": 1}
    assert not found.unread.whole("ports/web") and found.unread.whole("ports/db", "services")


def test_services_that_extend_each_other_end():
    _, found, counted = read("services: {a: {extends: b}, b: {extends: a}}", "layer.yaml")
    assert counted["a service that extends one that is not read"] == 2


def test_reset_and_override_are_obeyed():
    services, found, counted = read(
        "services:\n"
        "  web: {image: a, ports: ['80:80'], depends_on: {db: {condition: service_started}, mq: {}}}\n"
        "  bare: {extends: web, ports: !reset [], depends_on: {db: !reset null}}\n"
        "  other: {extends: web, ports: !override ['90:90']}\n"
        "  db: {image: b}\n  mq: {image: c}\n"
    )
    assert services["bare"].ports == () and services["bare"].needs == ("mq",)
    assert services["other"].ports == (Port("90", "90"),)
    assert found.unread.whole("ports", "depends") and counted == {}


def test_an_unknown_tag_costs_its_part():
    services, found, counted = read("services: {web: {image: a, ports: !secret x}, db: {image: b}}")
    assert list(services) == ["db", "web"] and not found.unread.whole("ports/web")
    assert counted == {"a part of a service of another shape": 1}


def test_an_optional_dependency_is_not_needed():
    services, _, _ = read(
        "services: {web: {image: a, depends_on: {db: {condition: service_healthy}, cache: {required: false}}}}"
    )
    assert services["web"].needs == ("db",)
    assert services["web"].depends_on == (
        Dependency("cache", False),
        Dependency("db", True, "service_healthy"),
    )


@pytest.mark.parametrize(
    "body", ["links: [db]", "network_mode: 'service:vpn'", "volumes_from: [db]", "pid: 'service:db'"]
)
def test_a_service_that_needs_another_by_a_link_denies_no_dependency(body):
    _, found, _ = read(f"services: {{web: {{image: a, {body}}}, db: {{image: b}}}}")
    assert not found.unread.whole("depends/web") and found.unread.whole("depends/db")


def test_services_of_included_files_belong_to_the_model():
    _, found, counted = read(
        "include: [infra.yaml, {path: [more.yaml]}]\nservices: {web: {image: a, depends_on: [db]}}",
        infra_yaml="services: {db: {image: b}}",
        more_yaml="services: {mail: {image: c, depends_on: [web]}}",
    )
    assert [s.name for s in found.included] == ["db", "mail"] and counted == {}


@pytest.mark.parametrize("path", ["ghost.yaml", "oci://x.example/y", "compose.yaml", "${DIR}/x.yaml"])
def test_an_included_file_that_is_not_there_silences_what_it_may_bring(path):
    _, found, counted = read(f"include: ['{path}']\nservices: {{web: {{image: a}}}}")
    assert counted == {"an included file that is not read": 1}
    assert not found.unread.whole("services") and not found.unread.whole("depends")
    assert found.unread.whole("ports/web")


def test_an_override_file_silences_what_it_changes():
    text = "services: {web: {image: a, ports: ['80:80']}, db: {image: b}}"
    services, found, counted = read(
        text, compose_override_yml="services: {web: {image: c, ports: ['90:80']}, debug: {image: d}}"
    )
    assert services["web"].image == Text("") and services["db"].image == Text("b")
    assert not found.unread.whole("ports/web") and found.unread.whole("ports/db")
    assert not found.unread.whole("services") and sum(counted.values()) == 2


@pytest.mark.parametrize(
    ("override", "left"),
    [
        ("{ports: !override ['7000:80']}", []),
        ("{ports: !reset []}", []),
        ("!override {image: b}", []),
        ("{ports: ['7000:80']}", ["8000"]),
        ("{labels: !override [a=b]}", ["8000"]),
    ],
)
def test_a_value_that_the_override_file_replaces_is_not_read_of_the_base_file(override, left):
    text = "services: {api: {image: a, ports: ['8000:80']}, db: {image: b}}"
    services, found, _ = read(text, compose_override_yml=f"services: {{api: {override}}}")
    assert [port.host for port in services["api"].ports] == left
    assert not found.unread.whole("ports/api")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.override.yaml", "services: {web: {image: a}}"),
        ("docker-compose.dev.yml", "services: {web: {ports: ['80:80']}, db: {image: b}}"),
    ],
)
def test_a_file_that_is_put_on_another_denies_nothing(path, text):
    _, found, _ = read(text, path)
    assert not found.unread.whole("services") and not found.unread.whole("ports/web")


def test_a_file_that_waits_for_a_service_of_another_file_denies_no_service():
    _, found, counted = read(
        "services: {web: {image: a, ports: ['80:80'], depends_on: [db]}}", "profiling.yaml"
    )
    assert counted == {"a service that another file defines": 1}
    assert not found.unread.whole("services") and not found.unread.whole("depends/web")
    assert found.unread.whole("ports/web")


def test_a_whole_file_of_another_name_is_one_of_its_own():
    _, found, counted = read("services: {web: {image: a}}", "docker-compose.prod.yml")
    assert found.unread.whole("services", "ports", "depends") and counted == {}


def test_a_variable_of_the_env_file_is_not_unset():
    services, found, _ = read(
        "services: {web: {image: 'a:${TAG:-1}', ports: ['${PORT:-80}:80', '${OTHER:-81}:81']}}",
        _env="PORT=9000\nexport TAG=2\n",
    )
    assert services["web"].image == Text("") and services["web"].ports == (Port("81", "81", "OTHER"),)
    assert not found.unread.whole("ports/web")


def test_volumes_and_profiles():
    services, found, _ = read(
        "services:\n"
        "  web: {image: a, volumes: ['data:/d', '${PWD}/x:/x', {type: volume, source: more}], profiles: [dev]}\n"
        "  db: {image: b, volumes: ['${VOLUME:-data}:/d']}\n"
    )
    assert services["web"].volumes == ("data", "more") and services["web"].profiles == ("dev",)
    assert found.unread.whole("volumes/web") and not found.unread.whole("volumes/db")


def test_of_services_that_wait_in_a_ring_nothing_is_read():
    services, found, counted = read(
        "services: {web: {image: a, depends_on: [api]}, api: {extends: web}, db: {image: b}}"
    )
    assert services == {} and counted == {"services that wait for one another in a ring": 1}
    assert not found.unread.whole("services")


def test_a_hostile_file_ends():
    chain = "".join(f"  s{n}: {{extends: s{n + 1}}}\n" for n in range(500))
    _, found, _ = read(f"services:\n{chain}  s500: {{image: a}}\n", "layer.yaml")
    assert len(found.services) == 501
    files = {f"f{n}.yaml": f"include: [f{n + 1}.yaml, f{n + 2}.yaml]" for n in range(60)}
    troubles = Troubles()
    compose("include: [f0.yaml]", "compose.yaml", troubles, files.get)
    assert [t.reason for t in troubles.list()] == ["an included file that is not read"]


@pytest.mark.parametrize(
    ("networks", "top", "ports"),
    [
        ("[inside]", "{inside: {internal: true}, outside: {}}", ()),
        ("[inside, outside]", "{inside: {internal: true}, outside: {}}", (Port("8080", "80"),)),
        ("[inside]", "{inside: {}}", (Port("8080", "80"),)),
        ("{}", "{default: {internal: true}}", ()),
        ("{}", "{inside: {internal: true}}", (Port("8080", "80"),)),
    ],
)
def test_a_port_on_internal_networks_alone_is_not_published(networks, top, ports):
    text = f"services: {{web: {{image: 'a:1', ports: ['8080:80'], networks: {networks}}}}}\nnetworks: {top}\n"
    services, found, _ = read(text)
    assert services["web"].ports == ports
    assert found.unread.whole("ports/web") is bool(ports)
