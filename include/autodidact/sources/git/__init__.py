"""Git repositories, read from their objects by the git program: commits, trees, files, diffs."""
