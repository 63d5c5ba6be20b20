"""Glue: updates that moto does not have, schedules, refusals to overwrite, lower-case names."""

from __future__ import annotations

from typing import Any

from moto.core.utils import camelcase_to_underscores, utcnow
from moto.glue.utils import Action, Predicate

from strata_emulator.call import Call
from strata_emulator.errors import AwsError
from strata_emulator.mends import after, before

# Members of a job that UpdateJob replaces, present or not (API_UpdateJob: "overwrites").
JOB_MEMBERS = (
    "Description", "LogUri", "Role", "ExecutionProperty", "Command", "DefaultArguments",
    "NonOverridableArguments", "Connections", "MaxRetries", "AllocatedCapacity", "Timeout",
    "MaxCapacity", "WorkerType", "NumberOfWorkers", "SecurityConfiguration",
    "NotificationProperty", "GlueVersion", "CodeGenConfigurationNodes", "ExecutionClass",
    "SourceControlDetails",
)  # fmt: skip
CRAWLER_MEMBERS = (
    "Role", "DatabaseName", "Description", "Targets", "Schedule", "Classifiers", "TablePrefix",
    "SchemaChangePolicy", "RecrawlPolicy", "LineageConfiguration", "Configuration",
    "CrawlerSecurityConfiguration",
)  # fmt: skip
DATABASE_CALLS = (
    "GetDatabase", "DeleteDatabase", "UpdateDatabase", "CreateTable", "GetTable", "GetTables",
    "UpdateTable", "DeleteTable", "BatchDeleteTable", "GetTableVersion", "GetTableVersions",
    "DeleteTableVersion", "CreatePartition", "BatchCreatePartition", "GetPartition",
    "GetPartitions", "UpdatePartition", "DeletePartition", "BatchGetPartition",
    "BatchDeletePartition", "BatchUpdatePartition", "CreateDatabase",
)  # fmt: skip
# Defaults of API_CreateJob and API_CreateCrawler.
DEFAULT_TIMEOUT_MINUTES = {"5.0": 480}
OLD_TIMEOUT_MINUTES = 2880


@before("glue", *DATABASE_CALLS)
def lower_names(call: Call) -> None:
    """The catalog stores names of databases and tables in lower case."""
    before_change = repr(call.params)
    for name in ("DatabaseName", "TableName"):
        _lower(call.params, name)
    if call.operation in ("GetDatabase", "DeleteDatabase", "UpdateDatabase"):
        _lower(call.params, "Name")
    if call.operation in ("GetTable", "DeleteTable"):
        _lower(call.params, "Name")
    for holder in ("DatabaseInput", "TableInput"):
        _lower(call.params.get(holder) or {}, "Name")
    if repr(call.params) != before_change:
        call.rewrite()


def _lower(holder: dict[str, Any], name: str) -> None:
    if isinstance(holder.get(name), str):
        holder[name] = holder[name].lower()


# ---- Jobs


def _missing(kind: str, name: str) -> AwsError:
    return AwsError("EntityNotFoundException", f"{kind} {name} not found")


@before("glue", "CreateJob")
def refuse_second_job(call: Call) -> None:
    if call.params["Name"] in call.backend.jobs:
        raise AwsError("AlreadyExistsException", f"Job {call.params['Name']} already exists")
    if fill_job(call.params):
        call.rewrite()


def fill_job(job: dict[str, Any]) -> bool:
    """Adds the defaults of a new job; says whether there were any."""
    size = len(job)
    python = (job.get("Command") or {}).get("Name") == "pythonshell"
    job.setdefault("ExecutionProperty", {"MaxConcurrentRuns": 1})
    job.setdefault("MaxRetries", 0)
    version = str(job.get("GlueVersion") or "")
    job.setdefault("Timeout", DEFAULT_TIMEOUT_MINUTES.get(version, OLD_TIMEOUT_MINUTES))
    if (
        not job.get("WorkerType")
        and not job.get("MaxCapacity")
        and not job.get("AllocatedCapacity")
    ):
        job.setdefault("MaxCapacity", 0.0625 if python else 10.0)
    return len(job) > size


@after("glue", "CreateJob")
def name_no_class(call: Call, _: dict[str, Any]) -> None:
    """A class that was not asked for is not shown; moto shows STANDARD."""
    call.backend.jobs[call.params["Name"]].execution_class = call.params.get("ExecutionClass")


@after("glue", "GetJob", "GetJobs", "BatchGetJobs")
def fill_capacity(_: Call, result: dict[str, Any]) -> None:
    """Capacity follows from workers, and the old member repeats it."""
    for job in [result.get("Job"), *(result.get("Jobs") or [])]:
        if not job:
            continue
        factor = {"G.1X": 1, "G.2X": 2, "G.4X": 4, "G.8X": 8, "G.025X": 0.25, "Standard": 1}
        workers = job.get("NumberOfWorkers")
        if workers and job.get("WorkerType") in factor and not job.get("MaxCapacity"):
            job["MaxCapacity"] = float(workers * factor[job["WorkerType"]])
        if job.get("MaxCapacity"):
            job.setdefault("AllocatedCapacity", int(job["MaxCapacity"]))
        job.setdefault("JobMode", "SCRIPT")


