"""A client's brief, goals, audience and questions as forms see them. Light to import: services are only named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from smm_tui.db.reads.client import BriefRow, HypothesisRow, QuestionRow, SegmentRow
from smm_tui.domain.clock import iso
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import N_, _, ngettext
from smm_tui.services.client_queries import METRICS, ClientQueries, Goal, SegmentResult
from smm_tui.services.parts import Known, Options, Part, Question, Values
from smm_tui.services.scheme_parts import day_of_words

if TYPE_CHECKING:
    from smm_tui.services.briefs import BriefService
    from smm_tui.services.goals import GoalDraft, GoalService
    from smm_tui.services.receipt import Receipt
    from smm_tui.services.research import ResearchService
    from smm_tui.services.segments import SegmentService


class Services(Protocol):
    """Who changes what: the workspace has them."""

    @property
    def briefs(self) -> BriefService: ...

    @property
    def goals(self) -> GoalService: ...

    @property
    def segments(self) -> SegmentService: ...

    @property
    def research(self) -> ResearchService: ...


ClientPart = Part[ClientQueries, Services]

SEXES: Options = (("", N_("any")), ("female", N_("women")), ("male", N_("men")))
_SEXED = ("female", "male")
PERSONA = ("places", "interests", "pains", "questions", "notes")
"""What is known of a segment in words; ages and sex stand in its audience, where ads find them."""


class BriefField(NamedTuple):
    """A field of a brief and what stands in it; a list has its entries in lines."""

    name: str
    value: str


_BRIEF = (
    Question("words", N_("Goal in words"), N_("What the client wants of this work, in a sentence."), long=True),
    Question("tone", N_("Tone"), N_("How it speaks: first name or not, jokes or none, short or long."), long=True),
    Question("forbidden", N_("Forbidden words"), N_("Never to be written for it. One a line."), long=True),
    Question(
        "topics",
        N_("Forbidden topics"),
        N_("Not to be touched, as politics. One a line."),
        long=True,
    ),
    Question("hours", N_("Working hours"), N_("When the client can be reached, as mon-fri 08:00-16:00.")),
    Question("legal", N_("Legal notes"), N_("What must be said, and what must not."), long=True),
    Question("domains", N_("Its domains"), N_("Links to them are nobody else's. One a line."), long=True),
    Question("phones", N_("Its phone numbers"), N_("One a line."), long=True),
    Question(
        "handles",
        N_("Its handles"),
        N_("Beside its accounts; friends as well. One a line."),
        long=True,
    ),
    Question("hashtags", N_("Its hashtags"), N_("Only those that no other client may use. One a line."), long=True),
    Question(
        "brands",
        N_("Its words"),
        N_("Brands, products, people: only its own. One a line."),
        long=True,
    ),
    Question("prices", N_("Its prices"), N_("With their currency: 4 900 Ft. One a line."), long=True),
)
_BY_NAME = {question.name: question for question in _BRIEF}


def brief_values(row: BriefRow) -> dict[str, str]:
    """What stands in the fields of a brief, by name."""
    return {
        "words": row.words,
        "tone": row.tone,
        "forbidden": "\n".join(row.forbidden),
        "topics": "\n".join(row.topics),
        "hours": row.hours,
        "legal": row.legal,
        **{name: "\n".join(row.own.get(name, ())) for name in _BY_NAME if name in _OWN},
    }


def _shown(row: BriefField) -> str:
    if row.name == "words" and not row.value:
        return _("none yet: what does this client want?")
    return row.value.replace("\n", ", ") if row.name in _LISTS else row.value


_LISTS = ("forbidden", "topics", "domains", "phones", "handles", "hashtags", "brands", "prices")
_OWN = ("domains", "phones", "handles", "hashtags", "brands", "prices")


def brief_document(row: BriefRow) -> Mapping[str, Any]:
    """A brief as JSON."""
    return {
        "goal": row.words,
        "tone": row.tone,
        "forbidden": list(row.forbidden),
        "topics": list(row.topics),
        "hours": row.hours,
        "legal": row.legal,
        **{name: list(row.own.get(name, ())) for name in _OWN},
        "contacts": list(row.contacts),
        "competitors": list(row.competitors),
    }


def missing(row: BriefRow, goals: Sequence[Goal]) -> list[str]:
    """What a brief lacks, a sentence each; nothing where it is whole."""
    found = []
    if not row.words and not goals:
        found.append(_("This brief has no goal: say what the client wants, in words or as a figure by a day."))
    elif not goals:
        found.append(_("There is no goal in figures: nothing can be measured."))
    if not any(row.own.values()):
        found.append(_("Nothing is said to be its own: the wrong-client guard knows it by its accounts alone."))
    return found


def _no_more(_service: Services, _project: int, _values: Values, _known: Known) -> Receipt:
    raise InvalidInput(_("There is nothing to add or take away here."))


BRIEF: ClientPart = Part(
    "brief",
    N_("Brief"),
    N_("What the client wants, how it speaks, what must not be said, and what is its own."),
    "",
    (),
    ("title", "value", ""),
    lambda queries, project: [BriefField(*item) for item in brief_values(queries.brief(project)).items()],
    lambda row: str(row.name),
    lambda row, _known: {
        "title": _(_BY_NAME[row.name].label),
        "value": _shown(row),
        row.name: row.value,
    },
    lambda row: {"name": row.name, "value": row.value},
    _no_more,
    lambda service, project, key, values, _known: service.briefs.write(project, {key: values[key]}),
    lambda service, project, key: service.briefs.write(project, {key: ""}),
    fixed=True,
    asks=lambda row: (_BY_NAME[row.name],),
)


# Goals


def _metrics(_known: Known) -> Options:
    return [(name, _(title)) for name, title in METRICS.items()]


def _any_account(known: Known) -> Options:
    return [("", _("all accounts")), *((str(row.id), inert(row.handle)) for row in known.accounts)]


def _whole(words: str, field: str) -> int | None:
    plain = "".join(char for char in words if not char.isspace() and char not in ".,'’")
    if not plain:
        return None
    if not plain.isascii() or not plain.isdecimal() or len(plain) > 12:
        raise InvalidInput(_("“{words}” is not a whole number.").format(words=clip(inert(words), 40)), field=field)
    return int(plain)


def _goal_of(values: Values, known: Known) -> GoalDraft:
    from smm_tui.services.goals import GoalDraft

    first, by = values["from"].strip(), values["by"].strip()
    return GoalDraft(
        values["metric"].strip(),
        _whole(values["target"], "target"),
        day_of_words(by, "by") if by else None,
        day_of_words(first, "from") if first else known.today,
        _account(values["account"], known),
        _whole(values["start"], "start"),
    )


def _account(words: str, known: Known) -> int | None:
    word = words.strip()
    if not word:
        return None
    fitting = [row.id for row in known.accounts if word in (str(row.id), row.handle)]
    if len(fitting) != 1:
        names = ", ".join(inert(row.handle) for row in known.accounts)
        raise InvalidInput(
            _("“{word}” is no account of this project.").format(word=clip(inert(word), 40)),
            _("There are: {names}. Empty: all of them.").format(names=names or _("none")),
            field="account",
        )
    return fitting[0]


def goal_in_words(goal: Goal) -> str:
    """A goal and where it stands, in one line."""
    from smm_tui.domain.goals import Course

    told = {
        Course.UNKNOWN: _("nothing told yet"),
        Course.REACHED: _("reached"),
        Course.ON_COURSE: _("on course"),
        Course.BEHIND: _("behind"),
        Course.MISSED: _("missed"),
        Course.AHEAD: _("still to begin"),
    }[goal.progress.course]
    value = "?" if goal.progress.value is None else str(goal.progress.value)
    percent = "" if goal.progress.percent is None else f" ({goal.progress.percent}%)"
    return f"{value}/{goal.row.target}{percent} {told}"


def _goal_values(goal: Goal, _known: Known) -> Values:
    row = goal.row
    return {
        "metric": row.metric,
        "account": "" if row.account_id is None else str(row.account_id),
        "target": str(row.target),
        "by": row.by_day,
        "from": row.from_day,
        "start": "" if row.start_value is None else str(row.start_value),
        "stands": f"{row.by_day}  {goal_in_words(goal)}",
    }


def goal_document(goal: Goal) -> Mapping[str, Any]:
    """A goal beside the facts, as JSON."""
    row, progress = goal
    return {
        "id": row.id,
        "project_id": row.project_id,
        "metric": row.metric,
        "account_id": row.account_id,
        "account": row.handle or None,
        "start": progress.start,
        "target": row.target,
        "from": row.from_day,
        "by": row.by_day,
        "value": progress.value,
        "expected": progress.expected,
        "percent": progress.percent,
        "course": str(progress.course),
        "as_of": iso(progress.as_of),
    }


GOALS: ClientPart = Part(
    "goal",
    N_("Goals"),
    N_("What is to be reached by when, beside what the networks tell."),
    N_("No goals yet: what shall be reached, and by when?"),
    (
        Question("metric", N_("Figure"), N_("What is counted."), _metrics),
        Question("target", N_("Target"), N_("How many.")),
        Question("by", N_("By"), N_("The day by which it is reached, as 2026-12-31.")),
        Question("from", N_("From"), N_("The day from which it is counted; empty: today.")),
        Question("account", N_("Account"), N_("One account, or all together."), _any_account),
        Question("start", N_("Began at"), N_("What it was on the first day; empty: as the networks tell.")),
    ),
    ("metric", "stands", "account"),
    lambda queries, project: queries.goals(project),
    lambda goal: str(goal.row.id),
    _goal_values,
    goal_document,
    lambda service, project, values, known: service.goals.add(project, _goal_of(values, known)),
    lambda service, _project, key, values, known: service.goals.edit(_id(key), _goal_of(values, known)),
    lambda service, _project, key: service.goals.drop(_id(key)),
)


# Segments


def _ages(row: SegmentRow) -> str:
    low, high = row.audience.get("age_from"), row.audience.get("age_to")
    return "" if low is None and high is None else f"{low or ''}-{high or ''}"


def _places(row: SegmentRow) -> str:
    """As they were typed, and those that ads were given."""
    named = [str(place.get("name", "")) for place in row.audience.get("places", ())]
    return str(row.persona.get("places", "")) or ", ".join(name for name in named if name)


def _segment_values(row: SegmentRow, _known: Known) -> Values:
    words = {name: str(row.persona.get(name, "")) for name in PERSONA}
    sex = str(row.audience.get("sex", ""))
    about = ", ".join(part for part in (_ages(row), _(dict(SEXES)[sex]) if sex in _SEXED else "") if part)
    return {
        **words,
        "name": row.name,
        "places": _places(row),
        "ages": _ages(row),
        "sex": sex,
        "about": about,
    }


def _segment_document(row: SegmentRow) -> Mapping[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "age_from": row.audience.get("age_from"),
        "age_to": row.audience.get("age_to"),
        "sex": row.audience.get("sex") or None,
        **{name: str(row.persona.get(name, "")) for name in PERSONA},
        "places": _places(row),
    }


def _age_span(words: str) -> tuple[int | None, int | None]:
    import re

    plain = words.strip()
    if not plain:
        return None, None
    match = re.fullmatch(r"(\d{1,3})?\s*[-–]\s*(\d{1,3})?|(\d{1,3})\+", plain)
    if match is None or not any(match.groups()):
        raise InvalidInput(
            _("“{words}” are no ages.").format(words=clip(inert(words), 40)), _("Write 25-40 or 60+."), field="ages"
        )
    if match[3]:
        return int(match[3]), None
    return (int(match[1]) if match[1] else None), (int(match[2]) if match[2] else None)


def _persona(values: Values, before: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in before.items() if name not in PERSONA}
    said = {name: inert(values[name].strip(), newlines=True)[:2000] for name in PERSONA if values[name].strip()}
    return {**kept, **said}


def _save_segment(service: Services, project: int, key: str, values: Values) -> Receipt:
    from dataclasses import replace

    from smm_tui.networks.advertising import Audience

    low, high = _age_span(values["ages"])
    try:
        if not key:
            audience = Audience(age_from=low, age_to=high, sex=values["sex"])
            return service.segments.add(project, values["name"], audience, _persona(values, {}))
        number = _id(key)
        audience = replace(service.segments.audience(number), age_from=low, age_to=high, sex=values["sex"])
        before = service.segments.get(number).persona
        return service.segments.edit(number, name=values["name"], audience=audience, persona=_persona(values, before))
    except InvalidInput as error:
        if error.field in ("age_from", "age_to"):
            error.field = "ages"
        raise


SEGMENTS: ClientPart = Part(
    "segment",
    N_("Segments"),
    N_("Whom the client wants to reach: places, ages, interests, what troubles them, what they ask."),
    N_("No segments yet: whom does this client want to reach?"),
    (
        Question("name", N_("Name"), N_("What they are called here, as: young parents nearby.")),
        Question("places", N_("Places"), N_("Where they live or pass by.")),
        Question("ages", N_("Ages"), N_("As 25-40 or 60+; empty: any.")),
        Question(
            "sex", N_("Sex"), N_("Of whom most are."), lambda _known: [(value, _(title)) for value, title in SEXES]
        ),
        Question("interests", N_("Interests"), N_("What they like and follow.")),
        Question("pains", N_("Pains"), N_("What troubles them that the client can ease."), long=True),
        Question("questions", N_("Questions"), N_("What they ask before they buy."), long=True),
        Question("notes", N_("Notes"), N_("Anything else that is known of them."), long=True),
    ),
    ("name", "pains", "about"),
    lambda queries, project: queries.segments(project),
    lambda row: str(row.id),
    _segment_values,
    _segment_document,
    lambda service, project, values, _known: _save_segment(service, project, "", values),
    lambda service, project, key, values, _known: _save_segment(service, project, key, values),
    lambda service, _project, key: service.segments.remove(_id(key)),
)


def segment_id(words: str, segments: Sequence[SegmentRow]) -> int | None:
    """The segment of a name or number, None for no words; InvalidInput on ``segment``."""
    sought = words.strip().casefold()
    if not sought:
        return None
    for row in segments:
        if sought in (str(row.id), row.name.casefold()):
            return row.id
    names = ", ".join(inert(row.name) for row in segments)
    raise InvalidInput(
        _("There is no segment “{name}” in this project.").format(name=clip(inert(words), 40)),
        _("There are: {names}.").format(names=names or _("none")),
        field="segment",
    )


def _any_segment(known: Known) -> Options:
    return [("", _("everybody")), *((row.name, inert(row.name)) for row in known.segments)]


_SEGMENT = Question("segment", N_("Segment"), N_("Of whom it is."), _any_segment)


# Hypotheses


OUTCOMES = {"open": N_("open"), "held": N_("held"), "failed": N_("failed"), "unclear": N_("unclear")}
"""What may come of a hypothesis; part of the command line's contract."""


