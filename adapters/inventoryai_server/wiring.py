"""The composition root: plain constructor calls that put adapters into ports and ports into use cases.

HTTP, the workers and the commands share it; tests pass fakes by keyword. Nothing here does any work,
and nothing connects before it is first needed.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from inventoryai.domain.engines import EngineCatalogue
from inventoryai.domain.jobs import JobKind
from inventoryai.ports.clock import Clock
from inventoryai.ports.files import FileStore
from inventoryai.ports.holidays import Holidays
from inventoryai.ports.identifiers import Identifiers
from inventoryai.ports.mail import Mail
from inventoryai.ports.passwords import PasswordHasher
from inventoryai.ports.processes import Processes
from inventoryai.ports.queue import JobQueue
from inventoryai.ports.scratch import Scratch
from inventoryai.ports.spreadsheets import SpreadsheetReader
from inventoryai.ports.storage import UnitOfWork
from inventoryai.ports.tokens import AccessTokens, Secrets
from inventoryai.usecases import (
    accuracy,
    asking,
    assembling,
    cold_start,
    companies,
    engines,
    forecasting,
    forecasts,
    identity,
    imports,
    invitations,
    jobs,
    judging,
    lessons,
    models,
    overrides,
    planning,
    prediction,
    products,
    promotions,
    reading,
    recalling,
    replenishment,
    stock,
    teaching,
    training,
)
from inventoryai.usecases.letters import Letters
from inventoryai_files import FolderFileStore, TemporaryScratch
from inventoryai_holidays import CountryHolidays
from inventoryai_http import FindMissing, HttpUseCases
from inventoryai_mail import ConsoleOutbox, SmtpMail
from inventoryai_mail.smtp import SmtpServer
from inventoryai_postgres import PostgresSettings, PostgresUnitOfWork
from inventoryai_security import Argon2Passwords, JwtAccessTokens, RandomSecrets
from inventoryai_server.embedded import DataFolder
from inventoryai_server.settings import Settings
from inventoryai_server.system import SystemClock, Uuid7Identifiers

DEFAULT_PUBLIC_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What the use cases of the API need of the world."""

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers
    passwords: PasswordHasher
    tokens: AccessTokens
    secrets: Secrets
    mail: Mail
    letters: Letters
    files: FileStore
    queue: JobQueue
    find_missing: FindMissing
    require_verified_email: bool


def storage(settings: Settings, name: str, at_least: int = 1) -> PostgresUnitOfWork:
    """PostgreSQL, as everybody but the owner reaches it.

    Args:
        settings: Where it is, and how many connections a process may keep.
        name: How the process calls itself there.
        at_least: How many connections it cannot do without, whatever the settings say.
    """
    connections = max(settings.database.pool_size, at_least)
    return PostgresUnitOfWork(
        PostgresSettings(
            url=settings.database.url(), application_name=f"inventoryai {name}", connections=connections
        )
    )


def file_store(settings: Settings) -> FolderFileStore:
    """The folder of uploads, which the API and every worker share."""
    return FolderFileStore(DataFolder.at(settings.files.data).uploads, settings.files.upload_limit)


def mail(settings: Settings) -> Mail:
    """The mail server, or without one the console and a folder beside the uploads."""
    if settings.mail.smtp_url is None or settings.mail.sender is None:
        return ConsoleOutbox(DataFolder.at(settings.files.data).path / "outbox")
    url = urlsplit(settings.mail.smtp_url)
    tls = url.scheme == "smtps"
    return SmtpMail(
        SmtpServer(
            host=url.hostname or "localhost",
            port=url.port or (465 if tls else 587),
            sender=settings.mail.sender,
            user=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            tls=tls,
        )
    )


def ports(settings: Settings, begin: UnitOfWork, queue: JobQueue, find_missing: FindMissing) -> Ports:
    """The ports of the API, as the settings say."""
    tokens = settings.tokens
    return Ports(
        begin=begin,
        clock=SystemClock(),
        identifiers=Uuid7Identifiers(),
        passwords=Argon2Passwords(),
        tokens=JwtAccessTokens(tokens.secret_key(), tokens.algorithm, timedelta(minutes=tokens.minutes)),
        secrets=RandomSecrets(),
        mail=mail(settings),
        letters=Letters(settings.http.public_url or DEFAULT_PUBLIC_URL),
        files=file_store(settings),
        queue=queue,
        find_missing=find_missing,
        require_verified_email=tokens.require_verified_email,
    )


