import "server-only";
import { configFields, type JsonSchema } from "@/lib/flavors/config-schema";
import { CONNECTOR_TYPES, NOT_RUN_AGAINST_THE_REAL } from "@/lib/providers/connectors/catalogue";
import { limitsOf } from "./lifetime";

// The catalogue as the form draws it: each method with its fields, what it risks, and its limits.

const firstSentence = (text: string | undefined): string => (text ?? "").trim().split(/(?<=[.!?])\s/)[0] ?? "";

/** The sentence that each method's description ends with. */
const riskOf = (description: string): string => /Risk: .*$/s.exec(description)?.[0] ?? firstSentence(description);

export const formTypes = () =>
  CONNECTOR_TYPES.map((type) => ({
    type: type.connector_type,
    title: type.name.replace(/ Service Connector$/, ""),
    about: firstSentence(type.description),
    unproven: NOT_RUN_AGAINST_THE_REAL[type.connector_type] ?? null,
    methods: type.auth_methods.map((method) => ({
      method: method.auth_method,
      title: method.name,
      risk: riskOf(method.description),
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
