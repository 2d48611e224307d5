"""Bytes in Google Cloud Storage, through django-storages; addresses are V4 signed URLs."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.files import File
from google.api_core.exceptions import GoogleAPIError, PreconditionFailed
from google.auth.credentials import AnonymousCredentials
from google.oauth2 import service_account
from storages.backends.gcloud import GoogleCloudStorage

from registry.clients.artifacts.store import key_of

CHECK_KEY = "probe"


class GcsStore:
    """An ArtifactStore in one bucket; `STORAGE_EMULATOR_HOST` points it at an emulator."""

    def __init__(self, bucket: str, signing_key_file: str = "", *, anonymous: bool = False) -> None:
        """`signing_key_file` is a service account's JSON; without one the machine's own identity signs (signBlob)."""
        self.bucket_name = bucket
        self.signing_key_file = signing_key_file
        self.anonymous = anonymous

    @cached_property
    def storage(self) -> GoogleCloudStorage:
        """The django-storages backend; objects are private and never overwritten."""
        options: dict[str, Any] = {"bucket_name": self.bucket_name, "file_overwrite": True, "default_acl": None}
        if self.anonymous:
            anonymous = AnonymousCredentials()  # type: ignore[no-untyped-call]  # google-auth types parts of itself
            options |= {"credentials": anonymous, "project_id": "local"}
        return GoogleCloudStorage(**options)

    @cached_property
    def signer(self) -> Any:
        """The credentials that sign addresses; None when there are none on this machine."""
        if self.signing_key_file:
            info = json.loads(Path(self.signing_key_file).read_text(encoding="utf-8"))
            make = service_account.Credentials.from_service_account_info
            return make(info)  # type: ignore[no-untyped-call]  # google-auth types parts of itself
        credentials = self.storage.client._credentials  # noqa: SLF001  (the client offers no other way)
        return credentials if hasattr(credentials, "sign_bytes") else None

    def _blob(self, sha256: str) -> Any:
        return self.storage.bucket.blob(key_of(sha256))

    def put(self, sha256: str, source: Path, media_type: str) -> None:
        """Upload unless an object of that digest is there (its bytes are the same then)."""
        blob = self._blob(sha256)
        blob.cache_control = "private, max-age=0"
        try:
            blob.upload_from_filename(str(source), content_type=media_type, if_generation_match=0, timeout=60)
        except PreconditionFailed:
            return

    def open(self, sha256: str) -> BinaryIO:
        """A stream over the object; raises FileNotFoundError."""
        if not self.exists(sha256):
            raise FileNotFoundError(sha256)
        return cast("BinaryIO", File(self._blob(sha256).open("rb", chunk_size=1 << 20)).file)

    def exists(self, sha256: str) -> bool:
        """Whether the object is there."""
        return bool(self._blob(sha256).exists(timeout=10))

    def delete(self, sha256: str) -> None:
        """Delete the object when it is there."""
        self.storage.delete(key_of(sha256))

    def address(self, sha256: str, *, file_name: str, media_type: str, seconds: int) -> str | None:
        """A V4 signed URL that downloads under `file_name`."""
        if self.signer is None:
            return None
        url: str = self._blob(sha256).generate_signed_url(
            version="v4",
            expiration=timedelta(seconds=seconds),
            method="GET",
            credentials=self.signer,
            response_disposition=f'attachment; filename="{file_name}"',
            response_type=media_type,
        )
        return url

    def check(self) -> None:
        """Write one small object; raises OSError with the store's reason."""
        try:
            self.storage.bucket.blob(CHECK_KEY).upload_from_string(b"ok", timeout=10)
        except GoogleAPIError as error:
            raise OSError(str(error)) from error
