"""The files of a store without what came from forgotten sources, each by its form."""

import bz2
import gzip
import io
import json
import lzma
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

from autodidact.forget.traces_of_source import OTHERS, Trace

# Weights hold no text.
WEIGHTS = (".safetensors", ".gguf", ".bin", ".pt")
PACKED = {".gz": gzip.decompress, ".bz2": bz2.decompress, ".xz": lzma.decompress}
ARCHIVES = (".eval", ".zip")
# Of a file within an archive, in bytes.
MOST_BYTES = 500_000_000
# The method of a zip file whose parts are packed with Zstandard, as inspect_ai writes its logs.
ZSTANDARD = 93


def cleaned(key: str, data: bytes, trace: Trace) -> bytes | None:
    """What the file should hold: `data` itself where nothing in it came from the sources, None where the
    file is to be deleted as a whole.
    """
    ending = ending_of(key)
    if ending in WEIGHTS:
        return data
    if ending == ".jsonl":
        return _lines(data, trace, journal="/chronicle/" in key)
    if ending == ".json":
        return _json(data, trace, answers="/ledger/answers/" in key)
    if ending in (".md", ".svg", ".txt"):
        return b"".join(
            line for line in data.splitlines(keepends=True) if not trace.text(line.decode("utf-8", "replace"))
        )
    return None if any(part is None or trace.raw(part) for part in unpacked(key, data)) else data


def ending_of(key: str) -> str:
    return "." + key.rpartition("/")[2].rpartition(".")[2]


def _lines(data: bytes, trace: Trace, *, journal: bool) -> bytes:
    """The lines that did not come from the sources; rows of the journal stay, without their texts."""
    kept = []
    for line in data.splitlines(keepends=True):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict):
            if not trace.raw(line):
                kept.append(line)
        elif journal:
            clean = trace.without(row)
            kept.append(line if clean == row else _dumped(clean) + b"\n")
        elif not trace.row(row):
            clean = _left(row, trace)
            kept.append(line if clean == row else _as_written(clean))
    return b"".join(kept)


def _left(row: dict[str, Any], trace: Trace) -> dict[str, Any]:
    """A row that stays: a question without what it names of the sources, and what a version said that was
    trained on them without its words.
    """
    if row.get(OTHERS):
        row = row | {OTHERS: [each for each in row[OTHERS] if not trace.anywhere(each)]}
    return row | {"says": ""} if "says" in row and row.get("version") in trace.versions else row


def _as_written(row: dict[str, Any]) -> bytes:
    """As `Store.write_jsonl` writes it."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _dumped(value: Any) -> bytes:
    from autodidact.records import canonical

    return canonical(value).encode("utf-8", "backslashreplace")


def _json(data: bytes, trace: Trace, *, answers: bool) -> bytes | None:
    """`answers`: each value is a whole answer, which goes with its key."""
    try:
        value = json.loads(data)
    except ValueError:
        return None if trace.raw(data) else data
    if answers and isinstance(value, dict):
        clean = {key: text for key, text in value.items() if not trace.anywhere(text)}
    else:
        clean = trace.report(value)
    if clean == value:
        return data
    # As `Store.write_json` writes it.
    return (json.dumps(clean, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


def unpacked(key: str, data: bytes) -> Iterator[bytes | None]:
    """The bytes of a file, and of what it holds where it is packed; None for what cannot be unpacked."""
    yield data
    ending = ending_of(key)
    try:
        if ending in PACKED:
            yield PACKED[ending](data)
        elif ending in ARCHIVES:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for info in archive.infolist():
                    yield info.filename.encode()
                    yield _part(archive, info, data)
        elif ending == ".parquet":
            import pyarrow.parquet

            yield str(pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()).encode()
    except Exception:
        # Torn by a kill, or of a form that is not known: each library raises errors of its own.
        yield None


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, data: bytes) -> bytes:
    if info.compress_type != ZSTANDARD:
        with archive.open(info) as file:
            return file.read(MOST_BYTES)
    import zstandard

    # The header of the part: its length is 30 bytes, and those of its name and its extra field.
    name, extra = struct.unpack_from("<HH", data, info.header_offset + 26)
    start = info.header_offset + 30 + name + extra
    with zstandard.ZstdDecompressor().stream_reader(data[start : start + info.compress_size]) as reader:
        found: bytes = reader.read(MOST_BYTES)
        return found
