"""Glue: updates, schedules, names."""

from __future__ import annotations

import pytest

COMMAND = {"Name": "glueetl", "ScriptLocation": "s3://b/s.py", "PythonVersion": "3"}


@pytest.fixture
def glue(aws):
    return aws("glue")


def test_jobs_are_replaced_by_update_and_not_by_create(glue, refused):
    wanted = {"Name": "j", "Role": "arn:aws:iam::1:role/r", "Command": COMMAND}
    glue.create_job(
        **wanted,
        GlueVersion="5.0",
        WorkerType="G.1X",
        NumberOfWorkers=2,
        JobRunQueuingEnabled=True,
        MaintenanceWindow="Sun:1",
        Description="d",
    )
    assert refused(glue.create_job, **wanted) == "AlreadyExistsException"
    shown = glue.get_job(JobName="j")["Job"]
    assert (shown["JobRunQueuingEnabled"], shown["MaintenanceWindow"]) == (True, "Sun:1")
    assert "ExecutionClass" not in shown
    assert shown["ExecutionProperty"] == {"MaxConcurrentRuns": 1}
    assert shown["MaxCapacity"] == 2.0 and shown["Timeout"] == 480
    update = {
        "Role": "arn:aws:iam::1:role/r",
        "Command": COMMAND,
        "GlueVersion": "5.0",
        "WorkerType": "G.2X",
        "NumberOfWorkers": 3,
        "JobMode": "SCRIPT",
    }
    assert glue.update_job(JobName="j", JobUpdate=update)["JobName"] == "j"
    shown = glue.get_job(JobName="j")["Job"]
    assert shown["WorkerType"] == "G.2X" and "Description" not in shown
    assert "JobRunQueuingEnabled" not in shown
    missing = refused(glue.update_job, JobName="none", JobUpdate=update)
    assert missing == "EntityNotFoundException"


def test_crawlers_are_updated_and_scheduled(glue, refused):
    glue.create_database(DatabaseInput={"Name": "d"})
    glue.create_crawler(
        Name="c",
        Role="r",
        DatabaseName="d",
        Targets={"S3Targets": [{"Path": "s3://b"}]},
        Schedule="cron(0 1 * * ? *)",
        LakeFormationConfiguration={"UseLakeFormationCredentials": True},
    )
    shown = glue.get_crawler(Name="c")["Crawler"]
    assert shown["LakeFormationConfiguration"] == {"UseLakeFormationCredentials": True}
    assert shown["RecrawlPolicy"] == {"RecrawlBehavior": "CRAWL_EVERYTHING"}
    glue.update_crawler(Name="c", Description="new", TablePrefix="t_")
    shown = glue.get_crawler(Name="c")["Crawler"]
    assert (shown["Description"], shown["TablePrefix"], shown["Version"]) == ("new", "t_", 2)
    glue.stop_crawler_schedule(CrawlerName="c")
    assert glue.get_crawler(Name="c")["Crawler"]["Schedule"]["State"] == "NOT_SCHEDULED"
    glue.start_crawler_schedule(CrawlerName="c")
    glue.update_crawler_schedule(CrawlerName="c", Schedule="cron(0 2 * * ? *)")
    schedule = glue.get_crawler(Name="c")["Crawler"]["Schedule"]
    assert schedule == {"ScheduleExpression": "cron(0 2 * * ? *)", "State": "SCHEDULED"}
    assert refused(glue.update_crawler, Name="none") == "EntityNotFoundException"


def test_triggers_are_updated(glue):
    glue.create_job(Name="j", Role="r", Command=COMMAND)
    glue.create_trigger(
        Name="t", Type="SCHEDULED", Schedule="cron(0 1 * * ? *)", Actions=[{"JobName": "j"}]
    )
    update = {"Schedule": "cron(0 3 * * ? *)", "Description": "new"}
    glue.update_trigger(Name="t", TriggerUpdate=update)
    shown = glue.get_trigger(Name="t")["Trigger"]
    assert (shown["Schedule"], shown["Description"]) == ("cron(0 3 * * ? *)", "new")


def test_names_are_lower_case(glue, refused):
    glue.create_database(DatabaseInput={"Name": "Mixed"})
    assert glue.get_database(Name="MIXED")["Database"]["Name"] == "mixed"
    glue.create_table(DatabaseName="Mixed", TableInput={"Name": "Tab"})
    assert glue.get_table(DatabaseName="mixed", Name="TAB")["Table"]["Name"] == "tab"
    again = refused(glue.create_database, DatabaseInput={"Name": "mixed"})
    assert again == "AlreadyExistsException"


def test_tags_of_nothing_are_refused(glue, account, refused):
    arn = f"arn:aws:glue:eu-west-1:{account}:job/none"
    assert refused(glue.get_tags, ResourceArn=arn) == "EntityNotFoundException"
