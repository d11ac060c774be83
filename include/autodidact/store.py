"""Where each artifact lives: a local path or any fsspec URL. The only atomic step is replacing one file: data
first, manifest last.

A key is relative to the store's root, with `/`: `<system>/cycles/<cycle_id>/gate/kept.jsonl`.
"""

import contextlib
import copy
import errno
import hashlib
import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from pydantic import BaseModel

from autodidact.cache import Cache as Cache
from autodidact.digests import LineSink
from autodidact.errors import AutodidactError, Unavailable
from autodidact.lease import lease
from autodidact.private_files import make_folder, modes, settle
from autodidact.records import Output
from autodidact.remote_store import OPTIONS, REFUSED, local_copy, written_back
from autodidact.safe_text import address, addresses
from autodidact.store_listing import local_files, local_folders, remote_files, remote_folders

# What another try would meet again.
LASTING = (FileExistsError, PermissionError, IsADirectoryError, NotADirectoryError)
# Errors of a network disk that is away.
AWAY = {errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENOTCONN}


def _clean(key: str) -> str:
    parts = [part for part in key.split("/") if part]
    if any(part in (".", "..") or "\\" in part or "\0" in part for part in parts):
        raise AutodidactError(f"{key!r} is no key of the store", "Use plain relative names.")
    return "/".join(parts)


