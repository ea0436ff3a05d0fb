"""What the plugin announces. Engines are imported when they are loaded, not when they are listed."""

from collections.abc import Mapping
from typing import Any

from inventoryai.forecasting import CONTRACT_VERSION, Engine, EngineSpec, hookimpl

NO_OPTIONS: Mapping[str, object] = {"type": "object", "properties": {}, "additionalProperties": False}


def _parameter(what: str) -> Mapping[str, object]:
    """The schema of a smoothing parameter."""
    return {
        "type": "number",
        "minimum": 0.001,
        "maximum": 1,
        "description": f"Smoothing parameter of {what}; chosen for each product by its errors unless given.",
    }


def _options(**parameters: str) -> Mapping[str, object]:
    """The schema of options that are smoothing parameters, each with what it smooths."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _parameter(what) for name, what in parameters.items()},
    }


def _croston(options: Mapping[str, Any]) -> Engine:
    from inventoryai_intermittent.crostons import Compound, Croston  # noqa: PLC0415 - heavy imports belong into load

    return Compound(Croston(**options))


def _sba(options: Mapping[str, Any]) -> Engine:
    from inventoryai_intermittent.crostons import Compound, Croston  # noqa: PLC0415 - as above

    return Compound(Croston(**options, debiased=True))


def _tsb(options: Mapping[str, Any]) -> Engine:
    from inventoryai_intermittent.crostons import Compound, TeunterSyntetosBabai  # noqa: PLC0415 - as above

    return Compound(TeunterSyntetosBabai(**options))


def _adida(options: Mapping[str, Any]) -> Engine:
    from inventoryai_intermittent.aggregation import Adida, Aggregating  # noqa: PLC0415 - as above

    return Aggregating(Adida(**options))


def _imapa(options: Mapping[str, Any]) -> Engine:
    from inventoryai_intermittent.aggregation import Aggregating, Imapa  # noqa: PLC0415 - as above

    return Aggregating(Imapa(**options))


def _negbin(_options: Mapping[str, Any]) -> Engine:
    from inventoryai_intermittent.negbin import NegativeBinomial  # noqa: PLC0415 - as above

    return NegativeBinomial()


@hookimpl
def inventoryai_engines() -> list[EngineSpec]:
    """The engines of this plugin."""
    return [
        EngineSpec(
            name="croston",
            title="Croston",
            description="Sizes and intervals smoothed apart, for products that sell now and then.",
            load=_croston,
            contract_version=CONTRACT_VERSION,
            options=_options(alpha="sizes and intervals"),
        ),
        EngineSpec(
            name="sba",
            title="Syntetos–Boylan",
            description="Croston’s method without its bias upwards.",
            load=_sba,
            contract_version=CONTRACT_VERSION,
            options=_options(alpha="sizes and intervals"),
        ),
        EngineSpec(
            name="tsb",
            title="Teunter–Syntetos–Babai",
            description="Croston’s method for products that may be at their end: every idle period counts.",
            load=_tsb,
            contract_version=CONTRACT_VERSION,
            options=_options(alpha="sizes", beta="the chance that anything sells"),
        ),
        EngineSpec(
            name="adida",
            title="Aggregate–disaggregate",
            description="Smoothing over buckets as long as the usual interval between sales.",
            load=_adida,
            contract_version=CONTRACT_VERSION,
            options=_options(alpha="buckets"),
        ),
        EngineSpec(
            name="imapa",
            title="Multiple aggregation",
            description="The mean of what smoothing says over buckets of several lengths.",
            load=_imapa,
            contract_version=CONTRACT_VERSION,
            options=_options(alpha="buckets"),
        ),
        EngineSpec(
            name="negbin",
            title="Filtered counts",
            description=(
                "A negative binomial around a level that follows demand, with the week, the zeros "
                "and the large orders that a product has. The first to try for what is sold by the piece."
            ),
            load=_negbin,
            contract_version=CONTRACT_VERSION,
            options=NO_OPTIONS,
            automatic=True,
        ),
    ]
