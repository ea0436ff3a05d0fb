"""What engines have learnt, brought back for a forecast that shall use it."""

from collections.abc import Mapping
from dataclasses import dataclass

from inventoryai.domain.engines import AUTO, EngineCatalogue
from inventoryai.domain.errors import Problem
from inventoryai.domain.forecast_runs import ForecastRun
from inventoryai.domain.forecasts import Reason
from inventoryai.domain.models import ModelGone, ModelNotRestored, ModelSawTrials
from inventoryai.forecasting import Panel
from inventoryai.forecasting.discovery import unneeded
from inventoryai.forecasting.running import check_state
from inventoryai.forecasting.states import Learnt, State
from inventoryai.ports.model_storage import PinnedModel
from inventoryai.ports.processes import Processes, TaskFailed
from inventoryai.ports.storage import InCompany, UnitOfWork
from inventoryai.usecases.asking import PredictionLimits
from inventoryai.usecases.automatic import farthest
from inventoryai.usecases.prediction import WINDOWS


@dataclass(frozen=True, slots=True)
class LoadModels:
    """The models that a run was to use from its beginning, those aside that cannot be used any more.

    A model that was deleted in the meantime, or that the installed engine cannot read, never fails a run:
    its engine forecasts as it was shipped, and the run says so. Each is restored once before it is relied on.
    The automatic plan uses none that has seen the past windows on which it would be tried.
    """

    begin: UnitOfWork
    processes: Processes
    catalogue: EngineCatalogue
    limits: PredictionLimits = PredictionLimits()  # noqa: RUF009 - it is frozen
    disabled: frozenset[str] = frozenset()

    async def __call__(self, scope: InCompany, run: ForecastRun, panel: Panel) -> Mapping[str, Learnt]:
        """What the engines of a run have learnt, by their names.

        Args:
            scope: The company.
            run: The run.
            panel: What a part of it is forecast from.
        """
        async with self.begin(scope) as work:
            pinned = await work.models.pinned(run.id)
        asked = {engine.name for engine in self.catalogue.asked(run.request.engine)}
        trials = panel.end - WINDOWS * min(run.request.horizon, farthest(panel, WINDOWS))
        models: dict[str, Learnt] = {}
        for one in pinned:
            if one.engine not in asked:
                continue
            refusal = await self._refusal(one, run.request.options)
            if refusal is None and run.request.engine == AUTO and one.learnt and one.learnt.until > trials:
                refusal = Reason.of(ModelSawTrials(engine=one.engine))
            if refusal is not None:
                async with self.begin(scope) as work:
                    await work.models.pass_over(run.id, one.engine, refusal)
            elif one.learnt is not None:
                models[one.engine] = one.learnt
        return models

    async def _refusal(self, one: PinnedModel, options: Mapping[str, object]) -> Reason | None:
        """Why a model cannot be used, if it cannot."""
        if one.learnt is None:
            return Reason.of(ModelGone(engine=one.engine))
        if any(State.of(state.content) != state for state in one.learnt.states):
            return Reason.of(ModelNotRestored(engine=one.engine, error="its bytes are not what was learnt"))
        disabled = self.disabled | unneeded(self.catalogue, one.engine)
        deadline, memory = self.limits.deadline, self.limits.memory
        try:
            for state in one.learnt.states:
                question = (one.engine, dict(options), disabled, state)
                await self.processes.run(check_state, *question, deadline=deadline, memory=memory)
        except TaskFailed as failure:
            return Reason.of(ModelNotRestored(engine=one.engine, error=str(failure)))
        except ModelNotRestored as refusal:
            return Reason.of(refusal)
        except Problem as trouble:
            return Reason.of(ModelNotRestored(engine=one.engine, error=trouble.message()))
        return None
