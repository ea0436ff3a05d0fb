"""The losses as a drawing, one line a frequency."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from inventoryai.forecasting import Frequency

_WIDTH: Final = 800
_HEIGHT: Final = 400
_EDGE: Final = 50
_COLOURS: Final = {Frequency.DAY: "#1b6ca8", Frequency.WEEK: "#d1495b", Frequency.MONTH: "#66a182"}
_POINTS: Final = 100
"""Means that a line is drawn through, at most."""


def draw(losses: Sequence[tuple[int, Frequency, float]]) -> str:
    """An SVG of the mean loss over stretches of steps."""
    lines = {frequency: _means(losses, frequency) for frequency in Frequency}
    heights = np.concatenate([line[:, 1] for line in lines.values()])
    low, high = (float(heights.min()), float(heights.max())) if len(heights) else (0.0, 1.0)
    last = max((step for step, _, _ in losses), default=0) + 1
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="13"><rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_EDGE}" y="{_HEIGHT - 15}">0</text>',
        f'<text x="{_WIDTH - _EDGE}" y="{_HEIGHT - 15}" text-anchor="end">{last} steps</text>',
        f'<text x="5" y="{_HEIGHT - _EDGE}">{low:.3f}</text><text x="5" y="{_EDGE}">{high:.3f}</text>',
    ]
    for place, (frequency, line) in enumerate(lines.items()):
        across = _EDGE + (_WIDTH - 2 * _EDGE) * line[:, 0] / last
        down = _EDGE + (_HEIGHT - 2 * _EDGE) * (high - line[:, 1]) / max(high - low, 1e-9)
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
        colour = _COLOURS[frequency]
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts.append(f'<text x="{_EDGE + 80 * place}" y="25" fill="{colour}">{frequency}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _means(losses: Sequence[tuple[int, Frequency, float]], frequency: Frequency) -> np.ndarray:
    """float64[p, 2], step and mean loss of stretches of the steps of one frequency."""
    rows = np.array([(step, loss) for step, name, loss in losses if name is frequency]).reshape(-1, 2)
    pieces = [piece for piece in np.array_split(rows, _POINTS) if len(piece)]
    return np.array([piece.mean(axis=0) for piece in pieces]).reshape(-1, 2)
