"""What a server computes in, as seen from outside: no server says it, its log-probabilities show it.

The base is asked for the log-probabilities of a fixed row of tokens. Rows that differ by less than the noise
of one precision have one name; another precision, or other kernels that compute something else, another.
"""

from autodidact.errors import AutodidactError
from autodidact.models.logprob_identity import distance
from autodidact.promotion.deployers.deployer_base import Served
from autodidact.records import Champion, canonical, sha256
from autodidact.store import Store

# Token ids that every vocabulary has, without order: such a row lets differences grow.
TOKENS = [20 + 37 * place * place % 211 for place in range(64)]
# Nats a token within which two rows are of one precision. Sprout in vLLM 0.32 on a CPU: the same server asked
# again 0.000; bfloat16 from float32 0.024, from torch's own bfloat16 0.022, from nf4 0.335.
NOISE = 0.01


def of(deployer: Served, store: Store, system: str, base: Champion) -> str:
    """The name of the precision that the server computes the base in: the version's own where the server
    knows it, else `computes-<12>`, equal as long as the server computes the same; `unknown` where it gives no
    log-probabilities.
    """
    if deployer.kind == "local":
        return base.quantization
    assert deployer.server is not None
    try:
        row = [
            value for value in deployer.server.logprobs(deployer.name(base), TOKENS)[1] if value is not None
        ]
    except AutodidactError:
        return "unknown"
    key = f"{system}/served/{base.base['sha256'][:12]}.json"
    known: dict[str, list[float]] = store.read_json(key)["rows"] if store.exists(key) else {}
    for name, other in known.items():
        if len(other) == len(row) and distance([row], [other]) <= NOISE:
            return name
    row = [round(value, 5) for value in row]
    name = f"computes-{sha256(canonical(row))[:12]}"
    store.write_json(key, {"format": 1, "rows": known | {name: row}})
    return name
