"""Readers of the living system: git repositories, transcripts of conversations, MCP servers, documents,
tables, MediaWiki.
"""
