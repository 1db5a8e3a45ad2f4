"""Reads what pl.py left through the unmodified client, and prints one JSON object."""
import json

from zenml.client import Client


def refused(call):
    try:
        call()
        return None
    except Exception as error:  # the class is what is tested
        return type(error).__name__


client = Client()
by_name = client.list_pipeline_runs(sort_by="asc:name", size=50)
newest = client.list_pipeline_runs(sort_by="desc:created", size=2)
older = client.list_pipeline_runs(sort_by="desc:created", size=2, page=2)
run = client.get_pipeline_run(client.list_pipeline_runs(pipeline_name="wire_pipeline", sort_by="asc:created", size=1).items[0].id)
version = client.get_artifact_version("linear", "1")
print(
    json.dumps(
        {
            "names": [item.name for item in by_name.items],
            "newest": [item.name for item in newest.items],
            "older": [item.name for item in older.items],
            "total": newest.total,
            "failed": [item.pipeline.name for item in client.list_pipeline_runs(status="failed").items],
            "either": client.list_pipeline_runs(logical_operator="or", status="failed", name="contains:params").total,
            "oneof": client.list_pipeline_runs(status='oneof:["failed","completed"]').total,
            "tagged": client.list_pipeline_runs(tags=["demo"]).total,
            "tagged_both": client.list_pipeline_runs(tags=["demo", "late"]).total,
            "of_model": client.list_pipeline_runs(model="wire-model").total,
            "in_2020": client.list_pipeline_runs(created="lt:2020-01-01 00:00:00").total,
            "steps": {name: step.run_metadata for name, step in run.steps.items()},
            "config": {"model": run.config.model.name, "tags": sorted(tag.name for tag in run.tags)},
            "environment": bool(run.client_environment),
            "artifact": {"metadata": version.run_metadata, "producer": str(version.producer_pipeline_run_id) == str(run.id), "user": version.user.name},
            "versions": [item.version for item in client.list_artifact_versions(artifact="linear", sort_by="asc:version_number").items],
            "fit": client.list_artifact_versions(tags=["fit"]).total,
            "ols": client.list_artifact_versions(run_metadata="kind:ols").total,
            "big": client.list_artifact_versions(run_metadata="length:gt:25").total,
            "unused": [item.artifact.name for item in client.list_artifact_versions(only_unused=True).items],
            "model": [(item.number, str(item.stage)) for item in client.list_model_versions(model="wire-model", sort_by="asc:number").items],
            "linked": client.list_model_version_artifact_links(model_version_id=client.get_model_version("wire-model", "1").id).total,
            "past_the_end": refused(lambda: client.list_pipeline_runs(page=99)),
            "no_run": refused(lambda: client.get_pipeline_run("no-such-run")),
            "no_model": refused(lambda: client.get_model("no-such-model")),
            "tag_twice": refused(lambda: client.create_tag("wire")),
            "stage_taken": refused(lambda: client.get_model_version("wire-model", "1").set_stage("production")),
        }
    )
)
