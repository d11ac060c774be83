"""Handlers that requests are routed to, in groups of neighbours whose work overlaps.

A handler: its name, three cues (words that stand for it; the first two are its short description), a
description in a sentence, and requests that mean it without using a cue. Cues belong to one handler only.
"""

from dataclasses import dataclass
from random import Random

from autodidact.benchmark.suite.vocabulary import PEOPLE, PRODUCTS, PROJECTS, WEEKDAYS


@dataclass(frozen=True)
class Handler:
    name: str
    group: str
    cues: tuple[str, ...]
    about: str
    requests: tuple[str, ...]


_TABLE = """
money | billing | invoice, receipt, charge | bills, and amounts taken from a card
  The amount taken from my card in {month} is higher than the price on your site.
  {person} needs last month's bill for the {product} with our new company name on it.
  I was billed twice for the same {product}.
money | refunds | refund, reimbursement, credit note | giving money back for something already paid
  I cancelled the {product} on {day} and would like my money back.
  You promised {person} the full {n} back, and nothing has arrived yet.
  The seminar was called off. How do I get back what I paid?
money | subscriptions | subscription, renewal, trial period | starting, changing and ending a plan
  We want to move from the basic plan to the team plan before {day}.
  Please make sure that our plan ends by itself this year.
  How many seats would the larger plan give us?
money | payouts | payout, earnings, seller balance | paying sellers and partners what they earned
  I sold {n} pieces last month, but my bank account shows nothing from you.
  On which day do sellers like {person} get paid?
  As a partner I would like my share sent to another bank.
money | discounts | coupon, voucher, promo code | price reductions and campaign codes
  The code from your newsletter does not lower the price of the {product}.
  Is there a lower price for schools that buy {n} pieces?
  SAVE{n} is rejected at the last step, although the campaign runs until {day}.
money | taxes | VAT, tax number, tax exemption | tax identification, rates and certificates
  We are a charity and should be paying net prices.
  Which rate applies when {person} buys from another country?
  Our fiscal ID changed. Where can we enter the new one?
access | sign_in | password, sign-in, login page | getting into an existing account
  I am locked out after five wrong attempts.
  {person} forgot the secret phrase and cannot get in.
  The form keeps saying that my credentials are wrong.
access | profiles | profile, display name, avatar | what an account shows and how it is described
  I married, and my old surname still appears everywhere.
  How can {person} replace the picture next to the comments?
  Please show my job title under my name.
access | permissions | permission, role, access right | who may see or do what
  {person} can read the {service} project, but should also be able to change it.
  Since {day} I may no longer open the folder of my own team.
  Make {person} an administrator of {service}.
access | api_keys | API key, access token, client secret | credentials for programs
  Our script is rejected with 401 since the old credential for {service} ran out.
  We published a credential by accident and need a new one for {service} now.
  How do I let our build server talk to your interface?
access | two_factor | two-factor, authenticator, backup code | the second step after the password
  My new phone no longer shows the six digits you ask for.
  {person} lost the phone that confirms each entry.
  Can we make the second check mandatory for everybody in {service}?
access | privacy | personal data, consent, data protection | what is stored about a person, and erasing it
  Please erase everything you hold about me.
  I want a copy of all that you have stored on {person}.
  Who else do you share my details with?
delivery | shipping | parcel, courier, tracking | goods on their way to the buyer
  The {product} was sent on {day} and has not been seen since.
  The van came, rang once and drove off again with my {product}.
  When will the {product} for {person} arrive?
delivery | returns | return label, exchange, send back | goods on their way back from the buyer
  The {product} is too small. I would like the larger one instead.
  Where do I drop off the {product} that I do not want to keep?
  {person} opened the box, did not like the {product}, and asks what to do with it.
delivery | stock | restock, availability, sold out | whether and when goods can be bought
  When can I order the {product} again?
  Do you have {n} pieces of the {product} that could leave at once?
  The green {product} has been greyed out in the shop for weeks.
delivery | addresses | delivery address, pickup point, postcode | where an order should go
  I moved. Please send the {product} to my new flat.
  Can the {product} go to the shop around the corner instead of my home?
  I typed the wrong house number for {person}.
delivery | customs | customs, import duty, export licence | goods that cross a border
  The office at the border holds my {product} and wants papers.
  What will {person} have to pay when the {product} enters the country?
  Can the {product} be sent abroad at all, with a battery inside?
delivery | repairs | repair, warranty, spare part | goods that break after they were delivered
  The {product} worked for {n} days and then stopped.
  A piece of my {product} came off. Can I buy just that piece?
  Is the fault on the {product} still covered after a year?
platform | incidents | outage, downtime, error page | a system that is failing right now
  Nobody in the office can reach {service} since this morning.
  {service} answers every call with 500.
  Customers call: {service} is gone.
platform | deployments | deployment, rollback, release train | bringing versions into service
  Please bring version 2.{n} of {service} into production on {day}.
  The new version of {service} misbehaves. Put the old one back.
  Why did {service} not go out with the others on {day}?
platform | monitoring | alert, dashboard, metric | what is measured, and when somebody is told
  I want to be called when {service} takes longer than {n} ms.
  Please show the error rate of {service} beside its traffic.
  We were paged {n} times last night for nothing.
platform | databases | SQL query, schema migration, table lock | storing rows and reading them fast
  Reading the history of one customer in {service} takes {n} seconds since the column was added.
  {service} needs a new column for the second name.
  Two jobs in {service} wait for each other's rows.
platform | networking | DNS, firewall, certificate | how machines reach each other
  The browser warns that the connection to {service} is not private.
  {service} can be reached by number, but not by name.
  Open port {port} between {service} and {service2}.
platform | capacity | quota, disk space, memory limit | how much of a machine something may use
  {service} is killed whenever it holds more than {n} MB.
  The volume under {service} is 97% full.
  {person} hit the ceiling of {n} jobs and needs more.
work | reviews | pull request, code review, diff | reading a change before it is merged
  Could somebody look over my change to {service} before it goes in?
  {person} left remarks on my branch. Are they settled now?
  Two people should approve what I did in {service}.
work | testing | test suite, coverage, flaky test | checking by program that code does what it should
  One check in {service} passes on my machine and fails every third time on the build server.
  Nothing verifies what {service} does with an empty list. Please add something.
  How much of {service} is exercised before we ship?
work | documentation | manual, tutorial, changelog | texts that explain the product
  The page about {service} still describes the old flags.
  Write down for newcomers how {service} is set up.
  Which page tells users what changed in {service}?
work | translation | translation, locale, wording in French | the product in other languages
  The button in {service} is still English for our users in Lisbon.
  How do we say "check out" to customers in Japan?
  Dates in {service} should read day first for Germany.
work | scheduling | meeting, calendar, time slot | finding a time for people
  Find an hour on {day} when {person} and {person2} are both free.
  Move my talk with {person} to {day}.
  Who is on holiday next week?
work | hiring | job opening, candidate, interview | finding new colleagues
  {person} applied for the place in our team. Who talks to them first?
  We need one more engineer for {service} this year.
  What do I ask somebody who wants to join us?
data | reporting | monthly report, spreadsheet, summary table | figures put together for people to read
  Send {person} the figures of {service} for {month} as a file.
  The numbers that {person} gets every {day} lack one column.
  I need all sales of the {product} in one list by {day}.
data | analytics | funnel, conversion, cohort | why users behave as they do
  At which step do most visitors leave before they buy the {product}?
  Did people who came in {month} stay longer than the others?
  Which of the two start pages makes more visitors buy?
data | search | search results, ranking, synonym | finding things by typing words
  Typing "{product}" brings up everything except the {product}.
  The oldest entries come first when I look for something in {service}.
  Visitors who misspell {product} find nothing.
data | backups | backup, restore, snapshot | copies kept in case data is lost
  {person} deleted the rows of {month} in {service}. Can we have them again?
  Is {service} saved anywhere outside this building?
  For how long do we keep the nightly copies of {service}?
data | imports | CSV file, bulk upload, column mapping | bringing data in from outside
  I have {n} customers in a sheet and want them all in {service}.
  Only half of the lines that {person} loaded into {service} came through.
  How do I move our records from the old system into {service}?
data | notifications | push message, newsletter, reminder e-mail | messages the system sends to people
  I get {n} mails a day from {service} and want none.
  {person} was not told that the {product} was approved.
  Text our customers when {service} is finished.
"""

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _read() -> list[Handler]:
    found: list[Handler] = []
    for line in _TABLE.strip().splitlines():
        if line.startswith(" "):
            last = found.pop()
            found.append(
                Handler(last.name, last.group, last.cues, last.about, (*last.requests, line.strip()))
            )
        else:
            group, name, cues, about = (part.strip() for part in line.split("|"))
            found.append(Handler(name, group, tuple(cue.strip() for cue in cues.split(",")), about, ()))
    return found


