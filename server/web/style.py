"""How the pages look: one sheet made of the program's colours, light, dark and in high contrast, and its typeface.

Old browsers read it too (UX §4): no grid, no gap, no variables; what they do not know they pass over.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from string import Template

from litestar import Response, get
from litestar.params import FromPath

from common.kit import resources
from common.kit.colours import CONTRAST, DARK, LIGHT, Colours
from common.kit.errors import NotFound

YEAR = "public, max-age=31536000, immutable"
"""A changed file has another address."""
FONTS = {"golos-400.ttf": "GolosText_400Regular.ttf", "golos-600.ttf": "GolosText_600SemiBold.ttf"}

SHAPE = """
*, *:before, *:after { box-sizing: border-box; }
html { font-size: 100%; -webkit-text-size-adjust: 100%; }
body { margin: 0; font: 400 1rem/1.5 "Golos Text", "Segoe UI", Roboto, Arial, sans-serif; overflow-wrap: break-word; word-wrap: break-word; }
h1 { font-size: 1.625rem; line-height: 1.25; margin: 0 0 .25rem; font-weight: 600; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 1.75rem 0 .5rem; font-weight: 600; }
h3 { font-size: 1.0625rem; margin: 1.25rem 0 .375rem; font-weight: 600; }
p, ul, ol, dl, table { margin: 0 0 .75rem; }
ul, ol { padding-left: 1.375rem; }
li { margin: .25rem 0; }
b, strong, th { font-weight: 600; }
img { max-width: 100%; height: auto; border-radius: 8px; }
code { font: .9375em/1.4 "DejaVu Sans Mono", Consolas, monospace; overflow-wrap: anywhere; word-break: break-word; border-radius: 4px; padding: 0 .25em; }
.wrap { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
.top { border-bottom: 1px solid; }
.top .wrap { padding-top: .5rem; padding-bottom: .5rem; }
.top:after, .row:after { content: ""; display: table; clear: both; }
.brand { display: inline-block; padding: .5rem .75rem .5rem 0; font-weight: 600; text-decoration: none; }
.top nav, .top nav ul, .top nav li { display: inline; padding: 0; margin: 0; list-style: none; }
.top nav a { display: inline-block; padding: .5rem .75rem; border-radius: 8px; text-decoration: none; }
.top form { display: inline-block; float: right; margin: 0; }
.skip { position: absolute; left: -99rem; }
.skip:focus { position: static; display: inline-block; padding: .5rem 1rem; }
main.wrap { display: block; padding-top: 1.5rem; padding-bottom: 3rem; }
main:focus { outline: 0; }
.lead { margin: 0 0 1.25rem; }
.narrow { max-width: 27rem; margin: 0 auto; }
.card { border: 1px solid; border-radius: 12px; padding: 1rem 1.125rem; margin: 0 0 .75rem; }
.card h2:first-child, .card h3:first-child, .said h2 { margin-top: 0; }
.card p:last-child, .card ul:last-child { margin-bottom: 0; }
.plain { list-style: none; padding: 0; }
.plain > li { padding: .5rem 0; margin: 0; border-top: 1px solid; }
.plain > li:first-child { border-top: 0; padding-top: 0; }
.plain > li:last-child { padding-bottom: 0; }
.row form, .row .end { float: right; margin: 0 0 0 1rem; }
.tag { display: inline-block; border-radius: 99px; padding: .0625rem .625rem; font-size: .875rem; white-space: nowrap; }
.said { border-left: 4px solid; border-radius: 8px; padding: .75rem 1rem; margin: 0 0 1rem; }
.said p:last-child, .said ul:last-child { margin: 0; }
label { display: block; font-weight: 600; margin: .875rem 0 .25rem; }
.hint { margin: 0 0 .25rem; font-size: .9375rem; }
input { display: block; width: 100%; font: inherit; padding: .5625rem .75rem; border: 1px solid; border-radius: 8px; -webkit-appearance: none; appearance: none; }
input:focus, a:focus, button:focus, [tabindex]:focus { outline: 3px solid; outline-offset: 2px; }
button, .button { display: inline-block; font: inherit; font-weight: 600; border: 1px solid; border-radius: 8px; padding: .5625rem 1.125rem; min-height: 2.75rem; cursor: pointer; text-decoration: none; }
form > button { margin-top: 1.125rem; }
.card > label:first-of-type { margin-top: 0; }
.top button, .row button { margin: 0; padding: .3125rem .875rem; min-height: 2.25rem; font-weight: 400; }
.wide { overflow-x: auto; margin: 0 0 .75rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .5rem .625rem .5rem 0; border-bottom: 1px solid; min-width: 9rem; }
.codes { font-size: 1.125rem; line-height: 2; padding: 0; list-style: none; }
.codes code { padding: .125rem .5rem; white-space: nowrap; }
.qr { display: inline-block; line-height: 0; }
.qr svg { max-width: 100%; height: auto; }
.beside { font-size: .9375rem; }
.search:after { content: ""; display: table; clear: both; }
.search input { float: left; width: 70%; }
.search button { float: left; margin: 0 0 0 .75rem; }
@media (max-width: 30rem) {
  .search input { float: none; width: 100%; }
  .search button { float: none; margin: .5rem 0 0; }
  .row form { float: none; margin: .5rem 0 0; }
}
@media print { .top, .skip, form { display: none; } body { font-size: 11pt; } }
"""

PAINT = """
body { color: $text; background: $bg; }
.top, .card { background: $surface; border-color: $line; }
a { color: $accent; }
a:hover { color: $accent_h; }
.brand { color: $text; }
.top nav a { color: $muted; }
.top nav a:hover { background: $hover; color: $text; }
.top nav a.here { background: $accent_s; color: $accent; font-weight: 600; }
.lead, .hint, .beside, th { color: $muted; }
.plain > li, th, td { border-color: $line; }
input { color: $text; background: $surface; border-color: $edge; }
input.bad { border-color: $bad; box-shadow: 0 0 0 1px $bad; }
input:focus, a:focus, button:focus, [tabindex]:focus { outline-color: $accent; }
button, .button { color: $on_accent; background: $accent; border-color: $accent; }
button:hover, .button:hover { background: $accent_h; color: $on_accent; }
.top button, .row button { color: $text; background: $surface; border-color: $edge; }
.top button:hover, .row button:hover { background: $hover; color: $text; }
.tag { background: $surface2; color: $muted; }
.tag.ok { background: $ok_s; color: $ok; }
.tag.warn { background: $warn_s; color: $warn; }
.said { background: $accent_s; border-color: $accent; }
.said.bad { background: $bad_s; border-color: $bad; }
.said.ok { background: $ok_s; border-color: $ok; }
.said.bad h2, .said.bad a, .wrong { color: $bad; }
code { background: $surface2; }
"""


def sheet() -> str:
    faces = "".join(
        f'@font-face {{ font-family: "Golos Text"; font-weight: {weight}; font-display: swap; '
        f'src: url("{address(f"golos-{weight}.ttf")}"); }}\n'
        for weight in (400, 600)
    )
    dark = f"@media (prefers-color-scheme: dark) {{ {painted(DARK)} }}"
    contrast = f"@media (prefers-contrast: more) {{ {painted(CONTRAST)} }}"
    return "\n".join((faces, SHAPE, painted(LIGHT), dark, contrast))


def painted(colours: Colours) -> str:
    return Template(PAINT).substitute(dataclasses.asdict(colours))


@functools.cache
def contents(name: str) -> bytes:
    """NotFound for whatever is not ours to give to anybody."""
    if name == "style.css":
        return sheet().encode()
    if name in FONTS:
        return resources.path("fonts", "golos", FONTS[name]).read_bytes()
    raise NotFound("Такой страницы нет")


@functools.cache
def address(name: str) -> str:
    return f"/static/{name}?v={hashlib.sha256(contents(name)).hexdigest()[:12]}"


@get("/static/{name:str}", sync_to_thread=False, operation_id="page_static", summary="Вид страниц")
def static(name: FromPath[str]) -> Response[bytes]:
    kind = "text/css" if name.endswith(".css") else "font/ttf"
    return Response(contents(name), media_type=kind, headers={"Cache-Control": YEAR})