def _outcomes(_known: Known) -> Options:
    return [(value, _(title)) for value, title in OUTCOMES.items()]


def _outcome(row: HypothesisRow) -> tuple[str, str]:
    word, _colon, note = row.outcome.partition(": ")
    return (word or "open"), note


def _hypothesis_document(row: HypothesisRow) -> Mapping[str, Any]:
    word, note = _outcome(row)
    return {
        "id": row.id,
        "text": row.text,
        "segment_id": row.segment_id,
        "segment": row.segment or None,
        "outcome": word,
        "note": note or None,
        "created_at": iso(row.created_at),
        "settled_at": iso(row.settled_at),
    }


def _hypothesis_values(row: HypothesisRow, _known: Known) -> Values:
    word, note = _outcome(row)
    return {"text": row.text, "segment": row.segment, "outcome": word, "note": note}


def _add_hypothesis(service: Services, project: int, values: Values, known: Known) -> Receipt:
    return service.research.add_hypothesis(project, values["text"], segment_id(values["segment"], known.segments))


HYPOTHESES: ClientPart = Part(
    "hypothesis",
    N_("Hypotheses"),
    N_("What is believed of the audience, and what came of it."),
    N_("No hypotheses yet: what do you believe of these people, and how would you know?"),
    (
        Question("text", N_("Belief"), N_("As: parents read before seven, so posts at 6:30 reach more of them.")),
        _SEGMENT,
        Question("outcome", N_("Outcome"), N_("What came of it."), _outcomes),
        Question("note", N_("Shown by"), N_("What showed it: figures, answers, a test.")),
    ),
    ("text", "segment", "outcome"),
    lambda queries, project: queries.hypotheses(project),
    lambda row: str(row.id),
    _hypothesis_values,
    _hypothesis_document,
    _add_hypothesis,
    lambda service, _project, key, values, known: service.research.edit_hypothesis(
        _id(key), values["text"], segment_id(values["segment"], known.segments), values["outcome"], values["note"]
    ),
    lambda service, _project, key: service.research.remove_hypothesis(_id(key)),
)


