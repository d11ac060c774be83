"""Models: the base and its chat template, embeddings, heavy work in child processes, OpenAI-compatible
servers."""
