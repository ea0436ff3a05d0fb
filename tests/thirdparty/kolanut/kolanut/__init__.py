"""Ridge regression of scikit-learn, as a forecasting engine for InventoryAI."""

from collections.abc import Mapping

from inventoryai.forecasting import HOLIDAY, PROMOTION, Engine, EngineSpec, hookimpl


def _load(options: Mapping[str, object]) -> Engine:
    # Takes a second to import, which nobody shall wait for who only wants to know what there is.
    from kolanut.ridge import RidgeEngine  # noqa: PLC0415

    return RidgeEngine(**options)  # type: ignore[arg-type] # the schema says what they are


@hookimpl
def inventoryai_engines() -> list[EngineSpec]:
    """The one engine there is."""
    return [
        EngineSpec(
            name="kolanut_ridge",
            title="Ridge regression",
            description="A straight line, the season, holidays and promotions, as strong as the past says.",
            load=_load,
            contract_version=1,
            minimum_history=8,
            options={
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "alpha": {
                        "type": "number",
                        "minimum": 0.001,
                        "default": 1.0,
                        "description": "How strongly everything is drawn towards the mean.",
                    }
                },
            },
            scale_equivariant=True,
            covariates=frozenset({HOLIDAY, PROMOTION}),
        )
    ]
