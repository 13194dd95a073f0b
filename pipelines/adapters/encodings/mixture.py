"""Files of which some lines are in one encoding and some in another: recognising them, and decoding line by line.

Not here: lines themselves (`lines`), files in one encoding (`utf8`), which encoding bytes look like (`detection`).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pipelines.adapters.encodings.alphabets import word_marks
from pipelines.adapters.encodings.detection import detect
from pipelines.adapters.encodings.lines import LONGEST_LINE, Lines, whole_lines
from pipelines.errors import FileRefusedError
from transforms.reasons import Reason

_SAMPLE: Final = 1 << 14
#: Two bytes of which the first may start a character of UTF-8 and the second may go on with it, as `LC`.
_CLASSES: Final = bytes(
    ord("L" if 0xC2 <= byte <= 0xF4 else "C" if 0x80 <= byte < 0xC0 else " ") for byte in range(256)  # noqa: PLR2004 - of UTF-8's definition
)  # fmt: skip
_BEGINS: Final = b"LC"
#: What surveys are written in. `И№` in Windows-1251 is a character of UTF-8 as well, but one that nobody uses.
_USUAL: Final = re.compile(
    "[\0-\x7f\u00a0-\u017f\u0218-\u021b\u0386-\u03ce\u0400-\u045f\u0490\u0491\u2010-\u2044\u20ac\u2116\u2122]+"
)


def refuse_mixture(path: Path, newline: bytes) -> None:
    """Raise `FileRefusedError` (file_encoding) for a file that is not UTF-8, though some of its lines are.

    The sentence names lines of both sorts and says what to write into nps.yaml.
    """
    if not any(_holds_utf8(piece, newline) for piece in whole_lines(path, newline)):
        return
    good, bad, sample = Lines(), Lines(), b""
    last = 0
    for piece in whole_lines(path, newline):
        lines = piece.removesuffix(newline).split(newline)
        for number, line in enumerate(lines, last + 1):
            if line.isascii():
                continue
            if _is_utf8(line):
                good.add(number)
            else:
                bad.add(number)
                sample += line + b"\n" if len(sample) < _SAMPLE else b""
        last += len(lines)
    if bad.count == 1 and bad.first == [last] and _is_cut_off(sample.removesuffix(b"\n")):
        raise FileRefusedError(
            Reason.FILE_ENCODING, f"{path.name} was cut off within a character, at its end. Export it again."
        )
    found = detect(sample)
    looks = f"look like {found.encoding}" if found else "look like no encoding known here"
    other = found.encoding if found else "windows-1252"
    raise FileRefusedError(
        Reason.FILE_ENCODING,
        f"{path.name} mixes encodings: UTF-8 in {good}, but not in {bad}, which {looks}. "
        f"Write encoding: [utf-8, {other}] into nps.yaml if that is right, or export the file again.",
        ("utf-8", other) if found else (),
    )


def decoded_by_line(path: Path, encodings: Sequence[str], newline: bytes, start: int) -> Iterator[str]:
    """The text of a file, each line in the first of the encodings that it fits: of several 8-bit ones, that it looks like.

    Raises `FileRefusedError` (file_encoding) where a line fits none.
    """
    before = 0
    for piece in whole_lines(path, newline, start):
        if len(piece) > LONGEST_LINE and not piece.endswith(newline):
            raise FileRefusedError(
                Reason.FILE_UNREADABLE, f"{path.name} has no line ends where one would expect them: it is no table."
            )
        text = _whole(piece, encodings[0])
        if text is None:
            lines = piece.split(newline)
            texts = (_fitting(line, encodings, path, number) for number, line in enumerate(lines, before + 1))
            text = newline.decode().join(texts)
        yield text
        before += piece.count(newline)


def _whole(piece: bytes, encoding: str) -> str | None:
    """The text of a piece that is all in one encoding for certain."""
    if not (piece.isascii() or _tells_itself(encoding)):
        return None
    try:
        return piece.decode(encoding)
    except UnicodeDecodeError:
        return None


def _tells_itself(encoding: str) -> bool:
    """Whether text of other encodings does not decode in it, as in UTF-8."""
    return codecs.lookup(encoding).name.startswith("utf")


def _likeliest(line: bytes, encodings: Sequence[str]) -> Sequence[str]:
    """The encodings of a line, those first that it looks like: in most 8-bit ones nearly all bytes are characters."""
    if line.isascii():
        return encodings
    certain = [each for each in encodings if _tells_itself(each)]
    others = [each for each in encodings if each not in certain]
    return [*certain, *sorted(others, key=lambda each: -word_marks(line, each))]


def _fitting(line: bytes, encodings: Sequence[str], path: Path, number: int) -> str:
    for encoding in _likeliest(line, encodings):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefusedError(
        Reason.FILE_ENCODING,
        f"{path.name} cannot be read as {' or '.join(encodings)}: line {number:,} fits none of them. Declare the right "
        "encodings in nps.yaml, or export the file as UTF-8.",
    )


def _holds_utf8(piece: bytes, newline: bytes) -> bool:
    if piece.isascii() or _BEGINS not in (classes := piece.translate(_CLASSES)):
        return False
    # Line ends are spaces among the classes: only the lines with a beginning are looked at.
    at = classes.find(_BEGINS)
    while at >= 0:
        end = piece.find(newline, at)
        end = len(piece) if end < 0 else end
        if _is_utf8(piece[piece.rfind(newline, 0, at) + 1 : end]):
            return True
        at = classes.find(_BEGINS, end)
    return False


def _is_utf8(line: bytes) -> bool:
    try:
        return _USUAL.fullmatch(line.decode("utf-8")) is not None
    except UnicodeDecodeError:
        return False


def _is_cut_off(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False
