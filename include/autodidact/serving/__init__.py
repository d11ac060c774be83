"""`autodidact serve`: an OpenAI-compatible server over `champion.json`.

    connections (who may hold one) -> protocol (what a request may say) -> app (HTTP) -> loaded_versions
    (which are loaded, which is champion) -> decoder (tokens)

It follows the pointer: a new champion is loaded while the old one serves, takes over between two requests,
and the old one goes when the last request to it has ended. For a laptop, a small GPU and tests; big models
belong on vLLM (deploy.kind = "vllm").
"""
