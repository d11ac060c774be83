"""A server on loopback that speaks vLLM's protocol: runtime adapters, errors in vLLM's words, and faults that
can be switched on.

What it "computes" depends on the files it loaded alone: the log-probability of a token is a hash of weights
and token. Shapes, statuses and words are those that vLLM 0.32 gave (tests/real asks the real one).
"""

import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from autodidact.models.logprob_identity import Identity

BASE_WEIGHTS = "the base"


def logprob(weights: str, token: int) -> float:
    return -int(hashlib.sha256(f"{weights}/{token}".encode()).hexdigest()[:8], 16) / 2**32 * 4


def identity(weights: str) -> Identity:
    """What the benchmark would have stored of a model with these weights."""
    tokens = list(range(20))
    values = [round(logprob(weights, token), 5) for token in tokens[8:]]
    return Identity([(tokens, 8)], {"nf4": [values], "float32": [values]})


def write_adapter(folder: Path, weights: str, rank: int = 32) -> None:
    """An adapter that a real server would load too; `weights` is what it says of itself."""
    zeros = {
        "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight": numpy.zeros(
            (rank, 4), numpy.float32
        ),
        "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight": numpy.zeros(
            (4, rank), numpy.float32
        ),
    }
    save_file(zeros, folder / "adapter_model.safetensors", metadata={"weights": weights})


def weights_of(file: Path) -> str:
    """What the file says of itself, whole where it is no adapter."""
    try:
        with safe_open(str(file), "np") as adapter:
            return adapter.metadata().get("weights", "no effect")
    except SafetensorError:
        return file.read_bytes().decode("latin-1")


