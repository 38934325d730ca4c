"""The words of a file, taken out in a child that is shut in: `read(path)` gives a Document with verbatim passages."""

from evidence.reading.document import Document, Passage, document_of
from evidence.reading.extract import extract, read

__all__ = ["Document", "Passage", "document_of", "extract", "read"]
