"""Kinds of demand: which products are alike, and what is said of them."""

from enum import StrEnum
from typing import Final


class DemandClass(StrEnum):
    """The four classes of Syntetos, Boylan and Croston, and one for what is too young to be classed."""

    SMOOTH = "smooth"
    ERRATIC = "erratic"
    INTERMITTENT = "intermittent"
    LUMPY = "lumpy"
    YOUNG = "young"


CLASSES: Final = tuple(DemandClass)
"""The classes in the order of the numbers that ``demand_classes`` gives."""
