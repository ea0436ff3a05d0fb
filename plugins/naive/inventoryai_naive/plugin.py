"""What the plugin announces. Engines are imported when they are loaded, not when they are listed."""

from collections.abc import Mapping

from inventoryai.forecasting import CONTRACT_VERSION, HOLIDAY, PROMOTION, Engine, EngineSpec, hookimpl

NO_OPTIONS: Mapping[str, object] = {"type": "object", "properties": {}, "additionalProperties": False}

WINDOW_OPTIONS: Mapping[str, object] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "window": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000,
            "default": 28,
            "description": "How many of the last periods the mean is taken of.",
        }
    },
}

EMPIRICAL_OPTIONS: Mapping[str, object] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "half_life": {
            "type": "number",
            "minimum": 0.5,
            "maximum": 10000,
            "description": (
                "Periods after which an observation counts half. Found out per product if not given."
            ),
        },
        "dependence": {
            "type": "number",
            "minimum": 0,
            "maximum": 0.9,
            "description": (
                "Correlation of the periods of one future: how far good days come together. Found out "
                "per product if not given."
            ),
        },
    },
}


def _naive(_options: Mapping[str, object]) -> Engine:
    from inventoryai_naive import points  # noqa: PLC0415 - heavy imports belong into load

    return points.PointEngine(points.last_value)


def _seasonal_naive(_options: Mapping[str, object]) -> Engine:
    from inventoryai_naive import points  # noqa: PLC0415 - as above

    return points.PointEngine(points.last_season)


def _mean(_options: Mapping[str, object]) -> Engine:
    from inventoryai_naive import points  # noqa: PLC0415 - as above

    return points.PointEngine(points.mean)


def _window_mean(options: Mapping[str, object]) -> Engine:
    from inventoryai_naive import points  # noqa: PLC0415 - as above

    return points.PointEngine(points.WindowMean(**options))  # type: ignore[arg-type] # the schema says


def _empirical(options: Mapping[str, object]) -> Engine:
    from inventoryai_naive.empirical import Empirical  # noqa: PLC0415 - as above

    return Empirical(**options)  # type: ignore[arg-type] # the schema says what they are


@hookimpl
def inventoryai_engines() -> list[EngineSpec]:
    """The engines of this plugin."""
    return [
        EngineSpec(
            name="naive",
            title="Last value",
            description="Tomorrow is like the last known period.",
            load=_naive,
            contract_version=CONTRACT_VERSION,
            options=NO_OPTIONS,
            scale_equivariant=True,
        ),
        EngineSpec(
            name="seasonal_naive",
            title="Last season",
            description="Every day is like the same day last week; every month like last year’s.",
            load=_seasonal_naive,
            contract_version=CONTRACT_VERSION,
            options=NO_OPTIONS,
            scale_equivariant=True,
        ),
        EngineSpec(
            name="mean",
            title="Mean",
            description="Every period is like the mean of all known ones.",
            load=_mean,
            contract_version=CONTRACT_VERSION,
            options=NO_OPTIONS,
            scale_equivariant=True,
        ),
        EngineSpec(
            name="window_mean",
            title="Mean of the last periods",
            description="Every period is like the mean of the last few.",
            load=_window_mean,
            contract_version=CONTRACT_VERSION,
            options=WINDOW_OPTIONS,
            scale_equivariant=True,
        ),
        EngineSpec(
            name="empirical",
            title="Weighted past",
            description=(
                "The distribution of what was sold before, by day of the week or month of the year, recent "
                "periods counting as much more as served each product best. Hard to beat on retail demand."
            ),
            load=_empirical,
            contract_version=CONTRACT_VERSION,
            options=EMPIRICAL_OPTIONS,
            scale_equivariant=True,
            automatic=True,
            covariates=frozenset({HOLIDAY, PROMOTION}),
        ),
    ]
