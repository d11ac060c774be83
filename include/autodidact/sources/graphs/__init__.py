"""Knowledge graphs: triples from files in the usual formats, or from a database table."""
