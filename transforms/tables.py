"""Every table of the lake, declared once, in the reader's words.

What belongs here: the columns of a table, their types, bounds and meaning.
What does not: how a table is filled (`transforms`, `warehouse`) or what is believable in it (`expectations`).
"""

from __future__ import annotations

import polars as pl

from transforms.contact_status import STATUSES
from transforms.declared import dy
from transforms.dimensions import BESIDE, CARRIED, DIMENSIONS, METRICS, OF_ANSWERS, TYPED, column_of

CATEGORIES = ("promoter", "passive", "detractor")

_GIVEN = {each.name: each.given for each in DIMENSIONS}
_DECLARED = "What it says of the dimensions that nps.yaml declares by name, as JSON."
_PERSONS = ("Keyed pseudonym of who served.", "Keyed pseudonym of the manager, where employees are shown by them.")
_BESIDE = dict(zip(BESIDE, (*_PERSONS, _DECLARED), strict=True))
_WORDS = {"d": "detractors", "u": "passives", "p": "promoters"}
#: People who answered in both of two periods; of a quarter what this month changes about them, which may be fewer.
_MOVED = {
    f"{grain}_{before}{after}": f"People who were {_WORDS[before]} in the {grain} before and {_WORDS[after]} in this one."
    for grain in ("month", "quarter")
    for before in _WORDS
    for after in _WORDS
}
_MATCHED = "As it was when the answer was given; unknown where nothing matches."


class StagedAnswer(dy.Schema):
    """One row per answer found in one file. What holds for all of a file stands in its `FileRecord`."""

    source = dy.String(description="The source's name in nps.yaml.")
    file_digest = dy.String(description="SHA-256 of the file's bytes, and of what nps.yaml reads from its name.")
    source_row = dy.Int64(min=1, description="The row of the file, as a spreadsheet counts it: the header is row 1.")
    response_id = dy.String(
        description="The source's own id or, where it may be a person's, its keyed digest; that of the row if there is none."
    )
    survey = dy.String(nullable=True, description=_GIVEN["survey"])
    question = dy.String(nullable=True, description="The question's text or code, where one survey asks several.")
    responded_at = dy.Datetime(time_unit="us", time_zone="UTC", description="When the answer was given.")
    updated_at = dy.Datetime(
        nullable=True, time_unit="us", time_zone="UTC", description="When the source last changed the answer."
    )
    month = dy.Date(description="First day of the month of responded_at in the business timezone.")
    respondent_key = dy.String(nullable=True, description="Keyed pseudonym (HMAC-SHA256) of who answered.")
    account_key = dy.String(
        nullable=True, description="Keyed pseudonym of the account or company that they answer for."
    )
    vars().update({column_of(name): dy.String(nullable=True, description=_GIVEN[name]) for name in OF_ANSWERS})
    further = dy.String(nullable=True, description=_DECLARED)
    manager_key = dy.String(nullable=True, description="Keyed pseudonym of the manager.")
    raw_score = dy.String(description="The score's text as found in the file.")
    score = dy.Int8(min=0, max=10, description="Likelihood to recommend, on 0-10.")
    comment = dy.String(nullable=True, description="The verbatim, without e-mail addresses and telephone numbers.")
    reason = dy.String(nullable=True, description="The reason for the score, as a code or text.")
    language = dy.String(nullable=True, description="Language of the answer, as the source gives it.")
    weight = dy.Float64(
        min=0, nullable=True, description="Sampling weight; NULL, which is 1, where the source gives none."
    )
    extras = dy.String(nullable=True, description="The source's extra columns that nps.yaml names, as JSON.")


class RejectedRow(dy.Schema):
    """One row per row of a file that was refused or excluded, with the reason."""

    source = dy.String()
    file_digest = dy.String()
    source_row = dy.Int64(min=1)
    outcome = dy.Enum(["rejected", "excluded"], description="excluded rows are no mistake: previews, tests, ...")
    reason = dy.String(description="From the closed list of reasons.")
    column = dy.String(nullable=True, description="The canonical column that the reason is about.")
    value = dy.String(nullable=True, description="What stood there, masked.")
    month = dy.Date(nullable=True, description="The month of the row, where its date could be read.")


