"""Stripe on loopback: a program of its own that the real SDK speaks to, for laptops and tests.

It imports nothing of the product. No money moves: cards are the published test numbers, state is one SQLite file, and a
ledger that sums to zero stands behind every amount.
"""
