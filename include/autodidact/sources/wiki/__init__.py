"""Encyclopedia articles: from a MediaWiki export or its API, and wikitext as plain sections."""
