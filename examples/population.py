"""Who there is in the demo: branches, client companies with the people in them, and employees.

Here: the group as it is, and how it changes. Not here: what people think (`mood`) or which system writes it down.
"""

from __future__ import annotations

from dataclasses import dataclass

from examples.dice import Dice

ACCOUNTS = 2_400
#: The day from which the second dump of accounts holds: some clients moved to another branch or industry.
REORGANISED_ON = "2025-07-01"
#: Each department, and the division that it belongs to.
DIVISIONS = {"Sales": "Clients", "Service": "Clients", "Operations": "Inside", "Finance": "Inside", "IT": "Inside"}

_SHARE_MOVED = 0.05
_SHARE_OTHER_INDUSTRY = 0.02
_FIRST_NAMES = (
    "Ana", "Marko", "Ivana", "Luka", "Petra", "Nikola", "Marija", "Stjepan", "Lejla", "Adnan", "Jelena", "Miloš",
    "Katja", "Blaž", "Eszter", "Gábor", "Dragana", "Tomislav", "Mirela", "Filip",
)  # fmt: skip
_LAST_NAMES = (
    "Horvat", "Kovač", "Novak", "Babić", "Marić", "Petrović", "Jurić", "Nikolić", "Hodžić", "Zupan", "Krajnc", "Tóth",
    "Vuković", "Knežević", "Popović", "Delić", "Bašić", "Pavlović", "Šimić", "Radić",
)  # fmt: skip
_PLAIN = str.maketrans("áéóčćđšžČĆĐŠŽ", "aeoccdszCCDSZ")


@dataclass(frozen=True)
class Branch:
    """One branch: how many clients it has beside the others, and its staff."""

    code: str
    name: str
    region: str
    size: int
    staff: int


BRANCHES = (
    Branch("ZG", "Zagreb", "Central", 30, 150),
    Branch("ST", "Split", "Adriatic", 16, 80),
    Branch("RI", "Rijeka", "Adriatic", 12, 65),
    Branch("OS", "Osijek", "Pannonia", 11, 60),
    Branch("LJ", "Ljubljana", "Alpine", 18, 95),
    Branch("MB", "Maribor", "Alpine", 8, 45),
    Branch("SA", "Sarajevo", "Central", 12, 65),
    Branch("BL", "Banja Luka", "Central", 8, 45),
    Branch("BG", "Beograd", "Pannonia", 24, 120),
    Branch("NS", "Novi Sad", "Pannonia", 11, 60),
    Branch("PG", "Podgorica", "Adriatic", 7, 40),
    Branch("PE", "Pécs", "Pannonia", 4, 22),
)

INDUSTRIES = ("technology", "retail", "manufacturing", "tourism", "construction", "healthcare")


@dataclass(frozen=True)
class Contact:
    """A person at a client company."""

    first_name: str
    last_name: str
    email: str
    phone: str


@dataclass(frozen=True)
class Account:
    """A client company, as it was at first and after the reorganisation."""

    code: str
    name: str
    industries: tuple[str, str]
    branches: tuple[str, str]
    contacts: tuple[Contact, ...]

    def branch(self, day: str) -> str:
        """The code of its branch on a day (`2025-06-30`)."""
        return self.branches[day >= REORGANISED_ON]

    def industry(self, day: str) -> str:
        """Its industry on a day."""
        return self.industries[day >= REORGANISED_ON]


@dataclass(frozen=True)
class Employee:
    """A member of staff."""

    code: str
    manager: str
    branch: str
    department: str


@dataclass(frozen=True)
class Group:
    """Everybody."""

    accounts: tuple[Account, ...]
    employees: tuple[Employee, ...]


def group(seed: int) -> Group:
    """The regional group of the demo."""
    dice = Dice(seed, "population")
    offices = [branch.code for branch in BRANCHES for _ in range(branch.size)]
    accounts = tuple(_account(number, offices, dice) for number in range(1, ACCOUNTS + 1))
    return Group(accounts, _employees())


def _account(number: int, offices: list[str], dice: Dice) -> Account:
    branch, industry = dice.pick(offices), dice.pick(INDUSTRIES)
    later_branch = dice.pick(offices) if dice.chance(_SHARE_MOVED) else branch
    later_industry = dice.pick(INDUSTRIES) if dice.chance(_SHARE_OTHER_INDUSTRY) else industry
    # Numbers keep their leading zeros: whoever reads them as numbers finds nobody.
    code = f"{number * 37 % 100_000:06d}"
    contacts = tuple(_contact(number, place, dice) for place in range(dice.between(1, 3)))
    name = f"{dice.pick(_LAST_NAMES)} {number} d.o.o."
    return Account(code, name, (industry, later_industry), (branch, later_branch), contacts)


def _contact(account: int, place: int, dice: Dice) -> Contact:
    first, last = dice.pick(_FIRST_NAMES), dice.pick(_LAST_NAMES)
    # The domain is reserved for examples, the area code is in nobody's use: they can belong to no one.
    email = f"{first}.{last}{account}.{place}@example.com".translate(_PLAIN).lower()
    return Contact(first, last, email, f"+000 {account:05d} {place}{dice.between(100, 999)}")


def _employees() -> tuple[Employee, ...]:
    """Staff in five departments; those of the smallest branches have fewer people than may be published."""
    shares = {"Sales": 30, "Service": 32, "Operations": 20, "Finance": 10, "IT": 8}
    return tuple(
        Employee(
            f"E-{branch.code}-{department[:2].upper()}{place:03d}",
            f"M-{branch.code}-{department}",
            branch.code,
            department,
        )
        for branch in BRANCHES
        for department in DIVISIONS
        for place in range(max(2, branch.staff * shares[department] // 100))
    )
