"""Django's PostgreSQL backend that carries the scope of tenancy to the connection."""
