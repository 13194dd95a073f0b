"""The labels that survey tools write beside the numbers of a scale: `0 - Not at all likely`, `10 (Extremely likely)`.

Here: which words are such a label, language by language, and towards which end of a scale they point. A label is known
where each of its words is; so a reply that begins with a number (`10 minutes on hold`) is none.
Not here: finding the number beside it (`scores`); the labels of one company's own (`scales.*.words` of nps.yaml).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final, Literal

Direction = Literal["worse", "better", "between"]

#: Labels are short.
_MOST_WORDS: Final = 8
_NO_LETTER: Final = re.compile(r"[\W\d_]+")
#: Letters that do not come apart into a plain one and its mark.
_LETTERS: Final = str.maketrans("łđøŁĐØ", "ldoLDO")

#: Of each language: words for the better end, words for the worse, words that turn a better one into a worse, words of
#: little, and words that say nothing alone.
_WORDS: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
    "en": (
        "likely probable probably definitely certainly surely recommend recommended satisfied happy yes excellent good best",
        "unlikely improbable dissatisfied unsatisfied unhappy least none poor bad worst terrible",
        "not no never don t won wouldn nor cannot",
        "somewhat slightly moderately fairly little maybe perhaps neutral neither undecided unsure passive point points pts",
        "extremely very highly most more less absolutely totally completely strongly at all i to we would will us you it is",
    ),
    "pl": (
        "prawdopodobne prawdopodobnie polecę poleciłbym poleciłabym polecam zadowolony zadowolona tak zdecydowanie",
        "nieprawdopodobne mało niezadowolony niezadowolona",
        "nie nigdy",
        "neutralnie neutralny raczej średnio obojętnie trudno powiedzieć punkt punkty punktów",
        "bardzo na pewno w ogóle ogole wcale całkowicie absolutnie by jest to skrajnie wysoce",
    ),
    "ru": (
        "вероятно вероятна вероятен порекомендую рекомендую посоветую рекомендовать да обязательно доволен довольна",
        "маловероятно невероятно недоволен недовольна мало",
        "не нет никогда ни",
        "нейтрально нейтральный возможно скорее средне затрудняюсь балл балла баллов",
        "очень точно крайне совсем совершенно абсолютно весьма вполне всего наиболее наименее в коем случае бы это я буду",
    ),
    "uk": (
        "ймовірно імовірно порекомендую рекомендую пораджу рекомендувати так обовязково задоволений задоволена",
        "малоймовірно малоімовірно неймовірно незадоволений незадоволена мало",
        "не ні ніколи",
        "нейтрально можливо скоріше середньо важко бал бали балів",
        "дуже точно вкрай зовсім цілком абсолютно найбільш найменш у жодному разі в б це я",  # noqa: RUF001 - Ukrainian
    ),
    "hr": (
        "vjerojatno vjerovatno verovatno preporučio preporučila preporučujem preporučiti zadovoljan zadovoljna da",
        "nevjerojatno nevjerovatno neverovatno malo nezadovoljan nezadovoljna nimalo",
        "ne nije nikad nikada nikako neću",
        "neutralno možda donekle uglavnom srednje bod boda bodova",
        "vrlo veoma jako uopće uopšte sigurno izuzetno iznimno potpuno apsolutno svakako bih će to je u potpunosti",
    ),
    "es": (
        "probable probablemente recomendaría recomendaré recomiendo recomendar satisfecho satisfecha sí definitivamente",
        "improbable insatisfecho insatisfecha nada",
        "no nunca jamás",
        "neutral neutro algo poco quizás quizá indiferente moderadamente punto puntos",
        "muy extremadamente sumamente altamente absoluto en seguro seguramente que lo totalmente es más menos los",
    ),
    "de": (
        "wahrscheinlich empfehlen empfehle weiterempfehlen weiterempfehle zufrieden ja bestimmt",
        "unwahrscheinlich unzufrieden",
        "nicht nein nie niemals keinen keinesfalls",
        "neutral eher vielleicht teils etwas mittel weder noch punkt punkte",
        "sehr äußerst höchst überhaupt gar ganz auf jeden fall absolut sicher völlig würde werde ich sie uns es ist am",
    ),
    "fr": (
        "probable probablement recommanderais recommanderai recommande recommander satisfait satisfaite oui certainement",
        "improbable insatisfait insatisfaite",
        "pas jamais non aucunement",
        "neutre assez peu peut être plutôt moyennement point points",
        "très extrêmement du tout tout à fait hautement absolument sûrement je ne n le vous c est",
    ),
    "cs": (
        "pravděpodobné pravděpodobně doporučil doporučila doporučím doporučuji doporučit spokojený spokojená spokojen ano",
        "nepravděpodobné nepravděpodobně nedoporučil nedoporučila nedoporučím nespokojený nespokojená nespokojen málo",
        "ne není nikdy nikoli",
        "neutrální neutrálně spíše spíš možná středně trochu průměrně nevím bod body bodů",
        "velmi extrémně vůbec určitě rozhodně zcela úplně naprosto maximálně absolutně jistě vysoce bych to je",
    ),
    "sk": (
        "pravdepodobné pravdepodobne odporučil odporučila odporučím odporúčam odporučiť spokojný spokojná áno",
        "nepravdepodobné nepravdepodobne neodporučil neodporučila neodporučím nespokojný nespokojná málo",
        "nie nikdy",
        "neutrálne neutrálny skôr možno stredne trochu priemerne neviem bod body bodov",
        "veľmi extrémne vôbec určite rozhodne úplne celkom absolútne isto vysoko by som to je",
    ),
    "others": (
        "provável probabile waarschijnlijk verjetno 非常有可能 極めて高い",
        "improvável improbabile onwaarschijnlijk 完全不可能 全く思わない",
        "nada niente non niet não ne",
        "neutro neutraal nevtralno",
        "muito molto zeer heel erg helemaal zelo extremamente estremamente per uiterst sploh",
    ),
}  # fmt: skip


def direction(label: str) -> Direction | None:
    """Towards which end of a scale a label points; None where it is no known label."""
    words = tuple(plain(label).split())
    if not 0 < len(words) <= _MOST_WORDS:
        return None
    found = [way for language in _languages() if (way := _way(words, language))]
    return found[0] if found else None


def plain(text: str) -> str:
    """The words of a text: small, without marks on letters, apart."""
    unmarked = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    bare = "".join(each for each in unmarked if not unicodedata.combining(each))
    return _NO_LETTER.sub(" ", bare.casefold()).strip()


def _way(words: tuple[str, ...], language: tuple[frozenset[str], ...]) -> Direction | None:
    better, worse, turning, little, beside = language
    known = frozenset(words)
    if not known <= better | worse | turning | little | beside or not known & (better | worse | turning | little):
        return None
    if known & little:
        return "between"
    return "worse" if known & (worse | turning) else "better"


@cache
def _languages() -> tuple[tuple[frozenset[str], ...], ...]:
    return tuple(tuple(frozenset(plain(words).split()) for words in kinds) for kinds in _WORDS.values())
