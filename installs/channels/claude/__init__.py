"""Claude Code by archive: marketplaces as documents, packages as zips (ARCHITECTURE, "Addresses")."""
