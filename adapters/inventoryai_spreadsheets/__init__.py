"""Reading the files that tills and spreadsheets write."""

from inventoryai_spreadsheets.reader import CsvReader

__all__ = ["CsvReader"]
