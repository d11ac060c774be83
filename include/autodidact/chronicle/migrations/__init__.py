"""The Chronicle's schema, step by step. Opening a Chronicle brings its database to the newest step."""
