"""How allauth asks us: who may sign up, how mails go, what a sign-in sets off, how secrets are kept."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from marketplace.core.clients import client_address
from marketplace.core.errors import NotFound
from marketplace.core.seals import opened, sealed
from marketplace.core.sign_ins import signed_in
from marketplace.domain.audit import Action
from marketplace.services.audit import audit
from marketplace.services.mails import letter_promise
from marketplace.services.viewers import bind, viewer_of_user

if TYPE_CHECKING:
    from allauth.account.models import EmailConfirmation
    from django.http import HttpRequest, HttpResponse

    from marketplace.models import User

SECRETS = "second-factor"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sign-up follows SIGNUP_OPEN; letters are promised, not sent while somebody waits."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  (allauth's signature)
        """Whether strangers may make accounts here."""
        return bool(settings.SIGNUP_OPEN)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: FBT001, FBT002  (allauth's signature)
        """Write down who has come."""
        with transaction.atomic():
            saved: User = super().save_user(request, user, form, commit)
            if commit:
                audit(
                    Action.USER_CREATE, by=viewer_of_user(saved), kind="user", subject=saved.public_id, name=str(saved)
                )
        return saved

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Run what the apps do at a sign-in, in the name of who has come; forget the cookies that are done with."""
        request.viewer = viewer = bind(viewer_of_user(user))  # type: ignore[attr-defined]  # as the middleware does
        audit(Action.USER_SIGN_IN, by=viewer, kind="user", subject=user.public_id, name=str(user))
        gone = signed_in(request.COOKIES, viewer)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        for name in gone:
            response.delete_cookie(name)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Promise a letter of allauth's, in our words (templates/account/email/)."""
        said = context | {"email": email, "site_name": settings.SITE_NAME, "site_url": settings.BASE_URL}
        subject = render_to_string(f"{template_prefix}_subject.txt", said)
        body = render_to_string(f"{template_prefix}_message.txt", said).strip() + "\n"
        letter_promise(to=email, subject=subject, body=body)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: EmailConfirmation) -> str:  # noqa: ARG002  (allauth's signature)
        """Below the site's own address, whatever host the request named."""
        return settings.BASE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Likewise."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", key)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether to ask once more who it is: not within some minutes of the sign-in itself."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        records = get_authentication_records(context.request, context.request.user)
        return not records or time.time() - records[-1]["at"] > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def get_client_ip(self, request: HttpRequest) -> str:
        """The client's address, behind as many proxies as the operator trusts."""
        return client_address(request.META)


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # likewise
    """Sign-in with other sites, as far as their keys are set."""

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """The keys of `provider`; raises NotFound MP9001 when there are none."""
        try:
            return super().get_app(request, provider, client_id)
        except ObjectDoesNotExist as missing:
            raise NotFound("MP9001") from missing


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # likewise
    """Secrets of authenticator apps and recovery codes are sealed in the database."""

    def encrypt(self, text: str) -> str:
        """Seal."""
        return sealed(text, purpose=SECRETS)

    def decrypt(self, encrypted_text: str) -> str:
        """Open; raises SealBroken when SECRET_KEY has changed."""
        return opened(encrypted_text, purpose=SECRETS)

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)
