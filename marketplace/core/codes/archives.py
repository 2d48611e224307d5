"""Codes of archives, names and version numbers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.core.codes.code import Code, Severity

ERROR = Severity.ERROR
REPACK = _("Pack the files again with an ordinary zip or tar program.")

TABLE: tuple[Code, ...] = (
    Code(
        "MP1100",
        ERROR,
        _("This is neither a zip nor a tar archive."),
        _("Send a .zip, a .tgz or the files themselves."),
    ),
    Code(
        "MP1101",
        ERROR,
        _("The archive is larger than %(limit)s bytes."),
        _("Leave out what the package does not need."),
    ),
    Code(
        "MP1102", ERROR, _("Unpacked, the files are larger than %(limit)s bytes."), _("Leave out what is not needed.")
    ),
    Code("MP1103", ERROR, _("There are more than %(limit)s files."), _("Leave out what the package does not need.")),
    Code("MP1104", ERROR, _("%(path)s is larger than %(limit)s bytes."), _("Leave it out, or fetch it at run time.")),
    Code("MP1105", ERROR, _("%(path)s unpacks to more than %(limit)s times its size."), REPACK),
    Code("MP1106", ERROR, _("There are no files in it."), _("Send at least one file.")),
    Code("MP1107", ERROR, _("The archive is damaged or cut off."), REPACK),
    Code("MP1108", ERROR, _("There are bytes before or behind the archive."), REPACK),
    Code("MP1110", ERROR, _("The path %(path)s leads out of the package."), _("Use plain relative paths.")),
    Code("MP1111", ERROR, _("The path %(path)s has a backslash."), _("Use forward slashes between folders.")),
    Code("MP1112", ERROR, _("The path %(path)s has invisible characters."), _("Rename the file.")),
    Code("MP1113", ERROR, _("The path %(path)s… is too long or too deep."), _("Shorten it.")),
    Code("MP1114", ERROR, _("The name %(path)s cannot be written on every system."), _("Rename the file.")),
    Code("MP1115", ERROR, _("%(path)s stands in it twice."), REPACK),
    Code("MP1116", ERROR, _("%(path)s and another path are the same on some systems."), _("Rename one of them.")),
    Code("MP1120", ERROR, _("%(path)s is a link or a device."), _("Put the file itself there.")),
    Code("MP1121", ERROR, _("%(path)s is stored in an unusual way."), REPACK),
    Code("MP1122", ERROR, _("Entries of the archive overlap (%(path)s)."), REPACK),
    Code("MP1123", ERROR, _("The archive says two different things about %(path)s."), REPACK),
    Code("MP1124", ERROR, _("%(path)s is encrypted."), _("Pack it without a password.")),
    Code("MP1125", ERROR, _("%(path)s is packed in a way that is not read here."), _("Use the deflate method.")),
    Code(
        "MP1501",
        ERROR,
        _("“%(name)s” cannot be the name of a publisher or an organization."),
        _("Use 1 to 39 small letters, digits and single hyphens between them."),
    ),
    Code("MP1502", ERROR, _("The name “%(name)s” is reserved."), _("Choose another name.")),
    Code("MP1503", ERROR, _("“%(name)s” is not a package's full name."), _("Write @publisher/package.")),
    Code(
        "MP1504",
        ERROR,
        _("“%(name)s” cannot be a package's name."),
        _("Use 1 to 64 small letters, digits, dots, hyphens and underscores, beginning with a letter or digit."),
    ),
    Code(
        "MP1601",
        ERROR,
        _("“%(version)s” is not a semantic version."),
        _("Use three numbers, such as 1.4.0, and a prerelease behind a hyphen when there is one."),
    ),
)
