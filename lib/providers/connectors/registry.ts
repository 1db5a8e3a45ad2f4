import type { ConnectorProvider } from "./contract";

/** One entry per type of the catalogue; nothing else in Reeve tells types apart. */
const PROVIDERS: readonly ConnectorProvider[] = [];

export const providerOf = (type: string): ConnectorProvider | undefined => PROVIDERS.find((provider) => provider.type === type);
