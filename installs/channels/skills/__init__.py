"""Skills discovery: indexes below `.well-known/`, and the search of the skills CLI."""
