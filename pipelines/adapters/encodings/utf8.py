"""Bytes to UTF-8, so that everything after reads one encoding: in place where the file is UTF-8, else through a copy.

Here: byte-order marks, declared encodings, rewriting by stream, line ends of CR alone. Not here: how an undeclared
encoding is recognised (`detection`). A character is never replaced: text that does not decode refuses the file.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from pipelines.adapters.encodings.detection import Detected, detect, speaks_against, utf8_share
from pipelines.adapters.encodings.mixture import decoded_by_line, refuse_mixture
from pipelines.adapters.encodings.two_encodings import refuse_two_encodings
from pipelines.adapters.encodings.zeros import refuse_zeros, with_visible_zeros
from pipelines.errors import FileRefusedError
from transforms.reasons import Reason

_CHUNK: Final = 1 << 20
_HEAD: Final = 1 << 16
_SAMPLE: Final = 1 << 14
_MOSTLY_UTF8: Final = 0.5

#: How files start: the byte-order mark, and what follows it. UTF-32 comes first, since it starts like UTF-16.
#: Two are no proper marks, but a mark of UTF-16 before UTF-32, as in sample files of Salesforce's Data Loader.
_MARKS: Final = (
    (re.compile(b"(\xef\xbb\xbf)"), "utf-8"),
    (re.compile(b"(\xff\xfe\0\0)"), "utf-32-le"),
    (re.compile(b"(\0\0\xfe\xff)"), "utf-32-be"),
    (re.compile(b"(\xff\xfe|\xfe\xff)\0\0"), "utf-32-be"),
    (re.compile(b"(\xff\xfe|\xfe\xff)..\0\0", re.DOTALL), "utf-32-le"),
    (re.compile(b"(\xff\xfe)"), "utf-16-le"),
    (re.compile(b"(\xfe\xff)"), "utf-16-be"),
)


def to_utf8(path: Path, declared: str | Sequence[str] | None, scratch: Path) -> tuple[Path, str]:
    """Give the file as UTF-8 (perhaps with a byte-order mark) and the name of the encoding that it was written in.

    A byte-order mark decides, then what is declared, then the bytes themselves; of several declared encodings each line
    is read in the first that it fits. The path is the given one, or a copy in `scratch`, which the caller removes.
    Raises `FileRefusedError` (file_encoding, file_unreadable).
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    names = [declared.lower()] if isinstance(declared, str) else [name.lower() for name in declared or []]
    found, mark = _marked(head) or (None, 0)
    if found is not None and not (len(names) > 1 and same_encoding(names[0], found)):
        names = [found]
    ends_in_cr = _ends_in_cr(head[mark:].decode(names[0] if len(names) == 1 else "latin-1", "ignore"))
    newline = b"\r" if ends_in_cr else b"\n"
    if not names or same_encoding(names[0], "utf-8"):
        wrong_at, zero_at = _first_wrong_byte(path)
        if zero_at is not None:
            refuse_zeros(path, zero_at)
        if wrong_at is None and zero_at is None and not ends_in_cr:
            return path, "utf-8"
        if wrong_at is not None and len(names) <= 1:
            refuse_mixture(path, newline)
        names = names or (["utf-8"] if wrong_at is None else [_encoding_of(path, wrong_at, newline)])
    if len(names) > 1:
        return _rewritten(decoded_by_line(path, names, newline, mark), path, scratch, ends_in_cr), ", ".join(names)
    return _rewritten(_decoded(path, names[0], mark), path, scratch, ends_in_cr), names[0]


def marked(path: Path) -> str | None:
    """The encoding that a file's byte-order mark states."""
    with path.open("rb") as file:
        found = _marked(file.read(8))
    return found[0] if found else None


def same_encoding(declared: str, stated: str) -> bool:
    """Whether a declared encoding is what a mark states: UTF-16 may be both of its kinds, ASCII is UTF-8."""
    name = codecs.lookup(declared).name.removesuffix("-sig")
    return stated.startswith("utf-8" if name == "ascii" else name)


def _ends_in_cr(head: str) -> bool:
    """Whether lines end in CR alone. A few line feeds are breaks within cells; a few CRs are such breaks otherwise."""
    return head.count("\r") - head.count("\r\n") > head.count("\n")