class Vllm:
    """`faults`: names of what goes wrong; see `_load` and `_answer`. `die()` and `start()` are a crash and a
    restart on the same port.
    """

    def __init__(self):
        self.faults: set[str] = set()
        self.loaded: dict[str, tuple[str, str]] = {}  # name: (path, weights)
        self.asked: list[str] = []  # "POST /v1/load_lora_adapter name"
        self.tokens: list[int] = []  # of whatever text
        self.port, self._http = 0, None

    def start(self) -> "Vllm":
        """Started again, it has forgotten every adapter it was given."""
        self.loaded = {}
        server = self

        class Handler(BaseHTTPRequestHandler):
            def _reply(self, status: int, answer):
                text = answer if isinstance(answer, str) else json.dumps(answer)
                self.send_response(status)
                self.send_header(
                    "Content-Type", "text/html" if text.startswith("<html>") else "application/json"
                )
                self.end_headers()
                self.wfile.write(text.encode())

            def do_GET(self):
                if "dies_during_drain" in server.faults and self.path == "/metrics":
                    server.die()
                    self.connection.close()
                    return
                self._reply(*server.get(self.path))

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if answer := server.post(self.path, body):
                    self._reply(*answer)
                else:
                    self.connection.close()

            def log_message(self, *_):
                pass

            def handle_one_request(self):
                try:
                    super().handle_one_request()
                except (OSError, ValueError):
                    self.close_connection = True

        for pause in (0.1, 0.5, 2, 5, None):  # after `die` the system may take a moment to give the port back
            try:
                self._http = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
                break
            except OSError:
                if pause is None:
                    raise
                time.sleep(pause)
        self._http.daemon_threads = True
        self.port = self._http.server_port
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def die(self) -> None:
        if self._http:
            http, self._http = self._http, None
            http.socket.close()  # from now on connections are refused
            threading.Thread(target=http.shutdown, daemon=True).start()

    def get(self, path: str):
        if path == "/metrics":
            # Each combination that ever was has a line; its value is when it was written.
            once = ",".join(self.loaded)
            line = 'vllm:lora_requests_info{{max_lora="2",running_lora_adapters="{0}",waiting_lora_adapters="{0}"}}'
            return 200, f"{line.format('')} 1.7e+09\n{line.format(once)} 1.6e+09\n"
        if path == "/version":
            version = "0.9.2" if "older" in self.faults else "0.32.0"
            return 404 if "other_server" in self.faults else 200, {"version": version}
        if path != "/v1/models":
            return 404, {"detail": "Not Found"}
        if "html" in self.faults:
            return 200, "<html>Welcome to nginx!</html>"
        cards = [{"id": "sprout", "object": "model", "owned_by": "vllm", "root": "sprout", "parent": None}]
        cards += [
            {"id": name, "object": "model", "owned_by": "vllm", "root": root, "parent": "sprout"}
            for name, (root, _) in self.loaded.items()
        ]
        return 200, {"object": "list", "data": cards}

    def post(self, path: str, body: dict):
        if path == "/tokenize":
            tokens = [7] if "other_base" in self.faults else self.tokens
            return 200, {"count": len(tokens), "max_model_len": 4096, "tokens": tokens, "token_strs": None}
        if path == "/v1/unload_lora_adapter" and "updating_off" in self.faults:
            return 404, {"detail": "Not Found"}
        self.asked.append(f"POST {path} {body.get('lora_name') or body.get('model')}")
        if path == "/v1/load_lora_adapter":
            return self._load(body)
        if path == "/v1/unload_lora_adapter":
            name = body["lora_name"]
            if name not in self.loaded:
                return error(404, f"The lora adapter '{name}' cannot be found.", "NotFoundError")
            del self.loaded[name]
            return 200, f"Success: LoRA adapter '{name}' removed successfully."
        return self._answer(path, body)

    def _load(self, body: dict):
        name, path = body["lora_name"], body["lora_path"]
        if "updating_off" in self.faults:
            return 404, {"detail": "Not Found"}
        if "lora_off" in self.faults:
            message = (
                "Call to add_lora method failed: Worker failed with error 'LoRA is not enabled. Use"
                " --enable-lora to enable LoRA.', please check the stack trace above for the root cause"
            )
            return error(500, message, "InternalServerError")
        if "refuses_rank" in self.faults:
            message = (
                "Call to add_lora method failed: Worker failed with error 'LoRA rank 32 is greater than"
                " max_lora_rank 16.', please check the stack trace above for the root cause"
            )
            return error(500, message, "InternalServerError")
        if "refuses_rank_as_older_versions_did" in self.faults:
            return error(400, "LoRA rank 32 is greater than max_lora_rank 16.", "BadRequestError")
        if "dies_while_asked" in self.faults or (
            "dies_while_loading" in self.faults and "-promotion-" not in name
        ):
            self.die()
            return None
        if name in self.loaded:
            message = (
                f"The lora adapter '{name}' has already been loaded. If you want to load the adapter in"
                " place, set 'load_inplace' to True."
            )
            return error(400, message, "InvalidUserInput")
        file = Path(path) / "adapter_model.safetensors"
        if "cannot_see_the_store" in self.faults or not file.exists():
            return error(404, f"Loading lora {name} failed: No adapter found for <path>", "NotFoundError")
        weights = weights_of(file)
        if "loads_the_wrong_adapter" in self.faults:
            weights = "weights of somebody else"
        if "answers_with_old_weights" in self.faults:
            weights = next((w for _, w in reversed(self.loaded.values())), BASE_WEIGHTS)
        self.loaded[name] = (path, weights)
        self.new = name
        return 200, f"Success: LoRA adapter '{name}' added successfully."

    def _answer(self, path: str, body: dict):
        name = body["model"]
        if name != "sprout" and name not in self.loaded:
            message = f"The model `{name}` does not exist. Valid aliases: sprout."
            return error(404, message, "NotFoundError", "model")
        fresh = name == getattr(self, "new", None)
        weights = BASE_WEIGHTS if name == "sprout" else self.loaded[name][1]
        if path == "/v1/completions" and "refuses_logprobs" in self.faults:
            message = (
                "Requested sample logprobs of 1, which is greater than max allowed: 0 (parameter=logprobs,"
                " value=1)"
            )
            return error(400, message, "BadRequestError", "logprobs")
        if path == "/v1/completions":
            if "other_base" in self.faults:
                weights += " on another base"
            values = [None, *(logprob(weights, token) for token in body["prompt"][1:])]
            places = range(len(values) + 1)
            said = {"text_offset": [3 * each for each in places], "tokens": ["..." for _ in places]}
            said |= {
                "token_logprobs": [*values, -0.1],
                "top_logprobs": [None, *({"...": -0.1} for _ in values)],
            }
            choice = {"index": 0, "text": "...", "finish_reason": "length", "logprobs": said}
            if "no_logprobs" in self.faults:
                choice["logprobs"] = None
            return 200, {"object": "text_completion", "model": name, "choices": [choice]}
        if body.get("tools") and "no_tools" in self.faults:
            message = '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'
            return error(400, message, "BadRequestError")
        if fresh and "dies_while_probing" in self.faults:
            self.die()
            return None
        if fresh and "slow" in self.faults:
            time.sleep(3.2)
        if fresh and "fails" in self.faults:
            return error(500, "CUDA error: an illegal memory access was encountered", "InternalServerError")
        message = {"role": "assistant", "content": weights}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return 200, {"object": "chat.completion", "model": name, "choices": [choice]}


def error(status: int, message: str, kind: str, param: str | None = None):
    return status, {"error": {"message": message, "type": kind, "param": param, "code": status}}
