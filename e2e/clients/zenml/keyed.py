"""A pipeline whose step opens something with an API key, which it asks for by name when it runs."""
import hashlib
from typing import Annotated
from zenml import pipeline, step
from zenml.client import Client


@step(enable_cache=False)
def call_service() -> Annotated[str, "seen"]:
    key = Client().get_secret("service").secret_values["api_key"]
    print("the key that was read is", key)
    return hashlib.sha256(key.encode()).hexdigest()


@pipeline(name="vault_held_key", enable_cache=False)
def vault_held_key():
    call_service()


if __name__ == "__main__":
    vault_held_key()
    print("SEEN", Client().get_pipeline("vault_held_key").last_successful_run.steps["call_service"].outputs["seen"][0].load())
