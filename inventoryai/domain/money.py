"""Currencies of ISO 4217 and the number of decimals each is written with."""

from decimal import Decimal
from typing import Final, NewType

from inventoryai.domain.errors import Invalid

Currency = NewType("Currency", str)

_WHOLE: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THOUSANDTHS: Final = "BHD IQD JOD KWD LYD OMR TND"
_HUNDREDTHS: Final = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
    "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR "
    "MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG "
    "SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST "
    "XCD YER ZAR ZMW ZWG"
)
_EXPONENTS: Final = {
    **dict.fromkeys(_WHOLE.split(), 0),
    **dict.fromkeys(_HUNDREDTHS.split(), 2),
    **dict.fromkeys(_THOUSANDTHS.split(), 3),
}


class CurrencyUnknown(Invalid):
    """Not a currency of ISO 4217."""

    code = "currency.unknown"
    en = "{currency} is not a currency code of ISO 4217, such as XAF, XOF, NGN or EUR."
    fr = "{currency} n’est pas un code de devise ISO 4217, comme XAF, XOF, NGN ou EUR."


def as_currency(code: str) -> Currency:
    """The currency of a three-letter code.

    Raises:
        CurrencyUnknown: There is none.
    """
    if code not in _EXPONENTS:
        raise CurrencyUnknown(currency=code[:8])
    return Currency(code)


def exponent(currency: Currency) -> int:
    """How many decimals an amount has: 0 for XAF and XOF, 2 for EUR and NGN."""
    return _EXPONENTS[currency]


def amount(minor_units: int, currency: Currency) -> Decimal:
    """An amount of whole minor units as a Decimal of the currency."""
    return Decimal(minor_units).scaleb(-exponent(currency))
