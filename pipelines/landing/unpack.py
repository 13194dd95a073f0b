"""Compressed files (.gz, .zst) and archives (.zip): what is in them, within bounds, and as files that can be read.

Here: the bytes inside, by stream, and everything that can be wrong with their wrapping. Not here: which of them arrived
(`discover`), what stands in them, nor spreadsheets, which are archives only on the inside (`sheets.archive`).
What an archive says of itself is not believed: bytes are counted while they come, and names never become paths.
"""

from __future__ import annotations

import gzip
import os
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Final

import zstandard

from pipelines.config.settings import Limits
from pipelines.errors import FileRefusedError
from pipelines.landing.landed import LandedFile, inner_name, is_compressed
from transforms.reasons import Reason

_MB: Final = 1 << 20
_CHUNK: Final = 1 << 20
#: Of every 4 bytes a .zst file may make 128 kB.
_ZST_CHUNK: Final = 1 << 11
#: What the zstd command allows by itself: a larger window would need as much memory.
_ZST_WINDOW: Final = 1 << 27
_MOST_RATIO: Final = 300
_RATIO_MATTERS_FROM: Final = 20 * _MB
_MOST_MEMBERS: Final = 10_000
_MOST_DIRECTORY: Final = 8 * _MB
_LONGEST_NAME: Final = 200

_ZIP: Final = ".zip"
_NESTED: Final = frozenset({".zip", ".gz", ".zst", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz"})
_ENCRYPTED: Final = 0x1
#: In the older of the two records at the end of an archive: the newer one has the number.
_SAID_ELSEWHERE: Final = 0xFFFFFFFF
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, zstandard.ZstdError, gzip.BadGzipFile, EOFError, struct.error, NotImplementedError,
    RuntimeError, ValueError, OverflowError,
)  # fmt: skip


def is_archive(path: Path) -> bool:
    """Whether a file's name says that it holds files of their own."""
    return path.suffix.lower() == _ZIP


def members_of(path: Path) -> list[str]:
    """Name the files of an archive in the order of their names, as they stand in it: with folders, perhaps with traps.

    Left out are folders and what systems and programs leave behind. Raises `FileRefusedError` (file_unreadable,
    file_too_large, file_empty).
    """
    names = sorted(info.filename for info in _opened(path).infolist() if not _is_litter(info))
    if not names:
        raise FileRefusedError(Reason.FILE_EMPTY, f"{path.name} is an archive without files.")
    return names


def safe_name(member: str) -> str:
    """Give a member's name with forward slashes. Raises `FileRefusedError` (file_unsafe) where it leads elsewhere."""
    name = member.replace("\\", "/")
    parts = name.split("/")
    if name.startswith("/") or ":" in parts[0] or ".." in parts:
        raise FileRefusedError(
            Reason.FILE_UNSAFE, "The archive holds a file whose name leads to a place outside of it. Pack it anew."
        )
    if len(os.fsencode(parts[-1])) > _LONGEST_NAME:
        raise FileRefusedError(
            Reason.FILE_UNSAFE, "The archive holds a file with a name too long to keep. Rename the file."
        )
    return "/".join(part for part in parts if part not in ("", "."))


def chunks(path: Path, member: str | None, limits: Limits) -> Iterator[bytes]:
    """Yield the bytes to be read from a packed file or a member of an archive, as long as they are bearable.

    Raises `FileRefusedError`: file_too_large, file_unreadable (damaged, encrypted, an archive inside), file_unsafe.
    """
    name = member or inner_name(path.name)
    if PurePosixPath(name).suffix.lower() in _NESTED:
        raise FileRefusedError(
            Reason.FILE_UNREADABLE, f"{_where(path, member)} is an archive inside another: unpack the outer one."
        )
    most = limits.max_file_mb * _MB
    size, packed = 0, path.stat().st_size
    try:
        for chunk in _member(path, member) if member is not None else _stream(path):
            size += len(chunk)
            if size > most:
                raise FileRefusedError(
                    Reason.FILE_TOO_LARGE,
                    f"{_where(path, member)} unpacks to more than limits.max_file_mb of nps.yaml allows.",
                )
            if size > max(_RATIO_MATTERS_FROM, _MOST_RATIO * packed):
                raise _bomb(path)
            yield chunk
    except _DAMAGE as error:
        raise _damaged(_where(path, member)) from error


def unpacked(file: LandedFile, limits: Limits, scratch: Path) -> LandedFile:
    """Write what a landed file holds to `scratch`, under its own name; a file that is not packed is given as it is."""
    if not (is_archive(file.path) or is_compressed(file.path.name)):
        return file
    scratch.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix="unpacked-", dir=scratch)) / file.name
    with path.open("xb") as out:
        for chunk in chunks(file.path, file.member, limits):
            out.write(chunk)
    return replace(file, path=path, member=None)


def _where(path: Path, member: str | None) -> str:
    return path.name if member is None else f"{member} in {path.name}"


