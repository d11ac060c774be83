"""Every number of the system, once, with where it comes from.

Layers, later ones win: the checkout's paths (checkout_paths.py), the profile, `autodidact.toml`,
`AUTODIDACT_*` variables, `--set key=value`. "The article" below is the text that this package implements:
https://aitherium.com, "The Model That Trains Itself", March 2026.
"""

import difflib
import json
import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from autodidact import checkout_paths
from autodidact.errors import UsageError

SAMPLES = Path(__file__).resolve().parent.parent / "samples"

# Resolved where a stage runs; never frozen into cycle.json and never hashed: addresses, commands and what is
# denied may carry secrets.
RUNTIME_KEYS = (
    "store",
    "chronicle.url",
    "sources.knowledge_graph_url",
    "judge.url",
    "teacher.url",
    "deploy.url",
    "deploy.command",
    "deploy.webhook",
    "deploy.kubernetes",
    "benchmark.engine_url",
    "gate.deny",
    "training.where",
    "training.pod",
)
# Variables of the AUTODIDACT_ family that are not settings.
RESERVED = {
    f"AUTODIDACT_{name}"
    for name in ("PROFILE", "CONFIG", "DEBUG", "DEVICE", "VERSION", "ADAPTER", "CHAMPION", "REPOSITORIES")
}
# What the DAG file reads as the limits of its tasks (autodidact_airflow/limits.py).
RESERVED |= {
    f"AUTODIDACT_{task}"
    for task in """
        HOURS_CYCLE HOURS_OPEN_CYCLE HOURS_GENERATE HOURS_GATE HOURS_TRAIN HOURS_MEASURE_CHAMPION
        HOURS_BENCHMARK HOURS_DECIDE HOURS_PROMOTE HOURS_KEEP_CHAMPION HOURS_CLOSE_CYCLE HOURS_ROLLBACK
        HOURS_WATCH
    """.split()
}
# Variables that carry keys: secrets are never settings.
KEYS = {f"AUTODIDACT_{name}__KEY" for name in ("JUDGE", "TEACHER", "BENCHMARK", "DEPLOY")}


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


def _possible(value: str) -> str:
    """A path or an address as it is, unless no machine could have it: Python would raise what is no line."""
    if "\0" in value:
        raise PydanticCustomError("null", "It has a null character")
    if value.startswith("~") and os.path.expanduser(value) == value:
        raise PydanticCustomError("user", "It begins with the name of a user that there is not")
    return value


def _no_address(value: str) -> str:
    """A path as it is. An address may hold a password, and would stand in errors and manifests."""
    if re.match(r"[A-Za-z][\w+.-]*://", value):
        raise PydanticCustomError("address", "This is an address, and here a path is wanted")
    return value


# A path of this machine, or what is looked for as one first: a hub id, a glob.
FilePath = Annotated[str, AfterValidator(_no_address), AfterValidator(_possible)]
# A path of this machine, or an address.
Place = Annotated[str, AfterValidator(_possible)]


class Wikipedia(Section):
    api: str | None = Field(None, description="address of a MediaWiki api.php; null: no server is queried")
    titles: list[str] = Field([], description="articles to read")
    dump: FilePath | None = Field(None, description="a MediaWiki XML export to read instead of the network")


class Sources(Section):
    repository: FilePath | None = Field(
        ".", description="the git repository that is read; committed code only"
    )
    branch: str | None = Field(None, description="null: whatever the repository's HEAD points at")
    sessions: list[FilePath] = Field([], description="files, folders or globs of conversation transcripts")
    mcp: FilePath | None = Field(
        None, description="an .mcp.json; the servers it names are started, so name only one you trust"
    )
    knowledge_graph: FilePath | None = Field(
        None, description="a file of triples: CSV, TSV, Turtle, N-Triples, JSON-LD or GraphML"
    )
    knowledge_graph_url: str | None = Field(
        None, description="a PostgreSQL (or SQLite) database with a table of triples; it is only read"
    )
    knowledge_graph_table: str = Field(
        "triples", description="its name there, with the schema if need be; columns subject, relation, object"
    )
    goals: FilePath | None = Field(None, description="YAML or JSON of active goals")
    interrupts: FilePath | None = Field(
        None, description="YAML or JSON of interrupt patterns and logged interrupts"
    )
    documents: list[FilePath] = Field([], description="files or globs of documents outside the repository")
    affect: FilePath | None = Field(None, description="YAML of emotional states and contexts")
    wikipedia: Wikipedia = Wikipedia()
    samples: bool | None = Field(
        None,
        description=(
            "whether sources not named here come from `include/samples`, a fictional company; null: on a"
            " laptop, for Autodidact's own repository alone"
        ),
    )


