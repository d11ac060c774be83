"""Python code as facts, by ast alone: definitions, calls, imports, relations."""
