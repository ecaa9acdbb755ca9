"""What would go wrong if a campaign were launched as it is: each problem names the field and the thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from smm_tui.db.reads.accounts import AccountRow
from smm_tui.domain import money
from smm_tui.domain.clock import DAY, Instant
from smm_tui.i18n import _
from smm_tui.networks import registry
from smm_tui.networks.advertising import AdsRules, Cabinet, Goal
from smm_tui.networks.ports import Capability
from smm_tui.services import ad_pairs, audiences
from smm_tui.services.preflight import Problem

if TYPE_CHECKING:
    from smm_tui.db.tables import AdSetTable, AdTable, CampaignTable
    from smm_tui.services.campaign_tree import Tree

EUROPEAN_UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
_ERID = re.compile(r"\berid\b\s*[:=]?\s*[A-Za-z0-9]{6,}", re.IGNORECASE)
_ANSWERS = ("yes", "no")


def rules_of(account: AccountRow) -> AdsRules | None:
    """What ads an account can have; None: none."""
    spec = registry.spec(account.network)
    return spec.ads(account.facts) if Capability.ADS in spec.rules(account.facts).capabilities else None


def cabinet_of(account: AccountRow) -> Cabinet | None:
    """The account's advertising cabinet as its last check learnt it."""
    return registry.spec(account.network).cabinet(account.facts)


def check(tree: Tree, account: AccountRow, country: str, now: Instant) -> list[Problem]:
    """All problems of a campaign, the blocking ones first. Nothing is asked of the network."""
    rules = rules_of(account)
    if rules is None:
        missing = " ".join(account.missing)
        return [
            Problem(
                "account",
                _("{handle} cannot run ads: {why}").format(
                    handle=account.handle, why=missing or _("its token has no right to them, or it has no cabinet.")
                ),
                _("Give it a token with that right in Set-up, then check the account."),
                account.handle,
            )
        ]
    found = [
        *_account(tree, account),
        *_dates(tree, now),
        *_money(tree, account, rules),
        *_labels(tree, country),
        *_sets(tree, account, rules),
        *_tests(tree),
    ]
    return sorted(found, key=lambda problem: not problem.blocking)


def _account(tree: Tree, account: AccountRow) -> Iterator[Problem]:
    handle = account.handle
    if account.state != "ok":
        why = account.state_reason or _("{handle} cannot be used now.").format(handle=handle)
        yield Problem("account", why, _("Give it a new secret or resume it in Set-up."), handle)
    if account.removed_at is not None:
        yield Problem("account", _("{handle} is removed.").format(handle=handle), _("Connect it again."), handle)
    cabinet = cabinet_of(account)
    if cabinet is None:
        yield Problem(
            "account",
            _("It is not known which advertising account {handle} uses.").format(handle=handle),
            _("Check it: `smm-tui account check {id}`; choose one of several with `smm-tui ads cabinet`.").format(
                id=account.id
            ),
            handle,
        )
        return
    if cabinet.state != "active":
        sentence = _("The advertising account {name} cannot be used: {why}.")
        yield Problem("account", sentence.format(name=cabinet.name, why=cabinet.state), "", handle)
    if cabinet.currency != tree.campaign.currency:
        yield Problem(
            "currency",
            _("The campaign counts in {ours}, {name} pays in {theirs}.").format(
                ours=tree.campaign.currency, name=cabinet.name, theirs=cabinet.currency
            ),
            _("Make the campaign anew for this account."),
            handle,
        )
    rules = rules_of(account)
    if rules is not None and Goal(tree.campaign.goal) not in rules.goals:
        names = ", ".join(sorted(rules.goals))
        yield Problem(
            "goal",
            _("{network} has no campaigns for {goal} through this program.").format(
                network=registry.spec(account.network).title, goal=_(tree.campaign.goal)
            ),
            _("Choose one of: {names}.").format(names=names),
            handle,
        )


def _dates(tree: Tree, now: Instant) -> Iterator[Problem]:
    top = tree.campaign
    if top.ends_at is not None and top.ends_at <= top.starts_at:
        yield Problem("ends_at", _("It ends before it begins."), _("Move the end behind the start."))
    elif top.ends_at is not None and top.ends_at <= now:
        yield Problem("ends_at", _("It would have ended by now."), _("Give it a later end."))


