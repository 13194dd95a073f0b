"""The lists of words by which headings are known, to which everybody adds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pipelines.adapters import words
from pipelines.adapters.words import plain, said, topics
from transforms.own_yaml import own_yaml

FILES = sorted((Path(words.__file__).parent / "topics").iterdir())


def test_no_phrase_stands_twice_in_a_language() -> None:
    phrases = Counter(
        (topic, language, " ".join(f"{plain(word)}{'*' * word.endswith('*')}" for word in phrase.split()))
        for topic, read in topics().items()
        for language, listed in read().items()
        for phrase in listed
    )
    assert [phrase for phrase, times in phrases.items() if times > 1] == []


def test_each_topic_stands_in_one_file_and_says_by_itself_what_the_file_says_of_it() -> None:
    files = [own_yaml("pipelines.adapters", "topics", file.name) for file in FILES]
    assert sum(map(len, files)) == len(topics())
    for topic, read in topics().items():
        assert read() == next(file[topic] for file in files if topic in file)


def test_each_phrase_is_found_alone_and_amid_other_words() -> None:
    for topic, read in topics().items():
        for phrase in {phrase for listed in read().values() for phrase in listed}:
            heading = phrase.replace("*", "").replace("...", "zz")
            assert said(topic, f"zz {heading} zz"), (topic, phrase)
            assert said(topic, phrase.replace("*", "zz").replace("...", "zz ZZ")), (topic, phrase)
