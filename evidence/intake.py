"""What comes in: names cleaned, hostile containers refused, the media type noted; safety is in how it is served."""

import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

import magic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.later import later
from accounts.refusals import Refusal
from evidence.archives import COMPRESSED, Budget, Crowded, Damaged, Explodes, Lies, Locked, Unsafe, look_through
from evidence.store import FULL, NoRoom, Staging, megabytes, store

if TYPE_CHECKING:
    from PIL import Image
else:
    Image = later("PIL.Image")

LONGEST_NAME = 200
SMALL = 10 * 1024 * 1024
IMAGES = ("PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP")
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
FORBIDDEN = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])[ .]*(\..*)?", re.IGNORECASE)


WORDS: dict[type[Unsafe], Promise] = {
    Explodes: gettext_lazy(
        "%(name)s would grow from %(size)s to %(expanded)s or more when opened. Give its parts one by one."
    ),
    Crowded: gettext_lazy("%(name)s holds too many files. Split it up."),
    Lies: gettext_lazy("%(name)s is not what it says it is: what lies in it has other sizes. Pack it again."),
    Locked: gettext_lazy(
        "%(name)s has a password, or is packed in a way that cannot be checked. Pack it again without."
    ),
    Damaged: gettext_lazy("%(name)s is a damaged archive. Save it again."),
}


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
    """Return a name that every system can keep and that shows what it is.

    No folders, no control or direction-changing characters, no name of a Windows device, at most 200 bytes.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(letter for letter in last if unicodedata.category(letter) not in UNSEEN).translate(FORBIDDEN)
    seen = " ".join(seen.split()).strip(". ")
    if DEVICE.fullmatch(seen):
        seen = f"_{seen}"
    if len(seen.encode()) > LONGEST_NAME:
        suffix = _cut(PurePosixPath(seen).suffix, 20)
        seen = _cut(seen, LONGEST_NAME - len(suffix.encode())).rstrip(". ") + suffix.rstrip(". ")
    return seen or "file"


def _cut(text: str, most: int) -> str:
    """Return the beginning of a text that has so many bytes at most."""
    return text.encode()[:most].decode(errors="ignore")


def media_type_of(path: Path) -> str:
    """Return what libmagic takes the bytes for; a hint for people, never a reason to trust (trust.md 2)."""
    try:
        return str(magic.from_file(str(path), mime=True))[:120]
    except (magic.MagicException, OSError):
        return ""


def inspect(path: Path, name: str) -> None:
    """Refuse empty files, archives that explode or lie, and images of too many pixels, raising NotAcceptable."""
    size = path.stat().st_size
    if size == 0:
        raise NotAcceptable(_("%(name)s is empty. Choose the file again.") % {"name": name})
    with path.open("rb") as file:
        _inspect_image(file, name)
        _inspect_archive(file, size, name)


def _inspect_archive(file: IO[bytes], size: int, name: str) -> None:
    ratio = max(settings.EVIDENCE_MAX_RATIO * size, SMALL)
    budget = Budget(min(settings.EVIDENCE_MAX_EXPANDED_BYTES, ratio))
    try:
        look_through(file, budget, lambda inner: _inspect_image(inner, name))
    except Unsafe as found:
        if isinstance(found, Damaged) and not _begins_as_archive(file):
            return
        said = {"name": name, "size": megabytes(size)}
        said |= {"expanded": megabytes(found.size)} if isinstance(found, Explodes) else {}
        raise NotAcceptable(str(WORDS[type(found)]) % said) from found
    except OSError as error:
        if error.errno in FULL:
            raise NoRoom(
                _("The disk of this installation is full. Nothing was kept; tell its administrator.")
            ) from error
        raise


def _begins_as_archive(file: IO[bytes]) -> bool:
    file.seek(0)
    return file.read(10).startswith((b"PK", *COMPRESSED))


def _inspect_image(file: IO[bytes], name: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(file, formats=IMAGES)
            pixels = image.width * image.height
    except Image.DecompressionBombError:
        pixels = settings.EVIDENCE_MAX_PIXELS + 1
    except (OSError, ValueError, SyntaxError, OverflowError):
        return
    if pixels > settings.EVIDENCE_MAX_PIXELS:
        raise NotAcceptable(_("%(name)s has too many pixels to be opened safely. Scale it down.") % {"name": name})
