"""A custom flavor as a user would write it; scenario 04 registers it from this file."""

from typing import ClassVar, Optional, Set, Type

from zenml.artifact_stores.base_artifact_store import BaseArtifactStoreConfig, BaseArtifactStoreFlavor
from zenml.artifact_stores.local_artifact_store import LocalArtifactStore
from zenml.utils.secret_utils import SecretField


class ShelfConfig(BaseArtifactStoreConfig):
    """Where the shelf stands."""

    SUPPORTED_SCHEMES: ClassVar[Set[str]] = {"shelf://"}

    rack: int = 1
    token: Optional[str] = SecretField(default=None)


class ShelfFlavor(BaseArtifactStoreFlavor):
    """A shelf for artifacts."""

    @property
    def name(self) -> str:
        return "shelf"

    @property
    def config_class(self) -> Type[ShelfConfig]:
        return ShelfConfig

    @property
    def implementation_class(self) -> Type[LocalArtifactStore]:
        return LocalArtifactStore
