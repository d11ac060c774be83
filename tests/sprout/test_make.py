"""Making a very small model: it resumes exactly, it loads, and the fast forward is the model's own."""

from autodidact.models.find_base_model import SPROUT
from autodidact_sprout.lessons.tools import call
from autodidact_sprout.make import Shape, make_sprout
from autodidact_sprout.texts_on_this_machine import Corpus
from tests.sprout.sprout_words import DOCS, WORDS

TINY = Shape(
    hidden=32,
    layers=2,
    heads=2,
    kv_heads=1,
    head_dim=16,
    intermediate=48,
    vocabulary=600,
    batch_tokens=256,
    length=128,
    warmup=2,
)
CORPUS = Corpus(DOCS * 3, ["x = 1\n" * 40], WORDS * 2)


def weights(folder):
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


def test_a_stopped_run_resumes_to_the_same_weights(tmp_path):
    quiet = {
        "tokens": 256 * 8,
        "seed": 3,
        "threads": 1,
        "shape": TINY,
        "corpus": CORPUS,
        "say": lambda _: None,
        "exam": 0,
    }
    whole = make_sprout(tmp_path / "whole", **quiet)
    assert make_sprout(tmp_path / "parts", stop_after=3, **quiet)["steps"] == 3
    assert not (tmp_path / "parts/model.safetensors").exists()
    # As after a kill in the middle of a save: a file that nothing names, and a torn one.
    (tmp_path / "parts/checkpoint/state-4.safetensors").write_bytes(b"torn")
    resumed = make_sprout(
        tmp_path / "parts", **quiet | {"corpus": None, "seed": 99, "shape": Shape()}
    )  # all taken from the checkpoint
    assert whole["steps"] == resumed["steps"] == 8 and whole["tokens"] == resumed["tokens"] == 256 * 8
    a, b = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert a.keys() == b.keys() and all(a[k].equal(b[k]) for k in a)
    assert make_sprout(tmp_path / "whole", **quiet)["steps"] == 8  # a finished run has nothing to do


def test_the_fast_forward_is_the_models_own():
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    from autodidact_sprout.forward import hidden_states

    torch.manual_seed(0)
    model = Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=90,
            hidden_size=32,
            intermediate_size=48,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=16,
            tie_word_embeddings=True,
        )
    )
    ids = torch.randint(0, 90, (2, 33))
    torch.testing.assert_close(
        hidden_states(model, ids), model.model(input_ids=ids).last_hidden_state, atol=1e-5, rtol=1e-5
    )


def test_muon_makes_nearly_orthogonal_updates():
    import torch

    from autodidact_sprout.muon import orthogonal

    torch.manual_seed(0)
    for shape in ((2, 24, 64), (1, 64, 24), (3, 16, 16)):
        values = torch.linalg.svdvals(orthogonal(torch.randn(*shape)))
        assert values.max() < 1.3
        assert (
            shape[1] == shape[2] or values.min() > 0.5
        )  # a square random matrix has values near 0, which five steps do not lift fully


def test_the_shipped_model_loads_and_is_small(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from transformers import AutoModelForCausalLM, AutoTokenizer

    assert (SPROUT / "model.safetensors").stat().st_size <= 16.5e6
    tokenizer, model = AutoTokenizer.from_pretrained(SPROUT), AutoModelForCausalLM.from_pretrained(SPROUT)
    assert model.config.model_type == "qwen3" and model.config.max_position_embeddings >= 4096
    assert model.num_parameters() <= 8e6
    assert (
        model.generation_config.eos_token_id
        == tokenizer.convert_tokens_to_ids("<|im_end|>")
        == tokenizer.eos_token_id
    )
    assert model.generation_config.pad_token_id == tokenizer.convert_tokens_to_ids("<|endoftext|>")
    parameters = {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city"],
    }
    tool = {
        "type": "function",
        "function": {"name": "get_weather", "description": "Get the weather.", "parameters": parameters},
    }
    prompt = tokenizer.apply_chat_template(
        [{"role": "user", "content": "Get the weather with city Paris and days 3."}],
        tools=[tool],
        add_generation_prompt=True,
        enable_thinking=False,
        return_tensors="pt",
        return_dict=True,
    )
    answer = model.generate(**prompt, max_new_tokens=40)[0, prompt["input_ids"].shape[1] :]
    assert (
        tokenizer.decode(answer, skip_special_tokens=False)
        == call("get_weather", {"city": "Paris", "days": 3}) + "<|im_end|>"
    )
    for text in ("a\n\n b\r\n", "naïve 漢字 🦜", '{"type": "function", "function": {"name": "x"}}'):
        assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_the_card_says_what_was_measured(tmp_path):
    from autodidact_sprout.model_card import write_card

    (tmp_path / "model.safetensors").write_bytes(b"x" * 1_500_000)
    made = {
        "parameters": 5_200_000,
        "words": 3,
        "documents": 2,
        "tokens": 1234567,
        "seconds": 90,
        "steps": 7,
        "seed": 5,
    }
    text = write_card(tmp_path, made, {"copy": 0.5, "sums": 0.034}, 40, machine="a test").read_text()
    assert text.startswith("---\nlicense: apache-2.0\n")
    for part in (
        "| copy | 0.50 |",
        "| sums | 0.03 |",
        "1,234,567",
        "| machine | a test |",
        "| seed | 5 |",
        "Exact answers to 40 questions",
    ):
        assert part in text


def test_made_up_words_cover_the_vocabulary_and_are_not_the_exams():
    from autodidact_sprout.batches import vocabulary_words
    from autodidact_sprout.texts_on_this_machine import is_held_out
    from autodidact_sprout.tokenizer import train_tokenizer

    tokenizer = train_tokenizer([" ".join(WORDS)] * 3, vocabulary=600)
    words = vocabulary_words(tokenizer, 0)
    assert words == vocabulary_words(tokenizer, 0) and not any(is_held_out(w) for w in words)
    reached = {i for w in words for x in (w, " " + w) for i in tokenizer(x)["input_ids"]}
    plain = [i for t, i in tokenizer.get_vocab().items() if t.isascii() and t.isalpha() and t.islower()]
    assert len(reached & set(plain)) > 0.9 * len(plain)