# Questions


def _question_document(row: QuestionRow) -> Mapping[str, Any]:
    return {
        "id": row.id,
        "text": row.text,
        "answer": row.answer or None,
        "asked": row.asked,
        "segment_id": row.segment_id,
        "segment": row.segment or None,
        "message": row.message_id,
        "post": row.post_id,
    }


def _question_values(row: QuestionRow, _known: Known) -> Values:
    return {
        "text": row.text,
        "answer": row.answer,
        "segment": row.segment,
        "post": "" if row.post_id is None else str(row.post_id),
        "asked": _("{count}x").format(count=row.asked) + (_(", answered") if row.post_id or row.answer else ""),
    }


QUESTIONS: ClientPart = Part(
    "question",
    N_("Questions"),
    N_("What people ask: to be answered by posts."),
    N_("No questions yet: f takes in what people asked more than once."),
    (
        Question("text", N_("Question"), N_("As people put it.")),
        Question("answer", N_("Answer"), N_("What to say.")),
        _SEGMENT,
        Question("post", N_("Post"), N_("The number of the post that answers it.")),
    ),
    ("text", "segment", "asked"),
    lambda queries, project: queries.questions(project),
    lambda row: str(row.id),
    _question_values,
    _question_document,
    lambda service, project, values, known: service.research.add_question(
        project, values["text"], values["answer"], segment_id(values["segment"], known.segments)
    ),
    lambda service, _project, key, values, known: service.research.edit_question(
        _id(key),
        values["text"],
        values["answer"],
        segment_id(values["segment"], known.segments),
        _whole(values["post"], "post"),
    ),
    lambda service, _project, key: service.research.remove_question(_id(key)),
)


