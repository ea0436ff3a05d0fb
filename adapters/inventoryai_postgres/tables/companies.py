"""Companies and who is in them."""

from piccolo.columns import UUID, Text, Timestamptz
from piccolo.table import Table

from inventoryai_postgres.dialect import DIALECT


class Companies(Table, tablename="companies", db=DIALECT):
    """Companies; the row's id is what every other table of a company calls ``company_id``."""

    id = UUID(primary_key=True, default=None)
    name = Text(default=None)
    country = Text(default=None)
    currency = Text(default=None)
    time_zone = Text(default=None)
    locale = Text(default=None)
    created_at = Timestamptz(default=None)


class Memberships(Table, tablename="memberships", db=DIALECT):
    """Who is in which company, and as what. Its key is both columns; Piccolo knows keys of one."""

    company_id = UUID(primary_key=True, default=None)
    user_id = UUID(default=None)
    role = Text(default=None)
    joined_at = Timestamptz(default=None)
