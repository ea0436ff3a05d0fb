"""What the plugin announces. Engine and torch are imported when they are loaded, not when they are listed."""

from collections.abc import Mapping
from importlib.util import find_spec

from inventoryai.forecasting import HOLIDAY, PROMOTION, Engine, EngineSpec, hookimpl

_OPTIONS: Mapping[str, object] = {"type": "object", "additionalProperties": False, "properties": {}}


def _lstm(_options: Mapping[str, object]) -> Engine:
    from inventoryai_lstm.engine import Lstm  # noqa: PLC0415 - heavy imports belong into load

    return Lstm.pretrained()


@hookimpl
def inventoryai_engines() -> list[EngineSpec]:
    """The engine of this plugin.

    Raises:
        ImportError: It was installed without torch, which is not looked for any further than by its name.
    """
    if find_spec("torch") is None:
        raise ImportError(
            "torch is missing: pip install 'inventoryai-lstm[torch]' or, on Linux without an NVIDIA GPU, "
            "its CPU build by the line that PyTorch's install page has for compute platform CPU"
        )
    return [
        EngineSpec(
            name="lstm",
            title="Recurrent network",
            description=(
                "One network for all products, trained beforehand on the sales of many. It forecasts what "
                "it has never seen, heeds promotions and holidays, and can learn from a company's own sales."
            ),
            load=_lstm,
            contract_version=1,
            minimum_history=10,
            options=_OPTIONS,
            trainable=True,
            scale_equivariant=True,
            automatic=True,
            covariates=frozenset({HOLIDAY, PROMOTION}),
        )
    ]
