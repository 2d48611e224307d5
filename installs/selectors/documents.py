"""Stored documents, and the facts that they are rendered from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Prefetch

from installs.domain.npm import Facts, Release, Tarball
from installs.models import Document
from installs.selectors.npm_people import mail_host, maintainers_of
from marketplace.core.codes import sentence
from registry.domain.capabilities import Autonomy, reaches_of
from registry.domain.states import State
from registry.models import DistTag, Version, VersionArtifact
from registry.services.signing import integrity

if TYPE_CHECKING:
    from registry.models import Package

WIDE = tuple(
    f"version__{name}"
    for name in ("manifest", "npm_manifest", "readme_html", "capabilities", "context_parts", "state_reason")
)
"""What a version says of itself at length; nobody who fetches its bytes asks for it."""

TOLD = (State.PUBLISHED, State.QUARANTINED)


def document_find(full_name: str, form: str, base: str) -> Document | None:
    """A public package's stored document; None when there is none."""
    return Document.objects.filter(package__full_name=full_name, form=form, base=base).first()


def packument_facts(package: Package, keys: frozenset[int] | None) -> Facts:
    """Everything that the package's packument says, in three queries however many versions it has.

    Yanked versions are left out: nobody new gets them, and lockfiles name their tarballs. `keys` are the versions that
    the reader may have (None: all); others are told as restricted, and `latest` points below them.
    """
    versions = list(_versions(package))
    held = {version.pk for version in versions if keys is not None and version.pk not in keys}
    published = {
        version.pk: version.number
        for version in versions
        if version.state == State.PUBLISHED and version.pk not in held
    }
    top = next((version for version in versions if version.pk == package.latest_id), None)
    latest = top if top is None or top.pk in published else _below(versions, top, published)
    tags = {tag.name: published[tag.version_id] for tag in _tags(package) if tag.version_id in published}
    return Facts(
        publisher=package.publisher.name,
        name=package.name,
        summary=package.summary,
        revision=package.revision,
        created_at=package.created_at,
        modified_at=package.updated_at,
        tags=tags | ({"latest": latest.number} if latest is not None else {}),
        releases=tuple(_release(version, is_held=version.pk in held) for version in versions),
        mail_host=mail_host(),
        maintainers=tuple(person.name for person in maintainers_of(package)),
        readme=_readme(latest),
        restriction=_restriction(package, _reasons(versions, held)),
        listing=_listing(package, latest),
    )


def _below(versions: list[Version], top: Version, published: dict[int, str]) -> Version | None:
    lower = [v for v in versions if v.pk in published and v.sort_key <= top.sort_key]
    return max(lower, key=lambda version: (not version.is_prerelease, version.sort_key), default=None)


def _versions(package: Package) -> Any:
    tarballs = VersionArtifact.objects.filter(role=VersionArtifact.Role.NPM).select_related("artifact")
    signed = package.versions.filter(state__in=TOLD, published_at__isnull=False).order_by("sort_key", "pk")
    return signed.prefetch_related(Prefetch("artifacts", tarballs, to_attr="tarballs")).exclude(artifacts=None)


def _tags(package: Package) -> Any:
    return DistTag.objects.filter(package=package).order_by("name")


def _release(version: Any, *, is_held: bool) -> Release:
    stored = version.tarballs[0].artifact
    tarball = Tarball(
        integrity=integrity(stored.sha512),
        shasum=stored.sha1,
        file_count=version.file_count,
        unpacked_size=version.unpacked_size,
        signature=version.signature,
        keyid=version.signature_key,
    )
    return Release(
        number=version.number,
        published_at=version.published_at,
        tarball=tarball,
        manifest=_manifest(version),
        deprecated=version.deprecated,
        is_restricted=is_held or version.state == State.QUARANTINED,
    )


def _manifest(version: Version) -> dict[str, Any]:
    """What its package.json says, and what was found that it can do: `npm view` shows both."""
    return _said(version) | {
        "capabilities": reaches_of(version.strip),
        "autonomy": version.autonomy or Autonomy.ASKS_FIRST.word,
        "contextTokens": {"always": version.tokens_always, "onDemand": version.tokens_on_demand},
    }


def _said(version: Version) -> dict[str, Any]:
    if version.npm_manifest is not None:
        return {key: value for key, value in version.npm_manifest.items() if key != "readme"}
    facts = version.manifest
    told = {"description": "summary", "license": "license", "keywords": "keywords", "homepage": "homepage"}
    return {key: facts[source] for key, source in told.items() if facts.get(source)}


def _readme(latest: Version | None) -> str:
    """The README as the publisher sent it through npm; else the rendered one, since HTML is Markdown too."""
    if latest is None:
        return ""
    sent = (latest.npm_manifest or {}).get("readme")
    return sent if isinstance(sent, str) else latest.readme_html


def _listing(package: Package, latest: Version | None) -> dict[str, Any]:
    manifest = _said(latest) if latest else {}
    own = {"license": package.licence, "keywords": package.keywords, "homepage": package.homepage}
    return manifest | {key: value for key, value in own.items() if value}


def _reasons(versions: list[Version], held: set[int]) -> list[str]:
    """The codes of what keeps versions from this reader."""
    in_quarantine = any(version.state == State.QUARANTINED for version in versions)
    waits = any(version.pk in held and version.state != State.QUARANTINED for version in versions)
    return [code for code, applies in (("MP5020", in_quarantine), ("MP5008", waits)) if applies]


def _restriction(package: Package, codes: list[str]) -> str:
    says = " ".join(sentence(code, {"name": package.full_name}) for code in codes)
    return f"{settings.BASE_URL}/{package.full_name}/versions {says}"


def tarball_find(full_name: str, number: str) -> VersionArtifact | None:
    """The npm tarball of a version with its bytes' artifact and its package, in one query; None when there is none."""
    tarballs = VersionArtifact.objects.select_related("artifact", "version__package__publisher")
    wanted = tarballs.filter(version__package__full_name=full_name, version__number=number)
    found = wanted.filter(role=VersionArtifact.Role.NPM).defer(*WIDE)[:1]
    return next(iter(found), None)


def settled_keys(package: Package) -> frozenset[int]:
    """The versions that are served to readers who are not known."""
    return frozenset(package.versions.filter(is_settled=True).values_list("pk", flat=True))


def tags_told(package: Package) -> dict[str, str]:
    """The package's tags as npm sees them: those that point to a published version."""
    tags = _tags(package).filter(version__state=State.PUBLISHED).select_related("version")
    return {tag.name: tag.version.number for tag in tags}
