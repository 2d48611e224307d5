"""Stored bytes at addresses that never change."""