class Generators(Section):
    only: list[str] | None = Field(None, description="null: all of them")
    max_failed: int = Field(3, ge=0, description="more failed generators than this fail the gate")
    limit: int = Field(
        3000,
        ge=1,
        description="most raw examples of one generator, not counting those that teach the knowledge probe",
    )


class Gate(Section):
    cap: int = Field(
        600,
        ge=1,
        description="most kept examples of one generator; the article: 600, to prevent mode collapse",
    )
    floor: int = Field(
        40,
        ge=0,
        description="least examples of a category that balance keeps, if so many exist; the cap goes first",
    )
    share: float = Field(
        0.35,
        gt=0,
        le=1,
        description="largest part of one generator in the mix, where three or more have `floor`",
    )
    source_share: float = Field(
        0.10,
        gt=0,
        le=1,
        description="largest part of one file, conversation or page in the mix, beyond `floor` examples",
    )
    quotas: dict[str, Annotated[float, Field(gt=0, le=1)]] = Field(
        {},
        description=(
            "share of a generator's examples, within the cap, that is kept; empty: as the feedback of the"
            " cycle before says"
        ),
    )
    min_tokens: int = Field(10, ge=1, description="shortest response in tokens; the article: 10")
    max_tokens: int = Field(800, ge=1, description="longest response in tokens; the article: 800")
    bigram_ratio: float = Field(
        0.4, gt=0, le=1, description="responses at or above are repetitive; the article: < 0.4"
    )
    deny: list[str] = Field(
        [],
        description=(
            "never trained on: literal text or `/regular expressions/`; never printed, frozen or hashed"
        ),
    )
    coherence: float = Field(
        0.15,
        ge=-1,
        le=1,
        description="least cosine of prompt and response mined from text; benchmarks/calibrate_coherence.py",
    )


class Pod(Section):
    image: str = Field(
        "autodidact:0.1.0", description="the project's Dockerfile, built with TORCH=registry for a GPU"
    )
    namespace: str | None = Field(
        None, description="null: that of Airflow's connection, or of Airflow itself"
    )
    gpus: int = Field(1, ge=0, description="how many `gpu` the container gets; 0: none")
    gpu: str = Field("nvidia.com/gpu", description="name of the resource")
    requests: dict[str, str] = Field(
        {}, description='what is set aside, for example {"cpu": "4", "memory": "32Gi"}'
    )
    limits: dict[str, str] = Field({}, description="other limits than the GPU's, for example memory")
    node_selector: dict[str, str] = Field({}, description="labels that a node must have")
    tolerations: list[dict[str, Any]] = Field(
        [], description="taints that are tolerated, as Kubernetes writes them"
    )
    volumes: list[dict[str, Any]] = Field(
        [], description="as in a pod's specification; a store that is a folder is one of them"
    )
    mounts: list[dict[str, Any]] = Field([], description="as in a container's volumeMounts")
    env: dict[str, str] = Field(
        {},
        description="variables for all to see; AUTODIDACT_STORE is added where its address holds no password",
    )
    secrets: list[str] = Field(
        [], description="Kubernetes Secrets whose keys become variables: addresses, keys, cloud credentials"
    )
    service_account: str | None = Field(None, description="null: the namespace's default")
    pull_secrets: list[str] = Field([], description="Secrets to pull the image with")


