"""The list of words by which headings are known, to which everybody adds."""

from __future__ import annotations

from collections import Counter

from pipelines.adapters.words import plain
from transforms.own_yaml import own_parts, own_yaml


def test_no_phrase_stands_twice_in_a_language() -> None:
    topics = own_yaml("pipelines.adapters", "words.yaml")
    phrases = Counter(
        (topic, language, " ".join(f"{plain(word)}{'*' * word.endswith('*')}" for word in phrase.split()))
        for topic, languages in topics.items()
        for language, listed in languages.items()
        for phrase in listed
    )
    assert [phrase for phrase, times in phrases.items() if times > 1] == []


def test_each_topic_says_by_itself_what_the_whole_list_says_of_it() -> None:
    alone = own_parts("pipelines.adapters", "words.yaml")
    assert {topic: read() for topic, read in alone.items()} == own_yaml("pipelines.adapters", "words.yaml")
