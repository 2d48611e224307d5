"""Parts of patterns that several tables share."""

from __future__ import annotations

TRUSTED = (
    r"(?:[\w-]+\.)*(?:rustup\.rs|astral\.sh|get\.docker\.com|docker\.com|deno\.land|bun\.sh|bun\.com|nodesource\.com|brew\.sh|"
    r"python-poetry\.org|pnpm\.io|ollama\.com|ollama\.ai|helm\.sh|k3s\.io|fly\.io|paradigm\.xyz|tailscale\.com|starship\.rs|"
    r"cloud\.google\.com|sdkman\.io|amazonaws\.com|aws\.amazon\.com|claude\.ai|anthropic\.com|openai\.com|semgrep\.dev|cursor\.com|"
    r"volta\.sh|supabase\.com|vercel\.com|cloudflare\.com|hashicorp\.com|microsoft\.com|azure\.com|aka\.ms|dot\.net|github\.com/cli|"
    r"cli\.github\.com|pulumi\.com|nixos\.org|determinate\.systems|haskell\.org|elan-init|leanprover|solana\.com|anza\.xyz|"
    r"starknet\.io|aptos\.dev|sui\.io|foundry\.zone|bootstrap\.pypa\.io|install\.python|pypi\.org|npmjs\.(?:com|org)|"
    r"opencode\.ai|mise\.run|mise\.jdx\.dev|tea\.xyz|pkgx\.sh|steampipe\.io|grafana\.com|datadoghq\.com|newrelic\.com|stripe\.com|"
    r"heroku\.com|digitalocean\.com|linode\.com|trunk\.io|atuin\.sh|zed\.dev|warp\.dev|codecov\.io|snyk\.io|trufflesecurity|"
    r"aquasecurity|anchore|sigstore|bazel\.build|gradle\.org|apache\.org|postgresql\.org|mongodb\.com|redis\.io|elastic\.co|"
    r"kubernetes\.io|k8s\.io|istio\.io|linkerd\.io|argoproj|fluxcd\.io|dagger\.io|earthly\.dev|just\.systems|direnv\.net)"
)
"""Places whose installers are run everywhere."""
SHADY = (
    r"(?:(?:\d{1,3}\.){3}\d{1,3}|webhook\.site|requestbin\.\w+|[\w-]+\.requestcatcher\.com|[\w-]+\.pipedream\.net|pastebin\.com|paste\.\w+|"
    r"rentry\.co|glot\.io|hastebin\.com|ghostbin\.\w+|0x0\.st|transfer\.sh|file\.io|anonfiles\.com|gofile\.io|catbox\.moe|"
    r"[\w.-]+\.ngrok(?:-free)?\.(?:io|app|dev)|[\w.-]+\.trycloudflare\.com|[\w.-]+\.loca\.lt|[\w.-]+\.serveo\.net|"
    r"[\w.-]+\.(?:oast\.\w+|interact\.sh|burpcollaborator\.net|dnslog\.cn|ceye\.io)|[\w.-]+\.onion|"
    r"[\w-]+\.(?:onrender\.com|glitch\.me|repl\.co|replit\.app|pythonanywhere\.com|000webhostapp\.com|infinityfreeapp\.com|"
    r"duckdns\.org|no-ip\.\w+|ddns\.net|hopto\.org|beeceptor\.com|mockbin\.\w+|herokuapp\.com|workers\.dev|deno\.dev|surge\.sh)|"
    r"bit\.ly|tinyurl\.com|is\.gd|cutt\.ly|t\.ly|rb\.gy|[\w.-]+\.(?:tk|ml|ga|cf|gq))(?![\w-])"
)
"""Hosts that anybody gets in a minute, without a name."""
CHEAP = r"[\w.-]+\.(?:top|xyz|ru|su|pw|icu|click|zip|mov|cfd|sbs|rest)(?![\w-])"
"""Names under endings that are sold for next to nothing: means something only beside a grave thing."""
EVIL_NAME = (
    r"[\w.-]*\b(?:attacker|evil|malicious|hacker|exfil|c2-?server|stealer|collector|darkweb|badactor)[\w-]*\.[\w.-]+"
)
NEGATED = (
    r"\b(?:never|don'?t|do not|avoid|must not|should not|shouldn'?t|refuse|reject|block(?:s|ed|ing)?|den(?:y|ies)|forbid|prevent|"
    r"dangerous|malicious|attack(?:er)?s?|vulnerab\w{0,8}|detect(?:s|ed|ion|ing)?|flag(?:s|ged)?|suspicious|exploit\w{0,4}|unsafe|"
    r"insecure|bad (?:example|practice)|anti-?pattern|red flags?|injection|(?<![./_])payloads?|ioc|cve|warn(?:ing|s)?|scan(?:ner|s)? for|"
    r"look for|check(?:s|ing)? (?:for|if|whether)|grep|rg |regex|pattern|e\.g\.|for example|such as|❌|✗|wrong|jailbreak|adversarial|"
    r"deny|disallow|guard|sanitiz\w{1,4}|threat|test(?:s|ing)? (?:for|that|case))"
)
TRIGGER = (
    r"\b(?:(?:after|before|upon|on) (?:any|every|each|all|complet\w{1,4}|finish\w{0,3}|edit\w{0,3}|submit\w{0,4}|processing|"
    r"updat\w{1,4}|creat\w{1,4}|adding|making|document|review\w{0,3}|gather\w{0,3}|the (?:task|session|edit|user))|always|every time|whenever|"
    r"make sure (?:to|that|the)|at the end of (?:each|every|the)|for (?:every|each) (?:task|request|file|session|message|interaction)|"
    r"when(?:ever)? (?:working|editing|updating|creating|processing|performing|submitting|finished|done)|first(?:ly)?, before)\b"
)
CREDENTIALS = (
    r"(?:~|\$HOME|\$\{HOME\}|/home/[\w$*]+|/root|/Users/[\w$*]+|%USERPROFILE%|expanduser|homedir|Path\.home|os\.path\.join)[^\n]{0,60}"
    r"\.(?:ssh|aws|gnupg|netrc|npmrc|pypirc|kube|docker|git-credentials|azure|config/(?:gcloud|gh)|password-store|"
    r"bash_history|zsh_history|bitcoin|ethereum|electrum|solana|mozilla)\b|\.claude/\.credentials|\.codex/auth\.json|"
    r"\.cursor/mcp\.json|claude_desktop_config\.json|"
    r"\bid_(?:rsa|ed25519|ecdsa|dsa)\b|\.aws/credentials|\.ssh/|\.git-credentials|/etc/shadow|"
    r"security find-(?:generic|internet)-password|login\.keychain|Library/Keychains|dump-keychain|secret-tool lookup|"
    r"(?:Login Data|Web Data|Cookies|Local State)[\"']|Google/Chrome/User Data|\.config/google-chrome|cookies\.sqlite|logins\.json|key4\.db|"
    r"\bwallet\.dat\b|nkbihfbeogaeaoehlefnkodbefgpgknn|Exodus[/\\]|Electrum[/\\]|keystore/UTC|seed[ _-]?phrase|"
    r"tdata[/\\]|discord[/\\]Local Storage|\bauth-profiles\.json|CryptUnprotectData|browser_cookie3|keyring\.get_password"
)
HOME = r"(?:~|\$HOME|\$\{HOME\}|/home/[\w$*]+|/root|/Users/[\w$*]+|%USERPROFILE%|expanduser|homedir|Path\.home|os\.path\.join)"
AGENTS = r"\.(?:clawdbot|openclaw|moltbot|claude|codex|gemini|cursor)\b"
"""Folders of agents: a package's own settings stand there, beside those of all others."""
