"""What the registry accepts and where it keeps it."""

from __future__ import annotations

from config.env import env

GS_BUCKET = env.gs_bucket
GS_SIGNING_KEY_FILE = env.gs_signing_key_file
SIGNING_KEY_FILE = env.signing_key_file
SIGNING_KEYS_RETIRED = env.signing_keys_retired
ARTIFACT_DIR = env.data_dir / "artifacts"
GIT_CACHE_DIR = env.data_dir / "git"
UPLOAD_MAX_BYTES = (100 if env.test_tenant else 64) * 1024 * 1024
NPM_HOST = env.npm_host
NPM_BASES = [f"{env.base_url}/npm", *([f"https://{env.npm_host}"] if env.npm_host else [])]
if env.test_tenant and env.host == "127.0.0.1":
    NPM_BASES.append(env.base_url.replace("127.0.0.1", "localhost"))
PURGE_URLS = env.purge_urls
OUTBOUND_ALLOW = env.outbound_allow
GITHUB_FILES_URL = env.github_files_url
DNS_SERVERS = env.dns_servers
DNS_SECONDS = 5.0
GIT_SECONDS = 300
SCAN_ATTEMPTS = 3
SCAN_TIMEOUT_SECONDS = 120
SCAN_SECONDS = 60
SCAN_MEMORY_BYTES = 2 * 1024**3
SCAN_OFF = env.scan_off
SCAN_MONITOR = env.scan_monitor
SCAN_OPTIONAL = env.scan_optional
SCAN_BAD_HASHES = env.scan_bad_hashes
REVIEWER_API_KEY = env.reviewer_api_key
REVIEWER_MODEL = env.reviewer_model
REVIEWER_URL = env.reviewer_url
REVIEWER_REQUIRED = env.reviewer_required
REVIEWER_DAILY_TOKENS = env.reviewer_daily_tokens
REVIEWER_SECONDS = 30
USAGE_KEPT_DAYS = env.usage_kept_days
DOWNLOADS_KEPT_DAYS = env.downloads_kept_days
UNPUBLISH_HOURS = 72
COOLDOWN_HOURS = 0 if env.test_tenant else env.cooldown_hours
