"""What the network learns from: samples as tensors, and what its answers cost."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor

from inventoryai_lstm.features import Inputs, describe
from inventoryai_lstm.network import Network
from inventoryai_lstm.series import Sample
from inventoryai_lstm.weighing import LEVELS

_CALM: Final = 10.0
"""The most that a product counts whose demand hardly ever changes."""
_HUGE: Final = 1e9
"""Demand beyond so many times the mean is no different: single precision ends somewhere."""
_DEAR: Final = 5.0
"""From here on a product's loss grows with its logarithm, so that no freak of the past rules a batch."""


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A batch.

    Attributes:
        inputs: The arguments of the network.
        actual: float[n, h], demand in units of the scale, NaN where unknown.
        weight: float[n], 1 over the mean absolute change of past demand; 0 for products that never sold.
    """

    inputs: tuple[Tensor, ...]
    actual: Tensor
    weight: Tensor

    def on(self, where: torch.device) -> "Lesson":
        """The same on another device."""
        inputs = tuple(one.to(where) for one in self.inputs)
        return Lesson(inputs, self.actual.to(where), self.weight.to(where))

    @classmethod
    def of(cls, sample: Sample) -> "Lesson":
        """A sample as the network sees it."""
        described = describe(sample.histories)
        sold = described.scale > 0
        unit = np.where(sold, described.scale, 1.0)[:, None]
        changes = np.abs(np.diff(sample.histories.demand / unit, axis=1))
        known = ~np.isnan(changes)
        change = np.nan_to_num(changes).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        weight = np.minimum(1 / np.maximum(change, 1e-6), _CALM) * sold * known.any(axis=1)
        return cls(
            tensors(described, torch.float32),
            _tensor(np.minimum(sample.actual / unit, _HUGE)),
            _tensor(weight),
        )


def tensors(inputs: Inputs, kind: torch.dtype, where: torch.device | None = None) -> tuple[Tensor, ...]:
    """The arguments of the network; on the processor unless said otherwise."""
    parts = (inputs.past, inputs.static, inputs.future, inputs.base)
    return tuple(torch.from_numpy(np.ascontiguousarray(part)).to(where, kind) for part in parts)


def _tensor(array: ArrayLike) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array, dtype=np.float32))


def loss_of(network: Network, lesson: Lesson) -> Tensor:
    """What the answers to a batch cost: see ``pinball``."""
    found: Tensor = network(*lesson.inputs)
    return pinball(found, lesson)


def pinball(found: Tensor, lesson: Lesson) -> Tensor:
    """Mean pinball loss of steps and of averages up to each step, over the mean change of past demand.

    Averages vary less the farther they reach, and count more by as much.

    Args:
        found: [n, h, 2, levels], as the network answers.
        lesson: What was asked, and what came.
    """
    actual, levels = lesson.actual, torch.from_numpy(LEVELS).to(found.dtype).to(found.device)
    steps = torch.arange(1, actual.shape[1] + 1, dtype=found.dtype, device=found.device)
    known = (~torch.isnan(actual)).to(found.dtype)
    whole = torch.cumprod(known, dim=1)
    demand = torch.nan_to_num(actual)
    wanted = torch.stack([demand, torch.cumsum(demand, dim=1) / steps], dim=2)
    counted = torch.stack([known, whole], dim=2)
    over = wanted[..., None] - found
    loss = torch.maximum(levels * over, (levels - 1) * over).mean(dim=3)
    loss = loss * torch.stack([known, whole * steps.sqrt()], dim=2) * lesson.weight[:, None, None]
    loss = torch.where(loss > _DEAR, _DEAR * (1 + torch.log(loss.clamp(min=1.0) / _DEAR)), loss)
    return (loss.sum(dim=(1, 2)) / counted.sum(dim=(1, 2)).clamp(min=1.0)).mean()