# Contacts and competitors

CONTACTS: ClientPart = Part(
    "contact",
    N_("Contacts"),
    N_("Whom to ask at the client's, and how."),
    N_("No contacts yet: whom do you call when something burns?"),
    (
        Question("name", N_("Name"), N_("Who it is.")),
        Question("role", N_("Role"), N_("What they decide.")),
        Question("reach", N_("Reach"), N_("Phone, mail or messenger, and when.")),
    ),
    ("name", "reach", "role"),
    lambda queries, project: queries.brief(project).contacts,
    lambda row: str(row["name"]),
    lambda row, _known: {name: row.get(name, "") for name in ("name", "role", "reach")},
    lambda row: dict(row),
    lambda service, project, values, _known: service.briefs.put_contact(
        project, "", values["name"], values["role"], values["reach"]
    ),
    lambda service, project, key, values, _known: service.briefs.put_contact(
        project, key, values["name"], values["role"], values["reach"]
    ),
    lambda service, project, key: service.briefs.remove_contact(project, key),
    named=True,
)

COMPETITORS: ClientPart = Part(
    "competitor",
    N_("Competitors"),
    N_("Who else wants these people, and what they do well."),
    N_("No competitors yet: who else wants these people?"),
    (
        Question("name", N_("Name"), N_("Who it is.")),
        Question("where", N_("Where"), N_("Its pages.")),
        Question("note", N_("Notes"), N_("What it does well, and what not."), long=True),
    ),
    ("name", "note", "where"),
    lambda queries, project: queries.brief(project).competitors,
    lambda row: str(row["name"]),
    lambda row, _known: {name: row.get(name, "") for name in ("name", "where", "note")},
    lambda row: dict(row),
    lambda service, project, values, _known: service.briefs.put_competitor(
        project, "", values["name"], values["where"], values["note"]
    ),
    lambda service, project, key, values, _known: service.briefs.put_competitor(
        project, key, values["name"], values["where"], values["note"]
    ),
    lambda service, project, key: service.briefs.remove_competitor(project, key),
    named=True,
)


