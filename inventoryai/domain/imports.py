"""Imports: a file that came in, what was understood of it, and what was not."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from inventoryai.domain.errors import Invalid, NotFound
from inventoryai.domain.files import DateOrder
from inventoryai.domain.identity import UserId
from inventoryai.domain.jobs import Job
from inventoryai.domain.sales import LineProblem

ImportId = NewType("ImportId", UUID)


class ImportNotFound(NotFound):
    """No such import in this company."""

    code = "import.not_found"
    en = "There is no such import."
    fr = "Cet import n’existe pas."


class ImportKindUnknown(Invalid):
    """A kind of file that is not read."""

    code = "import.kind_unknown"
    en = "kind must be one of {kinds}."
    fr = "kind doit être l’une des valeurs {kinds}."


class ImportMappingInvalid(Invalid):
    """A mapping that is not a JSON object of field names to column names."""

    code = "import.mapping_invalid"
    en = 'mapping must be a JSON object such as {{"date": "Sold on", "sku": "Code"}}. Fields: {fields}.'
    fr = 'mapping doit être un objet JSON comme {{"date": "Vendu le", "sku": "Code"}}. Champs : {fields}.'


class ImportCovered(Invalid):
    """``on_duplicate`` is ``reject`` and an earlier import covers some of the same products and days."""

    code = "import.already_covered"
    en = "{pairs} product-days of this file are covered by earlier imports, the first on {first_day}."
    fr = "{pairs} couples produit-jour figurent déjà dans d’autres imports, le premier le {first_day}."


class ImportRejected(Invalid):
    """``all_or_nothing`` was asked for and some lines have errors."""

    code = "import.rejected"
    en = "{rejected} lines have errors, and all_or_nothing was asked for: nothing was imported."
    fr = "{rejected} lignes ont des erreurs et all_or_nothing était demandé : rien n’a été importé."


class ProductUnknown(LineProblem):
    """A line of a product that the company does not have, where none is to be made."""

    code = "line.sku_unknown"
    column = "sku"
    en = "No product has this SKU, and the import was asked not to create products."
    fr = "Aucun produit ne porte cette référence, et l’import ne devait pas en créer."


class ImportKind(StrEnum):
    """What a file holds."""

    SALES = "sales"
    STOCK = "stock"


class OnDuplicate(StrEnum):
    """What happens to a (product, day) that an earlier live import covers."""

    REPLACE = "replace"
    SUM = "sum"
    REJECT = "reject"


class OnUnknownSku(StrEnum):
    """What happens to a line whose SKU is no product of the company."""

    CREATE = "create"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the sender said of a file."""

    mapping: dict[str, str] = field(default_factory=dict)
    date_order: DateOrder | None = None
    on_duplicate: OnDuplicate = OnDuplicate.REPLACE
    on_unknown_sku: OnUnknownSku = OnUnknownSku.CREATE
    all_or_nothing: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that is safe on disk, under a name of ours; ``filename`` is the sender's, data only."""

    stored_as: str
    filename: str
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class NewImport:
    """An import as it begins."""

    id: ImportId
    kind: ImportKind
    file: ReceivedFile
    options: ImportOptions
    created_by: UserId
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What became of a file's lines: ``rows`` = ``accepted`` + ``rejected`` + ``ignored``.

    ``ignored_by_code`` says for what reason each ignored line was: free items, till keys, repeats.
    """

    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    ignored: int = 0
    ignored_by_code: dict[str, int] = field(default_factory=dict)
    products_created: int = 0
    first_day: date | None = None
    last_day: date | None = None
    dialect: dict[str, Any] | None = None
    stages: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Import:
    """An import as its company sees it. Its state is its job's."""

    id: ImportId
    kind: ImportKind
    filename: str
    size: int
    created_at: datetime
    counts: ImportCounts
    job: Job


@dataclass(frozen=True, slots=True)
class ImportLineError:
    """One line that was not taken: where it starts in the file (the header being 1), and what is wrong."""

    number: int
    line: int
    column: str
    value: str
    code: str
