"""Calendars of public holidays, by the ``holidays`` library."""

from inventoryai_holidays.calendars import CountryHolidays

__all__ = ["CountryHolidays"]