class Training(Section):
    where: Literal["queue", "local", "kubernetes"] = Field(
        "queue", description="in Airflow: workers of the queue gpu, or of the default queue, or a pod a stage"
    )
    pod: Pod = Pod()
    recipe: Literal["seed", "gentle", "sprout"] = Field(
        "seed", description="a recipe of recipes.py; a null below stands for the recipe's number"
    )
    quantization: Literal["nf4", "none", "auto"] | None = Field(
        None, description="the article: 4-bit; `auto`: none where memory allows"
    )
    rank: int | None = Field(None, ge=1, description="the article: 32")
    alpha: int | None = Field(None, ge=1, description="the article: 64")
    dropout: float | None = Field(None, ge=0, lt=1)
    epochs: float | None = Field(None, gt=0, description="the article: 3")
    learning_rate: float | None = Field(None, gt=0, description="the article: 2e-4, cosine")
    batch_size: int | None = Field(None, ge=1, description="the article: 4")
    accumulation: int | None = Field(None, ge=1, description="the article: 4, so 16 examples an update")
    max_steps: int | None = Field(None, ge=1, description="stop after so many updates")
    max_length: int | None = Field(None, ge=16, description="longer rows are left out and counted, never cut")
    held_out: float | None = Field(
        None,
        ge=0,
        le=0.5,
        description="share of a generator's rows that is not trained on; the loss on these rows is measured",
    )
    evaluations: int | None = Field(
        None, ge=0, description="times in a run that the held-out loss is measured"
    )
    patience: int | None = Field(
        None,
        ge=0,
        description="the run ends after so many evaluations without a lower held-out loss; 0: it does not",
    )
    save_steps: int = Field(10, ge=1, description="updates between checkpoints: the most that a kill costs")
    threads: int | None = Field(
        None, ge=1, description="CPU threads; null: one for a small model (100 MB), all cores for others"
    )
    min_news: int = Field(
        1,
        ge=0,
        description=(
            "least new or changed examples since the last training for a live cycle to train; 0: always, as"
            " the article"
        ),
    )
    anchors: float = Field(
        0.15,
        ge=0,
        lt=1,
        description="share of the rows that are the base's own right answers to dev items; 0: none",
    )


class Benchmark(Section):
    suite: str = Field("autodidact", description="the suite of 9 categories x 15 prompts; the article")
    level: int = Field(
        3, ge=1, le=3, description="difficulty: 1 a tiny model, 2 about 1B, 3 about 8B parameters"
    )
    families: FilePath | None = Field(
        None,
        description="a folder of your own families of items, added to the shipped ones (docs/benchmark.md)",
    )
    engine_url: str | None = Field(
        None, description="an OpenAI-compatible server that answers the items; null: this process"
    )
    batch: int = Field(
        16,
        ge=1,
        description="prompts generated together; the composition of a batch is part of the fingerprint",
    )
    dev_items: int = Field(
        4,
        ge=0,
        description=(
            "dev items of each family that the base is asked once, for forecast and anchors; 0: neither"
        ),
    )


class Judge(Section):
    url: str | None = Field(None, description="an OpenAI-compatible server; null: the embedded judge")
    model: str | None = Field(None, description="its name there; of another family than the teacher's")
    floor: float = Field(
        0.6,
        ge=-1,
        le=1,
        description=(
            "least kappa of a judge whose items count (`autodidact judge-check`); below: only shown"
        ),
    )


class Teacher(Section):
    url: str | None = Field(None, description="an OpenAI-compatible server that varies wording; null: none")
    model: str | None = None
    budget: int = Field(
        2000, ge=0, description="most requests a cycle, shared evenly by the generators; answers are cached"
    )


