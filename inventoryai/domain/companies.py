"""Companies and the people in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID
from zoneinfo import available_timezones

from inventoryai.domain.errors import Conflict, FieldCheck, Forbidden, Invalid, Locale, Malformed, NotFound
from inventoryai.domain.identity import Email, UserId, as_locale
from inventoryai.domain.money import Currency, as_currency
from inventoryai.domain.text import clean

CompanyId = NewType("CompanyId", UUID)


class CompanyNotFound(NotFound):
    """No such company, or one that the caller is not in: the answer is the same."""

    code = "company.not_found"
    en = "There is no such company, or you are not a member of it."
    fr = "Cette entreprise n’existe pas, ou vous n’en êtes pas membre."


class CompanySelectionRequired(Malformed):
    """The caller is in several companies and did not say which one is meant."""

    code = "company.selection_required"
    en = "Say which company is meant with the header X-Company-ID: {companies}."
    fr = "Indiquez l’entreprise voulue avec l’en-tête X-Company-ID : {companies}."

    def __init__(self, companies: Sequence["Company"]) -> None:
        super().__init__(companies=", ".join(f"{one.name} ({one.id})" for one in companies))
        self.companies = tuple(companies)


class CompanyMissing(NotFound):
    """The caller is in no company yet."""

    code = "company.none"
    en = "You are not in any company yet. Create one, or accept an invitation."
    fr = "Vous n’êtes encore dans aucune entreprise. Créez-en une ou acceptez une invitation."


class CompanyHeaderInvalid(Malformed):
    """X-Company-ID is there twice, or is no id."""

    code = "company.header_invalid"
    en = "The header X-Company-ID must stand once and hold the id of a company."
    fr = "L’en-tête X-Company-ID doit figurer une seule fois et contenir l’identifiant d’une entreprise."


class AdminRequired(Forbidden):
    """Only an Admin of the company may do this."""

    code = "company.admin_required"
    en = "Only an Admin of the company may do this."
    fr = "Seul un Admin de l’entreprise peut faire cela."


class AlreadyMember(Conflict):
    """The person is in the company already."""

    code = "member.already"
    en = "This person is already a member of the company."
    fr = "Cette personne est déjà membre de l’entreprise."


class CountryUnknown(Invalid):
    """Not a country code."""

    code = "country.unknown"
    en = "The country must be a two-letter code of ISO 3166, such as CM, SN or NG."
    fr = "Le pays doit être un code ISO 3166 à deux lettres, comme CM, SN ou NG."


class TimeZoneUnknown(Invalid):
    """Not a time zone of the IANA database."""

    code = "time_zone.unknown"
    en = "The time zone must be one of the IANA database, such as Africa/Douala."
    fr = "Le fuseau horaire doit être un nom IANA, comme Africa/Douala."


class Role(StrEnum):
    """What a member may do: an Admin also manages people and the company."""

    ADMIN = "admin"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Company:
    """A company, whose data nobody outside it ever sees."""

    id: CompanyId
    name: str
    country: str
    currency: Currency
    time_zone: str
    locale: Locale
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's place in a company."""

    company_id: CompanyId
    user_id: UserId
    role: Role
    joined_at: datetime

    def require_admin(self) -> None:
        """Only an Admin passes.

        Raises:
            AdminRequired: The member is not one.
        """
        if self.role is not Role.ADMIN:
            raise AdminRequired


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the others see them."""

    user_id: UserId
    email: Email
    full_name: str
    role: Role
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class CompanyRole:
    """A company and what the caller is in it."""

    company: Company
    role: Role


@dataclass(frozen=True, slots=True)
class Habits:
    """What is usual in a country, for whoever leaves it unsaid."""

    currency: str
    time_zone: str
    locale: Locale


DEFAULT_COUNTRY: Final = "CM"
HABITS: Final = {
    "BF": Habits("XOF", "Africa/Ouagadougou", "fr"),
    "BJ": Habits("XOF", "Africa/Porto-Novo", "fr"),
    "CD": Habits("CDF", "Africa/Kinshasa", "fr"),
    "CF": Habits("XAF", "Africa/Bangui", "fr"),
    "CG": Habits("XAF", "Africa/Brazzaville", "fr"),
    "CI": Habits("XOF", "Africa/Abidjan", "fr"),
    "CM": Habits("XAF", "Africa/Douala", "fr"),
    "FR": Habits("EUR", "Europe/Paris", "fr"),
    "GA": Habits("XAF", "Africa/Libreville", "fr"),
    "GB": Habits("GBP", "Europe/London", "en"),
    "GH": Habits("GHS", "Africa/Accra", "en"),
    "GN": Habits("GNF", "Africa/Conakry", "fr"),
    "GQ": Habits("XAF", "Africa/Malabo", "fr"),
    "KE": Habits("KES", "Africa/Nairobi", "en"),
    "ML": Habits("XOF", "Africa/Bamako", "fr"),
    "NE": Habits("XOF", "Africa/Niamey", "fr"),
    "NG": Habits("NGN", "Africa/Lagos", "en"),
    "RW": Habits("RWF", "Africa/Kigali", "en"),
    "SN": Habits("XOF", "Africa/Dakar", "fr"),
    "TD": Habits("XAF", "Africa/Ndjamena", "fr"),
    "TG": Habits("XOF", "Africa/Lome", "fr"),
    "TZ": Habits("TZS", "Africa/Dar_es_Salaam", "en"),
    "UG": Habits("UGX", "Africa/Kampala", "en"),
    "ZA": Habits("ZAR", "Africa/Johannesburg", "en"),
}
_ELSEWHERE: Final = Habits("USD", "UTC", "en")


@dataclass(frozen=True, slots=True)
class NewCompany:
    """What somebody says of a company when creating it; the country fills in what is left unsaid."""

    name: str
    country: str | None = None
    currency: str | None = None
    time_zone: str | None = None
    locale: str | None = None

    def found(self, company_id: CompanyId, now: datetime) -> Company:
        """The company.

        Raises:
            InvalidFields: Every field that breaks a rule is named.
        """
        check = FieldCheck()
        country = check("country", lambda: _as_country(self.country)) or DEFAULT_COUNTRY
        habits = HABITS.get(country, _ELSEWHERE)
        locale: Locale | None = check("locale", lambda: as_locale(self.locale, habits.locale))
        company = Company(
            id=company_id,
            name=check("name", lambda: clean(self.name)) or "",
            country=country,
            currency=check("currency", lambda: as_currency(self.currency or habits.currency)) or Currency(""),
            time_zone=check("time_zone", lambda: _as_time_zone(self.time_zone or habits.time_zone)) or "",
            locale=locale or habits.locale,
            created_at=now,
        )
        check.done()
        return company


def _as_country(code: str | None) -> str:
    """The country of a two-letter code, or the usual one where none is named."""
    if code is None:
        return DEFAULT_COUNTRY
    if not (len(code) == len(DEFAULT_COUNTRY) and code.isascii() and code.isalpha() and code.isupper()):
        raise CountryUnknown
    return code


def _as_time_zone(name: str) -> str:
    if name not in available_timezones():
        raise TimeZoneUnknown
    return name
