"""The words of the labels that survey tools write beside the numbers of a scale, language by language.

Here: the words, and what each says. Not here: how a label is held against them (`anchors`).
"""

# ruff: noqa: RUF001 - Ukrainian, Serbian, Greek, Turkish

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Of each language: words for the better end, words for the worse, words that turn a better one into a worse, words of
#: little, and words that say nothing alone.
WORDS: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
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
        "bardzo zupełnie na pewno w ogóle ogole wcale całkowicie absolutnie by jest to skrajnie wysoce",
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
        "дуже точно вкрай зовсім цілком абсолютно найбільш найменш у жодному разі в б це я",
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
    "it": (
        "probabile probabilmente consiglierei consiglio consigliare raccomanderei raccomando soddisfatto soddisfatta sì",
        "improbabile insoddisfatto insoddisfatta niente nulla poco",
        "non no mai affatto",
        "neutro neutrale forse abbastanza piuttosto mediamente punto punti",
        "molto estremamente altamente assolutamente sicuramente certamente del tutto per lo di è vi",
    ),
    "pt": (
        "provável provavelmente recomendaria recomendo recomendarei recomendar satisfeito satisfeita sim",
        "improvável insatisfeito insatisfeita nada pouco",
        "não nunca jamais",
        "neutro talvez razoavelmente ponto pontos",
        "muito extremamente altamente absolutamente certamente com certeza totalmente é",
    ),
    "nl": (
        "waarschijnlijk aanbevelen tevreden ja zeker",
        "onwaarschijnlijk ontevreden",
        "niet nee nooit geen",
        "neutraal misschien enigszins redelijk punt punten",
        "zeer heel erg uiterst absoluut helemaal beslist ik zou het is",
    ),
    "sv": (
        "troligt trolig sannolikt sannolik rekommendera rekommenderar nöjd ja",
        "osannolikt osannolik otroligt missnöjd föga",
        "inte ej nej aldrig",
        "neutral kanske ganska något lite varken eller poäng",
        "mycket alls extremt ytterst högst absolut helt definitivt säkert jag skulle det är",
    ),
    "da": (
        "sandsynligt sandsynlig anbefale anbefaler tilfreds ja",
        "usandsynligt usandsynlig utilfreds",
        "ikke nej aldrig",
        "neutral måske ret noget lidt hverken eller point",
        "meget slet højst yderst ekstremt absolut helt bestemt sikkert jeg ville vil det er",
    ),
    "nb": (
        "sannsynlig sannsynligvis anbefale anbefaler fornøyd ja",
        "usannsynlig misfornøyd",
        "ikke nei aldri",
        "nøytral kanskje ganske noe litt verken eller poeng",
        "svært meget veldig ekstremt i det hele tatt helt absolutt sikkert jeg ville vil er",
    ),
    "fi": (
        "todennäköisesti todennäköistä todennäköinen suosittelen suosittelisin tyytyväinen kyllä",
        "epätodennäköisesti epätodennäköistä epätodennäköinen tyytymätön",
        "en ei lainkaan ollenkaan ikinä koskaan",
        "neutraali ehkä melko jokseenkin hieman piste pistettä",
        "erittäin hyvin äärimmäisen todella ehdottomasti varmasti täysin mitenkään",
    ),
    "hu": (
        "valószínű valószínűleg ajánlanám ajánlom elégedett igen",
        "valószínűtlen elégedetlen",
        "nem soha semmiképp semmiképpen",
        "semleges talán közepesen kissé inkább pont",
        "nagyon rendkívül egyáltalán teljesen biztosan mindenképpen feltétlenül",
    ),
    "ro": (
        "probabil recomand recomanda mulțumit mulțumită da",
        "improbabil puțin nemulțumit nemulțumită",
        "deloc nu niciodată",
        "neutru poate oarecum destul punct puncte",
        "foarte extrem de absolut cu siguranță sigur complet total aș este",
    ),
    "bg": (
        "вероятно препоръчам препоръчвам препоръчал доволен доволна да",
        "невероятно малко недоволен недоволна",
        "не никога няма",
        "неутрално може донякъде средно точка точки",
        "много изобщо изключително напълно абсолютно определено сигурно е бих ще",
    ),
    "sl": (
        "verjetno priporočil priporočila priporočam zadovoljen zadovoljna da",
        "neverjetno malo nezadovoljen nezadovoljna",
        "ni ne nikoli",
        "nevtralno morda nekoliko srednje točka točke točk",
        "zelo sploh izjemno skrajno popolnoma absolutno zagotovo vsekakor bi to je",
    ),
    "sr": (
        "вероватно препоручио препоручила препоручујем задовољан задовољна да",
        "невероватно мало незадовољан незадовољна нимало",
        "не није никад никада нећу",
        "неутрално можда донекле углавном средње поен поена",
        "врло веома јако уопште сигурно изузетно потпуно апсолутно свакако бих ћу то је",
    ),
    "tr": (
        "olası muhtemel muhtemelen ederim öneririm memnunum evet",
        "düşük memnun değilim",
        "değil hiç asla hayır etmem önermem",
        "nötr belki kısmen biraz orta oldukça kararsızım puan",
        "çok kesinlikle son derece tavsiye mutlaka tamamen ihtimal",
    ),
    "el": (
        "πιθανό πιθανόν πιθανότατα συνιστώ συστήσω συστήνω ικανοποιημένος ικανοποιημένη ναι",
        "απίθανο δυσαρεστημένος δυσαρεστημένη",
        "καθόλου δεν όχι ποτέ",
        "ουδέτερο ίσως λίγο αρκετά μέτρια βαθμός βαθμοί",
        "πολύ πάρα εξαιρετικά απόλυτα σίγουρα οπωσδήποτε θα το είναι",
    ),
    "et": (
        "tõenäoline tõenäoliselt soovitan soovitaksin rahul jah",
        "ebatõenäoline ebatõenäoliselt rahulolematu",
        "mitte ei iial kunagi",
        "neutraalne võib olla pigem mõnevõrra punkt punkti",
        "väga üldse äärmiselt kindlasti täiesti absoluutselt see on",
    ),
    "lv": (
        "iespējams ticami ieteikšu ieteiktu apmierināts apmierināta jā",
        "neiespējams neticami maz neieteiktu neapmierināts neapmierināta",
        "nav nemaz ne nekad",
        "neitrāli varbūt drīzāk daļēji vidēji punkts punkti",
        "ļoti noteikti pilnīgi absolūti ārkārtīgi tas ir es",
    ),
    "lt": (
        "tikėtina rekomenduočiau rekomenduoju patenkintas patenkinta taip",
        "netikėtina mažai nerekomenduočiau nepatenkintas nepatenkinta",
        "ne niekada",
        "neutralu galbūt šiek tiek vidutiniškai balas balai balų",
        "labai visai visiškai ypač tikrai absoliučiai tai yra",
    ),
    "ja": (
        "薦めたい 勧めたい 非常に薦めたい 非常に勧めたい ぜひ薦めたい 極めて高い 非常に高い 非常にそう思う",
        "薦めたくない 勧めたくない 全く薦めたくない 全く勧めたくない 極めて低い 非常に低い 全く思わない 全くそう思わない",
        "",
        "どちらともいえない どちらでもない 普通",
        "",
    ),
    "zh": (
        "可能 很可能 非常可能 十分可能 非常有可能 极有可能 非常愿意 一定会 绝对会 肯定会",
        "不可能 不太可能 完全不可能 极不可能 非常不可能 根本不可能 毫无可能 绝对不会 非常不愿意",
        "",
        "一般 不确定 中立",
        "",
    ),
}  # fmt: skip
