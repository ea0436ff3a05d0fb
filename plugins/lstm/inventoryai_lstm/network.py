"""The network: an LSTM that reads the past, and one that goes on into what is known of the future."""

from typing import Final

import torch
from torch import Tensor, nn

from inventoryai_lstm.features import FUTURE, PAST, STATIC
from inventoryai_lstm.weighing import LEVELS

HIDDEN: Final = 128
_NARROW: Final = 32


class Network(nn.Module):
    """Quantiles of demand in each period to come, and of the average of the periods up to it.

    It starts from the quantiles of past demand, recent periods counting more, and learns how the future
    differs from them.
    """

    def __init__(self, hidden: int = HIDDEN) -> None:
        super().__init__()
        width = len(LEVELS)
        self.told = nn.Sequential(nn.Linear(STATIC, hidden), nn.ReLU(), nn.Linear(hidden, _NARROW), nn.ReLU())
        self.encoder = nn.LSTM(PAST + _NARROW, hidden, batch_first=True)
        self.decoder = nn.LSTM(FUTURE + _NARROW, hidden, batch_first=True)
        self.head = nn.Sequential(
            nn.Linear(hidden + FUTURE + _NARROW + STATIC, hidden), nn.ReLU(), nn.Linear(hidden, 2 * width)
        )
        with torch.no_grad():
            self.head[-1].weight.mul_(0.1)
            self.head[-1].bias.zero_()

    def forward(self, past: Tensor, static: Tensor, future: Tensor, base: Tensor) -> Tensor:
        """[n, h, 2, levels]: of each period, and of averages; in units of the scale, not clipped at 0."""
        told = self.told(static)
        _, state = self.encoder(_beside(past, told))
        ahead = _beside(future, told)
        found, _ = self.decoder(ahead, state)
        change = self.head(torch.cat([_beside(ahead, static), found], dim=2))
        change = change.view(*change.shape[:2], 2, -1)
        steps = torch.arange(1, future.shape[1] + 1, dtype=base.dtype, device=base.device)
        # The mean is 1: it is the unit. Averages of independent periods would come that much nearer to it.
        averages = 1.0 + (base - 1.0)[:, None, :] / steps.sqrt()[None, :, None]
        start = torch.stack([base[:, None, :].expand_as(averages), averages], dim=2)
        bent = torch.asinh(start) + change
        ordered: Tensor = torch.sinh(bent.clamp(max=12.0)).sort(dim=3).values
        return ordered


def _beside(periods: Tensor, told: Tensor) -> Tensor:
    return torch.cat([periods, told[:, None, :].expand(-1, periods.shape[1], -1)], dim=2)
