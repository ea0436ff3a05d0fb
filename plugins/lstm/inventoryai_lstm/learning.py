"""A network that learns, its running mean, and how to stop and go on."""

import copy
from dataclasses import dataclass, field
from typing import Final, Self

import torch
from torch import Tensor, nn, optim

from inventoryai_lstm import devices
from inventoryai_lstm.lessons import Lesson, loss_of
from inventoryai_lstm.network import Network

_STEEP: Final = 1.0
"""The longest step that a batch may ask for."""
_DECAY: Final = 1e-3


@dataclass(slots=True)
class Learner:
    """A network, the running mean of its weights, which answers better than the last, and Adam's notes.

    Attributes:
        remembers: How much of the mean stays at each step, once there were many.
    """

    network: Network
    remembers: float = 0.998
    steps: int = 0
    mean: Network = field(init=False)
    optimizer: optim.AdamW = field(init=False)

    def __post_init__(self) -> None:
        self.network.to(devices.fast())
        self.mean = copy.deepcopy(self.network)
        self.optimizer = optim.AdamW(self.network.parameters(), lr=0.0, weight_decay=_DECAY, foreach=True)

    def learn(self, lesson: Lesson, rate: float) -> float:
        """One step; returns what the answers cost before it."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.network.train()
        loss = loss_of(self.network, lesson.on(devices.fast()))
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call] # torch leaves it untyped
        nn.utils.clip_grad_norm_(self.network.parameters(), _STEEP)
        self.optimizer.step()
        self.steps += 1
        self._remember(min(self.remembers, self.steps / (self.steps + 9.0)))
        return float(loss.detach())

    @torch.no_grad()
    def _remember(self, share: float) -> None:
        for mean, weight in zip(self.mean.parameters(), self.network.parameters(), strict=True):
            mean.lerp_(weight, 1.0 - share)

    def notes(self) -> dict[str, Tensor]:
        """All that is needed to go on from here."""
        notes = {f"network.{name}": tensor for name, tensor in self.network.state_dict().items()}
        notes |= {f"mean.{name}": tensor for name, tensor in self.mean.state_dict().items()}
        for place, state in self.optimizer.state_dict()["state"].items():
            notes |= {f"adam.{place}.{name}": tensor for name, tensor in state.items()}
        return notes

    @classmethod
    def going_on(cls, notes: dict[str, Tensor], steps: int, remembers: float) -> Self:
        """The learner that left such notes after so many steps."""
        learner = cls(Network(), remembers=remembers, steps=steps)
        learner.network.load_state_dict(under("network", notes))
        learner.mean.load_state_dict(under("mean", notes))
        adam: dict[int, dict[str, Tensor]] = {}
        for name, tensor in under("adam", notes).items():
            place, _, kind = name.partition(".")
            adam.setdefault(int(place), {})[kind] = tensor
        groups = learner.optimizer.state_dict()["param_groups"]
        learner.optimizer.load_state_dict({"state": adam, "param_groups": groups})
        return learner


def under(prefix: str, notes: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors whose names begin with a prefix and a dot, without those."""
    return {
        name[len(prefix) + 1 :]: tensor for name, tensor in notes.items() if name.startswith(f"{prefix}.")
    }