def http_use_cases(of: Ports) -> HttpUseCases:
    """Everything that has a path."""
    list_engines = engines.ListEngines(of.begin)
    queue_forecast = forecasts.QueueForecast(of.clock, of.identifiers)
    return HttpUseCases(
        register=identity.Register(
            of.begin, of.clock, of.identifiers, of.passwords, of.secrets, of.mail, of.letters
        ),
        verify_email=identity.VerifyEmail(of.begin, of.clock, of.secrets),
        log_in=identity.LogIn(
            of.begin,
            of.clock,
            of.identifiers,
            of.passwords,
            of.tokens,
            of.secrets,
            of.require_verified_email,
        ),
        refresh_login=identity.RefreshLogin(of.begin, of.clock, of.identifiers, of.tokens, of.secrets),
        authenticate=identity.Authenticate(of.begin, of.clock, of.tokens),
        create_company=companies.CreateCompany(of.begin, of.clock, of.identifiers),
        list_companies=companies.ListCompanies(of.begin),
        get_company=companies.GetCompany(of.begin),
        enter_company=companies.EnterCompany(of.begin),
        invite_member=invitations.InviteMember(
            of.begin, of.clock, of.identifiers, of.secrets, of.mail, of.letters
        ),
        accept_invitation=invitations.AcceptInvitation(of.begin, of.clock, of.secrets),
        decline_invitation=invitations.DeclineInvitation(of.begin, of.clock, of.secrets),
        list_my_invitations=invitations.ListMyInvitations(of.begin),
        create_product=products.CreateProduct(of.begin, of.clock, of.identifiers),
        list_products=products.ListProducts(of.begin),
        get_product=products.GetProduct(of.begin),
        change_product=products.ChangeProduct(of.begin),
        create_promotion=promotions.CreatePromotion(of.begin, of.clock, of.identifiers),
        list_promotions=promotions.ListPromotions(of.begin),
        get_promotion=promotions.GetPromotion(of.begin),
        delete_promotion=promotions.DeletePromotion(of.begin),
        count_stock=stock.CountStock(of.begin, of.clock),
        list_stock=stock.ListStock(of.begin),
        files=of.files,
        start_import=imports.StartImport(of.begin, of.clock, of.identifiers, of.files, of.queue),
        list_imports=imports.ListImports(of.begin),
        get_import=imports.GetImport(of.begin),
        list_import_errors=imports.ListImportErrors(of.begin),
        delete_import=imports.DeleteImport(of.begin, of.files),
        list_engines=list_engines,
        start_forecast=forecasts.StartForecast(of.begin, queue_forecast, list_engines, of.queue),
        list_forecasts=forecasts.ListForecasts(of.begin),
        get_forecast=forecasts.GetForecast(of.begin),
        delete_forecast=forecasts.DeleteForecast(of.begin),
        list_forecast_products=forecasts.ListForecastProducts(of.begin, of.clock),
        add_override=overrides.AddOverride(of.begin, of.clock, of.identifiers),
        list_overrides=overrides.ListOverrides(of.begin),
        withdraw_override=overrides.WithdrawOverride(of.begin, of.clock),
        get_forecast_accuracy=accuracy.GetForecastAccuracy(of.begin, of.clock),
        get_product_forecast=accuracy.GetProductForecast(of.begin, of.clock),
        start_training=models.StartTraining(of.begin, of.clock, of.identifiers, list_engines, of.queue),
        list_models=models.ListModels(of.begin),
        get_model=models.GetModel(of.begin),
        use_model=models.UseModel(of.begin),
        retire_model=models.RetireModel(of.begin),
        delete_model=models.DeleteModel(of.begin),
        start_plan=replenishment.StartPlan(of.begin, of.clock, of.identifiers, of.queue, queue_forecast),
        list_plans=replenishment.ListPlans(of.begin),
        get_plan=replenishment.GetPlan(of.begin),
        list_recommendations=replenishment.ListRecommendations(of.begin),
        get_job=jobs.GetJob(of.begin),
        list_jobs=jobs.ListJobs(of.begin),
        cancel_job=jobs.CancelJob(of.begin),
        find_missing=of.find_missing,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPorts:
    """What the jobs need of the world."""

    begin: UnitOfWork
    clock: Clock
    identifiers: Identifiers
    files: FileStore
    queue: JobQueue
    processes: Processes
    reader: SpreadsheetReader
    catalogue: EngineCatalogue
    disabled: frozenset[str]
    memory: int
    holidays: Holidays = field(default_factory=CountryHolidays)
    trainers: Processes | None = None
    """Where engines are trained, if not where they forecast."""
    training_minutes: int = 60
    scratch: Scratch = field(default_factory=TemporaryScratch)


def run_job(of: WorkerPorts) -> jobs.RunJob:
    """What a worker does with a job, by its kind."""
    asking_one = (of.processes, of.catalogue, asking.PredictionLimits(memory=of.memory), of.disabled)
    assemble = assembling.AssembleHistories(of.begin, of.holidays)
    automatic = frozenset(engine.name for engine in of.catalogue.engines if engine.automatic)
    return jobs.RunJob(
        of.begin,
        {
            JobKind.IMPORT: reading.RunImport(
                of.begin,
                of.clock,
                of.identifiers,
                of.files,
                of.processes,
                of.reader,
                reading.ReadingLimits(memory=of.memory),
            ),
            JobKind.FORECAST: forecasting.CutForecast(
                of.begin, of.clock, of.identifiers, of.queue, automatic
            ),
            JobKind.FORECAST_PART: forecasting.RunForecastPart(
                of.begin,
                prediction.Predict(*asking_one),
                assemble,
                cold_start.FindRelatives(of.begin),
                recalling.LoadModels(of.begin, *asking_one),
            ),
            JobKind.PLAN: planning.RunPlan(
                of.begin, of.clock, of.processes, planning.PlanningLimits(memory=of.memory)
            ),
            JobKind.TRAIN_MODEL: training.TrainModel(
                of.begin,
                of.catalogue,
                lessons.PrepareLesson(of.begin, of.clock, assemble),
                teaching.TeachEngine(
                    of.begin,
                    of.trainers or of.processes,
                    of.scratch,
                    of.catalogue,
                    teaching.TrainingLimits(
                        60.0 * of.training_minutes, max(of.memory, teaching.LEAST_MEMORY)
                    ),
                    of.disabled,
                ),
                judging.JudgeModel(*asking_one),
            ),
        },
        jobs.SweepJobs(of.begin, of.queue),
    )
