"""What comes in: names cleaned, hostile containers refused, the media type noted; safety is in how it is served."""

import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, is_zipfile

import magic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from accounts.refusals import Refusal
from evidence.store import Staging, megabytes, store

LONGEST_NAME = 200
IMAGES = ("PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP")
END_OF_DIRECTORY, ZIP64 = b"PK\x05\x06", b"PK\x06\x07"
LARGEST_DIRECTORY = 4 * 1024 * 1024
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class NotAcceptable(Refusal):
    """The file cannot be taken in; the message says why and what to do."""

    field = "files"


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that was staged and looked at, waiting for the action that keeps it."""

    name: str
    media_type: str
    staging: Staging


class StagedFile(UploadedFile):  # type: ignore[type-arg]
    """What the upload handler hands over: the bytes already lie staged and hashed."""

    def __init__(self, staging: Staging, name: str, content_type: str) -> None:
        super().__init__(None, name, content_type, staging.size)
        self.staging = staging

    def close(self) -> None:
        """Do nothing: the staged bytes were closed when the last of them came."""


class StagingUploadHandler(FileUploadHandler):
    """Stage each uploaded file while it streams in; one that is refused is read past and kept nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.fault: Refusal | None = None
        self._staging: Staging | None = None
        self._all: list[Staging] = []

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Begin a file; after a refusal the rest is only read past."""
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        with self._refused_files_skipped():
            if self.fault:
                raise self.fault
            self._staging = store().stage(settings.EVIDENCE_MAX_BYTES)
            self._all.append(self._staging)
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write and hash a piece."""
        with self._refused_files_skipped():
            self._current.write(raw_data)

    def file_complete(self, file_size: int) -> StagedFile | None:
        """Hand the finished file over."""
        try:
            return StagedFile(self._current.finish(), self.file_name or "", self.content_type or "")
        except Refusal as refusal:
            self.fault = refusal
            return None

    def upload_interrupted(self) -> None:
        """Leave nothing of a broken upload."""
        self.discard()

    def discard(self) -> None:
        """Remove whatever no action settled; called when the request is over."""
        for staging in self._all:
            staging.discard()

    @property
    def _current(self) -> Staging:
        assert self._staging is not None  # noqa: S101  (Django calls new_file first)
        return self._staging

    @contextmanager
    def _refused_files_skipped(self) -> Iterator[None]:
        try:
            yield
        except Refusal as refusal:
            self.fault = refusal
            raise SkipFile from refusal


@contextmanager
def taken_in(uploads: Iterable["UploadedFile[bytes]"]) -> Iterator[tuple[Offered, ...]]:
    """Stage and inspect uploads for an action inside the block; what the action did not settle is discarded after it.

    Raises TooLarge, NoRoom or NotAcceptable, and then nothing is left.
    """
    with ExitStack() as leftovers:
        yield tuple(_offered(upload, leftovers) for upload in uploads)


def _offered(upload: "UploadedFile[bytes]", leftovers: ExitStack) -> Offered:
    staging = upload.staging if isinstance(upload, StagedFile) else _staged(upload, leftovers)
    leftovers.callback(staging.discard)
    name = clean_name(upload.name or "")
    inspect(staging.path, name)
    return Offered(name, media_type_of(staging.path), staging)


def _staged(upload: "UploadedFile[bytes]", leftovers: ExitStack) -> Staging:
    staging = store().stage(settings.EVIDENCE_MAX_BYTES)
    leftovers.callback(staging.discard)
    for chunk in upload.chunks():
        staging.write(chunk)
    return staging.finish()


def clean_name(name: str) -> str:
    """Return a name fit to show: no folders, no control or direction-changing characters, at most 200 characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(letter for letter in last if unicodedata.category(letter) not in UNSEEN)
    seen = " ".join(seen.split()).strip(". ")
    path = PurePosixPath(seen or "file")
    if len(seen) <= LONGEST_NAME:
        return seen or "file"
    suffix = path.suffix[:20]
    return path.name[: LONGEST_NAME - len(suffix)].rstrip() + suffix


def media_type_of(path: Path) -> str:
    """Return what libmagic takes the bytes for; a hint for people, never a reason to trust (trust.md 2)."""
    try:
        return str(magic.from_file(str(path), mime=True))[:120]
    except (magic.MagicException, OSError):
        return ""


def inspect(path: Path, name: str) -> None:
    """Refuse empty files, archives that explode and images of too many pixels, raising NotAcceptable."""
    if path.stat().st_size == 0:
        raise NotAcceptable(_("%(name)s is empty. Choose the file again.") % {"name": name})
    _inspect_archive(path, name)
    _inspect_image(path, name)


def _inspect_archive(path: Path, name: str) -> None:
    if not is_zipfile(path):
        return
    if _directory_size(path) > LARGEST_DIRECTORY:
        raise NotAcceptable(_("%(name)s holds too many files. Split it up.") % {"name": name})
    try:
        with ZipFile(path) as archive:
            expanded = sum(member.file_size for member in archive.infolist())
    except (BadZipFile, NotImplementedError, ValueError, OSError) as error:
        if not _begins_as_archive(path):
            return
        raise NotAcceptable(_("%(name)s is a damaged archive. Save it again.") % {"name": name}) from error
    largest = min(settings.EVIDENCE_MAX_EXPANDED_BYTES, settings.EVIDENCE_MAX_RATIO * path.stat().st_size)
    if expanded > largest:
        sizes = {"name": name, "expanded": megabytes(expanded), "size": megabytes(path.stat().st_size)}
        raise NotAcceptable(
            _("%(name)s would grow from %(size)s to %(expanded)s when opened. Give its parts one by one.") % sizes
        )


def _begins_as_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def _directory_size(path: Path) -> int:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 66_000))
        tail = file.read()
    end = tail.rfind(END_OF_DIRECTORY)
    if ZIP64 in tail[max(0, end - 20) : end]:
        return path.stat().st_size
    return int.from_bytes(tail[end + 12 : end + 16], "little")


def _inspect_image(path: Path, name: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=IMAGES) as image:
                pixels = image.width * image.height
    except UnidentifiedImageError:
        return
    except Image.DecompressionBombError:
        pixels = settings.EVIDENCE_MAX_PIXELS + 1
    except (OSError, ValueError, SyntaxError, OverflowError):
        return
    if pixels > settings.EVIDENCE_MAX_PIXELS:
        raise NotAcceptable(_("%(name)s has too many pixels to be opened safely. Scale it down.") % {"name": name})
