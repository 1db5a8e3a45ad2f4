"""A pipeline and a step whose code names secrets: the client puts their values into the environment."""
import hashlib
import os
from typing import Annotated
from zenml import pipeline, step
from zenml.client import Client


@step(enable_cache=False, secrets=["named-step"])
def load() -> Annotated[str, "seen"]:
    return hashlib.sha256((os.environ["ALL_KEY"] + os.environ["STEP_KEY"]).encode()).hexdigest()


@pipeline(name="named_in_code", enable_cache=False, secrets=["named-all"])
def named_in_code():
    load()


if __name__ == "__main__":
    named_in_code()
    print("SEEN", Client().get_pipeline("named_in_code").last_successful_run.steps["load"].outputs["seen"][0].load())
