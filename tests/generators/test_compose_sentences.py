"""Services of Compose files in the register `full`: no clause that the file does not bear out."""

import pytest

from autodidact.generators.architecture_docs.full.addresses_in_values import Address, addresses, unclear
from autodidact.generators.architecture_docs.full.compose_ports import published
from autodidact.generators.architecture_docs.full.compose_volumes import kept
from autodidact.generators.architecture_docs.full.port_and_image_notes import versions_before
from autodidact.generators.architecture_docs.full.services_named_in_environment import Environment
from autodidact.sources.documents.compose import Service
from autodidact.sources.documents.compose_values import published as ports_of
from tests.generators.snapshots import examples_of, file, snapshot
from tests.generators.test_architecture_docs_full import FULL, made

HOSTS = {"db", "mq", "cache"}


@pytest.mark.parametrize(
    ("variable", "value", "found"),
    [
        ("URL", "postgresql://db:hunter2@db:5432/db", [("db", "5432")]),
        ("DSN", "host=db user=mq password=x port=5433 dbname=db sslmode=disable", [("db", "5433")]),
        ("ConnectionStrings__Shop", "Server=db;Database=shop;User Id=cache;Password=x", [("db", "")]),
        ("ConnectionStrings__Shop", "Server=tcp:db,1433;Database=shop", [("db", "")]),
        ("MYSQL_DSN", "root:pw@tcp(db:3306)/shop?parseTime=true", [("db", "3306")]),
        ("JDBC", "jdbc:postgresql://db:5432/shop", [("db", "5432")]),
        ("BROKERS", "mq:9092,cache:9093", [("mq", "9092"), ("cache", "9093")]),
        ("SEED_HOSTS", "mq,cache", [("mq", ""), ("cache", "")]),
        ("MONGO", "mongodb://u:p@db:27017,mq:27018/x", [("db", "27017"), ("mq", "27018")]),
        ("AMQP", "amqp://guest:guest@mq", [("mq", "")]),
        ("URL", "postgres://${USER}:${PASSWORD}@db:5432/x", [("db", "5432")]),
        ("DB_HOST", "db", [("db", "")]),
        # A name that is none of a host: of a database, a role, a profile.
        ("POSTGRES_DB", "db", []),
        ("ROLE", "cache", []),
        ("APP_NAME", "the cache of the shop", []),
        ("URL", "https://db.example.com:5432/x", []),
        ("URL", "http://cache:secret@elsewhere/x", []),
        ("DIR", "/var/cache", []),
    ],
)
def test_the_hosts_that_a_value_names(variable, value, found):
    assert addresses({variable: value}, HOSTS) == [Address(variable, *one) for one in found]


@pytest.mark.parametrize(
    ("values", "is_unclear"),
    [
        ({"DSN": "host=db user=db dbname=db"}, False),
        ({"POSTGRES_DB": "db"}, False),
        ({"SCHEME": "db://elsewhere"}, False),
        ({"ROLE": "cache"}, True),
        ({"TARGET": '{"host": "mq"}'}, True),
        ({"DB": "${DB_HOST:-db}"}, True),
        ({"MQ_HOST": None}, True),
        ({"MQ_URL": "amqp://${MQ_HOST}:5672"}, True),
        ({"MQ_URL": "amqp://${MQ_USER}@mq:${MQ_PORT}"}, False),
        ({"DEBUG": None}, False),
    ],
)
def test_a_value_that_may_name_a_host_in_a_way_that_is_not_plain(values, is_unclear):
    known = addresses({k: v for k, v in values.items() if v is not None}, HOSTS)
    assert unclear(values, HOSTS, known) is is_unclear


@pytest.mark.parametrize(
    ("body", "complete"),
    [
        ({"environment": {"DB_URL": "tcp://db:1"}}, True),
        ({"environment": ["DB_URL=tcp://db:1"], "command": "serve"}, True),
        ({"environment": {"DB_URL": "tcp://db:1"}, "env_file": ".env.web"}, False),
        ({"environment": {"DB_URL": "tcp://db:1"}, "command": "wait-for mq:5672"}, False),
        ({"environment": {"DB_URL": "tcp://db:1"}, "entrypoint": ["serve", "--cache=http://cache"]}, False),
        ({"environment": {"DB_URL": "tcp://db:1"}, "build": {"context": ".", "args": {"M": "mq"}}}, False),
        ({"environment": {"DB_URL": "tcp://db:1"}, "links": ["mq"]}, False),
        ({"environment": {"DB_URL": "tcp://db:1"}, "extends": "base"}, False),
    ],
)
def test_all_addresses_of_a_service_are_listed_only_where_no_other_place_may_have_one(body, complete):
    assert Environment({"web": body}, {"web", *HOSTS}).complete("web") is complete