# What reached whom


def _result_values(row: SegmentResult, _known: Known) -> Values:
    def told(label: str, value: int | None) -> str:
        return "" if value is None else f"{label} {value}"

    posts = row.posts
    figures = (
        [
            told(_("reach"), posts.reach),
            told(_("views"), posts.views),
            told(_("engagement"), posts.engagement),
            told(_("clicks"), posts.clicks),
        ]
        if posts is not None
        else []
    )
    figures += [told(_("results of ads"), ads.results) for ads in row.ads]
    count = 0 if posts is None else posts.posts
    return {
        "segment": row.name or _("nobody in particular"),
        "figures": ", ".join(figure for figure in figures if figure) or _("nothing told yet"),
        "posts": ngettext("{count} post", "{count} posts", count).format(count=count),
    }


RESULTS: ClientPart = Part(
    "result",
    N_("Results"),
    N_("What posts and ads for each segment brought in the last 30 days. Missing is not zero."),
    N_("Nothing went out in the last 30 days, and there are no segments yet."),
    (),
    ("segment", "figures", "posts"),
    lambda queries, project: queries.recent_results(project),
    lambda row: str(row.segment_id or 0),
    _result_values,
    lambda row: {"segment_id": row.segment_id, "segment": row.name or None},
    _no_more,
    lambda service, project, _key, values, known: _no_more(service, project, values, known),
    lambda service, project, _key: _no_more(service, project, {}, Known()),
    fixed=True,
)

PARTS = (BRIEF, GOALS, SEGMENTS, HYPOTHESES, QUESTIONS, COMPETITORS, CONTACTS, RESULTS)


def known(queries: ClientQueries, project: int, accounts: Sequence[Any], today: date) -> Known:
    """What these parts of a project refer to."""
    return Known(accounts=accounts, today=today, segments=queries.segments(project))


def _id(key: str) -> int:
    return _whole(key, "id") or 0