class FileRecord(dy.Schema):
    """One row per verdict on a file of a source: the last one counts. This row is the commit point of a file."""

    source = dy.String()
    file_digest = dy.String()
    bytes_digest = dy.String(
        nullable=True, description="Digest of its bytes alone; file_digest is of what its name says, too."
    )
    path = dy.String(description="Inside the workspace, with forward slashes.")
    size_bytes = dy.Int64()
    modified_at = dy.Datetime(time_unit="us", time_zone="UTC")
    recipe = dy.String(description="Digest of the source's configuration, the adapter's and the cleaning's version.")
    rules = dy.String(nullable=True, description="The adapter's and the cleaning's version; NULL where none is known.")
    settings = dy.String(nullable=True, description="Digest of the source's configuration alone; NULL likewise.")
    key_id = dy.String(nullable=True, description="Digest of the key of its pseudonyms; NULL where none is known.")
    status = dy.Enum(
        ["accepted", "held", "refused", "replaced", "lost", "withdrawn"],
        description="held: a gate failed or a snapshot shrank; refused: unreadable; replaced: its name has other bytes, "
        "or nps.yaml does not name it any more; lost: neither the lake nor landing has it any more; withdrawn: a "
        "person took it back.",
    )
    reason = dy.String(nullable=True, description="Why it is not in: a reason for a whole file, or gate.")
    detail = dy.String(nullable=True, description="The sentence for people.")
    load_id = dy.String(nullable=True, description="Which load of staged and rejected counts.")
    delivery = dy.Enum(["snapshot", "incremental"], description="How files of the source follow one another.")
    scope = dy.String(description="What a snapshot replaces, beside its survey: the values taken from its name.")
    metric = dy.Enum(METRICS, nullable=True, description="nps for clients, enps for employees; NULL of dimensions.")
    scale = dy.String(nullable=True, description="The declared scale of its scores; NULL of dimensions.")
    surveys = dy.List(dy.String(), description="The surveys found in it.")
    months = dy.List(dy.Date(), description="The months of its answers.")
    redelivers = dy.Bool(description="Whether any of its response ids stands elsewhere in its source too.")
    moved_months = dy.List(dy.Date(), description="The months of answers that have versions in several months.")
    moved_with = dy.List(dy.String(), description="The other files of those versions, by digest.")
    rows_read = dy.Int64()
    accepted = dy.Int64()
    unanswered = dy.Int64()
    excluded = dy.Int64()
    rejected = dy.Int64()
    contacts = dy.Int64(
        nullable=True, description="Its rows as attempts to ask somebody; NULL where its source has no contacts."
    )
    voided = dy.Int64(
        nullable=True,
        description="Its excluded rows of activity that have a number, of which older files count no more; NULL of others.",
    )
    notes = dy.List(dy.String(), description="Sentences about an accepted file: what is odd in it.")
    headings = dy.List(dy.String(), description="What its columns are called; none where it has no headings.")
    brand = dy.String(
        nullable=True, description="What a column of brands that nps.yaml does not read says in all its rows."
    )
    shrunk_from = dy.Int64(
        nullable=True, description="How many answers the snapshot before it has, where it has fewer."
    )
    let_in_by = dy.String(
        nullable=True, description="Who accepted it although it shrank, by their name on the machine."
    )
    let_in_at = dy.Datetime(nullable=True, time_unit="us", time_zone="UTC", description="When they did.")
    withdrawn_by = dy.String(nullable=True, description="Who took it back, by their name on the machine.")
    withdrawn_at = dy.Datetime(nullable=True, time_unit="us", time_zone="UTC", description="When they did.")
    erasures = dy.List(
        dy.String(),
        description="When rows of it were erased, or lost a name, each with their month; kept when read again.",
    )
    ingested_at = dy.Datetime(time_unit="us", time_zone="UTC")
    sequence = dy.Int64(
        nullable=True, description="Numbers the appends to this ledger; clocks may be wrong, this is not."
    )


