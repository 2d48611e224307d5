"""Getting code from elsewhere and running it."""

from __future__ import annotations

from registry.domain.scanning.model import rule
from registry.domain.scanning.rules.words import EVIL_NAME, NEGATED, SHADY, TRUSTED

GETS = r"\b(?:curl|wget|iwr|irm|Invoke-WebRequest|Invoke-RestMethod|fetch)\b"
SHELLS = r"(?:sudo\s+(?:-\w+\s+)?)?(?:env\s+)?(?:/(?:usr/)?bin/)?(?:ba|z|da|k|fi)?sh\b"

READS = r"(?:python3?|node|perl|ruby)(?=\s*(?:-\s|-$|[\"'`);&]|$))"
"""A program that runs what it is given, not `python -c` or `-m json.tool`, to which it is only data."""

FETCHING = (
    rule(
        "fetch.pipe-shady",
        "MP3102",
        10,
        rf"{GETS}[^|\n]{{0,300}}(?:https?://)?(?:{SHADY}|{EVIL_NAME})[^|\n]{{0,200}}\|\s*(?:{SHELLS}|{READS}|iex\b)",
        tags="exec fetch",
        unless=NEGATED,
    ),
    rule(
        "fetch.pipe-plain-http",
        "MP3102",
        10,
        rf"{GETS}[^|\n]{{0,200}}\bhttp://(?!localhost|127\.)[^|\n]{{1,200}}\|\s*{SHELLS}",
        tags="exec fetch",
        unless=NEGATED,
    ),
    rule(
        "fetch.pipe",
        "MP3102",
        6,
        rf"{GETS}(?![^|\n]{{0,300}}(?:{TRUSTED}|raw\.githubusercontent\.com))[^|\n]{{0,300}}https?://[^|\n]{{1,300}}\|\s*(?:{SHELLS}|{READS}|iex\b)",
        tags="exec fetch",
        unless=NEGATED,
    ),
    rule(
        "fetch.pipe-raw",
        "MP3102",
        5,
        rf"{GETS}[^|\n]{{0,200}}raw\.githubusercontent\.com/(?!Homebrew|nvm-sh|ohmyzsh|helm|k3d-io|aquasecurity|anchore|golangci|trufflesecurity|rhysd|pyenv)[^|\n]{{1,200}}\|\s*{SHELLS}",
        tags="exec fetch",
        unless=NEGATED,
    ),
    rule(
        "fetch.substituted",
        "MP3102",
        7,
        rf"(?:\b(?:ba|z|da)?sh\s+(?:-\w+\s+)?[\"']?(?:<\(|\$\(|`)|\b(?:eval|source)\s+[\"']?(?:<\(|\$\(|`))\s*(?:curl|wget)\b(?![^\n]{{0,300}}(?:{TRUSTED}|raw\.githubusercontent))",
        tags="exec fetch",
        unless=NEGATED,
    ),
    rule(
        "fetch.then-run",
        "MP3102",
        10,
        r"\b(?:wget|curl)\b[^\n;&|`]{0,300}https?://[^\n;&|`]{1,300}(?:&&|;|\|\||&\s)[^\n]{0,120}(?:(?:ba|z)?sh\s+[\w./~$-]{1,80}|chmod\s+(?:\+x|[0-7]{3,4})|python3?\s+[\w./~$-]{1,80}|\./[\w.-]{1,60}|source\s)",
        tags="exec fetch",
        unless=rf"{NEGATED}|{TRUSTED}",
    ),
    rule(
        "fetch.powershell",
        "MP3102",
        10,
        r"\b(?:iex|Invoke-Expression)\b[^\n]{0,160}\b(?:DownloadString|DownloadFile|Net\.WebClient|iwr|irm|Invoke-WebRequest|Invoke-RestMethod)[^\n]{0,80}(?:http://|(?:\d{1,3}\.){3}\d)|powershell(?:\.exe)?[^\n]{0,80}\s-(?:e|ec|enc|encodedcommand)\s+[A-Za-z0-9+/=]{20,}|powershell[^\n]{0,120}-w(?:indowstyle)?\s+hidden[^\n]{0,200}(?:http|Download)",
        tags="exec fetch",
        unless=NEGATED,
    ),
    rule(
        "fetch.lolbin",
        "MP3102",
        10,
        r"\bmshta(?:\.exe)?\s+[\"']?(?:https?:|javascript:|vbscript:)|\bcertutil(?:\.exe)?\s[^\n]{0,60}-urlcache|\bbitsadmin\s[^\n]{0,60}/transfer|\bregsvr32\s[^\n]{0,60}/i:https?:|\brundll32\s[^\n]{0,60}javascript:|\bmsiexec\s[^\n]{0,40}/i\s+https?:",
        tags="exec fetch",
        unless=NEGATED,
    ),
    rule(
        "fetch.code-eval",
        "MP3102",
        10,
        r"\b(?:exec|eval)\(\s*(?:compile\(\s*)?(?:requests|httpx|urllib\.request|urlopen|urllib2)\b|\b(?:exec|eval)\(\s*\w{0,40}\(?\s*(?:await\s+)?\(?\s*(?:await\s+)?fetch\(|\bnew Function\([^\n]{0,60}await\s+\(?await\s+fetch|\beval\(\s*await\b|importlib[^\n]{0,80}https?://|require\([\"']child_process[\"']\)[^\n]{0,80}(?:curl|wget)\b",
        tags="exec fetch",
    ),
    rule(
        "fetch.response-run",
        "MP3102",
        9,
        r"\b(?:exec|eval)\(\s*(?:\w{1,30}\.)?(?:response|resp|res|r|req|data|code|payload|script|content|body|remote\w{0,20})\.(?:text|content|read\(\)|json\(\)[\w\[\]\"']{0,30}|decode\([^)]{0,20}\)|data)",
        tags="exec fetch",
    ),
    rule(
        "fetch.system-curl",
        "MP3102",
        8,
        r"\b(?:os\.system|os\.popen|subprocess\.\w+|execSync|child_process\.exec|exec|spawn|shell_exec|system|popen)\s*\([^\n]{0,80}\b(?:curl|wget)\b[^\n]{0,200}(?:\|\s*(?:sudo\s+)?(?:ba|z)?sh\b|&&[^\n]{0,60}(?:chmod|sh |bash |python|\./))",
        tags="exec fetch",
    ),
    rule(
        "fetch.temp-run",
        "MP3102",
        6,
        r"(?:-o|-O|>|--output)\s*[\"']?/(?:tmp|var/tmp|dev/shm)/[\w.-]{1,60}[\"']?\s*(?:&&|;)[^\n]{0,80}(?:chmod|sh\s|bash\s|/tmp/|python)",
        tags="exec fetch",
        unless=NEGATED,
    ),
    rule(
        "fetch.protected-archive",
        "MP3103",
        10,
        r"(?:\.zip|\.rar|\.7z|archive|extract|unzip|unpack|download)[^\n]{0,160}\b(?:pass(?:word|code)?|pwd)\b\s*(?:is|:|-)?\s*[`\"'*]{1,3}[\w@#!][\w@#!-]{2,29}[`\"'*]",
        tags="prereq exec",
        where="prose",
        unless=r"backup|protect|encrypt|create|secure|after you finish",
    ),
    rule(
        "fetch.prereq-program",
        "MP3103",
        8,
        r"(?:\bdownload\b|\bget\b|\binstall\b|\brun\b|\]\()[^\n]{0,160}https?://[^\s)]{4,200}\.(?:exe|dmg|pkg|msi|scr|bat|ps1|apk|rar|7z|jar|iso|vbs)\b",
        tags="prereq fetch",
        where="prose",
        unless=rf"{NEGATED}|{TRUSTED}",
    ),
    rule(
        "fetch.prereq-release",
        "MP3103",
        4,
        r"https?://github\.com/[\w.-]{1,60}/[\w.-]{1,80}/releases/(?:download|latest)[^\s)]{0,160}",
        tags="prereq release",
        where="prose",
    ),
    rule(
        "fetch.must-run-tool",
        "MP3103",
        4,
        r"\b(?:requires?|must|need(?:s|ed)?|important|mandatory|before (?:using|you (?:begin|start|use))|prerequisites?|will not (?:work|function)|to function)\b[^\n]{0,120}\b(?:install(?:ed)?|download(?:ed)?|run(?:ning)?|execute|utility|helper|agent|driver|core|provider|component|tool)\b",
        tags="demand",
        where="prose",
    ),
    rule(
        "fetch.paste-into-terminal",
        "MP3103",
        6,
        r"\b(?:copy|paste|run|execute|enter)\b[^\n]{0,100}\b(?:into|in|to|inside|using)\s+(?:the |your |a )?(?:terminal|powershell|command prompt|cmd|console|iterm|run dialog)\b",
        tags="paste",
        where="prose",
    ),
    rule(
        "fetch.snippet-host",
        "MP3103",
        7,
        r"https?://(?:www\.)?(?:glot\.io|rentry\.(?:co|org)|pastebin\.com|hastebin\.com|paste\.ee|ghostbin\.\w{2,6}|controlc\.com|dpaste\.\w{2,4}|setup-service\.com|gist\.githubusercontent\.com/[\w-]{1,40}/\w{1,40}/raw)[/\w]",
        tags="shady fetch",
        unless=NEGATED,
    ),
    rule(
        "fetch.quarantine",
        "MP3113",
        9,
        r"\bxattr\s+-[cdr]{1,3}\w?\s+(?:com\.apple\.quarantine\s+)?|\bspctl\s+--(?:master|global)-disable|Set-MpPreference[^\n]{0,80}-Disable|Add-MpPreference[^\n]{0,60}-Exclusion|\bsetenforce\s+0|DisableAntiSpyware|\bdisable (?:your |the )?(?:anti-?virus|windows defender|gatekeeper|firewall|security software)",
        tags="disarm",
        unless=NEGATED,
    ),
    rule(
        "fetch.odd-index",
        "MP3102",
        7,
        rf"\b(?:pip3?|uv pip|npm|pnpm|yarn)\b[^\n]{{0,120}}(?:--(?:extra-)?index-url|--registry|-i)[ =]+https?://(?!pypi\.org|(?:[\w-]+\.)*pythonhosted|registry\.npmjs|download\.pytorch\.org|localhost|127\.|(?:[\w.-]+\.)?(?:pkg\.dev|amazonaws\.com|jfrog\.io|azure\.com|github\.com|gitlab\.com|nvidia\.com|example\.com|test\.pypi\.org))(?:{SHADY}|{EVIL_NAME})",
        tags="exec fetch",
    ),
    rule(
        "fetch.direct-tarball",
        "MP3102",
        6,
        rf"\b(?:npm|pnpm|yarn|pip3?)\s+(?:i|install|add)\b[^\n]{{0,80}}https?://(?:{SHADY}|{EVIL_NAME})",
        tags="exec fetch",
    ),
    rule(
        "fetch.patch-run",
        "MP3102",
        10,
        r"\bcurl\s+-\w*[oO]\w*\s+[^\n]{0,40}https?://[^\s]{4,200}\s*&&\s*(?:ba)?sh\s+\S{1,60}",
        tags="exec fetch",
        unless=NEGATED,
    ),
)
