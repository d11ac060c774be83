"""HTTP servers on loopback, for tests: each in a thread of its own, silent, with answers in JSON."""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    """Reads and writes JSON, and logs nothing."""

    def body(self):
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "null")

    def reply(self, value, status=200, *, slow=False, **headers):
        """Sends bytes and text as they are, and everything else as JSON. `headers`: `_` stands for `-`;
        `slow`: a byte at a time.
        """
        text = value if isinstance(value, (str, bytes)) else json.dumps(value)
        data = text if isinstance(text, bytes) else text.encode()
        self.send_response(status)
        for name, content in {"Content_Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), content)
        self.end_headers()
        for part in (data[place : place + 1] for place in range(len(data))) if slow else [data]:
            self.wfile.write(part)
            self.wfile.flush()
            time.sleep(0.05 if slow else 0)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    """Serves from when it is made until its `with` block ends, or the tests do."""

    request_queue_size = 64  # five, the default, are fewer than may ask at once

    def __init__(self, handler, port=0):
        super().__init__(("127.0.0.1", port), handler)
        self.root = f"http://127.0.0.1:{self.server_port}"
        self.url = f"{self.root}/v1"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def handle_error(self, *arguments):
        if not isinstance(sys.exception(), OSError):  # not a client that hung up
            super().handle_error(*arguments)

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
