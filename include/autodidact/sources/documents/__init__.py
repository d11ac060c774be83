"""Documents: prose, diagrams, docker-compose, Kubernetes manifests, OpenAPI."""
