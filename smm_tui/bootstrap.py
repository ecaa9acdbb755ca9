"""The composition root: settings become services. The only place where adapters meet services.

Everything is made at its first use, but for what the first screen shows: a start imports nothing it does not need,
and SQLModel only comes when something is written.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from smm_tui.db.database import Database
from smm_tui.domain.clock import Clock, system_clock
from smm_tui.domain.errors import DataError
from smm_tui.i18n import _
from smm_tui.services.project_queries import ProjectQueries
from smm_tui.services.records import RecordService
from smm_tui.settings import Settings

if TYPE_CHECKING:
    from smm_tui.db.unit_of_work import UnitOfWork
    from smm_tui.networks.client import Client
    from smm_tui.networks.ports import Account, Publisher
    from smm_tui.networks.public_media import PublicMedia
    from smm_tui.sandbox.lessons.course import Progress
    from smm_tui.sandbox.transport import SandboxTransport
    from smm_tui.sandbox.world import World
    from smm_tui.secret_store import SecretStore, Slot
    from smm_tui.services.account_queries import AccountQueries
    from smm_tui.services.accounts import AccountService
    from smm_tui.services.ad_caps import AdCaps
    from smm_tui.services.ad_estimates import AdEstimates
    from smm_tui.services.ad_lookups import AdLookups
    from smm_tui.services.ad_network import AdNetwork
    from smm_tui.services.ad_plan import AdPlan
    from smm_tui.services.ad_rules import AdRuleService
    from smm_tui.services.ad_tests import AdTestService
    from smm_tui.services.ads_queries import AdsQueries
    from smm_tui.services.bans import BanService
    from smm_tui.services.briefs import BriefService
    from smm_tui.services.campaign_queries import CampaignQueries
    from smm_tui.services.campaigns import CampaignService
    from smm_tui.services.client_queries import ClientQueries
    from smm_tui.services.deliveries import DeliveryService
    from smm_tui.services.delivery_queries import DeliveryQueries
    from smm_tui.services.fill import FillService
    from smm_tui.services.goals import GoalService
    from smm_tui.services.guard import Guard
    from smm_tui.services.inbox import InboxService
    from smm_tui.services.inbox_figures import InboxFigures
    from smm_tui.services.inbox_queries import InboxQueries
    from smm_tui.services.insight_queries import InsightQueries
    from smm_tui.services.live_posts import LivePostService
    from smm_tui.services.media import MediaStore
    from smm_tui.services.pay import PayService
    from smm_tui.services.plan import PlanService
    from smm_tui.services.plan_check import PlanCheckService
    from smm_tui.services.plan_fact import FactQueries
    from smm_tui.services.plan_queries import PlanQueries
    from smm_tui.services.post_queries import PostQueries
    from smm_tui.services.posts import PostService
    from smm_tui.services.profile_queries import ProfileQueries
    from smm_tui.services.profiles import ProfileService
    from smm_tui.services.projects import ProjectService
    from smm_tui.services.public_place import PublicPlaceService
    from smm_tui.services.rates import SharedRates
    from smm_tui.services.reports import ReportQueries
    from smm_tui.services.reschedule import RescheduleService
    from smm_tui.services.research import ResearchService
    from smm_tui.services.review import ReviewService
    from smm_tui.services.review_queries import ReviewQueries
    from smm_tui.services.rule_queries import RuleQueries
    from smm_tui.services.rules import RuleService
    from smm_tui.services.saved_replies import SavedReplies
    from smm_tui.services.scheme import SchemeService
    from smm_tui.services.scheme_queries import SchemeQueries
    from smm_tui.services.segments import SegmentService
    from smm_tui.services.today import TodayQueries
    from smm_tui.services.undo import UndoService
    from smm_tui.services.work_queries import WorkQueries
    from smm_tui.services.worktime import WorkTimeService
    from smm_tui.workers.runner import Runner
    from smm_tui.workers.worker import Worker


class Workspace:
    """One open workspace. `*_queries` are light; the others write."""

    def __init__(self, settings: Settings, *, clock: Clock = system_clock) -> None:
        self.settings = settings
        self.clock = clock
        try:
            settings.paths.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(
                _("The folder {folder} cannot be made: {reason}.").format(
                    folder=settings.paths.data, reason=error.strerror
                ),
                _("Choose another with --data."),
            ) from error
        self.db = Database(settings.paths.database, backups=settings.paths.backups, clock=clock)
        self.db.before_commit(_follow_verdicts)
        self.db.before_commit(_follow_campaigns)
        self.project_queries = ProjectQueries(self.db)
        self.records = RecordService(self.db)

    @cached_property
    def actor(self) -> str:
        return actor_of(self.settings)

    @cached_property
    def secrets(self) -> SecretStore:
        from smm_tui.secret_store import SecretStore

        return SecretStore(self.settings.paths.secrets, self.settings.secrets)

    @cached_property
    def account_queries(self) -> AccountQueries:
        from smm_tui.services.account_queries import AccountQueries

        return AccountQueries(self.db)

    @cached_property
    def post_queries(self) -> PostQueries:
        from smm_tui.services.post_queries import PostQueries

        return PostQueries(self.db)

    @cached_property
    def delivery_queries(self) -> DeliveryQueries:
        from smm_tui.services.delivery_queries import DeliveryQueries

        return DeliveryQueries(self.db)

    @cached_property
    def today(self) -> TodayQueries:
        from smm_tui.services.today import TodayQueries

        return TodayQueries(self.db)

    @cached_property
    def projects(self) -> ProjectService:
        from smm_tui.services.projects import ProjectService

        return ProjectService(self.db, self.actor)

    @cached_property
    def accounts(self) -> AccountService:
        from smm_tui.services.accounts import AccountService

        return AccountService(self.db, self.secrets, self.connect, self.actor)

    @cached_property
    def client_queries(self) -> ClientQueries:
        from smm_tui.services.client_queries import ClientQueries

        return ClientQueries(self.db)

    @cached_property
    def briefs(self) -> BriefService:
        from smm_tui.services.briefs import BriefService

        return BriefService(self.db, self.actor)

    @cached_property
    def goals(self) -> GoalService:
        from smm_tui.services.goals import GoalService

        return GoalService(self.db, self.actor)

    @cached_property
    def research(self) -> ResearchService:
        from smm_tui.services.research import ResearchService

        return ResearchService(self.db, self.actor)

    @cached_property
    def guard(self) -> Guard:
        from smm_tui.services.guard import Guard

        return Guard(self.db)

    @cached_property
    def posts(self) -> PostService:
        from smm_tui.services.posts import PostService

        return PostService(self.db, self.actor, self.guard)

    @cached_property
    def reschedule(self) -> RescheduleService:
        from smm_tui.services.reschedule import RescheduleService

        return RescheduleService(self.db, self.actor, self.posts)

    @cached_property
    def live_posts(self) -> LivePostService:
        from smm_tui.services.live_posts import LivePostService

        return LivePostService(self.db, self.actor, self.posts)

    @cached_property
    def scheme_queries(self) -> SchemeQueries:
        from smm_tui.services.scheme_queries import SchemeQueries

        return SchemeQueries(self.db)

    @cached_property
    def scheme(self) -> SchemeService:
        from smm_tui.services.scheme import SchemeService

        return SchemeService(self.db, self.actor)

    @cached_property
    def fill(self) -> FillService:
        from smm_tui.services.fill import FillService

        return FillService(self.db, self.actor)

    @cached_property
    def plan_queries(self) -> PlanQueries:
        from smm_tui.services.plan_queries import PlanQueries

        return PlanQueries(self.db, self.media.path)

    @cached_property
    def plans(self) -> PlanService:
        from smm_tui.services.plan import PlanService

        return PlanService(self.db, self.actor, self.plan_queries, self.posts)

    @cached_property
    def review_queries(self) -> ReviewQueries:
        from smm_tui.services.review_queries import ReviewQueries

        return ReviewQueries(self.db, self.plan_queries)

    @cached_property
    def fact_queries(self) -> FactQueries:
        from smm_tui.services.plan_fact import FactQueries

        return FactQueries(self.db)

    @cached_property
    def plan_checks(self) -> PlanCheckService:
        from smm_tui.services.plan_check import PlanCheckService

        return PlanCheckService(self.db, self.actor, self.fact_queries, self.secrets, self.connect)

    @cached_property
    def reviews(self) -> ReviewService:
        from smm_tui.services.review import ReviewService

        return ReviewService(self.db, self.actor, self.plan_queries, self.posts)

    @cached_property
    def deliveries(self) -> DeliveryService:
        from smm_tui.services.deliveries import DeliveryService

        return DeliveryService(self.db, self.actor, self.guard)

    @cached_property
    def inbox_queries(self) -> InboxQueries:
        from smm_tui.services.inbox_queries import InboxQueries

        return InboxQueries(self.db)

    @cached_property
    def inbox(self) -> InboxService:
        from smm_tui.services.inbox import InboxService

        return InboxService(self.db, self.actor, self.guard)

    @cached_property
    def inbox_figures(self) -> InboxFigures:
        from smm_tui.services.inbox_figures import InboxFigures

        return InboxFigures(self.db)

    @cached_property
    def insight_queries(self) -> InsightQueries:
        from smm_tui.services.insight_queries import InsightQueries

        return InsightQueries(self.db)

    @cached_property
    def profile_queries(self) -> ProfileQueries:
        from smm_tui.services.profile_queries import ProfileQueries

        return ProfileQueries(self.db)

    @cached_property
    def profiles(self) -> ProfileService:
        from smm_tui.services.profiles import ProfileService

        return ProfileService(self.db, self.actor, self.profile_queries, self.media, self.guard)

    @cached_property
    def saved_replies(self) -> SavedReplies:
        from smm_tui.services.saved_replies import SavedReplies

        return SavedReplies(self.db, self.actor)

    @cached_property
    def bans(self) -> BanService:
        from smm_tui.services.bans import BanService

        return BanService(self.db, self.actor)

    @cached_property
    def rule_queries(self) -> RuleQueries:
        from smm_tui.services.rule_queries import RuleQueries

        return RuleQueries(self.db)

    @cached_property
    def rules(self) -> RuleService:
        from smm_tui.services.rules import RuleService

        return RuleService(self.db, self.actor)

    @cached_property
    def ads_queries(self) -> AdsQueries:
        from smm_tui.services.ads_queries import AdsQueries

        return AdsQueries(self.db)

    @cached_property
    def work_queries(self) -> WorkQueries:
        from smm_tui.services.work_queries import WorkQueries

        return WorkQueries(self.db, self.actor)

    @cached_property
    def worktime(self) -> WorkTimeService:
        from smm_tui.services.worktime import WorkTimeService

        return WorkTimeService(self.db, self.actor)

    @cached_property
    def pay(self) -> PayService:
        from smm_tui.services.pay import PayService

        return PayService(self.db, self.actor)

    @cached_property
    def campaign_queries(self) -> CampaignQueries:
        from smm_tui.services.campaign_queries import CampaignQueries

        return CampaignQueries(self.db)

    @cached_property
    def campaigns(self) -> CampaignService:
        from smm_tui.services.campaigns import CampaignService

        return CampaignService(self.db, self.actor, self.guard)

    @cached_property
    def segments(self) -> SegmentService:
        from smm_tui.services.segments import SegmentService

        return SegmentService(self.db, self.actor)

    @cached_property
    def ad_network(self) -> AdNetwork:
        from smm_tui.services.ad_network import AdNetwork

        return AdNetwork(self.db, self.secrets, self.client)

    @cached_property
    def ad_caps(self) -> AdCaps:
        from smm_tui.services.ad_caps import AdCaps

        return AdCaps(self.db, self.actor)

    @cached_property
    def ad_plan(self) -> AdPlan:
        from smm_tui.services.ad_plan import AdPlan

        return AdPlan(self.db, self.media, self.ad_network)

    @cached_property
    def ad_lookups(self) -> AdLookups:
        from smm_tui.services.ad_lookups import AdLookups

        return AdLookups(self.db, self.ad_network)

    @cached_property
    def ad_estimates(self) -> AdEstimates:
        from smm_tui.services.ad_estimates import AdEstimates

        return AdEstimates(self.ad_network, self.campaign_queries, self.clock)

    @cached_property
    def ad_rules(self) -> AdRuleService:
        from smm_tui.services.ad_rules import AdRuleService

        return AdRuleService(self.db, self.actor)

    @cached_property
    def ad_tests(self) -> AdTestService:
        from smm_tui.services.ad_tests import AdTestService

        return AdTestService(self.db, self.campaigns)

    @cached_property
    def reports(self) -> ReportQueries:
        from smm_tui.services.report.gather import Sources
        from smm_tui.services.reports import ReportQueries

        sources = Sources(
            self.plan_queries, self.fact_queries, self.insight_queries, self.ads_queries, self.client_queries
        )
        return ReportQueries(self.db, sources)

    @cached_property
    def undo(self) -> UndoService:
        from smm_tui.services.undo import UndoService

        return UndoService(self.db, self.actor)

    @cached_property
    def media(self) -> MediaStore:
        from smm_tui.services.media import MediaStore

        return MediaStore(self.db, self.settings.paths.media)

    @property
    def in_sandbox(self) -> bool:
        """Whether this workspace talks to the sandbox world beside its database, and to nothing else."""
        return self.settings.paths.world.exists()

    @cached_property
    def is_lesson(self) -> bool:
        """Whether this workspace is a day of learning."""
        return self.in_sandbox and self.settings.paths.lesson.exists()

    def lesson(self) -> Progress | None:
        """How the day of learning stands that this workspace is, if it is one."""
        if not self.is_lesson:
            return None
        from smm_tui.sandbox.lessons.school import progress

        return progress(self)

    @cached_property
    def world(self) -> World:
        """The sandbox world of this workspace, opened once for all its clients."""
        from smm_tui.sandbox.world import World

        return World(self.settings.paths.world, clock=self.clock)

    @cached_property
    def rates(self) -> SharedRates:
        """What the networks still allow, counted with all other processes."""
        from smm_tui.services.rates import SharedRates

        return SharedRates(self.db)

    def client(self, account: Account, slot: Slot) -> Client:
        """All that an account can do: on the sandbox's transport where this workspace has a sandbox."""
        from smm_tui.networks import registry
        from smm_tui.networks.api import Surroundings

        around = Surroundings(
            self._transport(), clock=self.clock, rates=self.rates, public_media=self._public_media()
        )
        return registry.client(account, slot, around)

    @cached_property
    def public_place(self) -> PublicPlaceService:
        """The public place for media that networks fetch."""
        from smm_tui.services.public_place import SLOT, PublicPlaceService

        return PublicPlaceService(self.secrets.slot(SLOT), self._public_media())

    def _public_media(self) -> PublicMedia:
        from smm_tui.networks.public_media import PublicMedia
        from smm_tui.services.public_place import SLOT

        return PublicMedia(self.secrets.slot(SLOT), self._transport())

    def _transport(self) -> SandboxTransport | None:
        if not self.in_sandbox:
            return None
        from smm_tui.sandbox.transport import SandboxTransport

        return SandboxTransport(self.world)

    def connect(self, account: Account, slot: Slot) -> Publisher:
        """The publishing side of an account's client."""
        return self.client(account, slot).publisher

    def worker(self) -> Worker:
        """The whole worker, to be run by a process or a thread."""
        from smm_tui.workers.ads import AdsLane
        from smm_tui.workers.inbox import InboxLane
        from smm_tui.workers.metrics import MetricsLane
        from smm_tui.workers.profile import ProfileLane
        from smm_tui.workers.worker import Worker

        runner = self.runner()
        around = (self.db, self.secrets, self.client, runner.owner)
        pages = ProfileLane(*around, self.media, self._picture)
        ads = AdsLane(*around, self.media, self.guard)
        return Worker(self.db, runner, InboxLane(*around, self.guard), pages, MetricsLane(*around), ads)

    async def _picture(self, url: str, server: str) -> bytes:
        from smm_tui.networks import pictures
        from smm_tui.networks.api import Surroundings

        return await pictures.fetch(url, Surroundings(self._transport(), clock=self.clock), server=server)

    def runner(self) -> Runner:
        """The side of the worker that publishes."""
        from smm_tui.workers.runner import Runner

        return Runner(self.db, self.media, self.secrets, self.client, self.guard)

    def close(self) -> None:
        """Close the files."""
        if "rates" in self.__dict__:
            self.rates.close()
        self.db.close()
        if "world" in self.__dict__:
            self.world.close()


def _follow_verdicts(unit: UnitOfWork) -> None:
    from smm_tui.services import verdicts

    verdicts.follow(unit)


def _follow_campaigns(unit: UnitOfWork) -> None:
    from smm_tui.services import campaign_follow

    campaign_follow.follow(unit)


def actor_of(settings: Settings) -> str:
    """The name that stands in the log."""
    if settings.actor:
        return settings.actor
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in a container
        return "user"
