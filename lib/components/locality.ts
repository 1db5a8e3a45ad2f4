// Which components live on the machine of whoever runs a pipeline, and what that means for everybody else. The client decides the
// same from its classes (`is_local`); here it is decided from the flavor and the configuration.

type Part = { type: string; flavor: string; configuration: Record<string, unknown> };

const LOOPBACK = /^(https?:\/\/)?(localhost|127\.\d+\.\d+\.\d+|\[::1\]|host\.docker\.internal)([:/]|$)/i;

const LOCAL_MEANS: Record<string, string> = {
  artifact_store:
    "Artifacts lie in a folder of the machine that ran the pipeline: other people and this server can’t load them, nor the step logs beside them.",
  orchestrator: "Steps run in a process of the machine that started the pipeline, and stop with it.",
  deployer: "What it deploys runs on the machine that deployed it; others can’t reach it.",
  container_registry: "Images lie in a registry that only this machine reaches.",
  image_builder: "Images are built by Docker on the machine that starts the pipeline.",
  experiment_tracker: "What it tracks lies on the machine that ran the pipeline.",
  sandbox: "Code runs on the machine that started it.",
};

/** What being local means for others, or null for what can be reached from elsewhere. */
export function localMeaning({ type, flavor, configuration }: Part): string | null {
  return isLocal(type, flavor, configuration) ? (LOCAL_MEANS[type] ?? "It works only on the machine that uses it.") : null;
}

function isLocal(type: string, flavor: string, configuration: Record<string, unknown>): boolean {
  if (flavor === "local" || flavor === "local_docker") return true;
  if (flavor === "docker" && (type === "deployer" || type === "sandbox")) return true;
  if (configuration.local === true) return true;
  const address = configuration.uri ?? configuration.tracking_uri ?? configuration.path;
  if (flavor === "mlflow" && type === "experiment_tracker" && !configuration.tracking_uri) return true;
  return typeof address === "string" && LOOPBACK.test(address);
}
