"""What makes a whole file unreadable: nothing is taken from it, and the sender is told why."""

from inventoryai.domain.errors import Invalid


class FileProblem(Invalid):
    """Something wrong with a whole file."""


class FileEmpty(FileProblem):
    """No bytes, or blank lines alone."""

    code = "file.empty"
    en = "The file is empty."
    fr = "Le fichier est vide."


class FileWithoutRows(FileProblem):
    """A header and nothing below it."""

    code = "file.no_rows"
    en = "The file has a header and no rows below it."
    fr = "Le fichier a un en-tête et aucune ligne en dessous."


class FileNotText(FileProblem):
    """A picture, a PDF, an archive, or text of an encoding that is not read."""

    code = "file.not_text"
    en = "This is not a text file ({found}). Export the table as CSV, in UTF-8."
    fr = "Ce n’est pas un fichier texte ({found}). Exportez le tableau en CSV, en UTF-8."


class FileIsWorkbook(FileProblem):
    """An Excel or OpenDocument workbook, which is not read yet."""

    code = "file.workbook_not_supported"
    en = "This is a workbook ({found}), which cannot be read yet. Save it as CSV (UTF-8) and send that."
    fr = (
        "Ce fichier est un classeur ({found}), qui ne peut pas encore être lu. "
        "Enregistrez-le en CSV (UTF-8) et envoyez-le de nouveau."
    )


class FileEncodingUnknown(FileProblem):
    """Neither UTF-8, nor UTF-16 with its mark, nor Windows-1252."""

    code = "file.encoding_unknown"
    en = "The encoding is neither UTF-8, UTF-16 nor Windows-1252. Save the file as CSV UTF-8."
    fr = "L’encodage n’est ni UTF-8, ni UTF-16, ni Windows-1252. Enregistrez le fichier en CSV UTF-8."


class FileWithoutDate(FileProblem):
    """No column that could be the date."""

    code = "file.no_date_column"
    en = "No column is a date. The columns are: {headers}. Name it with a mapping."
    fr = "Aucune colonne n’est une date. Colonnes : {headers}. Indiquez-la par une correspondance."


class FileWithoutSku(FileProblem):
    """No column that could be the SKU."""

    code = "file.no_sku_column"
    en = "No column is a SKU. The columns are: {headers}. Name it with a mapping."
    fr = "Aucune colonne n’est une référence. Colonnes : {headers}. Indiquez-la par une correspondance."


class FileWithoutQuantity(FileProblem):
    """No column that could be the quantity, sold or on hand."""

    code = "file.no_quantity_column"
    en = "No column is a quantity. The columns are: {headers}. Name it with a mapping."
    fr = "Aucune colonne n’est une quantité. Colonnes : {headers}. Indiquez-la par une correspondance."


class FileColumnNotFound(FileProblem):
    """The mapping names a header that is not there."""

    code = "file.column_not_found"
    en = "There is no column {header}, which the mapping names for {field}. The columns are: {headers}."
    fr = (
        "La colonne {header}, que la correspondance donne pour {field}, n’existe pas. "
        "Les colonnes sont : {headers}."
    )


class FileFieldUnknown(FileProblem):
    """The mapping speaks of a field that this kind of file does not have."""

    code = "file.field_unknown"
    en = "The mapping names {field}, which is no field of this kind of file. The fields are: {fields}."
    fr = (
        "La correspondance nomme {field}, qui n’est pas un champ de ce genre de fichier. "
        "Les champs sont : {fields}."
    )


class FileDateOrderAmbiguous(FileProblem):
    """The dates can be read day first or month first, and the file does not say which."""

    code = "file.date_order_ambiguous"
    en = (
        "The dates, such as {example}, can be read day first or month first. "
        "Send the file again with date_order day_first or month_first."
    )
    fr = (
        "Les dates, comme {example}, peuvent se lire jour d’abord ou mois d’abord. "
        "Renvoyez le fichier avec date_order day_first ou month_first."
    )


class FileTooManyColumns(FileProblem):
    """More columns than any table of sales has."""

    code = "file.too_many_columns"
    en = "The header has more than {most} columns."
    fr = "L’en-tête a plus de {most} colonnes."


class FileTooManyRows(FileProblem):
    """More lines than are taken at once."""

    code = "file.too_many_rows"
    en = "The file has more than {most} rows. Cut it into several files."
    fr = "Le fichier a plus de {most} lignes. Découpez-le en plusieurs fichiers."


class FileLineTooLong(FileProblem):
    """A line of a million characters is not a line of a table."""

    code = "file.line_too_long"
    en = "Line {line} has more than {most} characters."
    fr = "La ligne {line} a plus de {most} caractères."


class FileQuoteUnclosed(FileProblem):
    """A quotation mark that opens a field and never closes it swallows the rest of the file."""

    code = "file.unclosed_quote"
    en = "A quotation mark opened on line {line} is never closed: the file is cut short or has one too many."
    fr = (
        "Un guillemet ouvert à la ligne {line} n’est pas refermé : "
        "le fichier est tronqué, ou un guillemet est de trop."
    )


class FileInflatesTooMuch(FileProblem):
    """Compressed data that grows beyond all measure."""

    code = "file.bomb"
    en = "The file holds more than {megabytes} MB once decompressed, or grows more than {ratio} times."
    fr = "Le fichier dépasse {megabytes} Mo une fois décompressé, ou grossit plus de {ratio} fois."


class FileGzipTruncated(FileProblem):
    """A compressed file that ends too early: the transfer was cut."""

    code = "file.truncated_gzip"
    en = "The compressed file ends too early. Send it again."
    fr = "Le fichier compressé est incomplet. Envoyez-le de nouveau."


class FileGzipDamaged(FileProblem):
    """A compressed file whose content does not match its checks."""

    code = "file.damaged_gzip"
    en = "The compressed file is damaged. Compress and send it again."
    fr = "Le fichier compressé est endommagé. Recompressez-le et envoyez-le de nouveau."
