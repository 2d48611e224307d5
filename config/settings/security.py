"""Browser-side rules: strict CSP, cookies, transport."""

from __future__ import annotations

from typing import Any

from config.env import env

ALLOWED_HOSTS = env.allowed_hosts or sorted({env.host, "localhost", "127.0.0.1", *filter(None, [env.npm_host])})
CSRF_TRUSTED_ORIGINS = [env.base_url]
SESSION_COOKIE_SECURE = env.is_https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = env.is_https
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "marketplace.views.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = env.is_https
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if env.is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.is_https
SECURE_HSTS_PRELOAD = env.is_https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.trusted_proxies else None
TRUSTED_PROXIES = env.trusted_proxies
WEB_THREADS = env.web_threads
BODY_PIECE_SECONDS = env.body_piece_seconds
BODY_WHOLE_SECONDS = env.body_whole_seconds
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'", *(["https://github.com"] if env.github_client_id else [])],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    },
}