class VerdictSettings(Section):
    rule: Literal["evidence", "seed"] = Field(
        "evidence",
        description=(
            "`evidence`: better beyond reasonable doubt; `seed`: the article's, floors and a higher overall"
            " score"
        ),
    )
    confidence: float = Field(
        0.95,
        gt=0.5,
        lt=1,
        description=(
            "of the intervals shown; a week's chance of a wrong promotion is at most 1 - confidence"
        ),
    )
    overall_floor: float = Field(0.70, ge=0, le=1, description="the article: 0.70")
    category_floor: float = Field(0.30, ge=0, le=1, description="the article: 0.30")
    blocks: int = Field(
        16,
        ge=2,
        le=30,
        description=(
            "rule `evidence`: the most blocks of the week that a cycle draws; with fewer, more good"
            " candidates are missed, but no more bad ones promoted"
        ),
    )


class Deploy(Section):
    kind: Literal["none", "local", "vllm", "command", "webhook", "kubernetes"] = Field(
        "none", description="docs/serving.md"
    )
    url: str | None = Field(
        None,
        description=(
            "the server's OpenAI-compatible address, which is probed; its key: AUTODIDACT_DEPLOY__KEY"
        ),
    )
    command: str | None = Field(
        None,
        description="run without a shell; gets AUTODIDACT_VERSION, _ADAPTER and _CHAMPION in its environment",
    )
    webhook: str | None = Field(
        None, description="gets a POST with the version and the address of its adapter"
    )
    kubernetes: str | None = Field(
        None, description="`namespace/deployment`: the Deployment whose pods serve; its rollout is awaited"
    )
    timeout: float = Field(600, gt=0, description="seconds until the server must have the version")
    tolerance: float | None = Field(
        0.2,
        gt=0,
        description=(
            "nats a token that the served log-probabilities may be off; benchmarks/identity.py; null: not"
            " compared"
        ),
    )
    live: int = Field(5, ge=0, description="live answers that a probe asks for")
    latency: float = Field(30, gt=0, description="seconds that a live answer of 16 tokens may take")
    error_budget: float = Field(0, ge=0, lt=1, description="share of the live answers that may fail")
    bake: float = Field(
        1800,
        ge=0,
        description=(
            "seconds after a promotion in which failed probes put the previous champion back; 0: none"
        ),
    )
    drain: float = Field(
        30,
        ge=0,
        description="seconds that running requests to a version may still take before it is unloaded",
    )
    keep: int | None = Field(None, ge=1, description="adapters that no longer serve and are kept; null: all")


class ChronicleSettings(Section):
    url: Place = Field("sqlite:///.autodidact/chronicle.db", description="PostgreSQL or SQLite")


class Settings(Section):
    profile: Literal["laptop", "production"] = "laptop"
    system: str | None = Field(
        None, description="name of the living system; null: repository name and first 8 of its root commit"
    )
    store: Place = Field(
        ".autodidact/store", description="a local path or an fsspec URL such as s3://bucket/prefix"
    )
    base_model: FilePath = Field(
        "nvidia/Nemotron-Orchestrator-8B", description="`sprout`, a folder, or a hub id; the article"
    )
    chronicle: ChronicleSettings = ChronicleSettings()
    sources: Sources = Sources()
    generators: Generators = Generators()
    gate: Gate = Gate()
    training: Training = Training()
    benchmark: Benchmark = Benchmark()
    judge: Judge = Judge()
    teacher: Teacher = Teacher()
    verdict: VerdictSettings = VerdictSettings()
    deploy: Deploy = Deploy()
    feedback: bool = Field(
        True,
        description=(
            "the previous cycle sets deficits, quotas and one setting of the training for this one; false: it"
            " sets nothing"
        ),
    )
    approval: Literal["none", "before_train", "before_promote"] = Field(
        "none", description="what needs a person's consent: before_train, before_promote; the article: none"
    )

    def frozen(self) -> dict:
        """The settings as a cycle fixes them: plain JSON, without the runtime keys."""
        data = self.model_dump(mode="json")
        for key in RUNTIME_KEYS:
            *path, last = key.split(".")
            section = data
            for part in path:
                section = section[part]
            section.pop(last, None)
        return data


