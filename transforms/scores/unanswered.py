"""What stands in place of a score where nobody gave one, language by language.

Here: the texts, in small letters. Not here: what a scale's own texts mean (`scales`), marks of nothing in any column
(`transforms.texts.spelling`).
"""

# ruff: noqa: RUF001 - Cyrillic, Greek

from __future__ import annotations

from typing import Final

_TEXTS: Final = {
    "en": (
        "don't know, dont know, do not know, don\u2019t know, i don't know, no answer, not answered, did not answer, "
        "unanswered, no response, refused, prefer not to say, prefer not to answer, no opinion, not sure, "
        "not rated, not applicable, timeout, time-out, time out"
    ),
    "de": "keine angabe, k. a., k.a., keine antwort, weiß nicht, weiss nicht, nicht beantwortet, ohne angabe, unzutreffend",
    "fr": "ne sait pas, nsp, je ne sais pas, sans réponse, pas de réponse, non répondu, ne se prononce pas, sans avis",
    "es": "no sé, no lo sé, no sabe, ns/nc, ns, nc, no contesta, no sabe/no contesta, no responde, sin respuesta, no aplica",
    "it": "non so, non saprei, n.d., nessuna risposta, non risponde, non risposto, non applicabile",
    "pt": "não sei, nao sei, sem resposta, não respondeu, não se aplica, ns/nr",
    "nl": "weet niet, weet ik niet, n.v.t., nvt, geen antwoord, geen mening",
    "sv": "vet ej, vet inte, inget svar, ej svar, ej besvarad",
    "da": "ved ikke, intet svar, ubesvaret, ikke besvaret",
    "nb": "vet ikke, ingen svar, ubesvart, ikke besvart",
    "fi": "en osaa sanoa, eos, en tiedä, ei vastausta",
    "pl": "nie wiem, brak odpowiedzi, bez odpowiedzi, brak danych, brak, nie dotyczy, trudno powiedzieć, nie mam zdania",
    "cs": "nevím, bez odpovědi, neodpověděl, nelze posoudit",
    "sk": "neviem, bez odpovede",
    "hu": "nem tudja, nem tudom, nincs válasz, nt/nv",
    "ro": "nu știu, nu ştiu, nu stiu, fără răspuns, nu răspunde",
    "hr": "ne znam, ne zna, bez odgovora, nema odgovora, nije odgovoreno",
    "sl": "ne vem, brez odgovora, ni odgovora",
    "sr": "не знам, не зна, без одговора, нема одговора",
    "bg": "не знам, без отговор, няма отговор",
    "ru": "не знаю, нет ответа, без ответа, затрудняюсь ответить, затрудняюсь, не отвечено, не ответил, нет данных",
    "uk": "не знаю, не відповів, немає відповіді, без відповіді, важко сказати, важко відповісти",
    "tr": "bilmiyorum, fikrim yok, cevap yok, yanıt yok",
    "el": "δεν ξέρω, δεν γνωρίζω, δξ/δα, χωρίς απάντηση",
    "et": "ei tea, ei oska öelda, vastamata",
    "lv": "nezinu, nav atbildes, grūti pateikt",
    "lt": "nežinau, neatsakė, nėra atsakymo",
    "ja": "わからない, 分からない, 無回答, 該当なし",
    "zh": "不知道, 不清楚, 未回答, 未作答, 不适用",
}  # fmt: skip
SAYS_NOTHING: Final = ("skipped", *dict.fromkeys(text for texts in _TEXTS.values() for text in texts.split(", ")))
