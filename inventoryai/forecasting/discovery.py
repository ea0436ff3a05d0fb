"""Finding the engines that are installed, and keeping a broken plugin from taking the others down.

Importing a plugin runs its code, which may hang, crash or fill the memory. ``describe_plugin`` is made to be
called where that hurts nobody: in a process that can be ended. ``discover`` imports here and now.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, distributions

from inventoryai.domain.engines import EngineCatalogue, EngineInfo, EngineUnknown, RejectedPlugin
from inventoryai.forecasting import hookspecs
from inventoryai.forecasting.announcing import Refused, announced, legible
from inventoryai.forecasting.engine import EngineSpec


@dataclass(frozen=True, slots=True, order=True)
class InstalledPlugin:
    """Where a plugin is found: a distribution, and the name of its entry point."""

    distribution: str
    name: str

    @classmethod
    def of(cls, point: EntryPoint) -> "InstalledPlugin":
        """The plugin behind an entry point."""
        return cls(_said(point.dist, "name"), legible(point.name))

    @property
    def exactly(self) -> str:
        """What names this plugin and no other, among the names of the disabled."""
        return f"{self.distribution}:{self.name}"

    def is_among(self, disabled: Collection[str]) -> bool:
        """Whether it is switched off, by its own name, its distribution's, or both."""
        return bool({self.name, self.distribution, self.exactly} & set(disabled))

    def rejected(self, reason: str) -> RejectedPlugin:
        """It is not used, for a reason that its author can mend."""
        return RejectedPlugin(self.name, self.distribution, legible(reason))


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


def installed_plugins(disabled: Collection[str] = ()) -> tuple[InstalledPlugin, ...]:
    """The plugins that are installed and not switched off, in the order of their names; none is imported."""
    found = sorted({InstalledPlugin.of(point) for point in _points()})
    return tuple(plugin for plugin in found if not plugin.is_among(disabled))


def describe_plugin(plugin: InstalledPlugin) -> EngineCatalogue:
    """Import one plugin: its engines as rows, or the reason why it is rejected."""
    return discover(points=[point for point in _points() if InstalledPlugin.of(point) == plugin]).catalogue()


def describe_engines(disabled: Collection[str] = ()) -> EngineCatalogue:
    """What ``discover`` finds, as rows."""
    return discover(disabled).catalogue()


def discover(disabled: Collection[str] = (), points: Sequence[EntryPoint] | None = None) -> Discovery:
    """Import every installed plugin and collect its engines.

    A plugin that cannot be imported, or breaks the contract, is listed as rejected with the reason,
    and brings none of its engines; the others are not touched.

    Args:
        disabled: Names of plugins (their entry points), of distributions, or both with a colon between
            them: left alone, unimported.
        points: The entry points to read; those of the environment unless given.
    """
    # Of two entry points with one name in one distribution, the first counts.
    places = {InstalledPlugin.of(point): point for point in reversed(_points() if points is None else points)}
    specs: dict[tuple[str, str], EngineSpec] = {}
    parts: list[EngineCatalogue] = []
    for plugin, point in sorted(places.items()):
        if plugin.is_among(disabled):
            continue
        try:
            found = announced(point)
        except Refused as refusal:
            parts.append(EngineCatalogue((), (plugin.rejected(str(refusal)),)))
            continue
        specs.update({(plugin.exactly, spec.name): spec for spec in found})
        parts.append(EngineCatalogue(tuple(_info(spec, plugin, point) for spec in found)))
    catalogue = merged(parts)
    infos = {info.name: info for info in catalogue.engines}
    engines = {name: specs[f"{info.distribution}:{info.plugin}", name] for name, info in infos.items()}
    return Discovery(engines, infos, catalogue.rejected)


def merged(parts: Iterable[EngineCatalogue]) -> EngineCatalogue:
    """What several plugins bring, as one: an engine's name belongs to who comes first.

    Args:
        parts: One catalogue a plugin. A plugin with a name that is taken is rejected as a whole.
    """
    engines: dict[str, EngineInfo] = {}
    rejected: list[RejectedPlugin] = []
    for part in parts:
        rejected += part.rejected
        taken = next((engine for engine in part.engines if engine.name in engines), None)
        if taken is None:
            engines.update({engine.name: engine for engine in part.engines})
        else:
            who = engines[taken.name].plugin
            reason = f"engine name {taken.name!r} is already used by plugin {who!r}"
            rejected.append(RejectedPlugin(taken.plugin, taken.distribution, reason))
    return EngineCatalogue(tuple(engines.values()), tuple(rejected))


def unusable(catalogue: EngineCatalogue) -> frozenset[str]:
    """The plugins that were rejected, named so that ``discover`` leaves them, and no others, unimported."""
    return frozenset(InstalledPlugin(one.distribution, one.plugin).exactly for one in catalogue.rejected)


def unneeded(catalogue: EngineCatalogue, engine: str) -> frozenset[str]:
    """All plugins but the one that brings an engine, named so that ``discover`` leaves them unimported.

    A plugin that was fine when it was described may hang when it is imported again; whoever runs an engine
    imports its plugin alone, so that no other can cost it anything.
    """
    brings = catalogue.get(engine)
    everything = {InstalledPlugin(one.distribution, one.plugin).exactly for one in catalogue.engines}
    own = InstalledPlugin(brings.distribution, brings.plugin).exactly
    return unusable(catalogue) | everything - {own}


def _points() -> list[EntryPoint]:
    """The entry points of the environment; a distribution whose list of them is broken has none.

    Where a distribution is found twice, the first on the path counts, as for imports.
    """
    first: dict[str, list[EntryPoint]] = {}
    for distribution in distributions():
        points = _own(distribution)
        if points:
            first.setdefault(_said(distribution, "name"), points)
    return [point for points in first.values() for point in points]


def _own(distribution: Distribution) -> list[EntryPoint]:
    try:
        return [point for point in distribution.entry_points if point.group == hookspecs.PROJECT]
    except Exception:  # noqa: BLE001 - somebody else's broken installation, of whatever kind
        return []


def _said(distribution: Distribution | None, what: str) -> str:
    """A part of a distribution's metadata; empty where it is missing or cannot be read."""
    try:
        return legible(getattr(distribution, what) or "")
    except Exception:  # noqa: BLE001 - as above
        return ""


def _info(spec: EngineSpec, plugin: InstalledPlugin, point: EntryPoint) -> EngineInfo:
    options: dict[str, object] = json.loads(json.dumps(dict(spec.options)))
    return EngineInfo(
        name=spec.name,
        title=spec.title,
        description=spec.description,
        minimum_history=spec.minimum_history,
        options=options,
        trainable=bool(spec.trainable),
        contract_version=spec.contract_version,
        plugin=plugin.name,
        distribution=plugin.distribution,
        version=_said(point.dist, "version"),
        automatic=bool(spec.automatic),
        covariates=tuple(sorted(spec.covariates)),
    )