class Member(dy.Schema):
    """One row per member of a dimension as one file gives it."""

    dimension = dy.Enum(["branches", "accounts", "employees", "agents"])
    file_digest = dy.String()
    source_row = dy.Int64(min=1)
    member_key = dy.String(description="A branch's code, or the pseudonym of an account, employee or agent.")
    name = dy.String(
        nullable=True,
        description="A branch's name, or the code that an agent is shown by. Names of accounts and people are never stored.",
    )
    branch = dy.String(nullable=True)
    industry = dy.String(nullable=True)
    region = dy.String(nullable=True)
    area = dy.String(nullable=True, description="What the region belongs to: a country, a division.")
    became = dy.String(nullable=True, description="Code of the branch that this one is now: it was renamed or merged.")
    department = dy.String(nullable=True)
    manager_key = dy.String(nullable=True)
    valid_from = dy.Date(description="The first day on which this holds.")


class Contact(dy.Schema):
    """One row per row of a file that says who was asked: an attempt, by call, letter or message, and what became of it.

    It lies in the load of its file, so it comes and goes with it. Of employees nothing says who they are.
    """

    source = dy.String()
    file_digest = dy.String()
    source_row = dy.Int64(min=1)
    contact_id = dy.String(nullable=True, description="The source's own id of it, or that of the row, as of answers.")
    status = dy.Enum(STATUSES, nullable=True, description="How far it came; NULL where the row is no attempt.")
    is_of_answer = dy.Bool(description="Whether the row is one of an answer: accepted, excluded or rejected.")
    survey = dy.String()
    wave = dy.String(nullable=True, description="Wave or campaign of the survey, as the source gives it.")
    vars().update(
        {name: dy.String(nullable=True, description=_GIVEN[name]) for name in ("programme", "brand", "branch")}
    )
    channel = dy.String(nullable=True, description=_GIVEN["channel"])
    respondent_key = dy.String(nullable=True, description="Keyed pseudonym of who was asked, the same as of answers.")
    account_key = dy.String(nullable=True)
    attempted_at = dy.Datetime(nullable=True, time_unit="us", time_zone="UTC", description="When they were asked.")
    month = dy.Date(
        description="First day of its month in the business timezone; 1900-01-01 where no date is believable."
    )
    answered_at = dy.Datetime(
        nullable=True, time_unit="us", time_zone="UTC", description="When the accepted answer was given."
    )
    category = dy.Enum(CATEGORIES, nullable=True, description="That of the accepted answer.")
    gives_reason = dy.Bool(
        nullable=True, description="Whether a reason or comment stands there; NULL where none is asked for."
    )
    reminder_no = dy.Int32(nullable=True, description="The how manieth reminder it was.")


class ContactCount(dy.Schema):
    """One row per month, file and all that is alike in contacts: how many these are."""

    month = dy.Date()
    source = dy.String()
    file_digest = dy.String()
    metric = dy.Enum(METRICS)
    survey = dy.String()
    wave = dy.String()
    vars().update({name: dy.String(description=_MATCHED) for name in ("programme", "brand", "branch", "channel")})
    tariff = dy.String(nullable=True, description="Name of the source's tariff.")
    price_from = dy.Date(
        nullable=True, description="The day from which the price holds that was valid; NULL where none was."
    )
    status = dy.Enum(STATUSES, nullable=True)
    is_of_answer = dy.Bool()
    is_counted = dy.Bool(description="Whether it is an attempt which no newer file tells of again.")
    is_matched = dy.Bool(
        nullable=True, description="Whether an answer in another source was found; NULL where its file holds answers."
    )
    category = dy.Enum(CATEGORIES, nullable=True)
    gives_reason = dy.Bool(nullable=True)
    days = dy.Int64(nullable=True, description="Whole days from asking to the answer.")
    contacts = dy.Int64(min=1)
    people = dy.Int64(
        min=0, description="Of them, first attempts of a person in the group of branch, channel and status."
    )
    invited = dy.Int64(min=0, description="Of them, the furthest attempts of a person in a wave of a survey.")
    too_soon = dy.Int64(
        nullable=True,
        description="Of these, those of people who were invited shortly before; NULL where nothing says so.",
    )
    too_often = dy.Int64(nullable=True, description="Likewise, those of people who are asked too often.")
    answers = dy.Int64(min=0, description="Answers in another source that are to them.")
    asked_after = dy.Int64(
        min=0, description="Contacts of the same people and wave after they had answered these in another source."
    )