# `production` is the class defaults: the article's numbers. `laptop` is what differs on two cores without GPU
# or network.
PROFILES: dict[str, dict] = {
    "production": {"profile": "production"},
    "laptop": {
        "profile": "laptop",
        "base_model": "sprout",
        # A cycle takes minutes on two cores; the four wordings of 120 probe facts are not counted here.
        "generators": {"limit": 50},
        "gate": {"max_tokens": 160},
        "training": {"recipe": "sprout"},
        # A tiny model gets one answer in six right: 12 dev items a family make 15% anchors.
        "benchmark": {"level": 1, "dev_items": 12},
        # A tiny model stays far below the article's 0.70 (the base scores about 0.10): this floor only
        # refuses a model that has collapsed. Where few answers are right, fewer items tell a loss of 0.05
        # apart; and every block takes minutes on two cores.
        "verdict": {"overall_floor": 0.05, "category_floor": 0.0, "blocks": 10},
    },
}


def _merge(into: dict, extra: dict, origin: str, origins: dict, path: tuple = ()) -> None:
    for key, value in extra.items():
        here = (*path, key)
        if isinstance(value, dict) and isinstance(into.get(key, {}), dict):
            _merge(into.setdefault(key, {}), value, origin, origins, here)
        else:
            into[key] = value
            origins[here] = origin


def _nested(key: str, value: Any) -> dict:
    for part in reversed(key.split(".")):
        value = {part: value}
    return value


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def parse_assignments(assignments: list[str]) -> dict[str, Any]:
    """`["gate.cap=600"]` as `{"gate.cap": 600}`; values are JSON, anything else is text. Raises UsageError
    without an `=`.
    """
    result = {}
    for assignment in assignments:
        key, sign, value = assignment.partition("=")
        if not sign:
            named = f" {assignment}" if re.fullmatch(r"[a-z_.]{1,60}", assignment) else ""
            raise UsageError(
                f"--set{named} has no '='", "Write --set key=value, for example --set gate.cap=300."
            )
        result[key.strip()] = _json_or_text(value)
    return result


def known_keys(model: type[BaseModel] = Settings, prefix: str = "") -> list[str]:
    """Every settings key, dotted."""
    keys = []
    for name, field in model.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            keys += known_keys(annotation, f"{prefix}{name}.")
        else:
            keys.append(prefix + name)
    return keys


def _complain(error: ValidationError, origins: dict) -> UsageError:
    first = error.errors()[0]
    location = tuple(part for part in first["loc"] if isinstance(part, str))
    key = ".".join(location)
    origin = next(
        (origins[location[:n]] for n in range(len(location), 0, -1) if location[:n] in origins),
        "the defaults",
    )
    if origin == "the defaults":  # a whole section was given as one value: name whoever gave a part of it
        origin = next((where for path, where in origins.items() if path[: len(location)] == location), origin)
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, known_keys(), n=1)
        known = [k for k in known_keys() if k.rpartition(".")[0] == key.rpartition(".")[0]]
        return UsageError(
            f"Unknown setting {key!r} in {origin}",
            (f"Did you mean {near[0]!r}? " if near else "") + f"Known here: {', '.join(known)}.",
        )
    value = _shown_value(key, first.get("input"))
    return UsageError(
        f"Bad value for {key!r} in {origin}: {value}", f"{first['msg'][0].upper()}{first['msg'][1:]}."
    )


# Characters of a wrong value that an error repeats: more than any choice has, fewer than most keys.
LONGEST_SHOWN = 20


def _shown_value(key: str, value: Any) -> str:
    """A wrong value for people: itself where the setting is a number or a choice, else only what it is, as it
    may hold a password.
    """
    if isinstance(value, str):
        return (
            repr(value)
            if len(value) <= LONGEST_SHOWN and _is_plain(key)
            else f"a text of {len(value)} characters"
        )
    if isinstance(value, (dict, list)):
        return f"{'a table' if isinstance(value, dict) else 'a list'} of {len(value)}"
    return json.dumps(value, default=lambda other: type(other).__name__)


