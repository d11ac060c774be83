"""How long a store on S3 takes to list, to find and to read, with many objects in it.

    python -m benchmarks.object_store s3://bucket/prefix --objects 1000 10000

Writes that many small objects below a folder of its own, measures, and deletes them. AWS_ENDPOINT_URL and the
keys are variables, as for every store on S3.
"""

import argparse
import time
import uuid
from collections.abc import Callable

from autodidact.store import Store

# Objects of a cycle, about: the folder of a stage holds some tens.
FOLDER = 100


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def take(store: Store, key: str) -> None:
    with store.lease(key):
        pass


def measure(store: Store, folder: str, number: int) -> list[str]:
    """A row of the table."""
    keys = [f"{folder}/{n // FOLDER:05d}/{n % FOLDER:02d}.json" for n in range(number)]
    written = seconds(lambda: store._fs.pipe({store._path(key): b"{}" for key in keys}))
    listed = seconds(lambda: store.list(folder))
    assert store.list(folder) == keys
    one = seconds(lambda: store.list(f"{folder}/00000"))
    found = seconds(lambda: store.exists(keys[-1]))
    read = seconds(lambda: store.read_bytes(keys[-1]))
    lease = seconds(lambda: take(store, f"{folder}/lease.json"))
    figures = [
        f"{written:.1f} s",
        f"{listed:.2f} s",
        *(f"{value * 1000:.0f} ms" for value in (one, found, read, lease)),
    ]
    return [f"{number:,}", *figures]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("store")
    parser.add_argument("--objects", type=int, nargs="+", default=[100, 1000, 10_000])
    options = parser.parse_args()
    store = Store(options.store)
    print("| objects | written | all listed | a folder of 100 listed | one found | one read | a lease |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for number in options.objects:
        folder = f"benchmark-{uuid.uuid4().hex[:8]}"
        print(f"| {' | '.join(measure(store, folder, number))} |", flush=True)
        store.delete(folder)


if __name__ == "__main__":
    main()
