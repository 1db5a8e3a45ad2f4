import "server-only";
import type { ReachAnswer } from "@/lib/connectors/schema";

// What a whole stack could be made of with one connector: the flavors that fit what it reaches, as the recorded server offers them.

type Offer = { part: string; flavor: string; title: string; asks: Record<string, string>; isFixed: boolean };
const offer = (part: string, flavor: string, title: string, asks: Record<string, string> = {}, isFixed = false): Offer => ({
  part,
  flavor,
  title,
  asks,
  isFixed,
});

const store = (flavor: string, title: string) => offer("artifact_store", flavor, title, { path: "Path" }, true);
const registry = (flavor: string, title: string) => offer("container_registry", flavor, title, { uri: "URI" }, true);
const KUBERNETES = [offer("orchestrator", "kubernetes", "Kubernetes")];

const OFFERS: Record<string, Record<string, Offer[]>> = {
  aws: {
    "s3-bucket": [store("s3", "S3 Bucket")],
    "aws-generic": [
      offer("orchestrator", "sagemaker", "AWS Sagemaker", { execution_role: "execution role ARN" }),
      offer("orchestrator", "vm_aws", "Skypilot (EC2)", { region: "region" }, true),
    ],
    "kubernetes-cluster": KUBERNETES,
    "docker-registry": [registry("aws", "ECR")],
  },
  gcp: {
    "gcs-bucket": [store("gcp", "GCS Bucket")],
    "gcp-generic": [
      offer("orchestrator", "vertex", "Vertex AI", { location: "region name" }),
      offer("orchestrator", "vm_gcp", "Skypilot (Compute)", { region: "region name" }),
    ],
    "kubernetes-cluster": KUBERNETES,
    "docker-registry": [registry("gcp", "GCR")],
  },
  azure: {
    "blob-container": [store("azure", "Blob container")],
    "azure-generic": [
      offer("orchestrator", "vm_azure", "Skypilot (VM)", { region: "region name" }),
      offer("orchestrator", "azureml", "AzureML", { subscription_id: "subscription ID", resource_group: "resource group", workspace: "workspace" }),
    ],
    "kubernetes-cluster": KUBERNETES,
    "docker-registry": [registry("azure", "ACR")],
  },
};

export function fullStackResources(type: string, { resources }: ReachAnswer) {
  const info: Record<string, unknown[]> = { artifact_store: [], orchestrator: [], container_registry: [] };
  for (const { resourceType, resourceIds } of resources)
    for (const { part, flavor, title, asks, isFixed } of resourceIds ? (OFFERS[type]?.[resourceType] ?? []) : [])
      info[part]?.push({
        flavor,
        flavor_display_name: title,
        required_configuration: asks,
        use_resource_value_as_fixed_config: isFixed,
        accessible_by_service_connector: resourceIds,
        connected_through_service_connector: [],
      });
  return { connector_type: type, components_resources_info: info };
}
