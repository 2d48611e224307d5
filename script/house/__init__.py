"""What stands behind the scripts: environment, embedded services, supervision; standard library only until .venv is made."""
