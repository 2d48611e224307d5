"""The shop window: pages that compose every app; has no models of its own."""