HANDLERS = _read()

PLAIN = (
    "I have a question about the {cue} for my {product}.",
    "There is a problem with the {cue} of {person}.",
    "Can you help {person} with the {cue}?",
    "We need the {cue} for {service} by {day}.",
    "Hello, it is about the {cue} in case {n}.",
    "Who can look at the {cue} for {service}?",
    "{person} is waiting for the {cue} since {day}.",
    "Something is wrong with the {cue}, case {n}.",
    "Could you check the {cue} for {product} number {n}?",
    "Please take care of the {cue} for {person}.",
)
"""Requests that name the cue."""

ASIDES = (
    "By the way, the {cue} you sorted out for {person} last week was perfect.",
    "The {cue} for {service} is already settled, no need to look at it.",
    "My colleague {person} will write to you about the {cue} separately.",
    "Thanks again for the quick help with the {cue} in {month}.",
    "I have already spoken to somebody about the {cue} for {service}, so leave that aside.",
)
"""Sentences that mention another handler's cue and ask for nothing."""


def fill(rng: Random, text: str, **fixed: str) -> str:
    """The text with its slots drawn."""
    person, person2 = rng.sample(PEOPLE, 2)
    service, service2 = rng.sample(PROJECTS, 2)
    slots = {
        "person": person,
        "person2": person2,
        "service": service,
        "service2": service2,
        "product": rng.choice(PRODUCTS),
        "day": rng.choice(WEEKDAYS),
        "month": rng.choice(MONTHS),
        "n": str(rng.randint(12, 480)),
        "port": str(rng.randint(1025, 9999)),
    }
    return text.format(**{**slots, **fixed})


