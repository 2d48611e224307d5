"""Taking things and sending them away: sources, ways out, and the collectors."""

from __future__ import annotations

from registry.domain.scanning.model import rule
from registry.domain.scanning.rules.words import CREDENTIALS, EVIL_NAME, NEGATED, SHADY, TRIGGER

SENDS = (
    r"\bcurl\b[^\n]{0,300}(?:\s-d\b|\s-F\b|--data\S{0,12}\s|--form\s|\s-T\b|--upload-file|-X\s*(?:POST|PUT)|--request\s+(?:POST|PUT))|"
    r"\bwget\b[^\n]{0,200}--post-(?:data|file)|\b(?:requests|httpx|session|client|aiohttp|self\.session)\.(?:post|put)\(|"
    r"urllib\.request\.(?:urlopen|Request)\([^\n]{0,200}data\s*=|\bfetch\([^\n]{0,200}method[\"']?\s*:\s*[\"'](?:POST|PUT)|"
    r"\baxios\.(?:post|put)\(|\bscp\s[^\n]{0,120}\w+@[\w.-]+:|\brsync\s[^\n]{0,120}\w+@[\w.-]+:|\bsmtplib\.SMTP|\.sendall?\(\s*\w|"
    r"Invoke-(?:RestMethod|WebRequest)[^\n]{0,160}-Method\s+(?:POST|PUT)|http\.client\.HTTPS?Connection|method\s*[:=]\s*[\"'](?:POST|PUT)[\"']"
)
DATA = (
    r"(?:prompts?|conversations?|chat (?:history|log)|messages?|emails?|inbox|contacts|files?|documents?|source code|codebase|env(?:ironment)? "
    r"(?:files?|variables?)|\.env|credentials?|tokens?|api[_ -]?keys?|passwords?|secrets?|ssh|screenshots?|clipboard|history|contents?|"
    r"summar(?:y|ies)|results?|metrics|dataset|data|queries|query|inputs?|outputs?|system prompt|session|location|records?|tool ?calls?|"
    r"requests?|logs?|valuable\.\w+)"
)
TAKING = (
    rule(
        "take.credentials",
        "MP3105",
        5,
        CREDENTIALS,
        tags="source secret",
        flags=0,
        unless=rf"{NEGATED}|ssh-keygen|ssh-add|chmod 600|known_hosts|\.ssh/config|~/\.claude/(?:skills|plugins|agents|commands|projects|CLAUDE)|\.gitignore|\.claude/(?:skills|plugins|agents|commands)",
    ),
    rule(
        "take.environment",
        "MP3105",
        4,
        r"dict\(\s*os\.environ\s*\)|os\.environ\.(?:items|copy)\(\)|json\.dumps\(\s*(?:dict\()?os\.environ|JSON\.stringify\(\s*process\.env\s*[,)]|Object\.(?:entries|keys|assign)\([^)\n]{0,20}process\.env\s*[,)]|for\s+\w+(?:\s*,\s*\w+)?\s+in\s+os\.environ|(?:^|[;|&`(]\s*)(?:env|printenv)\s*(?:\||>|$|\))|\$\((?:env|printenv)\b",
        tags="source secret environment",
        flags=0,
        unless=r"subprocess|env\s*=\s*(?:dict|os\.environ|\{)|setdefault|run\(",
    ),
    rule(
        "take.dotenv",
        "MP3105",
        4,
        r"(?:open|read\w*|cat|find|glob|rglob|load|scan\w*|collect\w*|search\w*)\b[^\n]{0,60}[\"'`/ ]\.env(?:\.\w+)?\b(?!\.example)",
        tags="source secret",
        unless=rf"{NEGATED}|example|load_dotenv|dotenv\.config|\.gitignore|cp |copy",
    ),
    rule(
        "take.key-env",
        "MP3105",
        2,
        r"(?:os\.environ(?:\.get)?|os\.getenv|process\.env|\$\{?)[\[(.\"' ]{0,4}\w{0,30}(?:API_KEY|SECRET|TOKEN|PASSWORD|CREDENTIALS?|PRIVATE_KEY)",
        tags="keyenv",
        flags=0,
    ),
    rule(
        "take.many-keys",
        "MP3105",
        4,
        r"(?:AWS_SECRET_ACCESS_KEY|OPENAI_API_KEY|ANTHROPIC_API_KEY|GITHUB_TOKEN|DATABASE_URL|STRIPE_SECRET_KEY|SLACK_TOKEN)[\"', ]{1,6}[^\n]{0,20}(?:AWS_SECRET_ACCESS_KEY|OPENAI_API_KEY|ANTHROPIC_API_KEY|GITHUB_TOKEN|DATABASE_URL|STRIPE_SECRET_KEY|SLACK_TOKEN)",
        tags="source secret",
        flags=0,
    ),
    rule(
        "take.secret-words",
        "MP3105",
        4,
        r"[\"'](?:KEY|TOKEN|SECRET|PASS(?:WORD)?|CREDENTIAL)[\"'][^\n]{0,60}(?:\bin\s+(?:k|key|name|var)\b|\.upper\(\)|\.includes\()|\b(?:k|key|name)\.(?:upper|lower)\(\)[^\n]{0,80}(?:secret|token|password|api_?key)|(?:secret|token|password|api_?key)[^\n]{0,80}\bin\s+(?:k|key|name)\.(?:lower|upper)\(\)",
        tags="source secret",
        where="code",
        unless=r"mask|redact|sanit|hide|\*\*\*|filter_sensitive",
    ),
    rule("send.out", "MP3106", 2, SENDS, tags="sink"),
    rule(
        "send.shady",
        "MP3106",
        5,
        rf"\bhttps?://(?:{SHADY}|{EVIL_NAME})(?::\d{{2,5}})?(?:[/\s\"'`)?,]|$)",
        tags="shady",
        unless=rf"{NEGATED}|https?://(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0|169\.254\.169\.254|203\.0\.113\.|198\.51\.100\.|192\.0\.2\.|1\.2\.3\.4|8\.8\.8\.8|1\.1\.1\.1)",
    ),
    rule(
        "send.to-evil-name",
        "MP3106",
        9,
        rf"(?:curl|wget|post|fetch|send|upload|nc|requests|axios|urlopen)\b[^\n]{{0,120}}\b{EVIL_NAME}",
        tags="sink shady",
        unless=NEGATED,
    ),
    rule(
        "send.shady-post",
        "MP3106",
        10,
        rf"(?:curl\b[^\n]{{0,200}}(?:-d\b|-F\b|--data|-X\s*(?:POST|PUT)|-T\b|--form)|\.(?:post|put)\(|sendBeacon\()[^\n]{{0,200}}https?://(?:{SHADY})(?<!127\.0\.0\.1)[/\s\"'`:?]",
        tags="sink shady",
        unless=rf"{NEGATED}|127\.0\.0\.1|192\.168\.|//10\.|169\.254",
    ),
    rule(
        "send.webhook",
        "MP3106",
        7,
        r"https://(?:discord(?:app)?\.com/api/webhooks/\d{6,}/[\w-]{20,}|hooks\.slack\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/\w{16,}|api\.telegram\.org/bot\d{6,}:[\w-]{20,})",
        tags="sink shady token",
        flags=0,
        unless=r"YOUR|XXX|example|T0{5,}|123456789",
    ),
    rule(
        "send.dns",
        "MP3106",
        9,
        r"(?:dig|nslookup|host|gethostbyname|resolve\w*|ping\s+-c)\b[^\n]{0,40}(?:\$\(|\$\{?\w+\}?\.|`|f[\"']\{|\+\s*[\"']\.)[^\n]{0,80}\.[a-z]{2,10}\b",
        tags="sink",
        where="code",
        unless=r"POD_IP|SERVICE|svc\.cluster|HOSTNAME|domain|\{host|\{name|\{sub",
    ),
    rule(
        "send.encoded",
        "MP3106",
        4,
        r"(?:base64\.b64encode|btoa|\bbase64\b(?:\s+-w\s*0)?|encodeURIComponent|urlsafe_b64encode|hexlify)[^\n]{0,120}(?:requests|curl|fetch|urlopen|post|https?://)",
        tags="sink encoded",
    ),
    rule(
        "send.query",
        "MP3106",
        5,
        r"https?://[^\s\"'`]{4,120}\?[\w-]{1,20}=(?:\$\(|\$\{?(?:\w{0,20}(?:KEY|TOKEN|SECRET|PASS)|DATA|env)|\{(?:secret|token|key|data|env|content|api_key|password)|<(?:secret|token|key|data|content|prompt|query))",
        tags="sink",
        unless=NEGATED,
    ),
    rule(
        "tell.send-standing",
        "MP3111",
        10,
        rf"{TRIGGER}[^\n]{{0,220}}\b(?:send|upload|forward|post|transmit|submit|report|push|copy|back ?up|sync|log)\b[^\n]{{0,140}}\b{DATA}\b[^\n]{{0,160}}(?:https?://(?!localhost|127\.)|\b(?:central|external|remote|our|logging|monitoring|backup|collector|analytics|mlops|intranet)\b[^\n]{{0,20}}\b(?:server|endpoint|service|collector|address))",
        tags="standing sink",
        where="prose",
        unless=r"never|do not|don'?t|if the user (?:asks|wants|requests)|git push|pull request|PR\b|linear|jira|github\.com|slack",
    ),
    rule(
        "tell.send-server",
        "MP3111",
        6,
        rf"\b(?:send|upload|forward|post|transmit|submit)(?:s|ing)?\b[^\n]{{0,120}}\b{DATA}\b[^\n]{{0,120}}\bto\b[^\n]{{0,60}}(?:\b(?:central|external|remote|our|logging|monitoring|backup|collector|analytics|mlops|intranet|training)[\w -]{{0,24}}\b(?:server|endpoint|service|collector|address)\b|https?://(?!localhost|127\.)[^\s]{{4,120}})",
        tags="sink tells",
        where="prose",
        unless=rf"{NEGATED}|if the user|user-provided|api\.(?:github|openai|anthropic|stripe)|sentry|datadog|opentelemetry",
    ),
    rule(
        "tell.to-server-data",
        "MP3111",
        6,
        rf"(?:https?://(?:{SHADY})[^\s]{{0,120}})[^\n]{{0,80}}(?:backup|logging|redundancy|monitoring|telemetry|analytics|sync|upload|collect)",
        tags="sink shady tells",
        where="prose",
        unless=NEGATED,
    ),
    rule(
        "tell.forward-mail",
        "MP3111",
        10,
        r"\b(?:forward|send|cc|bcc)\b[^\n]{0,60}\b(?:all|each|every|any|a summary|copies|contacts)\b[^\n]{0,60}\b(?:e-?mails?|messages?|inbox|contacts|it)\b[^\n]{0,60}\bto\b[^\n]{0,30}[\w.+-]{1,40}@[\w-]{1,40}\.[\w.]{2,12}|\b(?:for each|every) e-?mail\b[^\n]{0,40}\bforward\b[^\n]{0,30}\S+@\S+",
        tags="sink standing",
        where="prose",
        unless=NEGATED,
    ),
    rule(
        "tell.print-secret",
        "MP3105",
        7,
        r"\b(?:print|log|echo|output|include|show|reveal|paste)\b[^\n]{0,50}\b(?:\w{0,12}_?(?:TOKEN|API_?KEY|SECRET|PASSWORD)|tokens?|api keys?|passwords?|credentials)\b[^\n]{0,50}\b(?:logs?|output|response|comments?|message|file|debug\w{0,4})\b",
        tags="leak",
        where="prose",
        unless=rf"{NEGATED}|not |no |without|mask|redact|log ?in",
    ),
    rule(
        "tell.seed",
        "MP3105",
        6,
        r"\b(?:enter|provide|paste|type|share|send|ask (?:the user )?for|collect|request)\b[^\n]{0,60}\b(?:seed phrase|recovery phrase|mnemonic|private key|wallet password|master password)\b",
        tags="source secret",
        where="prose",
        unless=rf"{NEGATED}|ssh|tls|pem|github app|deploy key|jwt|certificate",
    ),
    rule(
        "tell.scan-collect",
        "MP3105",
        6,
        r"\b(?:scan|search|find|locate|collect|gather|read|harvest|extract)\b[^\n]{0,80}(?:\.env(?:\.local)?\b|\.ssh\b|ssh keys?|api keys?|credentials|private keys?|passwords|wallets?|browser (?:cookies|passwords))",
        tags="source secret tells",
        where="prose",
        unless=rf"{NEGATED}|hardcoded|hard-coded|leak|expos|audit|review|commit|ensure|from (?:the )?environment|rotate|manager|never",
    ),
    rule(
        "tell.echo-auth",
        "MP3105",
        8,
        r"\b(?:echo|return|include|repeat|reveal)\b[^\n]{0,40}\b(?:value of )?(?:the )?(?:authorization header|bearer token|api key|session token|system prompt)\b[^\n]{0,60}\b(?:next|your|in the|response|output|reply|full)",
        tags="leak",
        where="any",
        unless=NEGATED,
    ),
)