SHOP = """services:
  web:
    build: {context: ., dockerfile: docker/Dockerfile-web}
    image: shop-web
    environment: {API_URL: "http://localhost:5000"}
    ports: ["8888:8888"]
    depends_on: [api]
  api:
    build: {context: ., dockerfile: docker/Dockerfile-api}
    image: shop-api
    environment: {PRICES_HOST: prices, PRICES_PORT: 5001}
    ports: ["5000:5000"]
    depends_on: [prices]
  orders:
    build: {context: ., dockerfile: docker/Dockerfile-orders}
    image: shop-orders
    environment:
      PG_URL: postgres://u:p@db:5432/db
      PG_DSN: host=db user=u dbname=db
      PRICES_URL: prices:5001
    depends_on:
      db: {condition: service_healthy}
  prices:
    build: {context: ., dockerfile: docker/Dockerfile-prices}
    image: shop-prices
    ports: ["127.0.0.1:5001:5001"]
  db:
    image: postgres
    ports: ["5432:5432"]
  mq:
    image: rabbitmq:3-management
    ports: ["15673:15672"]
"""


@pytest.fixture
def shop(tmp_path):
    return made(tmp_path, "docker-compose.yml", SHOP)


def about(rows, name: str) -> str:
    (row,) = [one for one in rows if one.source.model_extra["asks"][1] == name]
    return row.messages[-1]["content"]


def test_who_is_given_an_address_has_a_problem_too_though_it_does_not_wait(shop):
    answer = about(shop["compose down"], "prices")
    assert "`api` depends on `prices` directly, and `web` through `api`" in answer
    assert (
        "By the environment in the file, `api` (`PRICES_HOST`) and `orders` (`PRICES_URL`) are given its address."
    ) in answer
    assert "the start only" not in answer and "does not start" not in answer


def test_every_variable_that_names_a_service_is_listed(shop):
    assert (
        "n the environment of `orders`, `PG_DSN` names `db`, `PG_URL` names `db`"
        " (port 5432) and `PRICES_URL` names `prices` (port 5001)."
    ) in about(shop["compose wired"], "orders")


def test_a_moved_port_moves_what_points_a_browser_at_it(shop):
    answer = about(shop["compose taken"], "api")
    assert '      - "15000:5000"\n' in answer
    assert "Containers that use `api:5000` on the Compose network are not affected." in answer
    assert "But `API_URL` of `web` holds `localhost` with port 5000: adapt that, too" in answer
    moved = about(shop["compose taken"], "prices")
    assert '      - "127.0.0.1:15001:5001"\n' in moved and "Then connect to `localhost:15001`." in moved


def test_what_is_published_on_the_loopback_address_is_said_to_be(shop):
    answer = about(shop["compose reach"], "prices")
    assert (
        "rom the machine that Compose runs on it is `localhost:5001`. Other machines do not reach it there"
        in answer
    )
    assert (
        "`localhost:15673` (port 15672 in the container, by the image's defaults the management page"
        in about(shop["compose reach"], "mq")
    )


def test_the_dockerfile_tells_two_builds_of_one_folder_apart(shop):
    answer = about(shop["compose brief"], "api")
    assert "`api` is built from the folder `.` with `docker/Dockerfile-api` and tagged `shop-api`" in answer


PULLED = "".join(f"  p{n}:\n    image: redis:{n + 5}\n    ports: ['{7000 + n}:6379']\n" for n in range(4))


def probes(tmp_path, text: str, name: str = "compose.yaml"):
    seen = snapshot(tmp_path, settings=FULL, documents=[file(tmp_path, name, text)])
    return [row for row in examples_of("architecture_docs", seen) if "probe" in row.model_extra]


