"""`autodidact serve`: an OpenAI-compatible server over `champion.json`.

    connections (who may hold one) -> protocol (what a request may say) -> app (HTTP) -> held (which versions
    are loaded, who is champion) -> engine (tokens)

It follows the pointer: a new champion is loaded beside the old one, takes over between two requests, and the
old one goes when the last request to it has ended. For a laptop, a small GPU and tests; big models belong on
vLLM (deploy.kind = "vllm").
"""
