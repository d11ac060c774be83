"""A git server on loopback: git's own `http-backend` below Python's HTTP server, with TLS or without."""

import base64
import os
import ssl
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from tests.loopback import Handler, Server


def certificate(folder: Path, name: str = "IP:127.0.0.1") -> Path:
    """A file with a certificate that nobody has signed, and its key, for a server of this name."""
    made, key = folder / "server.pem", folder / "key.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=shop"
    )
    options = ["-addext", f"subjectAltName={name}", "-keyout", key, "-out", made]
    subprocess.run([*command.split(), *options], check=True, capture_output=True)
    made.write_text(made.read_text() + key.read_text())
    return made


def git_server(root: Path, login: str = "", key: str = "", tls: Path | None = None) -> Server:
    """Serves the repositories below `root`, read-only; `asked` has the paths that were asked for. `tls`: the
    file of its certificate and key; then it speaks https.
    """
    asked: list[str] = []
    wanted = f"Basic {base64.b64encode(f'{login}:{key}'.encode()).decode()}" if key else None

    class Git(Handler):
        def do_GET(self):
            asked.append(self.path)
            if self.path.startswith("/moved/"):
                return self.reply("", 302, Location=self.path.replace("/moved/", "/", 1))
            if wanted and self.headers.get("Authorization") != wanted:
                return self.reply("", 401, WWW_Authenticate='Basic realm="git"')
            self._backend()

        do_POST = do_GET

        def _backend(self):
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            variables = {
                "PATH": os.environ["PATH"],
                "GIT_PROJECT_ROOT": str(root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "REQUEST_METHOD": self.command,
                "PATH_INFO": parts.path,
                "QUERY_STRING": parts.query,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(length),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "safe.directory",
                "GIT_CONFIG_VALUE_0": "*",
            }
            done = subprocess.run(
                ["git", "http-backend"], env=variables, input=self.rfile.read(length), capture_output=True
            )
            head, _, body = done.stdout.partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
            status = int(fields.pop("Status", "200").split()[0])
            self.reply(body, status, **{name.replace("-", "_"): value for name, value in fields.items()})

    server = Server(Git)
    server.asked = asked
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.root = server.root.replace("http:", "https:")
    return server