def _money(tree: Tree, account: AccountRow, rules: AdsRules) -> Iterator[Problem]:
    top = tree.campaign
    own = top.budget_daily is not None or top.budget_total is not None
    for group in tree.sets:
        mine = group.budget_daily is not None or group.budget_total is not None
        if own and mine:
            yield Problem(
                "budget",
                _("Both the campaign and its set {name} have a budget.").format(name=group.name),
                _("Keep it at one of the two."),
            )
        if not own and not mine:
            yield Problem(
                "budget",
                _("Neither the campaign nor its set {name} has a budget.").format(name=group.name),
                _("Give one of them a daily or a total budget."),
            )
    cabinet = cabinet_of(account)
    least = rules.least_daily.get(top.currency)
    if least is None and cabinet is not None:
        least = cabinet.least_daily
    things: list[CampaignTable | AdSetTable] = [top, *tree.sets]
    for thing in things:
        if least is not None and thing.budget_daily is not None and thing.budget_daily < least:
            yield Problem(
                "budget_daily",
                _("{network} takes no less than {amount} a day.").format(
                    network=registry.spec(account.network).title, amount=money.shown(least, top.currency)
                ),
                _("Raise the daily budget."),
            )
        if thing.budget_total is not None and thing.budget_total > top.cap:
            yield Problem(
                "budget_total",
                _("The budget of {amount} is more than the cap of {cap}.").format(
                    amount=money.shown(thing.budget_total, top.currency), cap=money.shown(top.cap, top.currency)
                ),
                _("Lower the budget, or raise the cap."),
            )
        if thing.budget_daily is not None and thing.budget_daily * rules.day_most > top.cap * 100:
            yield Problem(
                "cap",
                _("A single day may cost up to {amount}, the cap is {cap}.").format(
                    amount=money.shown(-(-thing.budget_daily * rules.day_most // 100), top.currency),
                    cap=money.shown(top.cap, top.currency),
                ),
                _("Lower the daily budget, or raise the cap."),
            )
        if thing.budget_total is not None and thing.budget_daily is None and top.ends_at is None:
            yield Problem(
                "ends_at", _("A total budget needs an end, over which it is spread."), _("Give the campaign an end.")
            )


def _labels(tree: Tree, country: str) -> Iterator[Problem]:
    facts: Mapping[str, str] = tree.campaign.facts
    where = country.upper()
    if where in EUROPEAN_UNION:
        if facts.get("political") not in _ANSWERS:
            yield Problem(
                "political",
                _("The European Union asks whether an ad is political."),
                _("Answer with `smm-tui ads campaign edit {id} --fact political=no`, or yes.").format(
                    id=tree.campaign.id
                ),
            )
        if not facts.get("payer"):
            yield Problem(
                "payer",
                _("Ads in the European Union must say who pays for them."),
                _("Give the payer: `smm-tui ads campaign edit {id} --fact payer=NAME`.").format(id=tree.campaign.id),
            )
    for group in tree.sets:
        for ad in tree.ads_of(group):
            if where in EUROPEAN_UNION and facts.get("political") == "yes" and not ad.label.strip():
                yield Problem(
                    "label",
                    _("{name}: a political ad must carry the label of the European Union.").format(name=ad.name),
                    _("Give the label: that it is political, who pays, and for which election or law."),
                )
            if where == "RU" and not _ERID.search(_said(tree, ad)):
                yield Problem(
                    "label",
                    _("{name}: an ad in Russia must carry its erid and its advertiser.").format(name=ad.name),
                    _("Get the token from an operator of advertising data, and label it: Реклама. NAME. erid: TOKEN"),
                )


def _said(tree: Tree, ad: AdTable) -> str:
    post = None if ad.delivery_id is None else tree.posts.get(ad.delivery_id)
    return f"{ad.label}\n{'' if post is None else post.text}"


def _sets(tree: Tree, account: AccountRow, rules: AdsRules) -> Iterator[Problem]:
    if not tree.sets:
        yield Problem("sets", _("The campaign has no ad set."), _("Add one with an audience."))
    for group in tree.sets:
        if not tree.ads_of(group):
            yield Problem("ads", _("{name} has no ad.").format(name=group.name), _("Add one."))
        yield from _audience(group, account, rules)
        for ad in tree.ads_of(group):
            post = None if ad.delivery_id is None else tree.posts.get(ad.delivery_id)
            if ad.delivery_id is not None and post is None:
                yield Problem("post", _("{name}: its post is gone.").format(name=ad.name), _("Choose another one."))
            elif post is not None and not post.remote_id:
                yield Problem(
                    "post",
                    _("{name}: its post is not live yet, so nothing can be promoted.").format(name=ad.name),
                    _("It is launched when the post is live."),
                    blocking=False,
                )


def _audience(group: AdSetTable, account: AccountRow, rules: AdsRules) -> Iterator[Problem]:
    audience = audiences.from_json(group.audience)
    if not audience.places:
        yield Problem(
            "places",
            _("{name}: its audience is empty, it is nowhere.").format(name=group.name),
            _("Add a country, region, city or another place."),
        )
        return
    other = audiences.substitute(audience, account.network, rules)
    if other is not None:
        hint = _("Do it with `smm-tui ads set substitute {id}`.").format(id=group.id)
        yield Problem("places", f"{group.name}: {other.question}", hint if other.audience else "", account.handle)
        return
    for age, field in ((audience.age_from, "age_from"), (audience.age_to, "age_to")):
        if age is not None and not rules.age_least <= age <= rules.age_most:
            yield Problem(
                field,
                _("{name}: ages there go from {least} to {most}.").format(
                    name=group.name, least=rules.age_least, most=rules.age_most
                ),
                _("{most} stands for everybody of that age and above.").format(most=rules.age_most),
                account.handle,
            )
    unknown = [name for name in group.placements if rules.placements and name not in rules.placements]
    if unknown:
        yield Problem(
            "placements",
            _("{name}: there are no placements {names}.").format(name=group.name, names=", ".join(unknown)),
            _("There are: {names}.").format(names=", ".join(rules.placements)),
        )


def _tests(tree: Tree) -> Iterator[Problem]:
    for first, second, found in ad_pairs.pairs(tree):
        if not found:
            yield Problem(
                "test",
                _("{one} and {other} are tested against each other and do not differ.").format(
                    one=first.name, other=second.name
                ),
                _("Change one thing of {other}.").format(other=second.name),
            )


def days_of(starts_at: Instant, ends_at: Instant | None) -> int | None:
    """On how many days a campaign may run, counted generously; None without an end."""
    return None if ends_at is None else max(1, (ends_at - starts_at) // DAY + 2)