class Response(dy.Schema):
    """One row per answer that counts: where the whole answer stands in staged, and in which cell it counts.

    Answers of one person in a month stand in the order in which `one_answer` prefers them (`transforms.answers.people`).
    """

    month = dy.Date(description="First day of the month in the business timezone.")
    source = dy.String()
    file_digest = dy.String()
    source_row = dy.Int64(min=1)
    cell = dy.Int32(min=0, description="The number of its cell, in the same month of the same build.")
    person = dy.Int64(
        nullable=True,
        description="Hash of the pseudonym of a client who answered; NULL where nobody knows who, and of employees.",
    )


class Cell(dy.Schema):
    """One row per month and combination of source, metric, dimensions, scale and score: the answers that count there."""

    month = dy.Date(description="First day of the month in the business timezone.")
    cell = dy.Int32(min=0, description="Its number in the month. Others may be of the same dimensions and score.")
    source = dy.String()
    metric = dy.Enum(METRICS)
    survey = dy.String()
    vars().update({name: dy.String(description=_MATCHED) for name in TYPED})
    vars().update({name: dy.String(nullable=True, description=says) for name, says in _BESIDE.items()})
    scale = dy.String()
    score = dy.Int8(min=0, max=10)
    category = dy.Enum(CATEGORIES, description="promoter 9-10, passive 7-8, detractor 0-6.")
    answers = dy.Int64(min=1)
    weight_sum = dy.Float64(min=0)
    weight_sq_sum = dy.Float64(min=0)


class SupersededAnswer(dy.Schema):
    """One row per accepted answer that does not count, and the answer that it lost to."""

    month = dy.Date()
    source = dy.String()
    file_digest = dy.String()
    source_row = dy.Int64(min=1)
    rule = dy.Enum(["snapshot_replaced", "redelivered", "answered_again"])
    by_source = dy.String(nullable=True)
    by_file_digest = dy.String(nullable=True)
    by_source_row = dy.Int64(nullable=True)


class Outcome(dy.Schema):
    """One row per month, file and fate of its accepted answers: how many count, or lost by a rule to another file."""

    month = dy.Date()
    source = dy.String()
    file_digest = dy.String()
    rule = dy.Enum(
        ["snapshot_replaced", "redelivered", "answered_again"],
        nullable=True,
        description="By which rule they do not count; NULL of those that count.",
    )
    by_source = dy.String(nullable=True)
    by_file_digest = dy.String(nullable=True, description="The file of the answers that count in their place.")
    answers = dy.Int64(min=1)


class Fact(dy.Schema):
    """One row per month, metric, dimension of `CARRIED` and scale: counts that may be summed."""

    month = dy.Date()
    metric = dy.Enum(METRICS)
    vars().update({name: dy.String() for name in CARRIED})
    scale = dy.String()
    responses = dy.Int64(min=1)
    promoters = dy.Int64(min=0)
    passives = dy.Int64(min=0)
    detractors = dy.Int64(min=0)
    score_sum = dy.Int64(min=0)
    weight_sum = dy.Float64(min=0)
    weight_promoters = dy.Float64(min=0)
    weight_passives = dy.Float64(min=0)
    weight_detractors = dy.Float64(min=0)
    weight_sq_sum = dy.Float64(min=0)


