"""What kind of file the bytes are, whatever the name says: a wrong name is common, a wrong guess loses rows."""

import io
import zipfile
from typing import Literal

from soa.intake.raw import NotReadable

Kind = Literal["workbook", "text"]

_SAVE_AS = "Save it as .xlsx or .csv and import that."
_SIGNATURES = {
    b"%PDF": f"This is a PDF. {_SAVE_AS}",
    b"\xd0\xcf\x11\xe0": f"This is an old Excel file (.xls), or a workbook with a password. {_SAVE_AS}",
    b"\x1f\x8b": "This is a compressed file. Unpack it first.",
    b"7z\xbc\xaf": "This is a compressed file. Unpack it first.",
    b"Rar!": "This is a compressed file. Unpack it first.",
    b"{\\rtf": f"This is a text document (RTF). {_SAVE_AS}",
    b"\x89PNG": "This is a picture. Import the table it was taken from.",
    b"\xff\xd8\xff": "This is a picture. Import the table it was taken from.",
}
_MARKUP = {
    b"<!doctype html": f"This is a web page, not a workbook. Open it in a spreadsheet program. {_SAVE_AS}",
    b"<html": f"This is a web page, not a workbook. Open it in a spreadsheet program. {_SAVE_AS}",
    b"<table": f"This is a web page, not a workbook. Open it in a spreadsheet program. {_SAVE_AS}",
    b"<?xml": f"This is an XML file. Open it in a spreadsheet program. {_SAVE_AS}",
}


def kind_of(data: bytes) -> Kind:
    """Tell a workbook from text by content; anything else is refused by its name."""
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise NotReadable("The file is empty.")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(data)
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for signature, message in _SIGNATURES.items():
        if data.startswith(signature):
            raise NotReadable(message)
    for opening, message in _MARKUP.items():
        if start.startswith(opening):
            raise NotReadable(message)
    return "text"


def _kind_of_zip(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            flavour = archive.read("mimetype")[:80] if _is_small(archive, "mimetype") else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as broken:
        raise NotReadable("The workbook is damaged or cut short. Save it again and retry.") from broken
    if b"opendocument" in flavour:
        raise NotReadable(f"This is an OpenDocument file. {_SAVE_AS}")
    if any(name.endswith("workbook.bin") for name in names):
        raise NotReadable(f"This is a binary workbook (.xlsb). {_SAVE_AS}")
    if any(name.startswith("word/") for name in names):
        raise NotReadable("This is a Word document. Copy its table into a spreadsheet and save that as .xlsx.")
    if "[Content_Types].xml" not in names:
        raise NotReadable("This is a ZIP archive, not a workbook. Unpack it and import the table inside.")
    return "workbook"


def _is_small(archive: zipfile.ZipFile, name: str) -> bool:
    return any(part.filename == name and part.file_size < 1000 for part in archive.infolist())