@pytest.mark.parametrize(
    "service",
    [
        "build: .\n    image: mine",
        "image: mine\n    pull_policy: never",
        "image: mine\n    pull_policy: build",
    ],
)
def test_nobody_is_told_to_pull_what_is_built(tmp_path, service):
    rows = probes(tmp_path, f"services:\n{PULLED}  own:\n    {service}\n")
    texts = [m["content"] for row in rows for m in row.messages]
    assert not any("`mine`" in text for text in texts)
    assert any("`redis:5`" in text for text in texts)


def test_an_image_that_another_file_builds_is_not_pulled(tmp_path):
    files = [
        file(tmp_path, "compose.yaml", f"services:\n{PULLED}  own: {{image: mine}}\n"),
        file(tmp_path, "compose.build.yaml", "services:\n  own: {build: ., image: mine}\n"),
    ]
    rows = examples_of("architecture_docs", snapshot(tmp_path, settings=FULL, documents=files))
    assert not any("`mine`" in row.messages[-1]["content"] for row in rows if "probe" in row.model_extra)


def test_no_url_of_a_service_that_may_not_speak_http(tmp_path):
    texts = [m["content"] for row in probes(tmp_path, f"services:\n{PULLED}") for m in row.messages]
    assert not any("http://" in text for text in texts)


@pytest.mark.parametrize(
    ("ports", "asked"),
    [
        ("['6000:80']", True),
        ("['127.0.0.1:6000:80']", True),
        ("['6000:80/udp']", False),
        ("['192.168.1.4:6000:80']", False),
    ],
)
def test_a_port_of_localhost_is_a_tcp_port_of_this_machine(tmp_path, ports, asked):
    rows = probes(tmp_path, f"services:\n{PULLED}  own:\n    image: x\n    ports: {ports}\n")
    assert (
        any("`own`" in row.messages[-1]["content"] and "6000" in row.messages[-1]["content"] for row in rows)
        is asked
    )


def test_a_port_that_only_this_machine_reaches_is_said_to_be_one(tmp_path):
    rows = probes(tmp_path, f"services:\n{PULLED}  own:\n    image: x\n    ports: ['127.0.0.1:6000:80']\n")
    answers = [
        row.messages[-1]["content"] for row in rows if row.source.model_extra["asks"] == ["port", "own"]
    ]
    more = "6000 is bound to the loopback address: programs on other machines do not reach it."
    assert answers and all(answer.endswith(more) for answer in answers)
    assert not any(
        more in row.messages[-1]["content"] for row in rows if "`p1`" in row.messages[-1]["content"]
    )


def test_a_wrong_port_is_none_of_the_services_own_block_and_is_said_to_be_another_ones(tmp_path):
    own = "  own:\n    image: x\n    ports: ['6000:7000']\n    environment: {PEER: 'p1:7001'}\n"
    rows = [
        row
        for row in probes(tmp_path, f"services:\n{PULLED}{own}")
        if row.source.model_extra["asks"] == ["port", "own"]
    ]
    asked = " ".join(row.messages[-2]["content"] for row in rows)
    assert rows and "7000" not in asked and "7001" not in asked
    assert all(
        f"{port} is the port of `p{port[-1]}`." in row.messages[-1]["content"]
        for row in rows
        for port in ("7002", "7003")
        if port in row.messages[-2]["content"]
    )


@pytest.mark.parametrize(
    ("image", "before"),
    [
        ("postgres:14-alpine", ["postgres:13-alpine"]),
        ("ghcr.io/shop/web:v1.2.3", ["ghcr.io/shop/web:v1.2.2"]),
        ("redis", []),
        ("redis:alpine", []),
        ("shop/web:1", []),
        ("registry:5000/web", []),
        ("web@sha256:0123456789abcdef", []),
    ],
)
def test_the_version_that_somebody_may_have_in_mind(image, before):
    assert versions_before(image) == before


@pytest.mark.parametrize(
    ("mount", "declared", "says"),
    [
        ("data:/var/lib/x", {"data": None}, "`docker compose down -v` deletes it"),
        ("data:/var/lib/x", {"data": {"external": True}}, "so does `docker compose down -v`"),
        ("data:/var/lib/x", {"data": {"driver_opts": {"device": "/srv"}}}, ""),
        ("data:/var/lib/x:ro", {"data": None}, ""),
    ],
)
def test_what_deletes_the_data_of_a_service(mount, declared, says):
    found = kept(Service("db", volumes=("data",)), {"volumes": [mount]}, declared, {})
    assert says in found and bool(found) is bool(says)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("8080:80", "port 8080 of the host (80 in the container)"),
        ("127.0.0.1:8080:80", "port 8080 of the host (80 in the container and on its loopback address only)"),
        ("127.0.0.1:80:80", "port 80 of the host (on its loopback address only)"),
        ("10.0.0.4:80:80", "port 80 of the host"),
    ],
)
def test_a_published_port_in_words(entry, says):
    (port,) = ports_of(entry, frozenset()) or ()
    assert published(port) == says