class Repeat(dy.Schema):
    """One row per mart, group of it and two months: the pairs of answers that one person of the group gave in them.

    `earlier` may be `month` itself. What counts answers of several people at once is made from sums over such pairs.
    """

    month = dy.Date(description="The month of the later answer.")
    earlier = dy.Date(description="The month of the earlier answer, less than a year before.")
    mart = dy.String()
    member = dy.String(nullable=True, description="The group, under a name that it had when this was built.")
    second = dy.String(nullable=True, description="The same of the second dimension of a mart of two.")
    promoters = dy.Int64(
        min=0, description="Of pairs with no other answer between: promoters that count no more where people do."
    )
    passives = dy.Int64(min=0)
    detractors = dy.Int64(min=0)
    pairs = dy.Int64(min=0)
    balance = dy.Int64(description="Sum of the answers of all pairs, both of each, coded -1, 0, 1.")
    product = dy.Int64(description="Sum of the products of the two answers of each pair.")
    vars().update({name: dy.Int64(description=says) for name, says in _MOVED.items()})


class Mention(dy.Schema):
    """One row per month, cell and what is said in it: the answers of clients that say so, where any does.

    Made where nps.yaml declares themes, or names a column of reasons.
    """

    month = dy.Date()
    cell = dy.Int32(min=0, description="The cell of the answers, in the build of the month that this was made from.")
    kind = dy.Enum(
        ["theme", "reason", "comment", "tagged"],
        description="What is counted: answers of a theme or with a reason; with a comment, and such of any theme.",
    )
    name = dy.String(nullable=True, description="Of which theme or which reason.")
    answers = dy.Int64(min=1)


class Word(dy.Schema):
    """One row per month and word of comments about the own brand, in programmes of the headline. Made with themes."""

    month = dy.Date()
    word = dy.String(description="In small letters.")
    answers = dy.Int64(min=1, description="Answers that say it.")
    people = dy.Int64(min=1, description="People who do; an answer of which nobody knows who gave it is one more.")
    named = dy.Int64(min=0, description="Answers in which it has a capital inside of a sentence, as names have.")
    small = dy.Int64(min=0, description="Answers in which it has none.")


class Ticket(dy.Schema):
    """One row per ticket of a CRM as one dump gives it: what was done about an answer."""

    file_digest = dy.String()
    source_row = dy.Int64(min=1)
    response_key = dy.String(
        nullable=True,
        description="Keyed digest of the answer's id in its source, whatever that is; NULL where it names the client alone.",
    )
    person_key = dy.String(nullable=True, description="The same of it as of a person, where an address is the id.")
    respondent_key = dy.String(nullable=True, description="Keyed pseudonym of the client, the same as of answers.")
    account_key = dy.String(nullable=True, description="Keyed pseudonym of their account, likewise.")
    of_source = dy.String(nullable=True, description="The source of the answer, where the dump says it.")
    owner_key = dy.String(nullable=True, description="Keyed pseudonym of who follows up.")
    opened_at = dy.Datetime(nullable=True, time_unit="us", time_zone="UTC")
    first_contact_at = dy.Datetime(nullable=True, time_unit="us", time_zone="UTC")
    closed_at = dy.Datetime(nullable=True, time_unit="us", time_zone="UTC")
    ended = dy.String(nullable=True, description="recovered, kept, lost or unreachable, where it says one of these.")
    root_cause = dy.String(nullable=True, description="What was found to be the cause, as the dump gives it.")
    is_opted_out = dy.Bool(description="Whether it says that the client is not to be called.")


