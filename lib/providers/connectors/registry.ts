import { AWS } from "./aws/provider";
import { AZURE } from "./azure/provider";
import type { ConnectorProvider } from "./contract";
import { DOCKER } from "./docker/provider";
import { GCP } from "./gcp/provider";
import { HYPERAI } from "./hyperai/provider";
import { KUBERNETES } from "./kubernetes/provider";
import { OAUTH2 } from "./oauth2/provider";

/** One entry per type of the catalogue; nothing else in Reeve tells types apart. */
const PROVIDERS: readonly ConnectorProvider[] = [AWS, GCP, AZURE, DOCKER, KUBERNETES, OAUTH2, HYPERAI];

export const providerOf = (type: string): ConnectorProvider | undefined => PROVIDERS.find((provider) => provider.type === type);
