"""Trained models."""

from uuid import UUID

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED

from inventoryai.domain.companies import Membership
from inventoryai.domain.engines import EngineOptionsInvalid, EngineUnknown
from inventoryai.domain.errors import Locale
from inventoryai.domain.models import (
    EngineNotTrainable,
    ModelId,
    ModelNotFound,
    ModelNotReady,
    TrainingUnderWay,
)
from inventoryai.domain.paging import PageRequest
from inventoryai.domain.periods import Frequency
from inventoryai.ports.model_storage import ModelFilter
from inventoryai.usecases.models import (
    DeleteModel,
    GetModel,
    ListModels,
    RetireModel,
    StartTraining,
    UseModel,
)
from inventoryai_http.operations import BODY, IN_COMPANY, LIST, LOCATION, accepted, described
from inventoryai_http.paging import PageOf, answer_page
from inventoryai_http.reading import ExactRequest
from inventoryai_http.schemas.models import Model, NewModel
from inventoryai_http.use_cases import HttpUseCases

TAGS = ["Models"]


@post(
    "/models",
    tags=TAGS,
    status_code=HTTP_202_ACCEPTED,
    response_headers=LOCATION,
    **described(
        StartTraining,
        IN_COMPANY,
        BODY,
        (EngineUnknown, EngineNotTrainable, EngineOptionsInvalid, TrainingUnderWay),
    ),
)
async def start_training(
    data: JSONBody[NewModel],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[Model]:
    """Answers 202 with the model."""
    model = await use_cases.start_training(member, data.understood())
    return accepted(Model.of(model, locale), model.job)


@get("/models", tags=TAGS, **described(ListModels, IN_COMPANY, LIST))
async def list_models(
    request: ExactRequest,
    page: NamedDependency[PageRequest],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
    engine: FromQuery[str | None] = None,
    frequency: FromQuery[Frequency | None] = None,
) -> Response[PageOf[Model]]:
    """Answers 200 with a page of models."""
    models = await use_cases.list_models(member, page, ModelFilter(engine, frequency))
    return answer_page(request, models, lambda model: Model.of(model, locale))


@get("/models/{model_id:uuid}", tags=TAGS, **described(GetModel, IN_COMPANY, ModelNotFound))
async def get_model(
    model_id: FromPath[UUID],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Model:
    """Answers 200 with the model."""
    return Model.of(await use_cases.get_model(member, ModelId(model_id)), locale)


@post(
    "/models/{model_id:uuid}/use",
    tags=TAGS,
    status_code=HTTP_200_OK,
    **described(UseModel, IN_COMPANY, ModelNotFound, ModelNotReady),
)
async def use_model(
    model_id: FromPath[UUID],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Model:
    """Answers 200 with the model."""
    return Model.of(await use_cases.use_model(member, ModelId(model_id)), locale)


@post(
    "/models/{model_id:uuid}/retire",
    tags=TAGS,
    status_code=HTTP_200_OK,
    **described(RetireModel, IN_COMPANY, ModelNotFound),
)
async def retire_model(
    model_id: FromPath[UUID],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Model:
    """Answers 200 with the model."""
    return Model.of(await use_cases.retire_model(member, ModelId(model_id)), locale)


@delete("/models/{model_id:uuid}", tags=TAGS, **described(DeleteModel, IN_COMPANY, ModelNotFound))
async def delete_model(
    model_id: FromPath[UUID],
    member: NamedDependency[Membership],
    use_cases: NamedDependency[HttpUseCases],
) -> None:
    """Answers 204."""
    await use_cases.delete_model(member, ModelId(model_id))


IN_A_COMPANY = (start_training, list_models, get_model, use_model, retire_model, delete_model)
