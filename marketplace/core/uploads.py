"""Uploads end where the limit is, while they stream: a body of any length never fills the disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

SPARE = 1024 * 1024


class CappedUploadHandler(FileUploadHandler):
    """Stands before the handler that writes, and raises RequestDataTooBig beyond UPLOAD_MAX_BYTES (413 in the API)."""

    received = 0

    def handle_raw_input(self, *arguments: Any) -> None:
        """Refuse a declared length (Django's third argument) beyond the limit before reading anything."""
        if arguments[2] > settings.UPLOAD_MAX_BYTES + SPARE:
            raise RequestDataTooBig(f"a body has {settings.UPLOAD_MAX_BYTES} bytes at most")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002  (Django's signature)
        """Count, and hand on."""
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_MAX_BYTES:
            self._forget_half_files()
            raise RequestDataTooBig(f"a file has {settings.UPLOAD_MAX_BYTES} bytes at most")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""

    def _forget_half_files(self) -> None:
        for handler in getattr(self.request, "upload_handlers", ()):
            half = getattr(handler, "file", None)
            if half is not None:
                half.close()
