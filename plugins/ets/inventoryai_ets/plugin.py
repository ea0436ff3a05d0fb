"""What the plugin announces. The engine is imported when it is loaded, not when it is listed."""

from collections.abc import Mapping
from importlib.util import find_spec

from inventoryai.forecasting import CONTRACT_VERSION, Engine, EngineSpec, hookimpl

_OPTIONS: Mapping[str, object] = {"type": "object", "additionalProperties": False, "properties": {}}


def _ets(_options: Mapping[str, object]) -> Engine:
    from inventoryai_ets.engine import Ets  # noqa: PLC0415 - heavy imports belong into load

    return Ets()


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
            description="Level, trend and season that follow demand; the form is chosen for each product by AICc.",
            load=_ets,
            contract_version=CONTRACT_VERSION,
            options=_OPTIONS,
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
