"""Engines for demand that comes in pieces, and for long whiles not at all.

Five classical methods (Croston, SBA, TSB, ADIDA, IMAPA) and a filtered count model. What sets them apart
from their textbook forms is that each answers with a distribution and not with a mean: stock is decided by
the upper quantiles of a total, and an interval around a mean demand of a third of a piece says nothing.
"""

from inventoryai_intermittent.plugin import inventoryai_engines

__all__ = ["inventoryai_engines"]
