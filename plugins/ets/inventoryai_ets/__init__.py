"""Exponential smoothing for all products of a call at once, in compiled code.

The arithmetic is C (see ``native/``); what is here chooses forms and hands arrays over.
"""

from inventoryai_ets.plugin import inventoryai_engines

__all__ = ["inventoryai_engines"]
