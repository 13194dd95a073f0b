"""What sort of bytes an unknown file holds, and as much of them as a look needs.

Here: checking and unpacking it as a landed file would be, its format by its first bytes, the beginning of what is big.
Not here: reading rows (`reading`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from pipelines.adapters.encodings.utf8 import to_utf8
from pipelines.adapters.json.text import LINES, looks_like_json
from pipelines.adapters.text.dialect import refuse_packed
from pipelines.config.settings import Limits
from pipelines.errors import UserError
from pipelines.landing.digests import DigestCache
from pipelines.landing.discover import discover, landed
from pipelines.landing.landed import LandedFile, is_compressed
from pipelines.landing.unpack import chunks, is_archive, unpacked

#: How much of a big text file is looked at, in bytes.
LOOKED_AT: Final = 16 << 20

Format = Literal["text", "sheet", "json", "jsonl", "parquet", "xml"]

_MAGIC: Final[tuple[tuple[re.Pattern[bytes], Format], ...]] = (
    (re.compile(rb"PK\x03\x04|\xd0\xcf\x11\xe0"), "sheet"),
    (re.compile(rb"PAR1"), "parquet"),
    (re.compile(rb"(?s)[\xef\xbb\xbf\s]*<.*<responses?\b", re.IGNORECASE), "xml"),
)
_HEAD: Final = 1 << 12
#: What lies beside answers in an archive to be read by people.
_BESIDE_ANSWERS: Final = frozenset({"", ".txt", ".md", ".pdf", ".rtf", ".doc", ".docx", ".htm", ".html", ".log"})
_LINES: Final = re.compile(r"\s*+\{[^\n]*\}[^\S\n]*+\n\s*+\{")
#: Byte-order marks of encodings with characters of several bytes.
_WIDE: Final = ((b"\xff\xfe\0\0", 4), (b"\0\0\xfe\xff", 4), (b"\xff\xfe", 2), (b"\xfe\xff", 2))


@dataclass(frozen=True)
class Content:
    """What is to be read: the file itself, what was packed in it, or the beginning of either."""

    file: LandedFile
    format: Format
    is_whole: bool
    notes: tuple[str, ...]
    members: tuple[str, ...] = ()
    """Of an archive of several endings, the pattern of the one that was looked at."""


def content_of(path: Path, scratch: Path, encodings: Sequence[str] = ()) -> Content:
    """Check a file, unpack it, and say what it is. Copies go to `scratch`; `encodings` are those that texts are declared in.

    Raises `UserError` where there is no file, `FileRefusedError` where it may not or cannot be read.
    """
    if not path.exists():
        raise UserError(f"There is no file {path}.")
    limits = Limits()
    file, notes, members = _arrived(path.resolve(), limits, scratch)
    return replace(_content(file, limits, scratch, encodings), notes=notes, members=members)


def _content(file: LandedFile, limits: Limits, scratch: Path, encodings: Sequence[str]) -> Content:
    """What a file is, unpacked where that is needed."""
    head = next(_bytes(file, limits, _HEAD), b"")[:_HEAD]
    found = next((each for pattern, each in _MAGIC if pattern.match(head)), None)
    if found is None:
        refuse_packed(head, file.name)
    if found in (None, "text") and file.size_bytes <= LOOKED_AT:
        file = unpacked(file, limits, scratch)
        return Content(file, _text_format(file, scratch, encodings), is_whole=True, notes=())
    if found:
        return Content(unpacked(file, limits, scratch), found, is_whole=True, notes=())
    beginning = _beginning(file, limits, scratch)
    form = _text_format(beginning, scratch, encodings)
    if form == "json":
        return Content(unpacked(file, limits, scratch), form, is_whole=True, notes=())
    return Content(beginning, form, is_whole=False, notes=())


def _arrived(path: Path, limits: Limits, scratch: Path) -> tuple[LandedFile, tuple[str, ...], tuple[str, ...]]:
    """The file, or the first of an archive that may hold answers; what is noted of it, and which files of it are meant."""
    digests = DigestCache(scratch / "digests.json")
    if not is_archive(path):
        return landed(path.parent, path, limits, digests), (), ()
    members = list(discover(path.parent, [re.sub(r"([*?[])", r"[\1]", path.name)], limits, digests))
    files = [each for each in members if isinstance(each, LandedFile)]
    refused = [each for each in members if not isinstance(each, LandedFile)]
    if not files:
        raise refused[0].error
    largest = max(files, key=lambda each: each.size_bytes)
    first = next((each for each in files if each.suffix not in _BESIDE_ANSWERS), largest)
    note = f"It is an archive of {len(members):,} files: only {first.name} was looked at."
    endings = {PurePosixPath(each.known_as).suffix for each in members}
    alike = {each for each in endings if each.lower() == PurePosixPath(first.known_as).suffix.lower()}
    patterns = sorted(f"*{each}" for each in alike) if endings > alike and "" not in alike else []
    return first, (note,) if len(members) > 1 else (), tuple(patterns)


def _bytes(file: LandedFile, limits: Limits, size: int) -> Iterator[bytes]:
    """What a file holds, unpacked, in chunks."""
    if is_archive(file.path) or is_compressed(file.path.name):
        yield from chunks(file.path, file.member, limits)
        return
    with file.path.open("rb") as whole:
        while chunk := whole.read(size):
            yield chunk


def _text_format(file: LandedFile, scratch: Path, encodings: Sequence[str]) -> Format:
    with file.path.open("rb") as beginning:
        head = beginning.read(_HEAD)
    if not re.search(rb"[\[{]", head):
        return "text"
    copy, _ = to_utf8(file.path, encodings, scratch)
    if not looks_like_json(copy):
        return "text"
    with copy.open(encoding="utf-8-sig") as text:
        lines = _LINES.match(text.read(LOOKED_AT)) is not None
    return "jsonl" if lines or file.suffix in LINES else "json"


def _beginning(file: LandedFile, limits: Limits, scratch: Path) -> LandedFile:
    """A copy of the beginning, up to the end of a line."""
    found = bytearray()
    for chunk in _bytes(file, limits, LOOKED_AT):
        found += chunk
        if len(found) >= LOOKED_AT:
            break
    beginning = bytes(found[:LOOKED_AT])
    wide = next((width for mark, width in _WIDE if beginning.startswith(mark)), 1)
    end = max(beginning.rfind(b"\n"), beginning.rfind(b"\r")) + 1
    copy = scratch / file.name
    copy.write_bytes(beginning[: end + (-end % wide)] if end else beginning)
    return replace(file, path=copy, member=None, size_bytes=copy.stat().st_size)
