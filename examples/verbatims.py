"""What people say in the demo, with what breaks careless readers: quotes, line ends, separators, emoji, formulas.

Here: texts. Not here: who says them.
"""

from __future__ import annotations

from typing import Final

from examples.dice import Dice

_PROMOTER_FROM: Final = 9
_PASSIVE_FROM: Final = 7

_WEB: Final = {
    "promoter": (
        "Sve pohvale, brzo i ljubazno! 👏",
        "Great people. They called me back\nwithin the hour.",
        "Hitro in zanesljivo, hvala 🙂",
        'I told a colleague: "go there, they listen".',
        "Odlična podrška; i prije i poslije kupnje.",
    ),
    "passive": (
        "Dobro, ali dostava kasni.",
        "OK overall, prices went up",
        "V redu, lahko bi bilo ceneje.",
        "Uglavnom zadovoljni,\n\nali čekanje na telefonu je predugo.",
    ),
    "detractor": (
        "Čekao sam 40 minuta. Nitko se nije javio 😡",
        'They said "tomorrow" three times.\nIt took two weeks.',
        "Račun je bio pogrešan, a ispravak traje.",
        "-5 % obećano, ništa dobiveno",
        "=never again",
    ),
}
_CALLS: Final = {
    "promoter": (
        "Све похвале, само тако наставите",
        "Очень довольна, спасибо",
        "Љубазни и брзи",
        "Всё хорошо, рекомендую",
    ),
    "passive": ("Добро, али може боље", "Нормально; цены высокие", "Чекање је предуго", "В целом устраивает"),  # noqa: RUF001
    "detractor": (
        "Никто не перезвонил",
        "Рачун није тачан; трећи пут",
        "Обећали «сутра», прошле две недеље",
        'Сказали "ждите" и пропали',
    ),
}
_EMPLOYEES: Final = {
    "promoter": ("Dobar tim", "I learn something every week", "Voditelj sluša"),
    "passive": ("Plaća bi mogla biti bolja", "More training, please", "U redu"),
    "detractor": ("Premalo ljudi, previše smjena", "Nobody asks us", "Obećanja se ne drže"),
}


def band(score: int) -> str:
    """The group of a score on 0-10."""
    return "promoter" if score >= _PROMOTER_FROM else "passive" if score >= _PASSIVE_FROM else "detractor"


def web(score: int, dice: Dice) -> str:
    """A comment typed into a form or a client card; most people leave none."""
    return dice.pick(_WEB[band(score)]) if dice.chance(0.35) else ""


def call(score: int, dice: Dice) -> str:
    """A comment noted by an operator, in Cyrillic."""
    return dice.pick(_CALLS[band(score)]) if dice.chance(0.4) else ""


def employee(score: int, dice: Dice) -> str:
    """What an employee would change."""
    return dice.pick(_EMPLOYEES[band(score)]) if dice.chance(0.25) else ""