class Case(dy.Schema):
    """One row per answer of an unhappy client, as the last publication found it. Never published as rows."""

    case_id = dy.String(description="The answer's id: what its source calls it.")
    source = dy.String()
    file_digest = dy.String()
    source_row = dy.Int64(min=1)
    month = dy.Date(description="The month of the answer.")
    branch = dy.String(description="As it is shown; unknown of one that is void.")
    channel = dy.String(description="As it is shown; unknown of one that is void.")
    survey = dy.String(description="As it is shown; unknown of one that is void.")
    category = dy.Enum(CATEGORIES)
    opened_at = dy.Datetime(time_unit="us", time_zone="UTC", description="When the answer was given.")
    due_at = dy.Datetime(time_unit="us", time_zone="UTC", description="By when somebody must have called.")
    owner_key = dy.String(nullable=True, description="Keyed pseudonym of who follows up.")
    first_contact_at = dy.Datetime(nullable=True, time_unit="us", time_zone="UTC")
    closed_at = dy.Datetime(nullable=True, time_unit="us", time_zone="UTC")
    status = dy.Enum(
        ["void", "exempt", "closed", "contacted", "open"],
        description="void: the answer counts no more, since another took its place or its file was withdrawn.",
    )
    outcome = dy.String(nullable=True, description="recovered, kept, lost or unreachable, of one that is closed.")
    root_cause = dy.String(nullable=True)
    hours_to_contact = dy.Float64(nullable=True)
    is_overdue = dy.Bool(description="Whether it is open and was due before as_of.")
    next_category = dy.String(nullable=True, description="Category of the next answer of the same person.")
    as_of = dy.Datetime(time_unit="us", time_zone="UTC", description="When this was found.")


class Activity(dy.Schema):
    """One row per thing that a client did, as one file gives it: a purchase, a renewal, a refund, a cancellation.

    Or that it says of a number that it is none of these: `excluded`. Made where nps.yaml declares activity. Never published
    as rows.
    """

    source = dy.String(description="Its name under activity in nps.yaml, with the prefix of such files.")
    file_digest = dy.String()
    source_row = dy.Int64(min=1)
    activity_key = dy.String(
        description="Keyed digest of its number; where there is none, of what the row says and its place among equal rows."
    )
    client_key = dy.String(
        nullable=True,
        description="Keyed pseudonym of the client, the same as of answers; NULL only where it is excluded.",
    )
    occurred_on = dy.Date(nullable=True, description="The day in business time; NULL only where it is excluded.")
    kind = dy.Enum(["purchase", "renewal", "refund", "cancel", "excluded"])
    amount = dy.Decimal(precision=18, scale=4, nullable=True, description="As the file says it; below 0 for a refund.")
    currency = dy.String(nullable=True)
    known_until = dy.Date(nullable=True, description="The last day of which the file knows all, where it says that.")


class Client(dy.Schema):
    """One row per client as one list gives them: the last list that has them counts. Made where nps.yaml has clients."""

    source = dy.String()
    file_digest = dy.String()
    source_row = dy.Int64(min=1)
    client_key = dy.String(description="Keyed pseudonym of the client, the same as of answers.")
    first_seen = dy.Date(nullable=True, description="Since when they are a client.")
    acquisition = dy.String(nullable=True, description="How they were won, as the list says it: earned, bought ...")
    referrer_key = dy.String(nullable=True, description="Keyed pseudonym of the client who brought them.")
    worth = dy.Decimal(precision=18, scale=4, nullable=True, description="What they are worth, as the list says it.")
    currency = dy.String(nullable=True, description="That of what they are worth, where the list says any beside it.")


class BuildRecord(dy.Schema):
    """One row per build of a month of a stage: the last one counts. Written last, it is the build's commit point."""

    stage = dy.Enum(["responses", "facts", "people", "why", "contacts", "cases", "matched"])
    month = dy.Date()
    load_id = dy.String(description="Which load of the stage's tables counts for the month.")
    inputs = dy.String(description="Digest of everything that the month was built from.")
    answers = dy.Int64(description="Accepted answers of the month.")
    responses = dy.Int64()
    superseded = dy.Int64()
    built_at = dy.Datetime(time_unit="us", time_zone="UTC")
    sequence = dy.Int64(
        nullable=True, description="Numbers the appends to this ledger; clocks may be wrong, this is not."
    )