def ask(rng: Random, handler: Handler, level: int, others: list[Handler] = ()) -> str:
    """A request for `handler`: level 1 names one of the two cues listed, level 2 means it in other words,
    level 3 also mentions what another one does.
    """
    if level == 1:
        return fill(rng, rng.choice(PLAIN), cue=rng.choice(handler.cues[:2]))
    text = fill(rng, rng.choice(handler.requests))
    if level == 3 and others:
        aside = fill(rng, rng.choice(ASIDES), cue=rng.choice(rng.choice(others).cues))
        return f"{aside} {text}" if rng.random() < 0.5 else f"{text} {aside}"
    return text


def options(
    rng: Random, level: int, right: Handler | None = None, n: int | None = None
) -> tuple[Handler, list[Handler]]:
    """A handler and the shuffled list it is offered in: 3 or 4 of different groups, 5, or 8 with all its
    neighbours.
    """
    right = right or rng.choice(HANDLERS)
    n = n or {1: rng.choice([3, 4]), 2: 5, 3: 8}[level]
    if level == 3:
        near = [h for h in HANDLERS if h.group == right.group and h != right]
        far = [h for h in HANDLERS if h.group != right.group]
        others = near[: n - 1] + rng.sample(far, max(0, n - 1 - len(near)))
    else:
        others = rng.sample(
            [h for h in HANDLERS if h != right and (level == 2 or h.group != right.group)], n - 1
        )
    listed = [right, *others]
    rng.shuffle(listed)
    return right, listed


def listing(handlers: list[Handler], level: int) -> str:
    """`- name: what it is for`, one a line."""
    return "\n".join(f"- {h.name}: {', '.join(h.cues[:2]) if level == 1 else h.about}" for h in handlers)
