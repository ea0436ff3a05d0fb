"""A reader that some files are too much for, as a library's is one day."""

import os
from dataclasses import dataclass
from pathlib import Path

from inventoryai.domain.files import ParsedSales, ParsedStock
from inventoryai.ports.spreadsheets import ReadOptions
from inventoryai_spreadsheets import CsvReader


@dataclass(frozen=True, slots=True)
class TouchyReader:
    """Does what a file says: ``hang``, ``eat``, ``abort``; anything else it reads.

    Attributes:
        sign: Where it writes the number of its process before it hangs.
    """

    sign: Path

    def read_sales(self, path: Path, options: ReadOptions) -> ParsedSales:
        match path.read_bytes():
            case b"hang":
                written = self.sign.with_suffix(".new")
                written.write_text(str(os.getpid()))
                written.replace(self.sign)
                while True:
                    pass
            case b"eat":
                bytearray(1 << 40)
            case b"abort":
                os.abort()
        return CsvReader().read_sales(path, options)

    def read_stock(self, path: Path, options: ReadOptions) -> ParsedStock:
        return CsvReader().read_stock(path, options)
