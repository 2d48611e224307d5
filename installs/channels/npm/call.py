"""What a handler of the npm protocol is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from installs.channels.npm.answers import AuthenticationNeeded
from installs.domain.npm_names import full_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from marketplace.domain.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Call:
    """A request, who makes it, and the parts of its address by name."""

    request: HttpRequest
    viewer: Viewer
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def publisher(self) -> str:
        """The scope in the address, without `@`."""
        return self.parts["publisher"]

    @property
    def name(self) -> str:
        """The package's name in the address, without scope."""
        return self.parts["name"]

    @property
    def full_name(self) -> str:
        """`@publisher/name`."""
        return full_name(self.publisher, self.name)

    @property
    def writer(self) -> Viewer:
        """The viewer, who is somebody; raises AuthenticationNeeded MP9002 for the anonymous one."""
        if self.viewer.is_anonymous:
            raise AuthenticationNeeded("MP9002")
        return self.viewer

    @property
    def user_id(self) -> int:
        """The primary key of the person who asks; raises AuthenticationNeeded MP9002."""
        user_id = self.writer.user_id
        if user_id is None:
            raise AuthenticationNeeded("MP9002")
        return user_id
