"""Training recipes as data. A value of `settings.training` other than null takes the place of the recipe's.

| recipe | for | origin |
| --- | --- | --- |
| seed | an 8B model | the article's numbers; what it leaves open (dropout, warm-up, lengths) is marked |
| gentle | an 8B model that must keep its other skills | r=16, 2e-5, 1 epoch: from seven fine-tunes of it |
| small | a language model of some 135M parameters on two cores | a first one, not tuned yet |
| sprout | the embedded 5M-parameter model on two cores | measured; see the comment above it |
"""

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from autodidact.errors import UsageError

if TYPE_CHECKING:
    from autodidact.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Recipe:
    # The article's; so are epochs, learning rate, schedule, batch size and accumulation.
    rank: int = 32
    alpha: int = 64
    # Of the adapter's input; the article names none: QLoRA (arXiv 2305.14314, appendix B.2) uses 0.05 to 0.1.
    dropout: float = 0.05
    epochs: float = 3.0
    learning_rate: float = 2e-4
    schedule: str = "cosine"
    # Share of the updates; the article names none: QLoRA uses 0.03.
    warmup: float = 0.03
    # Rows a forward pass, and forward passes an update: 16 rows.
    batch_size: int = 4
    accumulation: int = 4
    weight_decay: float = 0.0
    # Gradients are scaled down to this norm.
    max_grad_norm: float = 1.0
    # Tokens of prompt and answer; longer rows are left out and counted, never cut.
    max_length: int = 4096
    # Fewer updates than the epochs give.
    max_steps: int | None = None
    # Of the whole run; what does not fit is left out, evenly by generator.
    max_tokens: int | None = None
    # Share of each generator's rows (never those that state a fact) that is not trained on, to take the loss
    # of.
    held_out: float = 0.05
    # Times in a run that their loss is taken, besides the one before the first update.
    evaluations: int = 4
    # Evaluations without a lower loss that end the run, with the adapter of the lowest; 0: the run is never
    # cut short.
    patience: int = 0
    # Times an epoch that a row which states a fact of the knowledge probe is met.
    facts: int = 1
    # Times an epoch that a row made of a dev item of the suite is met: benchmark_targeted's, and anchors.
    dev: int = 1
    # Part of the adapter's change to the base that is kept when it is written; the article keeps all of it.
    scale: float = 1.0
    # The article's 4 bits, with double quantisation; `auto`: none where memory allows.
    quantization: str = "nf4"

    def data(self) -> dict[str, Any]:
        """The recipe as plain JSON."""
        return asdict(self)


RECIPES: dict[str, Recipe] = {
    "seed": Recipe(),
    "gentle": Recipe(rank=16, alpha=32, epochs=1.0, learning_rate=2e-5),
    # Not measured as it stands. A trial of three epochs without repeats taught SmolLM2-135M 82% of the probe
    # and raised the held-out loss; so facts are met three times in one epoch here. The tokens bound the
    # training to half an hour at the 150 tokens/s of that trial.
    "small": Recipe(
        dropout=0.0,
        epochs=1.0,
        facts=3,
        learning_rate=5e-4,
        max_length=1024,
        max_tokens=250_000,
        held_out=0.03,
        evaluations=2,
        quantization="none",
    ),
    # docs/learning.md. Facts, whose answers are the bare value, are met six times, dev items up to four
    # times, in updates of 8 rows; two thirds of
    # what that changes is kept: the whole of it knows more facts and reads worse. 2e-4 is too low for so
    # small a model.
    "sprout": Recipe(
        dropout=0.0,
        epochs=1.0,
        facts=6,
        dev=4,
        learning_rate=2e-3,
        batch_size=8,
        accumulation=1,
        max_length=320,
        max_tokens=200_000,
        held_out=0.03,
        evaluations=2,
        scale=0.65,
    ),
}


def effective(settings: "Settings") -> Recipe:
    """The recipe that `settings.training` asks for, with every value it gives itself. Raises UsageError for
    an unknown recipe.
    """
    chosen = settings.training
    if chosen.recipe not in RECIPES:
        raise UsageError(f"Unknown recipe {chosen.recipe!r}", f"Available: {', '.join(RECIPES)}.")
    given = {field.name: getattr(chosen, field.name, None) for field in fields(Recipe)}
    return replace(
        RECIPES[chosen.recipe], **{name: value for name, value in given.items() if value is not None}
    )
