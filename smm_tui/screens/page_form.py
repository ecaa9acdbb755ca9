"""Saying in a form how pages shall look."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from smm_tui.bootstrap import Workspace
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.when import parse_when
from smm_tui.i18n import _
from smm_tui.networks.registry import spec
from smm_tui.screens.desk import Desk
from smm_tui.screens.form import FormScreen, Values
from smm_tui.services.profile_queries import LABELS, PICTURES, Page, length, rules_of, takes
from smm_tui.services.receipt import Receipt
from smm_tui.widgets.form import Field

_BREAK = "⏎"
"""Stands for a line break where a text is typed in one line."""
_TEXTS = ("name", "description", "website", "links", "pinned")


def page_form(desk: Desk, pages: Sequence[Page]) -> FormScreen:
    """A form over the fields that these pages have; what is left as it is changes nothing."""
    begun = {name: _begun(pages, name) for name in _TEXTS}
    zone = desk.chrome.project(pages[0].account.project_id)
    place = zone.timezone if zone is not None else "UTC"
    fields = [
        *(Field(name, _(LABELS[name]).capitalize(), begun[name], _help(pages, name)) for name in _had(pages, _TEXTS)),
        *(Field(name, _(LABELS[name]).capitalize(), "", _help(pages, name)) for name in _had(pages, PICTURES)),
        Field("at", _("From"), "", _("When it shall be so, as tomorrow 9; empty: noted, until you apply it.")),
        Field(
            "until", _("Until"), "", _("Then what was there before comes back, as after a sale week; may be empty.")
        ),
    ]

    def note(typed: Values) -> str:
        return " ".join(_counted(pages, name, typed.get(name, "")) for name in ("name", "description")).strip()

    async def save(values: Values) -> None:
        def job(w: Workspace) -> Receipt:
            from smm_tui.services.profiles import ProfileDraft

            now = w.clock()
            times = [
                parse_when(values[name], now=now, zone=place).instant if values[name].strip() else None
                for name in ("at", "until")
            ]
            with w.media.provisional():
                changed = _changed(w, values, begun)
                ids = [page.account.id for page in pages]
                return w.profiles.set(ids, ProfileDraft(changed), at=times[0], until=times[1])

        desk.say_receipt(await desk.write(job))

    title = _("How {handle} shall look").format(handle=pages[0].account.handle)
    if len(pages) > 1:
        title = _("How {count} pages shall look").format(count=len(pages))
    return FormScreen(title, lambda _typed: fields, save, busy=_("Checking ..."), note=note)


def _changed(w: Workspace, values: Values, begun: dict[str, str]) -> dict[str, Any]:
    """What was typed anew, as the service wants it."""
    found: dict[str, Any] = {}
    for name in _TEXTS:
        typed = values.get(name, begun[name])
        if typed == begun[name]:
            continue
        text = typed.replace(_BREAK, "\n")
        found[name] = _links(text) if name == "links" else text
    for name in PICTURES:
        if values.get(name, "").strip():
            found[name] = w.media.add(Path(values[name].strip())).sha256
    if not found:
        raise InvalidInput(_("Nothing was changed."), _("Type what shall be otherwise, or leave with esc."))
    return found


def _begun(pages: Sequence[Page], name: str) -> str:
    """What stands in a field at the beginning: what is wanted, else what is live, where all pages agree."""
    texts = set()
    for page in pages:
        row = next(row for row in page.fields if row.field == name)
        value = row.wanted if row.wanted is not None else row.live
        if name == "pinned":
            texts.add("")
        elif name == "links":
            texts.add(", ".join(f"{label}={url}" for label, url in value or ()))
        else:
            texts.add(str(value or "").replace("\n", _BREAK))
    return texts.pop() if len(texts) == 1 else ""


def _had(pages: Sequence[Page], names: Sequence[str]) -> list[str]:
    return [name for name in names if any(takes(page.account, rules_of(page.account), name)[0] for page in pages)]


def _help(pages: Sequence[Page], name: str) -> str:
    """What the networks take, said before anything is sent."""
    told = {
        "links": _("LABEL=https://ADDRESS, with commas between them."),
        "pinned": _("The number of a live post, or none."),
        "avatar": _("The path of a picture; empty: it stays."),
        "cover": _("The path of a wide picture; empty: it stays."),
        "description": _("{sign} breaks the line.").format(sign=_BREAK),
    }.get(name, "")
    limits = []
    for page in pages:
        writable, limit = takes(page.account, rules_of(page.account), name)
        network = spec(page.account.network).title
        if writable and limit is not None:
            shown = f"{limit / 1e6:.1f} MB" if name in PICTURES else str(limit)
            limits.append(_("{network}: at most {limit}").format(network=network, limit=shown))
        elif not writable:
            limits.append(_("{network}: not from here").format(network=network))
    known = "; ".join(dict.fromkeys(limits))
    return f"{told} {known}.".strip() if known else told


def _counted(pages: Sequence[Page], name: str, typed: str) -> str:
    """Which pages a text is too long for, as it is typed."""
    text = typed.replace(_BREAK, "\n").strip()
    over = []
    for page in pages:
        writable, limit = takes(page.account, rules_of(page.account), name)
        if writable and limit is not None and (has := length(page.account, text)) > limit:
            over.append(f"{spec(page.account.network).title} {has}/{limit}")
    return _("Too long for {names}.").format(names=", ".join(over)) if over else ""


def _links(text: str) -> list[tuple[str, str]]:
    links = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        label, _sign, url = part.partition("=")
        links.append((label, url))
    return links