class CheckRecord(dy.Schema):
    """One row per rule that was checked: the last one of a stage, subject and rule counts."""

    stage = dy.Enum(["sources", "responses", "facts", "published"])
    subject = dy.String(description="The source that was checked, or months.")
    rule = dy.String()
    says = dy.String(description="What it means when the rule fails.")
    passed = dy.Bool()
    failing_rows = dy.Int64(min=0)
    checked_at = dy.Datetime(time_unit="us", time_zone="UTC")
    sequence = dy.Int64(
        nullable=True, description="Numbers the appends to this ledger; clocks may be wrong, this is not."
    )


class Restatement(dy.Schema):
    """One row per publication and figure of clients of a period that had ended which it changed."""

    restated_at = dy.Datetime(time_unit="us", time_zone="UTC", description="When the changed figure was published.")
    published_before = dy.Datetime(time_unit="us", time_zone="UTC", description="When the other one was.")
    mart = dy.String()
    period_grain = dy.String()
    period_start = dy.Date()
    period_end = dy.Date()
    dimension = dy.String(nullable=True, description="What the mart is grouped by; NULL where all are one group.")
    member = dy.String(nullable=True, description="Whose figure it is; NULL likewise.")
    from_responses = dy.Int64(nullable=True, description="0 where it was gone; NULL where it was not shown.")
    to_responses = dy.Int64(nullable=True, description="0 where no answer is of it any more; NULL where too few are.")
    from_nps = dy.Float64(nullable=True, description="NULL where it was not there.")
    to_nps = dy.Float64(
        nullable=True, description="NULL where no answer is of it any more, or too few are to be shown."
    )
    why = dy.String(
        description="Which files came or went since, which entries of nps.yaml changed, or that something else did."
    )
    accepted_by = dy.String(
        nullable=True, description="Who accepted it, by their name on the machine, where it was held."
    )
    sequence = dy.Int64(
        nullable=True, description="Numbers the appends to this ledger; clocks may be wrong, this is not."
    )


class WaveRecord(dy.Schema):
    """One row per closed wave of employees, per table of it and per group that is shown: for good, and made only once.

    A wave is a survey in a month. The rows of a wave are appended together, so it is closed or it is not. Rows `late` come
    after it: what the company's score counts of it from then on, since many answers came or went.
    """

    survey = dy.String()
    month = dy.Date(description="First day of the month of the wave.")
    kind = dy.Enum(["wave", "table", "group", "late"], description="What the row is of.")
    mart = dy.String(nullable=True, description="The table that shows the group; NULL of a wave.")
    members = dy.List(
        dy.String(),
        description="What the group is called, in the order of the mart's dimensions; of a renamed wave the survey and "
        "month under which its answers are shown.",
    )
    responses = dy.Int64(nullable=True, min=0)
    promoters = dy.Int64(nullable=True, min=0)
    passives = dy.Int64(nullable=True, min=0)
    detractors = dy.Int64(nullable=True, min=0)
    nonstandard_responses = dy.Int64(nullable=True, min=0)
    withheld = dy.Int64(nullable=True, min=0, description="How many groups of the table the wave does not show.")
    outcome = dy.String(nullable=True, description="Of a wave: shown, withheld, lost, compromised or renamed.")
    compromised = dy.Int64(
        nullable=True, min=0, description="Of a wave: how many groups what was published before it closed gives away."
    )
    minimum_group = dy.Int64(
        nullable=True,
        min=0,
        description="Of a wave and of `late`: the fewest answers that were wanted when it was written.",
    )
    closed_at = dy.Datetime(time_unit="us", time_zone="UTC")
    sequence = dy.Int64(
        nullable=True, description="Numbers the appends to this ledger; clocks may be wrong, this is not."
    )


def types(table: type[dy.Schema]) -> dict[str, pl.DataType]:
    """The columns of a table with their polars types, in its order."""
    return {name: column.dtype for name, column in table.columns().items()}


def stored_types(table: type[dy.Schema]) -> dict[str, pl.DataType]:
    """The same as the lake stores them: enumerations are text."""
    return {name: pl.String() if isinstance(dtype, pl.Enum) else dtype for name, dtype in types(table).items()}
