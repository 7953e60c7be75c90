"""A protocol as a page of plain HTML that can be printed and linked into; and two of them beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from bot.sandbox.training import NOBODY_IS_TOLD
from policies import words
from policies.compare import differences
from policies.describe import described
from policies.load import pack, shipped
from policies.pack import Pack
from policies.side_by_side import Line, side_by_side

_CITED = re.compile(r"^(.*) \[([^\]]*)\]$")


def page(name: str, other: str = "") -> str | None:
    """The page of an edition (or the newest of an area), beside another one where that is named; None when there is none."""
    known = _known(name)
    if known is None:
        return None
    beside = _known(other) if other else None
    html = ET.Element("html", {"lang": "en-GB"})
    head = ET.SubElement(html, "head")
    ET.SubElement(head, "meta", {"charset": "utf-8"})
    ET.SubElement(head, "meta", {"name": "viewport", "content": "width=device-width"})
    _text(head, "title", f"{known.id} · Homeward")
    ET.SubElement(head, "link", {"rel": "stylesheet", "href": "/assets/sandbox.css"})
    body = ET.SubElement(html, "body")
    _text(ET.SubElement(body, "header"), "p", NOBODY_IS_TOLD, "training")
    main = ET.SubElement(body, "main", {"class": "protocol"})
    _text(main, "h1", known.name)
    _choose(main, known, beside)
    if beside and beside.area == known.area:
        _changes(main, known, beside)
    elif beside:
        _beside(main, known, beside)
    else:
        _whole(main, known)
    _clauses(main, [known, beside] if beside else [known])
    return "<!doctype html>" + ET.tostring(html, encoding="unicode", method="html")


def _known(name: str) -> Pack | None:
    editions = shipped()
    return pack(name) if name in editions or name in {edition.split("@", 1)[0] for edition in editions} else None


def _text(into: ET.Element, tag: str, says: str, kind: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(into, tag, {**({"class": kind} if kind else {}), **attributes})
    element.text = says
    return element


def _choose(main: ET.Element, known: Pack, beside: Pack | None) -> None:
    """Which protocol, and which beside it: a form that needs no script."""
    form = ET.SubElement(main, "form", {"action": "/protocol", "method": "get"})
    for name, says, chosen in (("name", "Protocol", known.id), ("beside", "beside", beside.id if beside else "")):
        _text(form, "label", says, **{"for": name})
        select = ET.SubElement(form, "select", {"name": name, "id": name})
        options = [*([("", "no other")] if name == "beside" else []), *((edition, edition) for edition in shipped())]
        for value, label in options:
            _text(select, "option", label, value=value, **({"selected": "selected"} if value == chosen else {}))
    _text(form, "button", "Show", "primary")


def _whole(main: ET.Element, known: Pack) -> None:
    """The lines of `homeward packs show`, under their headings."""
    lines = described(known)
    for line in _until_blank(lines):
        _text(main, "p", line.strip(), "about")
    listed = ET.SubElement(main, "ul")
    for line in lines[len(list(_until_blank(lines))) :]:
        if line and not line.startswith(" "):
            _text(main, "h2", line)
            listed = ET.SubElement(main, "ul")
        elif line:
            _cited(ET.SubElement(listed, "li"), line.strip())


def _until_blank(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if not line:
            return
        yield line


def _cited(item: ET.Element, line: str) -> None:
    """A line with its clauses as links to what they say."""
    found = _CITED.match(line)
    item.text = found[1] if found else line
    if found:
        _links(item, tuple(part for part in found[2].split(", ") if part != "house"), house="house" in found[2])


def _links(into: ET.Element, clauses: tuple[str, ...], *, house: bool) -> None:
    box = ET.SubElement(into, "span", {"class": "clauses"})
    box.text = " "
    for clause in clauses:
        about = str(words.clauses().get(clause, {}).get("summary", clause))
        _text(box, "a", clause, "clause", href=f"#{clause}", title=about)
    if house and not clauses:
        _text(box, "span", "house rule", "clause house")


def _beside(main: ET.Element, known: Pack, beside: Pack) -> None:
    table = ET.SubElement(main, "table")
    _text(table, "caption", "What each asks for, action by action: first what both ask, then what only one does")
    head = ET.SubElement(ET.SubElement(table, "thead"), "tr")
    for says in ("Action", known.id, beside.id):
        _text(head, "th", says, scope="col")
    rows = ET.SubElement(table, "tbody")
    for row in side_by_side(known, beside):
        line = ET.SubElement(rows, "tr")
        _text(line, "th", row.action, scope="row")
        for side, lines in ((known, row.left), (beside, row.right)):
            _cell(ET.SubElement(line, "td", {"data-label": side.id}), lines)


def _cell(cell: ET.Element, lines: tuple[Line, ...]) -> None:
    if not lines:
        _text(cell, "span", "not asked for", "about")
    for line in lines:
        _links(_text(cell, "p", line.says), line.clauses, house=line.house)


def _changes(main: ET.Element, known: Pack, beside: Pack) -> None:
    _text(main, "h2", f"From {known.id} to {beside.id}")
    listed = ET.SubElement(main, "ul")
    for line in differences(known, beside) or ["The two ask the same."]:
        _cited(ET.SubElement(listed, "li"), line)


def _clauses(main: ET.Element, packs: list[Pack]) -> None:
    """What every cited clause says, in our own words; the links above lead here."""
    _text(main, "h2", "The clauses, in our own words")
    listed = ET.SubElement(main, "dl")
    for clause in dict.fromkeys(c for known in packs for rule in known.rules() for c in rule.clauses):
        entry = words.clauses().get(clause, {})
        _text(listed, "dt", clause, id=clause)
        _text(listed, "dd", str(entry.get("summary", "")))
