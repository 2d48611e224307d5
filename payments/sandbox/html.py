"""The sandbox's own pages in one plain frame; no script."""

from __future__ import annotations

from html import escape
from typing import Any

STYLE = """
:root{color-scheme:light dark;--bg:#fbfbfa;--fg:#1b1b18;--dim:#55554f;--line:#cbcbc4;--go:#1f4fd8;--on:#fff;
--bad:#b42318;--soft:#fff3dc;--warn:#8a5300}
@media(prefers-color-scheme:dark){:root{--bg:#111210;--fg:#ededE8;--dim:#b4b4ab;--line:#4a4b45;--go:#8fb0ff;
--on:#0b1533;--bad:#ff9b8f;--soft:#38290d;--warn:#f2b65a}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.55 system-ui,sans-serif}
main{max-width:34rem;margin:0 auto;padding:24px 16px 64px}h1{font-size:24px;letter-spacing:-.02em;margin:24px 0 4px}
h2{font-size:16px;margin:32px 0 8px}p{margin:4px 0 12px}
.banner{background:var(--soft);color:var(--warn);padding:8px 16px;margin:0;
text-align:center;font-size:13px}.dim{color:var(--dim)}.bad{color:var(--bad);font-weight:600}
label.card{display:flex;flex-wrap:wrap;gap:0 10px;align-items:center;border:1px solid var(--line);border-radius:8px;
padding:11px 14px;margin:0 0 8px;cursor:pointer}label.card:has(:checked){border-color:var(--go);
box-shadow:inset 0 0 0 1px var(--go)}label.card input{margin:0;accent-color:var(--go)}
label.card b{font-weight:500;flex:1 1 12rem}label.card span{color:var(--dim);font-variant-numeric:tabular-nums;
white-space:nowrap;padding-left:26px}
@media(min-width:34rem){label.card span{padding-left:0}}input[type=text]{font:inherit;padding:7px 10px;
border:1px solid #85857e;border-radius:6px;background:transparent;color:inherit;width:14rem;max-width:100%}
button,.button{font:inherit;font-weight:550;border:1px solid var(--line);border-radius:6px;padding:7px 14px;
background:transparent;color:inherit;text-decoration:none;display:inline-block;cursor:pointer}
button.go{background:var(--go);border-color:var(--go);color:var(--on)}.row{display:flex;gap:8px;flex-wrap:wrap;
align-items:center}table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid var(--line);padding:9px 0;
text-align:left;font-weight:400}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;padding-left:12px}
td.n button{white-space:normal}form h2+label{margin-top:0}.row{margin-top:20px}p+.row{margin-top:8px}
label.code{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center;margin-top:16px}
:focus-visible{outline:2px solid var(--go);outline-offset:2px}
"""
BANNER = "Payments sandbox. No money moves; only test cards work here."
SIGNS = {"eur": "€", "usd": "$", "gbp": "£"}
WHOLE = ("jpy", "krw", "clp", "vnd", "isk", "xaf", "xof")


def page(title: str, body: str) -> str:
    """A whole page; `body` is HTML whose parts are escaped already."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head>'
        f'<body><p class="banner">{BANNER}</p><main><h1>{escape(title)}</h1>{body}</main></body></html>'
    )


def money(amount: int, currency: str) -> str:
    """An amount as people write it."""
    code = currency.lower()
    number = f"{amount:,}" if code in WHOLE else f"{amount / 100:,.2f}"
    return f"{SIGNS[code]}{number}" if code in SIGNS else f"{code.upper()} {number}"


def table(rows: list[tuple[Any, ...]]) -> str:
    """Rows whose last cell is a number or HTML that stands at the right."""
    cells = ("".join(f"<td{_end(i, row)}>{cell}</td>" for i, cell in enumerate(row)) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _end(index: int, row: tuple[Any, ...]) -> str:
    return ' class="n"' if index == len(row) - 1 else ""


def button(action: str, says: str, kind: str = "", **fields: str) -> str:
    """A form of one button."""
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items())
    return f'<form method="post" action="{action}">{hidden}<button class="{kind}">{escape(says)}</button></form>'