def _is_plain(key: str) -> bool:
    """Whether a setting is a number, yes or no, or one of a few words."""
    section: Any = Settings
    *sections, last = key.split(".")
    for name in sections:
        field = getattr(section, "model_fields", {}).get(name)
        section = field.annotation if field else None
    field = getattr(section, "model_fields", {}).get(last)
    if field is None:
        return False
    kinds = (
        [field.annotation] if get_origin(field.annotation) in (Literal, None) else get_args(field.annotation)
    )
    return all(kind in (int, float, bool, type(None)) or get_origin(kind) is Literal for kind in kinds)


def _file_layer(folder: Path, environ) -> list[tuple[dict, str]]:
    """What autodidact.toml says, with its path; nothing where there is no such file."""
    named = environ.get("AUTODIDACT_CONFIG")
    path = Path(named or folder / "autodidact.toml")
    if not path.exists():
        if named:
            raise UsageError(
                f"AUTODIDACT_CONFIG names {path}, which does not exist", "Create it or unset the variable."
            )
        return []
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        return [(checkout_paths.absolute(read, path.absolute().parent), str(path))]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(
            f"{path} cannot be read: {error}", "Mend the file, or name another in AUTODIDACT_CONFIG."
        ) from None


def _variable_layers(environ) -> list[tuple[dict, str]]:
    """What the AUTODIDACT_ variables set, each with the name of its variable."""
    layers = []
    for name in sorted(environ):
        reserved = not name.startswith("AUTODIDACT_") or name in RESERVED or name.endswith("__KEY")
        if reserved or environ[name] == "":
            continue
        key = name.removeprefix("AUTODIDACT_").lower().replace("__", ".")
        if key.split(".")[0] not in Settings.model_fields:
            near = difflib.get_close_matches(key, known_keys(), n=1)
            raise UsageError(
                f"Unknown setting {key!r} in the variable {name}",
                f"Did you mean {near[0]!r}?" if near else "See docs/settings.md.",
            )
        layers.append((_nested(key, _json_or_text(environ[name])), f"the variable {name}"))
    return layers


def load_settings(
    profile: str | None = None,
    overrides: dict[str, Any] | None = None,
    *,
    cwd: Path | None = None,
    environ=os.environ,
    origin: str = "",
) -> Settings:
    """The settings in force. `overrides` is `{"gate.cap": 600}` with dotted keys; `origin` is where they were
    given, if not by --set.

    autodidact.toml, the store and the Chronicle are looked for in the checkout that `cwd` is in
    (checkout_paths.py). Raises UsageError that names the key, where it was given, and what is allowed.
    """
    folder = checkout_paths.checkout(cwd or Path.cwd())
    layers = [*_file_layer(folder, environ), *_variable_layers(environ)]
    for key, value in (overrides or {}).items():
        layers.append((_nested(key, value), origin or f"--set {key}"))

    given = [layer.get("profile") for layer, _ in layers if layer.get("profile")]
    chosen = profile or environ.get("AUTODIDACT_PROFILE") or (given[-1] if given else "laptop")
    if not isinstance(chosen, str) or chosen not in PROFILES:
        raise UsageError(
            f"Unknown profile {_shown_value('profile', chosen)}", f"Available: {', '.join(PROFILES)}."
        )
    data: dict = {}
    origins: dict = {}
    given_first = [
        (checkout_paths.defaults(folder), "the defaults"),
        (PROFILES[chosen], f"the profile {chosen}"),
    ]
    for layer, origin in [*given_first, *layers, ({"profile": chosen}, "the profile")]:
        _merge(data, layer, origin, origins)
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise _complain(error, origins) from None


def thaw(frozen: dict, now: Settings) -> Settings:
    """A cycle's frozen settings with the runtime keys of this process."""
    data = json.loads(json.dumps(frozen))
    current = now.model_dump(mode="json")
    for key in RUNTIME_KEYS:
        *path, last = key.split(".")
        section, source = data, current
        for part in path:
            section, source = section.setdefault(part, {}), source[part]
        section[last] = source[last]
    return Settings.model_validate(data)