def test_what_the_image_has_on_another_port_is_said_of_the_container(tmp_path):
    text = "services:\n  mq: {image: 'rabbitmq:3-management', ports: ['15673:15672']}\n"
    text += "".join(f"  p{n}: {{image: x, ports: ['{7000 + n}:1']}}\n" for n in range(3))
    found = [
        row.messages[-1]["content"]
        for row in probes(tmp_path, text)
        if row.source.model_extra["asks"] == ["port", "mq"]
    ]
    end = "By the image's defaults, 15672 in the container is the management page, over HTTP."
    assert found and all(one.endswith(end) for one in found)


HOSTED = """services:
  kafka:
    image: "spotify/kafka:2"
    network_mode: host
    ports: [2181:2181, 9092:9092]
  manager:
    image: "shop/kafka-manager:1.3"
    network_mode: host
    environment: {ZK_HOSTS: "localhost:2181"}
  search:
    image: elasticsearch:6.4.2
    ports: [9200:9200]
  desk:
    image: shop/desk:4
    environment: {TICKETS_URL: "http://localhost:9200"}
"""


@pytest.fixture
def hosted(tmp_path):
    return made(tmp_path, "docker-compose.yml", HOSTED)


def test_on_the_network_of_the_host_localhost_with_a_port_is_the_service_that_listens_there(hosted):
    assert "`ZK_HOSTS` holds `localhost` with port 2181, which is `kafka`." in about(
        hosted["compose wired"], "manager"
    )
    assert "search" not in [row.source.model_extra["asks"][1] for row in hosted["compose wired"]]


def test_where_services_are_on_the_network_of_the_host_a_published_port_is_theirs_too(hosted, shop):
    assert (
        "rom the machine that Compose runs on and from a container with `network_mode: host` it is `localhost:9200`"
        in (answer := about(hosted["compose reach"], "search"))
    )
    assert "`localhost` in such a container would be that container itself." in answer
    assert (
        "on the Compose network are not affected. One with `network_mode: host` uses the port of the host, and has to"
        " follow."
    ) in about(hosted["compose taken"], "search")
    assert "`localhost` in another container would be that container itself." in about(
        shop["compose reach"], "api"
    )
    assert "network_mode" not in about(shop["compose taken"], "api")


def test_a_port_of_localhost_that_nobody_lists_may_be_of_any_service_there(tmp_path):
    text = HOSTED.replace("localhost:2181", "localhost:8500").replace(
        "    ports: [2181:2181, 9092:9092]\n", ""
    )
    rows = made(tmp_path, "docker-compose.yml", text)
    told = {kind: [row.source.model_extra["asks"][1] for row in found] for kind, found in rows.items()}
    # The file says of no service what it waits for.
    assert "compose brief" not in told
    assert "compose start" not in told


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("pg_isready -U shop", True),
        ("sqlcmd -S localhost -U sa -P example_123 -Q 'SELECT 1'", False),
        ("mysqladmin ping --password=hunter2", False),
        ("curl http://user:hunter2@localhost/health", False),
    ],
)
def test_no_health_check_with_a_password_is_told(tmp_path, test, told):
    text = f'services:\n  db:\n    image: x\n    healthcheck: {{test: "{test}"}}\n  web: {{image: y}}\n'
    assert bool(made(tmp_path, "compose.yaml", text)["compose health"]) is told


def test_of_a_broker_nobody_hears_how_its_port_is_moved_or_reached(tmp_path):
    text = "services:\n  mq: {image: 'apache/kafka:4', ports: ['9092:9092']}\n  web: {image: y, ports: ['80:80']}\n"
    found = made(tmp_path, "compose.yaml", text)
    for kind in ("compose taken", "compose reach"):
        assert [row.source.model_extra["asks"][1] for row in found[kind]] == ["web"]


