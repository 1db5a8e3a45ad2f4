import { AWS_SECRETS_MANAGER } from "./aws-secrets-manager";
import { AZURE_KEY_VAULT } from "./azure-key-vault";
import { type Call, type Place, type SecretStore, StoreError, type Values } from "./contract";
import { GCP_SECRET_MANAGER } from "./gcp-secret-manager";
import { VAULT } from "./vault";

/** A store with its settings and its way outside. */
export interface OpenStore {
  check(probe: Place): Promise<void>;
  write(place: Place, values: Values): Promise<void>;
  read(place: Place): Promise<Values>;
  remove(place: Place): Promise<void>;
  restore(place: Place): Promise<void>;
  destroy(place: Place): Promise<void>;
}

const entry = <C>(store: SecretStore<C>) => ({
  type: store.type,
  title: store.title,
  config: store.config,
  secretFields: store.secretFields,
  isTriedForReal: store.isTriedForReal,
  /** Error: StoreError "misconfigured" for settings that are none; it names fields, never what is in them. */
  open(settings: unknown, call: Call): OpenStore {
    const parsed = store.config.safeParse(settings);
    if (!parsed.success) {
      const fields = [...new Set(parsed.error.issues.map((issue) => issue.path.join(".") || "settings"))];
      throw new StoreError("misconfigured", `The settings of ${store.title} are not valid: ${fields.join(", ")}.`);
    }
    const config = parsed.data;
    return {
      check: (probe) => store.check(config, probe, call),
      write: (place, values) => store.write(config, place, values, call),
      read: (place) => store.read(config, place, call),
      remove: (place) => store.remove(config, place, call),
      restore: (place) => store.restore(config, place, call),
      destroy: (place) => store.destroy(config, place, call),
    };
  },
});

/** One entry per kind of outside store; nothing else tells kinds apart. */
export const SECRET_STORES = [entry(VAULT), entry(AWS_SECRETS_MANAGER), entry(GCP_SECRET_MANAGER), entry(AZURE_KEY_VAULT)];

export const secretStoreOf = (type: string) => SECRET_STORES.find((store) => store.type === type);
