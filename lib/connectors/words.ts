import { connectorType } from "@/lib/providers/connectors/catalogue";

// Methods and resources of connectors in words, for pages.

const methodOf = (type: string, method: string) => connectorType(type)?.auth_methods.find((one) => one.auth_method === method);

export const methodTitle = (type: string, method: string): string => methodOf(type, method)?.name.replace(/^(AWS|GCP|Azure) /, "") ?? method;

export const resourceTitle = (type: string, resource: string): string =>
  connectorType(type)?.resource_types.find((one) => one.resource_type === resource)?.name ?? resource;

/** Whether a method's credentials end by themselves. */
export const endsByItself = (type: string, method: string): boolean => (methodOf(type, method)?.default_expiration_seconds ?? null) !== null;
