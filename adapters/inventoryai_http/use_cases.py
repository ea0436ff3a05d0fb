"""What HTTP calls: every use case that has a path, and what is asked for beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from inventoryai.ports.files import FileStore
from inventoryai.usecases.accuracy import GetForecastAccuracy, GetProductForecast
from inventoryai.usecases.companies import CreateCompany, EnterCompany, GetCompany, ListCompanies
from inventoryai.usecases.engines import ListEngines
from inventoryai.usecases.forecasts import (
    DeleteForecast,
    GetForecast,
    ListForecastProducts,
    ListForecasts,
    StartForecast,
)
from inventoryai.usecases.identity import Authenticate, LogIn, RefreshLogin, Register, VerifyEmail
from inventoryai.usecases.imports import DeleteImport, GetImport, ListImportErrors, ListImports, StartImport
from inventoryai.usecases.invitations import (
    AcceptInvitation,
    DeclineInvitation,
    InviteMember,
    ListMyInvitations,
)
from inventoryai.usecases.jobs import CancelJob, GetJob, ListJobs
from inventoryai.usecases.models import (
    DeleteModel,
    GetModel,
    ListModels,
    RetireModel,
    StartTraining,
    UseModel,
)
from inventoryai.usecases.overrides import AddOverride, ListOverrides, WithdrawOverride
from inventoryai.usecases.products import ChangeProduct, CreateProduct, GetProduct, ListProducts
from inventoryai.usecases.promotions import CreatePromotion, DeletePromotion, GetPromotion, ListPromotions
from inventoryai.usecases.replenishment import GetPlan, ListPlans, ListRecommendations, StartPlan
from inventoryai.usecases.stock import CountStock, ListStock


class FindMissing(Protocol):
    """Tells what is not there that serving needs."""

    async def __call__(self) -> Sequence[str]:
        """Names among ``database``, ``migrations``, ``queue`` and ``workers``; none when all is well."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpUseCases:
    """The use cases by their names, the file store that uploads are streamed into, and readiness."""

    register: Register
    verify_email: VerifyEmail
    log_in: LogIn
    refresh_login: RefreshLogin
    authenticate: Authenticate

    create_company: CreateCompany
    list_companies: ListCompanies
    get_company: GetCompany
    enter_company: EnterCompany

    invite_member: InviteMember
    accept_invitation: AcceptInvitation
    decline_invitation: DeclineInvitation
    list_my_invitations: ListMyInvitations

    create_product: CreateProduct
    list_products: ListProducts
    get_product: GetProduct
    change_product: ChangeProduct

    create_promotion: CreatePromotion
    list_promotions: ListPromotions
    get_promotion: GetPromotion
    delete_promotion: DeletePromotion

    count_stock: CountStock
    list_stock: ListStock

    files: FileStore
    start_import: StartImport
    list_imports: ListImports
    get_import: GetImport
    list_import_errors: ListImportErrors
    delete_import: DeleteImport

    list_engines: ListEngines
    start_forecast: StartForecast
    list_forecasts: ListForecasts
    get_forecast: GetForecast
    delete_forecast: DeleteForecast
    list_forecast_products: ListForecastProducts

    add_override: AddOverride
    list_overrides: ListOverrides
    withdraw_override: WithdrawOverride

    get_forecast_accuracy: GetForecastAccuracy
    get_product_forecast: GetProductForecast

    start_training: StartTraining
    list_models: ListModels
    get_model: GetModel
    use_model: UseModel
    retire_model: RetireModel
    delete_model: DeleteModel

    start_plan: StartPlan
    list_plans: ListPlans
    get_plan: GetPlan
    list_recommendations: ListRecommendations

    get_job: GetJob
    list_jobs: ListJobs
    cancel_job: CancelJob

    find_missing: FindMissing
