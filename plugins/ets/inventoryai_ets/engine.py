"""Exponential smoothing: forms, choice, and futures; the arithmetic is in the compiled ``_ets``."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventoryai.forecasting import Panel, Prediction
from inventoryai_ets import _ets

FORMS = 18
MOST = 30
_PATHS: Final = 256

def scaled(panel):
    known = panel.known()
    owners = panel.owners()
    sums = np.add.reduceat(np.nan_to_num(panel.values), panel.offsets[:-1])
    scale = sums / known
    scale[~(scale > 0)] = 1
    return (panel.values / np.repeat(scale, panel.lengths)).astype(np.float32).astype(np.float64), scale

@dataclass(frozen=True, slots=True)
class Ets:
    season: bool = True
    def predict(self, panel, horizon, levels, seed):
        values, scale = scaled(panel)
        n = len(panel)
        season = panel.frequency.season
        if season > 24 or not self.season: season = 1
        known = panel.known()
        positive = np.fmin.reduceat(values, panel.offsets[:-1]) > 0
        seasonal = (season > 1) & (known >= 2 * season)
        cost = np.full((n, FORMS), np.inf); raw = np.full((n, FORMS), np.inf); par = np.zeros((n, FORMS, MOST))
        for p in (0, 1):
            for s in (0, 1):
                who = np.flatnonzero((positive == p) & (seasonal == s))
                if not len(who): continue
                order = who[np.argsort(panel.lengths[who], kind="stable")]
                forms = sum(1 << f for f in range(FORMS) if (p or f < 9) and (s or f % 3 == 0) and (f >= 9 or f % 3 != 2))
                _ets.fit(values, panel.offsets, order, season, forms, cost, raw, par)
        score = aicc(cost, known, season)
        form = np.argmin(score, axis=1)
        return self.simulate(panel, values, season, form, np.ascontiguousarray(par[np.arange(n), form]), horizon, levels, seed, scale)

    def simulate(self, panel, values, season, form, par, horizon, levels, seed, scale):
        n = len(panel)
        rng = np.random.default_rng(seed)
        ranks = np.argsort(rng.random((horizon, _PATHS)), axis=1)
        normal = np.array([NormalDist().inv_cdf((i + 0.5) / _PATHS) for i in range(_PATHS)])
        places = np.clip(np.ceil(levels * _PATHS - 1e-9).astype(np.int64) - 1, 0, _PATHS - 1)
        mean = np.empty((n, horizon)); q = np.empty((n, horizon, len(levels))); t = np.empty_like(q)
        plain = (form < 9) & (form % 3 != 2)
        order = np.lexsort((panel.lengths, plain)).astype(np.int64)
        _ets.simulate(values, panel.offsets, order, season, form.astype(np.int64), par, horizon, ranks, normal, places, mean, q, t)
        c = scale[:, None]
        return Prediction(mean * c, q * c[..., None], t * c[..., None], np.asarray(levels, float))

def counts(season):
    out = np.zeros(FORMS)
    for f in range(FORMS):
        t, s = f // 3 % 3, f % 3
        out[f] = 2 + (2 if t else 0) + (t == 2) + ((season if s else 0))
    return out

def aicc(cost, known, season):
    k = counts(season) + 1
    n = known[:, None]
    free = n - k - 1
    s = n * cost + 2 * k + 2 * k * (k + 1) / np.maximum(free, 1)
    s[np.broadcast_to(free < 1, s.shape)] = np.inf
    s[(cost > 1e29)] = np.inf
    s[:, 0] = np.where(np.isinf(s).all(axis=1), 0, s[:, 0])
    return s