class Store:
    def __init__(self, url: str | Path):
        self.url = str(url)
        self.shown = address(self.url)  # for messages
        self.root: Path | None = None
        self._fs: Any = None
        if "://" in self.url and not self.url.startswith("file://"):
            import fsspec

            scheme = self.url.split("://")[0]
            try:
                # A copy: botocore rewrites what it is given.
                options = copy.deepcopy(OPTIONS.get(scheme, {}))
                self._fs, path = fsspec.core.url_to_fs(self.url, **options)
            except (ImportError, ValueError) as error:
                raise AutodidactError(
                    f"The store {scheme}:// cannot be used: {addresses(str(error), self.url)}",
                    "Install the fsspec package it names.",
                ) from None
            except Exception as error:  # some connect at once, and raise what their library raises
                raise self._unavailable("be opened", error) from None
            self._prefix = path.rstrip("/")
            if self.conditional:
                self._fs.retries = 1
        else:
            self.root = Path(self.url.removeprefix("file://")).expanduser().absolute()
            self._prefix = str(self.root)

    def _path(self, key: str) -> str:
        return f"{self._prefix}/{_clean(key)}"

    def _failed(self, action: str, key: str, error: Exception) -> AutodidactError:
        reason = getattr(error, "strerror", None) or type(error).__name__
        kind = Unavailable if getattr(error, "errno", None) in AWAY else AutodidactError
        return kind(
            f"The store {self.shown} cannot {action} {key}: {reason}",
            "Check the path, its permissions and the free space; then run again.",
        )

    @contextlib.contextmanager
    def _remote(self, action: str, key: str) -> Iterator[None]:
        """Around calls of fsspec alone: what an object store's library raises, which is of its own kind, as
        one line.
        """
        try:
            yield
        except FileNotFoundError:
            raise
        except LASTING as error:
            raise self._failed(action, key, error) from None
        except Exception as error:
            raise self._unavailable(f"{action} {key}", error) from None

    def _unavailable(self, action: str, error: Exception) -> Unavailable:
        said = " ".join(addresses(str(error), self.url).split())[:200]
        return Unavailable(
            f"The store {self.shown} cannot {action}: {type(error).__name__}: {said}",
            "Check the address, the credentials in the environment and the network; then run again.",
        )

    def check_writable(self) -> None:
        """Raises AutodidactError when nothing can be written here."""
        key = f"cache/.write-{uuid.uuid4().hex}"
        self.write_bytes(key, b"")
        self.delete(key)

    def exists(self, key: str) -> bool:
        if not self._fs:
            try:
                os.stat(self._path(key))
            except (FileNotFoundError, NotADirectoryError):
                return False
            except OSError as error:  # not to be seen now is not absent
                raise self._failed("look for", key, error) from None
            return True
        with self._remote("look for", key):
            return bool(self._fs.exists(self._path(key)))

    @contextlib.contextmanager
    def _reading(self, key: str) -> Iterator[None]:
        try:
            with self._remote("read", key) if self._fs else contextlib.nullcontext():
                yield
        except FileNotFoundError:
            raise AutodidactError(
                f"{key} is not in the store {self.shown}", "Run the stage that makes it."
            ) from None
        except OSError as error:
            raise self._failed("read", key, error) from None

    def read_bytes(self, key: str) -> bytes:
        with self._reading(key):
            return (
                bytes(self._fs.cat_file(self._path(key))) if self._fs else Path(self._path(key)).read_bytes()
            )

    def read_text(self, key: str) -> str:
        return self.read_bytes(key).decode("utf-8")

    def read_json(self, key: str) -> Any:
        try:
            return json.loads(self.read_bytes(key))
        except ValueError as error:
            raise AutodidactError(
                f"{key} is not JSON: {error}",
                "It was changed from outside; delete it and run its stage again.",
            ) from None

    def size(self, key: str) -> int:
        """Bytes of a file."""
        with self._reading(key):
            return int(self._fs.size(self._path(key))) if self._fs else os.stat(self._path(key)).st_size

    def read_part(self, key: str, start: int, length: int) -> bytes:
        """At most `length` bytes of a file, from the byte `start` on."""
        with self._reading(key):
            if self._fs:
                return bytes(self._fs.cat_file(self._path(key), start=start, end=start + length))
            with open(self._path(key), "rb") as file:
                file.seek(start)
                return file.read(length)

    def read_lines(self, key: str) -> Iterator[str]:
        """Lines without their newline; nothing else (no U+2028) ends a line."""
        with (
            self._reading(key),
            self._fs.open(self._path(key), "rb") if self._fs else open(self._path(key), "rb") as file,
        ):
            for line in file:
                yield line.rstrip(b"\n").decode("utf-8", "surrogateescape")

    @contextlib.contextmanager
    def _replace(self, key: str, durable: bool = True) -> Iterator[IO[bytes]]:
        """A binary file that takes the place of `key` when the block ends well; `durable`: it survives a
        power cut.
        """
        target = self._path(key)
        try:
            if self.root is None:
                with tempfile.TemporaryFile() as file:
                    yield file
                    file.seek(0)
                    with self._remote("write", key), self._fs.open(target, "wb") as remote:
                        shutil.copyfileobj(file, remote)
            else:
                make_folder(Path(target).parent, self.root)
                handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".writing-")
                try:
                    with os.fdopen(handle, "wb") as file:
                        yield file
                        file.flush()
                        if durable:
                            os.fsync(file.fileno())
                    os.chmod(temporary, modes(self.root)[0])
                    os.replace(temporary, target)
                except BaseException:
                    with contextlib.suppress(OSError):
                        os.unlink(temporary)
                    raise
        except OSError as error:
            raise self._failed("write", key, error) from None

    def write_bytes(self, key: str, data: bytes, *, durable: bool = True) -> Output:
        with self._replace(key, durable) as file:
            file.write(data)
        return Output(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))

    @property
    def conditional(self) -> bool:
        """Whether `write_if` can be used: on S3, and on what speaks as S3."""
        return self._fs is not None and "s3" in self._fs.protocol

    def tag(self, key: str) -> str | None:
        """What S3 calls the ETag: another one after each change. None where there is no such file."""
        try:
            with self._remote("look for", key):
                return str(self._fs.info(self._path(key))["ETag"])
        except FileNotFoundError:
            return None

    def write_if(self, key: str, data: bytes, tag: str | None) -> str | None:
        """Writes if the file still has `tag`, or, where that is None, if there is none. Returns its new tag;
        None where somebody else wrote meanwhile, and nothing was done.
        """
        condition = {"IfMatch": tag} if tag else {"mode": "create"}
        with self._remote("write", key):
            try:
                return str(self._fs.pipe_file(self._path(key), data, **condition)["ETag"])
            except FileNotFoundError:  # it was deleted
                return None
            except OSError as error:
                answer = getattr(error.__cause__, "response", {})
                if answer.get("Error", {}).get("Code") in REFUSED:
                    return None
                raise

    def write_text(self, key: str, text: str) -> Output:
        return self.write_bytes(key, text.encode("utf-8", "surrogateescape"))

    def write_json(self, key: str, value: Any) -> Output:
        if isinstance(value, BaseModel):
            value = value.model_dump(mode="json")
        text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        return self.write_bytes(
            key, text.encode("utf-8", "backslashreplace")
        )  # half a character as JSON writes it

    def write_jsonl(self, key: str, rows: Iterable[str | dict[str, Any] | BaseModel]) -> Output:
        """Streams rows, one a line, and replaces `key` when the last is written."""
        with self.lines(key) as sink:
            for row in rows:
                sink(row)
        return sink.output

    @contextlib.contextmanager
    def lines(self, key: str) -> Iterator[LineSink]:
        """A function that takes one row a call (text, dict or record); its `.output` is complete after the
        block.
        """
        with self._replace(key) as file:
            yield LineSink(file)

    def folders(self, prefix: str = "") -> list[str]:
        """The names of the folders right below `prefix`, sorted; at the root its systems, and its cache."""
        base = self._path(prefix).rstrip("/")
        if self.root:
            return sorted(local_folders(base))
        with self._remote("list", prefix):
            return sorted(remote_folders(self._fs, base))

    def list(self, prefix: str) -> list[str]:
        """Keys of all files below `prefix`, sorted; what is being written does not count."""
        return sorted(self._below(prefix))

    def sizes(self, prefix: str) -> dict[str, int]:
        """{key: bytes} of all files below `prefix`, in the order of `list`. An object store says both at
        once.
        """
        return {
            key: int(self.size(key) if info.get("size") is None else info["size"])
            for key, info in sorted(self._below(prefix).items())
        }

    def _below(self, prefix: str) -> dict[str, dict[str, Any]]:
        """{key: what the listing says of it besides, if anything} of all files below `prefix`."""
        base = self._path(prefix).rstrip("/")
        if self._fs:
            with self._remote("list", prefix):
                found = remote_files(self._fs, base, raises=self.conditional)
        else:
            found = local_files(base)
        start = len(self._prefix) + 1
        keys = ((path[path.index(self._prefix) + start :], info) for path, info in found.items())
        return {key: info for key, info in keys if not key.rpartition("/")[2].startswith(".writing-")}

    def delete(self, key: str) -> None:
        """Removes a file or a folder; nothing happens when it is absent."""
        path = self._path(key)
        if self._fs:
            with self._remote("delete", key):
                if self._fs.exists(path):
                    self._fs.rm(path, recursive=True)
        elif os.path.isdir(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)

    def delete_file(self, key: str) -> None:
        """Removes what was listed as a file: one request on S3, where `delete` takes four."""
        if not self.conditional:
            self.delete(key)
            return
        with self._remote("delete", key):
            self._fs.rm_file(self._path(key))

    @contextlib.contextmanager
    def folder(self, key: str) -> Iterator[Path]:
        """A local folder to write `key` in: the folder itself, or, for a remote store, a copy that is sent
        back when the block ends, however it ends.
        """
        if self.root:
            path = Path(self._path(key))
            make_folder(path, self.root)
            try:
                yield path
            finally:
                settle(path, self.root)
            return
        with written_back(self, _clean(key)) as path:
            yield path

    def local(self, key: str) -> Path:
        """A local path with the content of a file or folder: itself, or a copy kept for this process."""
        if self.root:
            return Path(self._path(key))
        with self._remote("look for", key):
            whole = self._fs.isfile(self._path(key))
        return local_copy(self, _clean(key), whole)

    def lease(self, key: str, *, wait: float = 0) -> contextlib.AbstractContextManager[None]:
        """Holds `key` alone (lease.py). Raises Unavailable when somebody else has it, and still has it after
        `wait` seconds.
        """
        return lease(self, key, wait=wait)
