"""MCP servers: which tools they offer."""
