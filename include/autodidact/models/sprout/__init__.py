"""The embedded base model: a tiny Qwen3 that copies, extracts, chooses and calls tools. `autodidact_sprout`
makes it.
"""
