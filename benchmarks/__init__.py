"""What takes too long for the tests: run by hand, from the root, as `python -m benchmarks.NAME`."""
