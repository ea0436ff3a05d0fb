"""Jobs."""

from uuid import UUID

from litestar import Response, delete, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK

from inventoryai.domain.companies import Membership
from inventoryai.domain.errors import Locale
from inventoryai.domain.jobs import JobFinished, JobId, JobNotFound
from inventoryai.domain.paging import PageRequest
from inventoryai.usecases.jobs import CancelJob, GetJob, ListJobs
from inventoryai_http.operations import IN_COMPANY, LIST, described
from inventoryai_http.paging import PageOf, answer_page
from inventoryai_http.reading import ExactRequest
from inventoryai_http.schemas.jobs import Job
from inventoryai_http.use_cases import HttpUseCases

TAGS = ["Jobs"]


@get("/jobs", tags=TAGS, **described(ListJobs, IN_COMPANY, LIST))
async def list_jobs(
    request: ExactRequest,
    page: NamedDependency[PageRequest],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Response[PageOf[Job]]:
    """Answers 200 with a page of jobs."""
    jobs = await use_cases.list_jobs(member, page)
    return answer_page(request, jobs, lambda job: Job.of(job, locale))


@get("/jobs/{job_id:uuid}", tags=TAGS, **described(GetJob, IN_COMPANY, JobNotFound))
async def get_job(
    job_id: FromPath[UUID],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Job:
    """Answers 200 with the job."""
    return Job.of(await use_cases.get_job(member, JobId(job_id)), locale)


@delete(
    "/jobs/{job_id:uuid}",
    tags=TAGS,
    status_code=HTTP_200_OK,
    **described(CancelJob, IN_COMPANY, JobNotFound, JobFinished),
)
async def cancel_job(
    job_id: FromPath[UUID],
    member: NamedDependency[Membership],
    locale: NamedDependency[Locale],
    use_cases: NamedDependency[HttpUseCases],
) -> Job:
    """Answers 200 with the job as it stands then."""
    return Job.of(await use_cases.cancel_job(member, JobId(job_id)), locale)


IN_A_COMPANY = (list_jobs, get_job, cancel_job)
