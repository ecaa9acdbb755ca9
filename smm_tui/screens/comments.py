"""What was said about a post: among us, to the client, and with which verdict; and saying more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.posts import PostRow
from smm_tui.db.reads.reviews import CommentRow
from smm_tui.domain import zones
from smm_tui.domain.approval import Audience
from smm_tui.i18n import N_, _
from smm_tui.screens.desk import Desk, Job
from smm_tui.screens.form import FormScreen, Values
from smm_tui.screens.list_screen import ListScreen
from smm_tui.widgets.form import Field
from smm_tui.widgets.line import Span, wrap
from smm_tui.widgets.styles import BOLD, DIM, GOOD, PLAIN, WARN
from smm_tui.widgets.windowed_list import Column, WindowedList

AUDIENCES = {Audience.INTERNAL: N_("among us"), Audience.CLIENT: N_("with the client")}
REVIEWS = {"submitted": N_("submitted"), "returned": N_("returned"), "approved": N_("approved")}
"""Where a post stands, and what a verdict says."""


@dataclass(frozen=True, slots=True)
class CommentsState:
    """A post and what was said about it, oldest first."""

    post: PostRow
    comments: Sequence[CommentRow]


class CommentsScreen(ListScreen[CommentsState]):
    """The comments of one post, in full."""

    SCOPE = "comments"
    FILTERS: ClassVar[bool] = False
    CLIENTS: ClassVar[bool] = False

    def __init__(self, post_id: int) -> None:
        super().__init__()
        self._post_id = post_id

    def body(self) -> ComposeResult:
        yield WindowedList(
            (Column("", 10, weight=1),),
            glyphs=self.desk.glyphs,
            header=False,
            selectable=False,
            cursor_columns=0,
            id="list",
        )

    def request(self) -> Job[CommentsState]:
        post_id = self._post_id

        def job(w: Workspace) -> CommentsState:
            return CommentsState(w.post_queries.get(post_id).post, w.review_queries.comments(post_id))

        return job

    def show(self, state: CommentsState) -> None:
        width = max(self.size.width - 4, 20)
        lines = list(_lines(state, width))
        self.list.show(range(len(lines)), {place: (line,) for place, line in enumerate(lines)})

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew."""
        super().on_resize(event)
        if self.state is not None:
            self.show(self.state)

    def bookmark(self) -> dict[str, Any]:
        return {"post_id": self._post_id}

    def action_new(self) -> None:
        """Say something about the post."""
        post_id = self._post_id

        async def save(values: Values) -> None:
            done = await self.desk.write(lambda w: w.reviews.comment(post_id, values["text"], values["audience"]))
            self.desk.say_receipt(done)

        audiences = tuple((name, _(words)) for name, words in AUDIENCES.items())

        def fields(_values: Values) -> list[Field]:
            return [
                Field("text", _("Comment"), help=_("A sentence or two.")),
                Field(
                    "audience", _("For"), choices=audiences, help=_("The client reads it on the page of the month.")
                ),
            ]

        self.app.push_screen(FormScreen(_("Say something about post {id}").format(id=post_id), fields, save))

    def action_send_back(self) -> None:
        """Return the post with what is to be changed."""
        self.app.push_screen(return_form(self.desk, [self._post_id]))

    def action_approve(self) -> None:
        """Approve the post as it is now."""
        post_id = self._post_id
        self.desk.command(
            lambda w: w.posts.approve([post_id]),
            passing=lambda seen: lambda w: w.posts.approve([post_id], let_pass=seen),
        )

    def action_edit(self) -> None:
        """Open the post in the composer."""
        from smm_tui.screens.composer import ComposerScreen

        if self.state is not None:
            self.app.push_screen(ComposerScreen(self.state.post.project_id, self._post_id))


def return_form(desk: Desk, post_ids: Sequence[int]) -> FormScreen:
    """Ask what is to be changed, and return the posts with it."""

    async def save(values: Values) -> None:
        done = await desk.write(lambda w: w.reviews.send_back(post_ids, values["text"], values["audience"]))
        desk.say_receipt(done)

    audiences = tuple((name, _(AUDIENCES[name])) for name in (Audience.CLIENT, Audience.INTERNAL))

    def fields(_values: Values) -> list[Field]:
        return [
            Field("text", _("To be changed"), help=_("What the post lacks; its approval is void.")),
            Field("audience", _("For"), choices=audiences, help=_("The client reads it on the page of the month.")),
        ]

    return FormScreen(_("Return with a comment"), fields, save)


def _lines(state: CommentsState, width: int) -> Iterator[Span]:
    post = state.post
    head = _("Comments of post {id}").format(id=post.id)
    yield Span(f"{head}   {_(REVIEWS.get(post.review, post.state))}", BOLD)
    for line in wrap(post.text, width)[:4]:
        yield Span(line, DIM)
    if not state.comments:
        yield Span("")
        yield Span(_("Nothing was said about it yet."), DIM)
    for row in state.comments:
        yield Span("")
        when = f"{zones.local(row.created_at, post.zone):%Y-%m-%d %H:%M}"
        audience = _(AUDIENCES[Audience(row.audience)])
        verdict = f"  {_(REVIEWS[row.verdict])}" if row.verdict in REVIEWS else ""
        style = {"returned": WARN, "approved": GOOD}.get(row.verdict, PLAIN)
        yield Span(f"{when}  {row.author}, {audience}{verdict}", style)
        for line in wrap(row.text, width - 2):
            yield Span(f"  {line}")