def test_a_port_for_two_protocols_is_not_moved_by_one_line(tmp_path):
    text = (
        'services:\n  dns: {image: "shop/dns:1", ports: ["5353:53/tcp"PLUS]}\n  web: {image: "shop/web:3"}\n'
    )
    assert "compose taken" in made(tmp_path, "compose.yaml", text.replace("PLUS", ""))
    both = text.replace("PLUS", ', "5353:53/udp"')
    assert "compose taken" not in made(tmp_path, "compose.yaml", both)


def test_a_health_check_is_told_as_somebody_would_type_it(tmp_path):
    check = "[CMD, curl, -H, 'X-Check: 1', -f, 'http://localhost/health']"
    text = f"services:\n  web:\n    image: y\n    healthcheck: {{test: {check}}}\n"
    found = made(tmp_path, "compose.yaml", text)["compose health"]
    assert "`curl -H 'X-Check: 1' -f http://localhost/health`" in about(found, "web")


OPTIONAL = """services:
  app:
    image: shop/app
    depends_on:
      db: {condition: service_healthy}
      cache: {condition: service_started, required: false}
  cache: {image: redis}
  db: {image: postgres}
"""


def test_what_a_service_starts_without_is_said_to_be_not_required(tmp_path):
    rows = made(tmp_path, "compose.yaml", OPTIONAL)
    waits = "aits for `db` to be healthy and `cache` to be started (not required)."
    assert waits in about(rows["compose waits"], "app") and waits in about(rows["compose brief"], "app")
    free = "It is not required by `app`: that service can start without it."
    assert free in about(rows["compose down"], "cache") and free in about(rows["compose brief"], "cache")
    assert free not in about(rows["compose down"], "db")


def test_what_one_service_does_without_is_not_missed_by_those_behind_it(tmp_path):
    text = f"{OPTIONAL}  web: {{image: shop/web, depends_on: [app]}}\n"
    rows = made(tmp_path, "compose.yaml", text)
    asked = [row.source.model_extra["asks"][1] for row in rows["compose down"]]
    assert "cache" not in asked and "app" in asked


def test_nothing_is_said_to_start_what_is_there_with_a_profile_only(tmp_path):
    text = (
        "services:\n  front: {image: a, depends_on: [back]}\n  back: {image: b, depends_on: [db, mq]}\n"
        "  db: {image: c, profiles: [data]}\n  mq: {image: d}\n  web: {image: e, depends_on: [mq]}\n"
    )
    found = made(tmp_path, "docker-compose.yml", text)
    told = {kind: sorted({row.source.model_extra["asks"][1] for row in rows}) for kind, rows in found.items()}
    assert told == {
        "compose brief": ["db", "mq", "web"],
        "compose start": ["web"],
        "compose waits": ["web"],
        "talk start": ["web"],
    }


@pytest.mark.parametrize(
    ("ports", "told"),
    [
        ('["81"]', "publishes port 81 of the container on a free port of the host."),
        ('["9090-9091"]', "publishes ports `9090-9091` of the container on free ports of the host."),
        ("[{target: 81}]", "publishes port 81 of the container on a free port of the host."),
        (
            '["443:443", "81/tcp"]',
            "publishes port 443 of the host and port 81 of the container on a free port of the host.",
        ),
        ("[]", "publishes no port."),
    ],
)
def test_a_port_on_a_free_port_of_the_host_is_published(tmp_path, ports, told):
    text = f"services:\n  web: {{image: 'x:1', ports: {ports}, depends_on: [db]}}\n  db: {{image: 'y:1'}}\n"
    rows = made(tmp_path, "compose.yaml", text)["compose brief"]
    assert any(f"`web` runs the image `x:1` and {told}" in row.messages[-1]["content"] for row in rows)


@pytest.mark.parametrize(
    ("ports", "asked"),
    [('["80-81:80-81"]', False), ('[{target: "80-81", published: "80-81"}]', False), ('["80:80"]', True)],
)
def test_of_a_range_of_ports_no_single_one_is_moved(tmp_path, ports, asked):
    text = f"services:\n  lb: {{image: 'x:1', ports: {ports}}}\n"
    rows = [row for kind in made(tmp_path, "compose.yaml", text).values() for row in kind]
    assert any("Change the number of the host only" in row.messages[-1]["content"] for row in rows) is asked
