"""Folders for the Hugging Face hub: the examples that a cycle kept as a dataset, a version as an adapter."""
