"""`python script/house PROGRAM ARGS` runs `house.PROGRAM.main(ARGS)` in the project's virtual environment."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    console = importlib.import_module("house.console")
    program = importlib.import_module(f"house.{sys.argv[1]}")
    sys.exit(console.guarded_main(program.main, sys.argv[2:]))
