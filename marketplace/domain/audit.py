"""The grammar of audit: `app:subject:act`."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """Every act that is written down."""

    USER_CREATE = "marketplace:user:create"
    USER_UPDATE = "marketplace:user:update"
    USER_SIGN_IN = "marketplace:user:sign_in"
    ORGANIZATION_CREATE = "marketplace:organization:create"
    MEMBER_ADD = "marketplace:member:add"
    MEMBER_REMOVE = "marketplace:member:remove"
    MEMBER_ROLE = "marketplace:member:role"
    TOKEN_CREATE = "marketplace:token:create"  # noqa: S105  (the name of an act)
    TOKEN_REVOKE = "marketplace:token:revoke"  # noqa: S105  (the name of an act)
    NAME_CLAIM = "marketplace:name:claim"
    NAME_RELEASE = "marketplace:name:release"
    PUBLISHER_CREATE = "registry:publisher:create"
    PACKAGE_CREATE = "registry:package:create"
    PACKAGE_UPDATE = "registry:package:update"
    PACKAGE_VISIBILITY = "registry:package:visibility"
    MAINTAINER_ADD = "registry:maintainer:add"
    MAINTAINER_REMOVE = "registry:maintainer:remove"
    VERSION_RECEIVE = "registry:version:receive"
    VERSION_PUBLISH = "registry:version:publish"
    VERSION_HOLD = "registry:version:hold"
    VERSION_REJECT = "registry:version:reject"
    VERSION_YANK = "registry:version:yank"
    VERSION_RESTORE = "registry:version:restore"
    VERSION_UNPUBLISH = "registry:version:unpublish"
    VERSION_DEPRECATE = "registry:version:deprecate"
    VERSION_QUARANTINE = "registry:version:quarantine"
    VERSION_REMOVE = "registry:version:remove"
    TAG_SET = "registry:tag:set"
    TAG_REMOVE = "registry:tag:remove"
    IMPORT_START = "registry:import:start"
    ADDRESS_CREATE = "installs:address:create"
    ADDRESS_CLAIM = "installs:address:claim"
    ADDRESS_ROTATE = "installs:address:rotate"
    INSTALL_ADD = "installs:install:add"
    INSTALL_PIN = "installs:install:pin"
    INSTALL_REMOVE = "installs:install:remove"