def _damaged(what: str) -> FileRefusedError:
    return FileRefusedError(
        Reason.FILE_UNREADABLE, f"{what} is damaged or incomplete: it cannot be unpacked. Pack it again."
    )


def _bomb(path: Path) -> FileRefusedError:
    return FileRefusedError(
        Reason.FILE_TOO_LARGE,
        f"{path.name} would unpack to {_MOST_RATIO} times its size and more: no export does. Unpack it yourself if it is "
        "meant to.",
    )


def _opened(path: Path) -> zipfile.ZipFile:
    """The archive, its list of files checked: bearable in number and size, none of them sharing bytes.

    It stays open until it changes or another is opened: of thousands of files, each would need the whole list again.
    """
    status = path.stat()
    return _kept_open(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


@lru_cache(maxsize=1)
def _kept_open(path: Path, packed: int, *_state: int) -> zipfile.ZipFile:
    refuse_large_directory(path)
    try:
        archive = zipfile.ZipFile(path)
    except _DAMAGE as error:
        if not zipfile.is_zipfile(path):
            what = f"{path.name} is no zip archive, or one that is cut off. Pack it again."
            raise FileRefusedError(Reason.FILE_UNREADABLE, what) from error
        raise _damaged(path.name) from error
    infos = archive.infolist()
    if len(infos) > _MOST_MEMBERS:
        archive.close()
        raise FileRefusedError(Reason.FILE_TOO_LARGE, f"{path.name} holds more than {_MOST_MEMBERS:,} files. Split it.")
    unpacked_size = sum(info.file_size for info in infos)
    if sum(info.compress_size for info in infos) > packed or unpacked_size > max(
        _RATIO_MATTERS_FROM, _MOST_RATIO * packed
    ):
        archive.close()
        raise _bomb(path)
    return archive


def refuse_large_directory(path: Path) -> None:
    """Raise `FileRefusedError` (file_too_large) for an archive of too many files.

    Its list of them is read as a whole: its size is found out beforehand, in the record at the end.
    """
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - (1 << 17)))
        tail = file.read()
    sizes = [0]
    if (at := tail.rfind(b"PK\x05\x06")) >= 0 and len(tail) >= at + 16:
        sizes += [size for size in struct.unpack_from("<I", tail, at + 12) if size != _SAID_ELSEWHERE]
    if (at := tail.rfind(b"PK\x06\x06")) >= 0 and len(tail) >= at + 48:
        sizes.append(struct.unpack_from("<Q", tail, at + 40)[0])
    if max(sizes) > _MOST_DIRECTORY:
        raise FileRefusedError(Reason.FILE_TOO_LARGE, f"{path.name} holds more than {_MOST_MEMBERS:,} files. Split it.")


def _is_litter(info: zipfile.ZipInfo) -> bool:
    parts = info.filename.replace("\\", "/").split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts) or parts[-1].startswith("~$")
    return info.is_dir() or parts[-1] == "" or "__MACOSX" in parts or hidden


def _member(path: Path, member: str) -> Iterator[bytes]:
    archive = _opened(path)
    try:
        info = archive.getinfo(member)
    except KeyError as error:
        gone = f"{_where(path, member)} is gone: another archive has taken its place. The next run tries it again."
        raise FileRefusedError(Reason.FILE_UNREADABLE, gone) from error
    _refuse_unreadable(path, info)
    with archive.open(info) as content:
        yield from _read(content)


def _refuse_unreadable(path: Path, info: zipfile.ZipInfo) -> None:
    where = _where(path, info.filename)
    if info.flag_bits & _ENCRYPTED:
        raise FileRefusedError(Reason.FILE_UNREADABLE, f"{where} is encrypted: pack it without a password.")
    if info.compress_type not in _METHODS:
        raise FileRefusedError(
            Reason.FILE_UNREADABLE, f"{where} is packed in an unusual way: pack it as a plain zip file."
        )
    if stat.S_ISLNK(info.external_attr >> 16):
        raise FileRefusedError(Reason.FILE_UNSAFE, f"{where} is a link to another file. Pack the file itself.")


def _stream(path: Path) -> Iterator[bytes]:
    if path.suffix.lower() == ".zst":
        yield from _zst(path)
        return
    with gzip.open(path, "rb") as content:
        yield from _read(content)


def _read(content: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    while chunk := content.read(_CHUNK):
        yield chunk


def _zst(path: Path) -> Iterator[bytes]:
    """One frame after the other: only this way of reading tells that the last one is cut off."""
    frames = zstandard.ZstdDecompressor(max_window_size=_ZST_WINDOW)
    frame = frames.decompressobj()
    begun = False
    with path.open("rb") as file:
        while data := file.read(_ZST_CHUNK):
            while data:
                begun = True
                if out := frame.decompress(data):
                    yield out
                if not frame.eof:
                    break
                data, frame, begun = frame.unused_data, frames.decompressobj(), False
    if begun:
        raise EOFError(path.name)
