"""Uploads end where the limit is, while they stream, into files that have no name: nothing is left of any of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from marketplace.core.temporary import temporary_file

SPARE = 1024 * 1024


class CappedUploadHandler(FileUploadHandler):
    """Writes to a file without a name, and raises RequestDataTooBig beyond UPLOAD_MAX_BYTES (413 in the API).

    Nothing is left of it after an error, or after kill -9.
    """

    received = 0

    def handle_raw_input(self, *arguments: Any) -> None:
        """Refuse a declared length (Django's third argument) beyond the limit before reading anything."""
        if arguments[2] > settings.UPLOAD_MAX_BYTES + SPARE:
            raise RequestDataTooBig(f"a body has {settings.UPLOAD_MAX_BYTES} bytes at most")

    def new_file(self, *arguments: Any, **more: Any) -> None:
        """Begin a file."""
        super().new_file(*arguments, **more)
        name, kind = self.file_name, self.content_type
        self.file = UploadedFile(temporary_file(), name, kind, 0, self.charset)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002  (Django's signature)
        """Count, and write."""
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_MAX_BYTES:
            self.file.close()
            raise RequestDataTooBig(f"a file has {settings.UPLOAD_MAX_BYTES} bytes at most")
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        """The file, at its beginning."""
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        """Let the half go."""
        self.file.close()
