"""The model provider that inspect_ai asks for answers: they come out of batches (answer_batches.py)."""

from typing import Any

from autodidact.benchmark.answer_batches import Batches


def inspect_model(name: str, batches: Batches) -> Any:
    """An inspect_ai Model whose answers come from `batches`. A request names its prompt in
    `config.extra_body["prompt"]`.

    What the model is given is the prompt of that id, not inspect's copy of it, which keeps only a part of a
    tool's JSON Schema.
    """
    from inspect_ai.model import GenerateConfig, Model, ModelAPI, ModelOutput, ModelUsage, modelapi

    @modelapi(name="autodidact")
    class BatchingAPI(ModelAPI):
        async def generate(self, input, tools, tool_choice, config):
            answer = await batches.answer(config.extra_body["prompt"])
            output = ModelOutput.from_content(self.model_name, answer.text, error=answer.error)
            output.usage = ModelUsage(output_tokens=answer.tokens, total_tokens=answer.tokens)
            output.metadata = {"message": answer.message}
            return output

        def max_connections(self) -> int:
            # Requests wait for their batch; holding some back would only leave batches unasked for.
            return 10_000

    return Model(BatchingAPI(name), GenerateConfig())
