"""The desk for other programs: an HTTP API and an MCP server with the verbs of the page."""
