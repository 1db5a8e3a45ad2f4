import "server-only";
import { configFields, type JsonSchema } from "@/lib/flavors/config-schema";
import { CONNECTOR_TYPES } from "@/lib/providers/connectors/catalogue";
import { limitsOf } from "./lifetime";

// The catalogue as the form draws it: each method with its fields, what it risks in its first sentence, and its limits.

const firstSentence = (text: string | undefined): string => (text ?? "").trim().split(/(?<=[.!?])\s/)[0] ?? "";

export const formTypes = () =>
  CONNECTOR_TYPES.map((type) => ({
    type: type.connector_type,
    title: type.name.replace(/ Service Connector$/, ""),
    about: firstSentence(type.description),
    methods: type.auth_methods.map((method) => ({
      method: method.auth_method,
      title: method.name,
      risk: firstSentence(method.description),
      fields: configFields(method.config_schema as JsonSchema),
      limits: limitsOf(method),
    })),
    resources: type.resource_types.map((resource) => ({
      type: resource.resource_type,
      title: resource.name,
      methods: [...resource.auth_methods],
      isMany: resource.supports_instances,
    })),
  }));
