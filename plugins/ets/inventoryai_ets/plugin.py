"""What the plugin announces. The engine is imported when it is loaded, not when it is listed."""

from collections.abc import Mapping
from importlib.util import find_spec

from inventoryai.forecasting import CONTRACT_VERSION, Engine, EngineSpec, hookimpl
from inventoryai_ets.names import FITTED

_OPTIONS: Mapping[str, object] = {"type": "object", "additionalProperties": False, "properties": {}}

_ETS_OPTIONS: Mapping[str, object] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "model": {
            "type": "string",
            "enum": ["ZZZ", *FITTED],
            "default": "ZZZ",
            "description": (
                "Error, trend and season: N for none, A for additive, Ad for damped, M for multiplicative; "
                "ZZZ lets all forms compete. A product that cannot have it gets the nearest simpler one."
            ),
        },
        "combine": {
            "type": "integer",
            "minimum": 1,
            "maximum": 4,
            "default": 3,
            "description": "How many of the best forms forecast together, each by its likelihood.",
        },
    },
}


def _ets(options: Mapping[str, object]) -> Engine:
    from inventoryai_ets.engine import Ets  # noqa: PLC0415 - heavy imports belong into load

    return Ets(**options)  # type: ignore[arg-type] # the schema says what they are


def _theta(_options: Mapping[str, object]) -> Engine:
    from inventoryai_ets.theta import Theta  # noqa: PLC0415 - as above

    return Theta()


@hookimpl
def inventoryai_engines() -> list[EngineSpec]:
    """The engines of this plugin.

    Raises:
        ImportError: It was installed on a machine without a C compiler, so that its kernel is missing.
    """
    if find_spec("inventoryai_ets._ets") is None:
        raise ImportError(
            "its compiled part is missing: install a C compiler (gcc or clang) and then inventoryai-ets anew"
        )
    return [
        EngineSpec(
            name="ets",
            title="Exponential smoothing",
            description=(
                "A level, a trend and a season that follow demand. Fifteen forms compete for each product by "
                "AICc, and the best few forecast together. For demand with a memory, smooth or not."
            ),
            load=_ets,
            contract_version=CONTRACT_VERSION,
            options=_ETS_OPTIONS,
            scale_equivariant=True,
            automatic=True,
        ),
        EngineSpec(
            name="theta",
            title="Theta",
            description=(
                "A smoothed level that keeps a share of the trend, around a season; what demand was of its "
                "forecasts, it may be again. Won the M3 competition, and takes intermittent demand too."
            ),
            load=_theta,
            contract_version=CONTRACT_VERSION,
            minimum_history=4,
            options=_OPTIONS,
            scale_equivariant=True,
            automatic=True,
        ),
    ]
