"""``smm-tui ads set`` and ``smm-tui ads ad``: what a campaign is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from smm_tui.cli import ads_shapes, layout, shapes
from smm_tui.cli.ads_words import audience, audience_options, hours
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import NUMBER, Noun, pass_session, read_stdin
from smm_tui.domain import money
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _

if TYPE_CHECKING:
    from smm_tui.services.campaign_queries import AdDraft, AdSetDraft
    from smm_tui.services.receipt import Receipt


@click.group("set", cls=Noun, help=_("Ad sets: who sees the ads, where, when, and for how much."))
def set_() -> None:
    pass


@click.group(cls=Noun, help=_("Ads: a post of the plan, promoted, or a creative of its own."))
def ad() -> None:
    pass


def _set_options(command: Any) -> Any:
    for option in reversed(
        (
            click.option("--segment", metavar="S", type=NUMBER, help=_("The saved audience it uses.")),
            click.option("--daily", metavar="AMOUNT", help=_("Its own budget of a day; empty: none.")),
            click.option("--total", metavar="AMOUNT", help=_("Its own budget over all days; empty: none.")),
            click.option("--bid", metavar="AMOUNT", help=_("What a result may cost at most; empty: no bid.")),
            click.option("--placement", "placements", multiple=True, metavar="P", help=_("Where it is shown.")),
            click.option("--hours", multiple=True, metavar="HOURS", help=_("As mon-fri 9-18; default: always.")),
        )
    ):
        command = option(command)
    return audience_options(command)


def _set_draft(
    session: Session, draft: AdSetDraft, account_id: int, currency: str, given: dict[str, Any]
) -> AdSetDraft:
    changes: dict[str, Any] = {}
    start = draft.audience
    if given["segment"] is not None:
        changes["segment_id"] = given["segment"]
        start = session.workspace.segments.audience(given["segment"])
    changes["audience"] = audience(session, account_id, start, given)
    for option, field in (("daily", "budget_daily"), ("total", "budget_total"), ("bid", "bid")):
        text = given[option]
        if text is not None:
            changes[field] = money.parse(text, currency, field=field) if text.strip() else None
    if given["placements"]:
        changes["placements"] = tuple(name for name in given["placements"] if name)
    if given["hours"]:
        changes["hours"] = hours(tuple(text for text in given["hours"] if text.strip()))
    return replace(draft, **changes)


@set_.command("add", help=_("Add an ad set to a campaign."))
@click.argument("campaign_id", metavar="CAMPAIGN", type=NUMBER)
@click.argument("name")
@_set_options
@pass_session
def set_add(session: Session, /, campaign_id: int, name: str, **given: Any) -> None:
    from smm_tui.services.campaign_queries import AdSetDraft

    row = session.workspace.campaign_queries.get(campaign_id)
    draft = _set_draft(session, AdSetDraft(name), row.account_id, row.currency, given)
    _told_set(session, session.workspace.campaigns.add_set(campaign_id, draft))


@set_.command("edit", help=_("Change an ad set; names of places and interests replace those that were there."))
@click.argument("set_id", metavar="SET", type=NUMBER)
@click.option("--name", help=_("Another name."))
@_set_options
@pass_session
def set_edit(session: Session, /, set_id: int, name: str | None, **given: Any) -> None:
    service = session.workspace.campaigns
    row = service.get(service.get_set(set_id).campaign_id)
    draft = service.set_draft(set_id)
    if name is not None:
        draft = replace(draft, name=name)
    _told_set(session, service.edit_set(set_id, _set_draft(session, draft, row.account_id, row.currency, given)))


@set_.command("substitute", help=_("Use what comes nearest to what the network cannot express."))
@click.argument("set_id", metavar="SET", type=NUMBER)
@click.option("--dry-run", is_flag=True, help=_("Only say what would be used."))
@pass_session
def set_substitute(session: Session, set_id: int, dry_run: bool) -> None:
    service = session.workspace.campaigns
    row = service.get(service.get_set(set_id).campaign_id)
    draft = service.set_draft(set_id)
    found = session.workspace.ad_lookups.substitution(row.account_id, draft.audience)
    if found is None:
        session.show({"question": None}, [_("The network can express all of it.")])
        return
    if found.audience is None:
        raise InvalidInput(found.question, _("Nothing would be left: choose other places."), field="places")
    if dry_run:
        session.show({"question": found.question}, [found.question])
        return
    _told_set(session, service.edit_set(set_id, replace(draft, audience=found.audience)))


@set_.command("list", help=_("The ad sets of a campaign."))
@click.argument("campaign_id", metavar="CAMPAIGN", type=NUMBER)
@pass_session
def set_list(session: Session, campaign_id: int) -> None:
    row = session.workspace.campaign_queries.get(campaign_id)
    rows = session.workspace.campaign_queries.sets(campaign_id)
    session.show(
        [ads_shapes.ad_set(one) for one in rows],
        layout.table(
            (_("ID"), _("Name"), _("State"), _("Daily"), _("Total"), _("Audience"), _("Saved as")),
            [
                (
                    one.id,
                    one.name,
                    one.state,
                    money.shown(one.budget_daily, row.currency),
                    money.shown(one.budget_total, row.currency),
                    people(one.audience),
                    one.segment,
                )
                for one in rows
            ],
            _("No ad sets. Add one with `smm-tui ads set add CAMPAIGN NAME --place city:NAME`."),
        ),
    )


@set_.command("show", help=_("One ad set."))
@click.argument("set_id", metavar="SET", type=NUMBER)
@pass_session
def set_show(session: Session, set_id: int) -> None:
    row = session.workspace.campaign_queries.get_set(set_id)
    document = ads_shapes.ad_set(row)
    pairs = [(name, people(row.audience) if name == "audience" else value or "") for name, value in document.items()]
    session.show(document, layout.facts(pairs))


@set_.command("remove", help=_("Take an ad set out of its campaign; on the network it is ended."))
@click.argument("set_id", metavar="SET", type=NUMBER)
@pass_session
def set_remove(session: Session, set_id: int) -> None:
    done = session.workspace.campaigns.remove_set(set_id)
    session.show(shapes.receipt(done), [done.message])


def people(stored: dict[str, Any]) -> str:
    """An audience on one line."""
    from smm_tui.services import audiences

    found = audiences.from_json(stored)
    words = [one.name + (f" +{one.radius / 1000:g} km" if one.radius else "") for one in found.places]
    words += [_("not {name}").format(name=one.name) for one in found.without_places]
    if found.age_from or found.age_to:
        words.append(f"{found.age_from or ''}-{found.age_to or ''}")
    if found.sex:
        words.append(_(found.sex))
    words += [one.name for one in (*found.languages, *found.interests, *found.lists)]
    words += [_("not {name}").format(name=one.name) for one in found.without_lists]
    return ", ".join(words)


def _told_set(session: Session, done: Receipt) -> None:
    row = session.workspace.campaign_queries.get_set(done.ids[0])
    session.show({**ads_shapes.ad_set(row), "message": done.message}, [done.message])


# Ads


def _ad_options(command: Any) -> Any:
    for option in reversed(
        (
            click.option("--post", metavar="POST", type=NUMBER, help=_("Promote this post of the plan.")),
            click.option("--text", metavar="TEXT|-", help=_("Its text; - reads it from standard input.")),
            click.option("--title", help=_("Its title.")),
            click.option("--link", metavar="URL", help=_("Where it leads.")),
            click.option("--button", metavar="B", help=_("What its button invites to, as learn_more or shop.")),
            click.option("--media", multiple=True, metavar="FILE", help=_("A picture.")),
            click.option("--label", metavar="TEXT", help=_("What the law asks to be shown, as an erid.")),
        )
    ):
        command = option(command)
    return command


def _ad_draft(session: Session, draft: AdDraft, account_id: int, given: dict[str, Any]) -> AdDraft:
    changes: dict[str, Any] = {}
    if given["post"] is not None:
        detail = session.workspace.post_queries.get(given["post"])
        found = next((row.id for row in detail.deliveries if row.account_id == account_id), None)
        if found is None:
            raise InvalidInput(
                _("Post {id} does not go out on the account that pays for the campaign.").format(id=given["post"]),
                _("Promote a post of the same account."),
                field="post",
            )
        changes["delivery_id"] = found
    for name in ("text", "title", "link", "button", "label"):
        if given[name] is not None:
            changes[name] = read_stdin() if name == "text" and given[name] == "-" else given[name]
    if given["media"]:
        changes["media"] = tuple(session.workspace.media.add(path).sha256 for path in given["media"] if path)
    return replace(draft, **changes)


@ad.command("add", help=_("Add an ad to a set."))
@click.argument("set_id", metavar="SET", type=NUMBER)
@click.argument("name")
@_ad_options
@pass_session
def ad_add(session: Session, /, set_id: int, name: str, **given: Any) -> None:
    from smm_tui.services.campaign_queries import AdDraft

    service = session.workspace.campaigns
    account_id = service.get(service.get_set(set_id).campaign_id).account_id
    with session.workspace.media.provisional():
        _told_ad(session, service.add_ad(set_id, _ad_draft(session, AdDraft(name), account_id, given)))


@ad.command("edit", help=_("Change an ad; the network reviews it anew."))
@click.argument("ad_id", metavar="AD", type=NUMBER)
@click.option("--name", help=_("Another name."))
@_ad_options
@pass_session
def ad_edit(session: Session, /, ad_id: int, name: str | None, **given: Any) -> None:
    service = session.workspace.campaigns
    account_id = service.get(service.get_ad(ad_id).campaign_id).account_id
    draft = service.ad_draft(ad_id)
    if name is not None:
        draft = replace(draft, name=name)
    with session.workspace.media.provisional():
        _told_ad(session, service.edit_ad(ad_id, _ad_draft(session, draft, account_id, given)))


@ad.command("list", help=_("The ads of a campaign."))
@click.argument("campaign_id", metavar="CAMPAIGN", type=NUMBER)
@pass_session
def ad_list(session: Session, campaign_id: int) -> None:
    session.workspace.campaign_queries.get(campaign_id)
    rows = session.workspace.campaign_queries.ads(campaign_id)
    session.show(
        [ads_shapes.ad(one) for one in rows],
        layout.table(
            (_("ID"), _("Set"), _("Name"), _("State"), _("Shows"), _("Why")),
            [
                (
                    one.id,
                    one.ad_set_id,
                    one.name,
                    one.state,
                    one.title or one.text or _("post {id}").format(id=one.post_id),
                    one.state_reason,
                )
                for one in rows
            ],
            _("No ads. Add one with `smm-tui ads ad add SET NAME --post POST` or --text."),
        ),
    )


@ad.command("show", help=_("One ad."))
@click.argument("ad_id", metavar="AD", type=NUMBER)
@pass_session
def ad_show(session: Session, ad_id: int) -> None:
    document = ads_shapes.ad(session.workspace.campaign_queries.get_ad(ad_id))
    session.show(document, layout.facts([(name, value or "") for name, value in document.items()]))


@ad.command("remove", help=_("Take an ad out of its set; on the network it is ended."))
@click.argument("ad_id", metavar="AD", type=NUMBER)
@pass_session
def ad_remove(session: Session, ad_id: int) -> None:
    done = session.workspace.campaigns.remove_ad(ad_id)
    session.show(shapes.receipt(done), [done.message])


def _told_ad(session: Session, done: Receipt) -> None:
    row = session.workspace.campaign_queries.get_ad(done.ids[0])
    session.show({**ads_shapes.ad(row), "message": done.message}, [done.message])
