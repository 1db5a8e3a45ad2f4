import aws from "./aws.types.json";
import azure from "./azure.types.json";
import docker from "./docker.types.json";
import gcp from "./gcp.types.json";
import hyperai from "./hyperai.types.json";
import kubernetes from "./kubernetes.types.json";
import oauth2 from "./oauth2.types.json";

// The types of connectors with their methods and resources, field by field as the zenml client knows them.

export interface AuthMethod {
  auth_method: string;
  name: string;
  description: string;
  /** JSON Schema; secret fields have `format: "password"`. */
  config_schema: { properties: Record<string, unknown>; required?: readonly string[]; [key: string]: unknown };
  min_expiration_seconds: number | null;
  max_expiration_seconds: number | null;
  default_expiration_seconds: number | null;
}

export interface ResourceType {
  resource_type: string;
  name: string;
  description: string;
  auth_methods: readonly string[];
  supports_instances: boolean;
  emoji: string;
}

export interface ConnectorType {
  connector_type: string;
  name: string;
  description: string;
  resource_types: readonly ResourceType[];
  auth_methods: readonly AuthMethod[];
  supports_auto_configuration: boolean;
  emoji: string;
}

/** In the order in which they are shown. */
export const CONNECTOR_TYPES: readonly ConnectorType[] = [aws, gcp, azure, docker, kubernetes, oauth2, hyperai];

export const connectorType = (name: string): ConnectorType | undefined => CONNECTOR_TYPES.find((type) => type.connector_type === name);

/** Said beside a type's form: what it was tried against instead of the real service. A type that is not here ran against the real one. */
export const NOT_RUN_AGAINST_THE_REAL: Readonly<Record<string, string>> = {
  aws: "Not run against AWS itself: it was tried against MinIO and moto, which speak like it.",
  gcp: "Not run against the real service: it was tried against answers written from Google's documents.",
  azure: "Not run against the real service: it was tried against Azurite and against answers written from Microsoft's documents.",
  docker: "Not run against Docker Hub: it was tried against the distribution's own registry with token authentication.",
  hyperai: "Not run against a HyperAI instance. Verifying reads the key and hears whether a server of SSH answers; it does not sign in.",
};

/** Whether a field's schema marks it as secret. */
export const isSecretField = (schema: unknown): boolean => /"format":"password"/.test(JSON.stringify(schema));
