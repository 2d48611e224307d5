"""What stands behind the scripts: environment, embedded services, supervision.

Standard library only until .venv is made.
"""
