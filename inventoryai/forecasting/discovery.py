"""Finding the engines that are installed, and keeping a broken plugin from taking the others down."""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Final

import pluggy

from inventoryai.domain.engines import AUTO, EngineCatalogue, EngineInfo, EngineUnknown, RejectedPlugin
from inventoryai.forecasting import hookspecs
from inventoryai.forecasting.engine import CONTRACT_VERSION, EngineSpec

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RESERVED: Final = (AUTO, "fallback")


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found among the installed plugins.

    Attributes:
        engines: The engines by name, ready to load.
        infos: The same engines as rows that can be stored and shown, with where each came from.
        rejected: The plugins that were refused.
    """

    engines: Mapping[str, EngineSpec]
    infos: Mapping[str, EngineInfo]
    rejected: tuple[RejectedPlugin, ...]

    def get(self, name: str) -> EngineSpec:
        """The engine of that name.

        Raises:
            EngineUnknown: There is none.
        """
        if name not in self.engines:
            raise EngineUnknown(engine=name, known=", ".join(sorted(self.engines)))
        return self.engines[name]

    def catalogue(self) -> EngineCatalogue:
        """What was found, without the code: it can be stored, and carried between processes."""
        return EngineCatalogue(tuple(self.infos.values()), self.rejected)


class _Refused(Exception):
    """A plugin breaks a rule; the message says which, to its author."""


def discover(disabled: Collection[str] = (), points: Sequence[EntryPoint] | None = None) -> Discovery:
    """Import every installed plugin and collect its engines.

    A plugin that cannot be imported, or breaks the contract, is listed as rejected with the reason,
    and brings none of its engines; the others are not touched.

    Args:
        disabled: Names of plugins (their entry points) or of distributions, left alone unimported.
        points: The entry points to read; those of the environment unless given.
    """
    engines: dict[str, EngineSpec] = {}
    infos: dict[str, EngineInfo] = {}
    rejected: list[RejectedPlugin] = []
    if points is None:
        points = list(entry_points(group=hookspecs.PROJECT))
    for point in sorted(points, key=lambda found: (_distribution(found), found.name)):
        if {point.name, _distribution(point)} & set(disabled):
            continue
        try:
            specs = _specs(point)
            _refuse_taken(specs, infos)
        except _Refused as refusal:
            rejected.append(RejectedPlugin(point.name, _distribution(point), str(refusal)))
            continue
        engines.update({spec.name: spec for spec in specs})
        infos.update({spec.name: _info(spec, point) for spec in specs})
    return Discovery(engines, infos, tuple(rejected))


def describe_engines(disabled: Collection[str] = ()) -> EngineCatalogue:
    """What ``discover`` finds, as rows: to be run in another process, where imports can hurt nobody."""
    return discover(disabled).catalogue()


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else ""


def _specs(point: EntryPoint) -> list[EngineSpec]:
    """What one plugin announces, checked.

    Raises:
        _Refused: It cannot be imported, or breaks the contract.
    """
    with _refusing("cannot be imported"):
        plugin = point.load()
    with _refusing("cannot be used"):
        found = _ask(plugin, point.name)
        for spec in found:
            _check(spec)
    return found


@contextmanager
def _refusing(what: str) -> Iterator[None]:
    """Turns whatever a plugin raises, SystemExit included, into a refusal that says it."""
    try:
        yield
    except (_Refused, KeyboardInterrupt):
        raise
    except BaseException as error:
        words = f"{type(error).__name__}: {error}".removesuffix(": ")
        raise _Refused(f"{what}: {words}") from error


def _ask(plugin: object, name: str) -> list[EngineSpec]:
    """What the plugin's hook returns; each plugin is asked in a manager of its own."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(plugin, name)
    manager.check_pending()
    answers = manager.hook.inventoryai_engines()
    if not answers:
        raise _Refused("has no function inventoryai_engines marked with @hookimpl")
    return [spec for answer in answers for spec in answer]


def _check(spec: object) -> None:
    """Raises _Refused unless it is an engine that this version can run."""
    if not isinstance(spec, EngineSpec):
        raise _Refused(f"inventoryai_engines() gave a {type(spec).__qualname__} where an EngineSpec belongs")
    if spec.contract_version != CONTRACT_VERSION:
        raise _Refused(
            f"engine {spec.name!r} was written for contract version {spec.contract_version}; "
            f"this is version {CONTRACT_VERSION}"
        )
    if not _NAME.fullmatch(spec.name) or spec.name in _RESERVED:
        raise _Refused(f"engine name {spec.name!r} is not allowed")
    if not callable(spec.load):
        raise _Refused(f"engine {spec.name!r} cannot be loaded: load is not a function")
    json.dumps([spec.title, spec.description, int(spec.minimum_history), dict(spec.options)])


def _refuse_taken(specs: Sequence[EngineSpec], taken: Mapping[str, EngineInfo]) -> None:
    """Raises _Refused when an engine's name belongs to another; who comes first keeps it."""
    seen: set[str] = set()
    for spec in specs:
        if spec.name in taken:
            raise _Refused(f"engine name {spec.name!r} is already used by plugin {taken[spec.name].plugin!r}")
        if spec.name in seen:
            raise _Refused(f"engine name {spec.name!r} is used twice")
        seen.add(spec.name)


def _info(spec: EngineSpec, point: EntryPoint) -> EngineInfo:
    return EngineInfo(
        name=spec.name,
        title=spec.title,
        description=spec.description,
        minimum_history=spec.minimum_history,
        options=dict(spec.options),
        trainable=spec.trainable,
        contract_version=spec.contract_version,
        plugin=point.name,
        distribution=_distribution(point),
        version=point.dist.version if point.dist else "",
        automatic=bool(spec.automatic),
        covariates=tuple(sorted(spec.covariates)),
    )
