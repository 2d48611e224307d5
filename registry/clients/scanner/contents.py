"""What files are by their content, said by a model (Magika), which is asked only where first bytes leave a doubt.

Nothing here is loaded before a package has such a file, and never outside of the scanner's process.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from registry.domain.scanning.doubts import Told, in_doubt, judged, too_many
from registry.domain.scanning.model import Hit
from registry.domain.scanning.nested import nested_contents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from magika import Magika

    from registry.domain.content import Content

ASKED_MOST = 40
"""Files of one package that the model is asked about: each costs some 9 ms of one core."""


def unlike_their_names(content: Content) -> Iterator[Hit]:
    """A hit for each file, in archives too, that is something else than its name says; raises when nobody can tell."""
    doubts = [("", content, path) for path in in_doubt(content)]
    for outer, inside in nested_contents(content):
        if not isinstance(inside, Hit):
            doubts += [(f"{outer}!/", inside, path) for path in in_doubt(inside)]
    for before, where, path in doubts[:ASKED_MOST]:
        hit = judged(f"{before}{path}", _told(where[path].data))
        if hit is not None:
            yield hit
    if len(doubts) > ASKED_MOST:
        yield too_many(len(doubts), ASKED_MOST)


def _told(data: bytes) -> Told:
    result = model().identify_bytes(data)
    if not result.ok:
        raise ValueError(f"the model gives no answer: {result.status}")
    return Told(str(result.output.label), result.score)


@cache
def model() -> Magika:
    """The model, on one thread; a tenth of a second the first time, in each scan that needs it."""
    import onnxruntime  # noqa: PLC0415  (130 MB of code that nine scans of ten do not need)
    from magika import Magika  # noqa: PLC0415  (likewise)

    class OneThread(Magika):
        def _init_onnx_session(self) -> onnxruntime.InferenceSession:
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            onnxruntime.disable_telemetry_events()
            return onnxruntime.InferenceSession(self._model_path, options, providers=["CPUExecutionProvider"])

    return OneThread()