@before("glue", "UpdateJob")
def update_job(call: Call) -> dict[str, Any]:
    """Replaces the definition: members that are not sent go back to their defaults."""
    name, sent = call.params["JobName"], dict(call.params["JobUpdate"])
    job = call.backend.jobs.get(name)
    if not job:
        raise _missing("Job", name)
    fill_job(sent)
    for member in JOB_MEMBERS:
        setattr(job, camelcase_to_underscores(member), sent.get(member))
    job.default_arguments = job.default_arguments or {}
    job.last_modified_on = utcnow()
    _keep_dropped(call, "Job", name, sent, ("JobMode", "MaintenanceWindow", "JobRunQueuingEnabled"))
    return {"JobName": name}


def _keep_dropped(
    call: Call, kind: str, name: str, sent: dict[str, Any], members: tuple[str, ...]
) -> None:
    from strata_emulator.echo import keep

    keep(call, kind, name, {m: sent[m] for m in members if m in sent}, whole=True)


# ---- Crawlers


def _crawler(call: Call, parameter: str = "Name") -> Any:
    found = call.backend.crawlers.get(call.params[parameter])
    if not found:
        raise _missing("Crawler", call.params[parameter])
    return found


@before("glue", "UpdateCrawler")
def update_crawler(call: Call) -> dict[str, Any]:
    """Changes what is sent and nothing else (API_UpdateCrawler)."""
    crawler = _crawler(call)
    if crawler.status == "RUNNING":
        raise AwsError("CrawlerRunningException", f"Crawler {crawler.name} is running")
    for member in CRAWLER_MEMBERS:
        if member in call.params:
            setattr(crawler, camelcase_to_underscores(member), call.params[member])
    if "Schedule" in call.params:
        crawler.schedule_state = "SCHEDULED"
    if "LakeFormationConfiguration" in call.params:
        from strata_emulator.echo import keep

        kept_member = {"LakeFormationConfiguration": call.params["LakeFormationConfiguration"]}
        keep(call, "Crawler", crawler.name, kept_member)
    crawler.version += 1
    crawler.last_updated = utcnow()
    return {}


@before("glue", "UpdateCrawlerSchedule")
def update_schedule(call: Call) -> dict[str, Any]:
    crawler = _crawler(call, "CrawlerName")
    crawler.schedule = call.params.get("Schedule")
    return {}


@before("glue", "StartCrawlerSchedule", "StopCrawlerSchedule")
def switch_schedule(call: Call) -> dict[str, Any]:
    crawler = _crawler(call, "CrawlerName")
    if not crawler.schedule:
        raise AwsError("NoScheduleException", f"Crawler {crawler.name} has no schedule")
    started = call.operation == "StartCrawlerSchedule"
    crawler.schedule_state = "SCHEDULED" if started else "NOT_SCHEDULED"
    return {}


@before("glue", "DeleteCrawler")
def refuse_running_crawler(call: Call) -> None:
    if _crawler(call).status == "RUNNING":
        raise AwsError("CrawlerRunningException", f"Crawler {call.params['Name']} is running")


@after("glue", "GetCrawler", "GetCrawlers", "BatchGetCrawlers")
def fill_crawler(call: Call, result: dict[str, Any]) -> None:
    for shown in [result.get("Crawler"), *(result.get("Crawlers") or [])]:
        if not shown:
            continue
        crawler = call.backend.crawlers[shown["Name"]]
        if shown.get("Schedule"):
            shown["Schedule"]["State"] = getattr(crawler, "schedule_state", "SCHEDULED")
        shown.setdefault("Classifiers", [])
        shown.setdefault("RecrawlPolicy", {"RecrawlBehavior": "CRAWL_EVERYTHING"})
        shown.setdefault(
            "SchemaChangePolicy",
            {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DEPRECATE_IN_DATABASE"},
        )
        shown.setdefault("LineageConfiguration", {"CrawlerLineageSettings": "DISABLE"})


# ---- Triggers


@before("glue", "UpdateTrigger")
def update_trigger(call: Call) -> dict[str, Any]:
    trigger = call.backend.triggers.get(call.params["Name"])
    if not trigger:
        raise _missing("Trigger", call.params["Name"])
    sent = call.params["TriggerUpdate"]
    if "Actions" in sent:
        trigger.actions = [Action(action) for action in sent["Actions"]]
    if sent.get("Predicate"):
        trigger.predicate = Predicate(sent["Predicate"])
    for member in ("Description", "Schedule", "EventBatchingCondition"):
        if member in sent:
            setattr(trigger, camelcase_to_underscores(member), sent[member])
    return {"Trigger": render(trigger.as_dict())}


def render(value: Any) -> Any:
    """Leaves out what is None, as the JSON answers do."""
    if isinstance(value, dict):
        return {name: render(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [render(item) for item in value]
    return value


# ---- Databases


@after("glue", "GetTags")
def refuse_tags_of_nothing(call: Call, result: dict[str, Any]) -> None:
    """Moto shows no tags for an ARN that names nothing."""
    kind, _, name = call.params["ResourceArn"].split(":", 5)[5].partition("/")
    known = {
        "database": call.backend.databases,
        "job": call.backend.jobs,
        "crawler": call.backend.crawlers,
        "trigger": call.backend.triggers,
    }.get(kind)
    if known is not None and name not in known:
        raise _missing(kind.capitalize(), name)
