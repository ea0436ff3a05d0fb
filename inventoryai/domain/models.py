"""Trained models: what an engine has learnt from a company's own sales."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from inventoryai.domain.engines import EngineInfo
from inventoryai.domain.errors import Conflict, Invalid, NotFound
from inventoryai.domain.forecasts import Reason
from inventoryai.domain.identity import UserId
from inventoryai.domain.periods import Frequency

ModelId = NewType("ModelId", UUID)
LEAST_PRODUCTS: Final = 3
"""Fewer have nothing in common that could be learnt."""
MOST_PRODUCTS: Final = 10_000
"""Of more, so many are learnt from, evenly spaced."""


class Lap(StrEnum):
    """A model is taught twice: to be judged by what it has not seen, and then to forecast."""

    JUDGED = "judged"
    RENEWED = "renewed"


class ModelNotFound(NotFound):
    """No such model in this company."""

    code = "model.not_found"
    en = "There is no such model."
    fr = "Ce modèle n’existe pas."


class EngineNotTrainable(Invalid):
    """The engine has nothing to learn."""

    code = "model.engine_not_trainable"
    en = "The engine {engine} cannot be trained. Engines that can: {trainable}."
    fr = "Le moteur {engine} ne s’entraîne pas. Moteurs qui s’entraînent : {trainable}."


class TrainingUnderWay(Conflict):
    """One training of an engine at a time."""

    code = "model.training_under_way"
    en = "The engine {engine} is being trained already. Wait for that, or delete that model."
    fr = "Le moteur {engine} est déjà en cours d’entraînement. Attendez sa fin, ou supprimez ce modèle."


class ModelNotReady(Conflict):
    """It has not learnt anything, or not yet."""

    code = "model.not_ready"
    en = "This model cannot be used: its training has not ended, or did not succeed."
    fr = "Ce modèle ne peut pas servir : son entraînement n’est pas terminé, ou n’a pas abouti."


class TrainingTrouble(Invalid):
    """Why a training came to nothing; the error of its job, never of an answer."""


class TooLittleToLearn(TrainingTrouble):
    """There are too few histories, or they are too short once the end is held back."""

    code = "model.too_little_data"
    en = (
        "{engine} learns from at least {needed} products with {history} known periods or more before "
        "{until}; there are {found}. What comes later is held back, to judge by."
    )
    fr = (
        "{engine} apprend d’au moins {needed} articles ayant au moins {history} périodes connues avant le "
        "{until} ; il y en a {found}. Ce qui suit est réservé pour juger."
    )


class TrainingFailed(TrainingTrouble):
    """The engine raised an error while it learnt."""

    code = "model.training_failed"
    en = "The engine {engine} failed while it was trained: {error}."
    fr = "Le moteur {engine} a échoué pendant l’entraînement : {error}."


class TrainingDied(TrainingTrouble):
    """The engine took its process down while it learnt."""

    code = "model.training_died"
    en = "The engine {engine} took its process down while it was trained (exit code {exit_code})."
    fr = "Le moteur {engine} a fait tomber son processus pendant l’entraînement (code {exit_code})."


class StateInvalid(TrainingTrouble):
    """What the engine returned, or wanted to keep, is no state."""

    code = "model.state_invalid"
    en = "What the engine {engine} has learnt cannot be kept: {detail}."
    fr = "Ce que le moteur {engine} a appris ne peut pas être gardé : {detail}."


class StateTooLarge(TrainingTrouble):
    """More than anybody wants to carry to every process."""

    code = "model.state_too_large"
    en = "What the engine {engine} wants to keep has {megabytes} MiB, and at most {most} are kept."
    fr = "Ce que le moteur {engine} veut garder pèse {megabytes} Mio, et {most} au plus sont gardés."


class ModelReason(Invalid):
    """Why a model is not used; told beside it, and never as an answer."""


class ModelNoBetter(ModelReason):
    """A new model is used by itself only where it beats what the engine was shipped with."""

    code = "model.no_better"
    en = (
        "On the periods held back it did no better than {engine} without training, so it is not used. "
        "It can be taken into use all the same."
    )
    fr = (
        "Sur les périodes réservées, il n’a pas fait mieux que {engine} sans entraînement : il ne sert "
        "donc pas. On peut tout de même le mettre en service."
    )


class ModelGone(ModelReason):
    """The model was deleted between the request and the work."""

    code = "model.gone"
    en = "The model was deleted in the meantime; {engine} forecast without it."
    fr = "Le modèle a été supprimé entre-temps ; {engine} a prévu sans lui."


class ModelSawTrials(ModelReason):
    """Older sales came in after it had learnt, so that trials reach back into what it knows by heart."""

    code = "model.saw_trials"
    en = (
        "The model has seen days on which the automatic plan tries its engines, so {engine} forecast "
        "without it. Train it again."
    )
    fr = (
        "Le modèle a vu des jours sur lesquels le plan automatique essaie ses moteurs : {engine} a prévu "
        "sans lui. Entraînez-le de nouveau."
    )


class ModelNotRestored(ModelReason):
    """The engine that is installed now cannot read what an earlier one has learnt."""

    code = "model.not_restored"
    en = "The engine {engine} can no longer read the model and forecast without it: {error}. Train it again."
    fr = "Le moteur {engine} ne lit plus le modèle et a prévu sans lui : {error}. Entraînez-le de nouveau."


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """What is to be trained.

    Attributes:
        engine: A trainable engine's name.
        frequency: What one period is.
        options: Handed to the engine as they are.
    """

    engine: str
    frequency: Frequency
    options: Mapping[str, object]

    def check(self, engine: EngineInfo, trainable: str) -> None:
        """Compare the request with what the engine says of itself.

        Args:
            engine: The engine of that name.
            trainable: The names of those that can be trained, for whoever asked for another.

        Raises:
            EngineNotTrainable, EngineOptionsInvalid: It cannot be done.
        """
        if not engine.trainable:
            raise EngineNotTrainable(engine=engine.name, trainable=trainable or "—")
        engine.check(self.options)


@dataclass(frozen=True, slots=True)
class NewModel:
    """A model that is to be trained."""

    id: ModelId
    request: TrainingRequest
    seed: int
    created_by: UserId
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ModelUse:
    """Which model a forecast run uses in place of an engine, and why it does not after all."""

    engine: str
    model_id: ModelId
    unused: Reason | None = None
