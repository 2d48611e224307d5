"""Git over smart HTTP: Claude Code, Codex, Gemini CLI and the skills CLI read marketplaces and packages through it."""
