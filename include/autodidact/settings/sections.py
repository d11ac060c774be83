"""The tables of settings: each key with its type, its default, its bounds and what it means.

The defaults are the profile `production`: the article's numbers. docs/settings.md is made from here.
"""

import warnings
from typing import Annotated, Literal

from pydantic import Field

from autodidact.settings.pod import Pod
from autodidact.settings.types import FilePath, Place, Section


class Wikipedia(Section):
    api: str | None = Field(None, description="address of a MediaWiki api.php; null: no server is queried")
    titles: list[str] = Field([], description="articles to read")
    dump: FilePath | None = Field(None, description="a MediaWiki XML export to read instead of the network")


class Sources(Section):
    repository: FilePath | None = Field(
        ".", description="the git repository that is read; committed code only"
    )
    repositories: list[FilePath] = Field([], description="more git repositories: docs/repositories.md")
    branch: str | None = Field(None, description="null: whatever the repository's HEAD points at")
    sessions: list[FilePath] = Field([], description="files, folders or globs of conversation transcripts")
    mcp: FilePath | None = Field(
        None, description="an .mcp.json; the servers it names are started, so name only one you trust"
    )
    knowledge_graph: FilePath | None = Field(
        None,
        description="a graph: CSV or TSV of triples, Neo4j's CSV, Turtle, N-Triples, JSON-LD, GraphML,"
        " node-link JSON or an MCP server's memory",
    )
    knowledge_graph_url: str | None = Field(
        None, description="a PostgreSQL (or SQLite) database with a table of triples; it is only read"
    )
    knowledge_graph_table: str = Field(
        "triples", description="its name there, with the schema if need be; columns subject, relation, object"
    )
    goals: FilePath | None = Field(
        None,
        description="goals: YAML, JSON or CSV, kept by hand or exported by a tracker (Linear, Jira, GitHub,"
        " GitLab, Taskwarrior, Asana, Trello)",
    )
    interrupts: FilePath | None = Field(
        None, description="interrupt patterns and a log: YAML or JSON; a log alone also as JSON lines or CSV"
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


# Abstract base classes have a method `register`, which no section uses.
warnings.filterwarnings("ignore", 'Field name "register" in "Generators" shadows', UserWarning)


class Generators(Section):
    only: list[str] | None = Field(None, description="null: all of them")
    max_failed: int = Field(3, ge=0, description="more failed generators than this fail the gate")
    limit: int = Field(
        3000,
        ge=1,
        description="most raw examples of one generator, not counting those that teach the knowledge probe",
    )
    register: Literal["drill", "full"] = Field(
        "full",
        description=(
            "how facts are written: `full` as a good engineer would answer, `drill` short, for a base of a"
            " few million parameters (the default for `sprout`)"
        ),
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


class Training(Section):
    where: Literal["queue", "local", "kubernetes"] = Field(
        "queue", description="in Airflow: workers of the queue gpu, or of the default queue, or a pod a stage"
    )
    pod: Pod = Pod()
    recipe: Literal["seed", "gentle", "small", "sprout"] = Field(
        "seed", description="a recipe of training_recipes.py; a null below stands for the recipe's number"
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
    report_to: list[Literal["tensorboard", "mlflow", "wandb"]] = Field(
        [], description="where a training is logged besides, once it ended (docs/interoperability.md)"
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
    through: Literal["engine", "server"] | None = Field(
        None,
        description=(
            "what answers the items of candidate, champion and base, and the questions about facts:"
            " `engine`, this process or `benchmark.engine_url`; `server`, the one that clients ask"
            " (docs/serving.md); null: `engine`"
        ),
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


class Knowledge(Section):
    questions: int = Field(
        1000,
        ge=0,
        le=100_000,
        description=(
            "facts that the model in service is asked about after a cycle: what changed in 30 days, then a"
            " random sample (docs/knowledge.md); 0: none"
        ),
    )
    rival: int = Field(
        0,
        ge=0,
        le=100_000,
        description=(
            "facts that base and champion are asked about after a cycle, with retrieval and without, so that"
            " the report says what fine-tuning is worth (docs/knowledge.md); 60 take a laptop some minutes;"
            " 0: none"
        ),
    )
    stale_after: int | None = Field(
        10,
        ge=0,
        description=(
            "an alert when more facts than this have been stale for longer than a day; null: no alert"
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
            "nats a token that served log-probabilities may be off in the nearest stored precision;"
            " benchmarks/identity.py; null: not compared"
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
