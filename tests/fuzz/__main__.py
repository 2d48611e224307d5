"""`python -m tests.fuzz TARGET CORPUS [libFuzzer's options]`: what `script/fuzz` starts for each target."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

atheris: Any = import_module("atheris")
with atheris.instrument_imports(include=["registry"]):
    from tests.fuzz.seeds import PIECES, SEEDS
    from tests.fuzz.targets import TARGETS


def main(name: str, corpus: Path) -> None:
    """Never returns: the fuzzer ends the process."""
    for at, seed in enumerate(SEEDS[name]):
        (corpus / f"seed-{at}").write_bytes(seed)
    words = corpus.with_suffix(".words")
    words.write_text("".join(f'"{_escaped(piece)}"\n' for piece in PIECES if len(piece) <= 64), encoding="ascii")
    atheris.Setup([sys.argv[0], *sys.argv[2:], f"-dict={words}"], TARGETS[name])
    atheris.Fuzz()


def _escaped(piece: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in piece)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
