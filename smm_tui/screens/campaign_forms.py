"""The forms of campaigns and ads. Money is typed as people write it, times as everywhere in this program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.ads import Promotable
from smm_tui.domain import money, zones
from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import N_, _
from smm_tui.networks.advertising import BUTTONS
from smm_tui.networks.registry import spec
from smm_tui.screens import ads_look as look
from smm_tui.screens.desk import Desk
from smm_tui.screens.form import FormScreen, Values
from smm_tui.screens.look_up import Found, LookUp
from smm_tui.services import ad_preflight
from smm_tui.services.campaign_queries import AdDraft, CampaignDraft
from smm_tui.services.receipt import Receipt
from smm_tui.widgets.form import Field

BUTTON_WORDS = {
    "learn_more": N_("learn more"),
    "shop": N_("shop"),
    "order": N_("order"),
    "book": N_("book"),
    "sign_up": N_("sign up"),
    "subscribe": N_("subscribe"),
    "download": N_("download"),
    "contact": N_("contact"),
    "call": N_("call"),
    "message": N_("message"),
    "follow": N_("follow"),
}
"""What the button of an ad invites to."""

_LAWS = ("payer", "beneficiary", "political")
"""Facts that have fields of their own; others are kept as they are."""


async def campaign_form(desk: Desk, accounts: Sequence[AccountRow], campaign_id: int | None = None) -> FormScreen:
    """A form for a new campaign, or for one as it is now."""
    known = CampaignDraft(accounts[0].id, "", "followers")
    if campaign_id is not None:
        known = await desk.read(lambda w: w.campaign_queries.campaign_draft(campaign_id))
    by_id = {account.id: account for account in accounts}
    project_id = accounts[0].project_id
    project = desk.chrome.project(project_id)
    zone = project.timezone if project else "UTC"

    def account_of(typed: Values) -> AccountRow:
        chosen = typed.get("account", str(known.account_id))
        return by_id.get(int(chosen), accounts[0])

    def fields(typed: Values) -> list[Field]:
        account = account_of(typed)
        rules = spec(account.network).ads(account.facts)
        currency = currency_of(account)
        goals = sorted(rules.goals) if rules is not None else list(look.GOALS)
        least = rules.least_daily.get(currency) if rules is not None else None
        daily = _("Typed as 12.50, in {currency}; empty: a budget in all, or at the ad sets.").format(
            currency=currency
        )
        if least is not None:
            daily += " " + _("The network takes no less than {amount}.").format(amount=money.shown(least, currency))
        return [
            Field("name", _("Name"), known.name, _("For you and your client; nobody else sees it.")),
            Field(
                "account",
                _("Account"),
                str(known.account_id),
                _("Whose advertising cabinet pays."),
                choices=tuple((str(one.id), f"{one.handle} ({spec(one.network).title})") for one in accounts),
            ),
            Field(
                "goal",
                _("Goal"),
                known.goal,
                _("What the network is to bring, and what counts as a result."),
                choices=tuple((goal, _(look.GOALS.get(goal, goal))) for goal in goals),
            ),
            Field(
                "starts_at",
                _("From"),
                _when(known.starts_at, zone),
                _("As in “tomorrow 9”, “fri 18:00”; empty: now."),
            ),
            Field("ends_at", _("To"), _when(known.ends_at, zone), _("Empty: without an end; then give a cap.")),
            Field("budget_daily", _("Budget a day"), _amount(known.budget_daily, currency), daily),
            Field(
                "budget_total",
                _("Budget in all"),
                _amount(known.budget_total, currency),
                _("Over all its days, in {currency}; needs an end.").format(currency=currency),
            ),
            Field(
                "cap",
                _("At most"),
                _amount(known.cap, currency),
                _("What may be lost at most, whatever happens; empty: follows from the budget and the end."),
            ),
            Field("payer", _("Payer"), known.facts.get("payer", ""), _("Who pays, where the law asks for it.")),
            Field(
                "beneficiary",
                _("On behalf of"),
                known.facts.get("beneficiary", ""),
                _("For whom, where the law asks for it; empty: the payer."),
            ),
            Field(
                "political",
                _("Political"),
                known.facts.get("political", ""),
                _("The European Union asks it of every ad."),
                choices=(("", _("not said")), ("no", _("no")), ("yes", _("yes"))),
            ),
        ]

    async def save(values: Values) -> None:
        currency = currency_of(account_of(values))
        times = {}
        for name in ("starts_at", "ends_at"):
            words = values[name].strip()
            before: Instant | None = getattr(known, name)
            if words and words == _when(before, zone):
                times[name] = before
            else:
                times[name] = await _instant(desk, words, project_id, name) if words else None
        facts = {name: value for name, value in known.facts.items() if name not in _LAWS}
        facts |= {name: values[name].strip() for name in _LAWS if values[name].strip()}
        draft = CampaignDraft(
            int(values["account"]),
            values["name"],
            values["goal"],
            times["starts_at"],
            times["ends_at"],
            _parsed(values, "budget_daily", currency),
            _parsed(values, "budget_total", currency),
            _parsed(values, "cap", currency),
            facts,
        )

        def job(w: Workspace) -> Receipt:
            if campaign_id is None:
                return w.campaigns.add_campaign(draft)
            return w.campaigns.edit_campaign(campaign_id, draft)

        desk.say_receipt(await desk.write(job))

    title = _("New campaign")
    if campaign_id is not None:
        title = _("Change {name}").format(name=known.name)
    elif project is not None:
        title = _("New campaign for {client}").format(client=project.name)
    return FormScreen(title, fields, save)


def ad_picker(desk: Desk, account_id: int) -> LookUp:
    """What a new ad shows: something of its own (it gives an empty text), or a post of the account."""

    async def find(words: str) -> Sequence[Found]:
        rows = await desk.read(lambda w: w.ads_queries.promotable(account_id, words.casefold().split()))
        own = Found("", _("An ad of its own: text, picture, link"))
        posts = [Found(row, f"{row.planned_wall[:16].replace('T', ' ')}  {row.head}", _(row.state)) for row in rows]
        return posts if words.strip() else [own, *posts]

    return LookUp(_("What does the ad show?"), find, hint=_("type words of a post"))


def new_ad_form(desk: Desk, set_id: int, picked: Promotable | str) -> FormScreen:
    """The form of a new ad."""
    if isinstance(picked, Promotable):
        name = " ".join(picked.head.split()[:4])
        return _ad_form(desk, AdDraft(name, picked.delivery_id), partial(_add, set_id), picked.head)
    return _ad_form(desk, AdDraft("", button="learn_more"), partial(_add, set_id))


async def edit_ad_form(desk: Desk, ad_id: int) -> FormScreen:
    """The form of an ad as it is now."""
    draft = await desk.read(lambda w: w.campaign_queries.ad_draft(ad_id))
    line = await desk.read(lambda w: w.ads_queries.line(f"a{ad_id}"))
    shown = getattr(line.row, "text", "") if line is not None else ""
    return _ad_form(desk, draft, lambda w, changed: w.campaigns.edit_ad(ad_id, changed), shown, new=False)


def _add(set_id: int, w: Workspace, draft: AdDraft) -> Receipt:
    return w.campaigns.add_ad(set_id, draft)


def _ad_form(
    desk: Desk,
    known: AdDraft,
    store: Callable[[Workspace, AdDraft], Receipt],
    shown: str = "",
    *,
    new: bool = True,
) -> FormScreen:
    label = Field("label", _("Label"), known.label, _("What the law asks to be shown, such as an erid and who pays."))
    if known.delivery_id is not None:
        fields = [
            Field("name", _("Name"), known.name, _("For you; nobody else sees it.")),
            Field("post", _("Post"), "", off=shown),
            label,
        ]
    else:
        kept = _("Kept: {count} stored. ").format(count=len(known.media)) if known.media else ""
        fields = [
            Field("name", _("Name"), known.name, _("For you; nobody else sees it.")),
            Field("title", _("Title"), known.title, _("The line in bold; short is good.")),
            Field("text", _("Text"), known.text, _("What it says.")),
            Field("link", _("Link"), known.link, _("Where a click leads, as https://...")),
            Field(
                "button",
                _("Button"),
                known.button,
                _("What it invites to."),
                choices=(("", _("none")), *((word, _(BUTTON_WORDS[word])) for word in BUTTONS)),
            ),
            Field(
                "media",
                _("Picture"),
                "",
                kept + _("The path of a picture, in place of what is there; - for none, empty: as it is."),
            ),
            label,
        ]

    async def save(values: Values) -> None:
        draft = replace(known, name=values["name"], label=values["label"].strip())
        if known.delivery_id is None:
            media = await _media(desk, known.media, values["media"].strip())
            draft = replace(
                draft,
                title=values["title"].strip(),
                text=values["text"].strip(),
                link=values["link"].strip(),
                button=values["button"],
                media=media,
            )
        desk.say_receipt(await desk.write(lambda w: store(w, draft)))

    title = _("New ad") if new else _("Change {name}").format(name=known.name)
    return FormScreen(title, lambda _typed: fields, save)


def currency_of(account: AccountRow) -> str:
    """In which currency an account's cabinet pays; empty while that is not known."""
    cabinet = ad_preflight.cabinet_of(account)
    return cabinet.currency if cabinet is not None else ""


def amount_field(values: Mapping[str, str], name: str, currency: str) -> int | None:
    """An amount that was typed; None for none."""
    return _parsed(values, name, currency)


async def _media(desk: Desk, kept: tuple[str, ...], typed: str) -> tuple[str, ...]:
    if not typed:
        return kept
    if typed == "-":
        return ()
    return ((await desk.write(lambda w: w.media.add(typed))).sha256,)


async def _instant(desk: Desk, words: str, project_id: int, field: str) -> Instant:
    try:
        planned = await desk.read(lambda w: w.post_queries.parse_when(words, project_id, future=False))
    except InvalidInput as error:
        raise InvalidInput(error.message, error.hint, field=field) from error
    return planned.instant


def _parsed(values: Mapping[str, str], name: str, currency: str) -> int | None:
    words = values[name].strip()
    return money.parse(words, currency, field=name) if words else None


def _amount(amount: int | None, currency: str) -> str:
    return "" if amount is None else money.decimal(amount, currency)


def _when(instant: Instant | None, zone: str) -> str:
    return "" if instant is None else f"{zones.local(instant, zone):%Y-%m-%d %H:%M}"
