"""The one way out: time-outs, no redirects, answers of bounded size, and no address that is not public.

The connection goes to the address that was checked, not to the name again, so that a second look-up cannot change it
(DNS rebinding).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from marketplace.core.addresses import AddressRefused, public_address

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
ANSWER_MOST = 1_048_576
PORTS = {"https": 443, "http": 80}


class CallFailed(Exception):
    """The call was refused, did not come through in time, or was answered with an error; the text says which.

    `status` is that of the answer, 0 without one.
    """

    def __init__(self, says: str, status: int = 0) -> None:
        """Fail, as `says`."""
        super().__init__(says)
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, at most ANSWER_MOST bytes of it."""

    status: int
    body: bytes

    def json(self) -> Any:
        """The body as JSON; raises CallFailed for anything else."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise CallFailed("the answer is not JSON") from error


def call(method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> Answer:
    """One request; raises CallFailed, also for a status of 300 and more."""
    address = httpx.URL(url)
    port = address.port or PORTS.get(address.scheme, 0)
    if not port or not address.host:
        raise CallFailed("only http and https addresses can be called")
    try:
        place = public_address(address.host, port)
    except AddressRefused as refused:
        raise CallFailed(str(refused)) from refused
    sent = {**(headers or {}), "Host": address.netloc.decode()}
    target = address.copy_with(host=place)
    extensions = {"sni_hostname": address.host}
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream(method, target, headers=sent, content=body, extensions=extensions) as response,
        ):
            answer = Answer(response.status_code, _bounded(response))
    except httpx.HTTPError as error:
        raise CallFailed(f"{address.host}: {type(error).__name__}") from error
    if answer.status >= httpx.codes.MULTIPLE_CHOICES:
        raise CallFailed(f"{address.host} answered {answer.status}", answer.status)
    return answer


def get_json(url: str, *, headers: Mapping[str, str] | None = None) -> Any:
    """GET a JSON document; raises CallFailed."""
    return call("GET", url, headers={"Accept": "application/json", **(headers or {})}).json()


def post_json(url: str, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None) -> Answer:
    """POST a JSON document; raises CallFailed."""
    sent = {"Content-Type": "application/json", **(headers or {})}
    return call("POST", url, headers=sent, body=json.dumps(body).encode())


def _bounded(response: httpx.Response) -> bytes:
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > ANSWER_MOST:
            raise CallFailed("the answer is too large")
    return bytes(data)