def _marked(head: bytes) -> tuple[str, int] | None:
    """The encoding that a byte-order mark states, and the mark's length."""
    found = ((encoding, mark.match(head)) for mark, encoding in _MARKS)
    return next(((encoding, match.end(1)) for encoding, match in found if match), None)


def chunks(path: Path, start: int = 0) -> Iterator[bytes]:
    """The bytes of a file from `start` on, a piece after the other."""
    with path.open("rb") as file:
        file.seek(start)
        while chunk := file.read(_CHUNK):
            yield chunk


def _first_wrong_byte(path: Path) -> tuple[int | None, int | None]:
    """Where the file stops being UTF-8, if it does, and where it holds a binary zero before that.

    Chunks of plain ASCII, most of them, are not decoded at all.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    read = 0
    zero_at = None
    for chunk in chunks(path):
        if zero_at is None and b"\0" in chunk:
            zero_at = read + chunk.index(b"\0")
        pending = len(decoder.getstate()[0])
        if pending or not chunk.isascii():
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return read - pending + error.start, zero_at
        read += len(chunk)
    pending = len(decoder.getstate()[0])
    return (read - pending if pending else None), zero_at


def recognised(path: Path) -> Detected | None:
    """What the letters of a file that is not UTF-8 say of its encoding, from the first lines that tell."""
    sample = _telling_lines(path)
    return detect(sample) if sample else None


def contradicted(path: Path, declared: str) -> Detected | None:
    """What the letters of a file say against the one encoding that nps.yaml declares."""
    sample = _telling_lines(path)
    return speaks_against(sample, declared) if sample else None


def _telling_lines(path: Path) -> bytes:
    sample = b""
    for chunk in chunks(path):
        if not chunk.isascii():
            sample += b"\n".join(line for line in chunk.splitlines() if not line.isascii()) + b"\n"
        if len(sample) >= _SAMPLE:
            break
    return sample[:_SAMPLE].replace(b"\0", b"")


def _encoding_of(path: Path, wrong_at: int, newline: bytes) -> str:
    """The encoding of a file that is not UTF-8."""
    if utf8_share(_telling_lines(path)) > _MOSTLY_UTF8:
        raise FileRefusedError(
            Reason.FILE_ENCODING,
            f"{path.name} is UTF-8 for the most part, but not from byte {wrong_at:,} on: it was cut off, or pieced "
            "together from files of different encodings. Export it again, or declare its encoding in nps.yaml.",
        )
    refuse_two_encodings(path, newline)
    found = recognised(path)
    if found is None:
        raise FileRefusedError(
            Reason.FILE_ENCODING,
            f"{path.name} is not UTF-8 (byte {wrong_at:,}) and looks like no encoding known here. "
            "Declare it in nps.yaml, for example encoding: windows-1250, or export the file as UTF-8.",
        )
    return found.encoding


def _rewritten(texts: Iterator[str], path: Path, scratch: Path, ends_in_cr: bool) -> Path:
    """A copy in UTF-8, made by stream; line ends of CR alone become LF, binary zeros are seen."""
    scratch.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix="utf8-", suffix=".txt", dir=scratch)
    lines = io.IncrementalNewlineDecoder(None, translate=True) if ends_in_cr else None
    try:
        with os.fdopen(handle, "wb") as out:
            for text in with_visible_zeros(texts, path):
                out.write((lines.decode(text) if lines else text).encode("utf-8"))
            out.write((lines.decode("", final=True) if lines else "").encode("utf-8"))
    except FileRefusedError:
        Path(name).unlink()
        raise
    return Path(name)


def _decoded(path: Path, encoding: str, mark: int) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    read = mark
    for chunk in chain(chunks(path, mark), [b""]):
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            at = read - pending + error.start
            raise FileRefusedError(
                Reason.FILE_ENCODING,
                f"{path.name} cannot be read as {encoding}: byte {at:,} is none of its characters. Declare the right "
                "encoding in nps.yaml (utf-8, windows-1250, windows-1251, ...), or export the file as UTF-8.",
            ) from error
        read += len(chunk)
        yield text
