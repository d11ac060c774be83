"""Measuring a model: the suite (data), the scorers, the judge, the knowledge probe, the runner."""
