"""The MCP registry API: servers, their versions, what changed since a moment."""
