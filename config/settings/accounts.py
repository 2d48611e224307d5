"""Who may sign in, and how."""

from __future__ import annotations

from typing import Any

from config.env import env

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "library"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "marketplace.views.adapter.AccountAdapter"
MFA_ADAPTER = "marketplace.views.adapter.MFAAdapter"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if env.is_https else "http"
SIGNUP_OPEN = env.signup_open
SETUP_EMAIL = env.setup_email
SETUP_PASSWORD = env.setup_password
ACCOUNT_FORMS = {
    "login": "marketplace.views.sign_in_forms.LoginForm",
    "signup": "marketplace.views.sign_in_forms.SignupForm",
    "reset_password": "marketplace.views.sign_in_forms.ResetPasswordForm",
}

MFA_FORMS = {"add_webauthn": "marketplace.views.sign_in_forms.AddPasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = env.site_name
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not env.is_https
USERSESSIONS_TRACK_ACTIVITY = False

SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if env.github_client_id and env.github_client_secret:
    SOCIALACCOUNT_PROVIDERS["github"] = {
        "APPS": [{"client_id": env.github_client_id, "secret": env.github_client_secret, "key": ""}],
        "SCOPE": ["user:email"],
    }
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_ADAPTER = "marketplace.views.adapter.SocialAdapter"
