import { z } from "zod";
import { address, countOf, many, NOT_RUN_AGAINST_THE_REAL, plain, type SecretKind, token, withoutSlash } from "./contract";

// Providers of language models: a key, and a list of models as what it reads.

const models = (count: number, who: string) => `${who} accepted the key and lists ${many(count, "model")}.`;

export const OPENAI: SecretKind = {
  kind: "openai",
  title: "OpenAI",
  group: "LLM providers",
  about: "A key of the OpenAI API, or of a server that speaks like it.",
  docs: { label: "API keys of OpenAI", url: "https://platform.openai.com/api-keys" },
  fields: z.object({
    api_key: token("API key", "Begins with sk-. A key of a project reaches that project alone."),
    organization: plain("Organization", "Its id (org-…), where the key belongs to several.").optional(),
    project: plain("Project", "Its id (proj_…), where the key belongs to several.").optional(),
    base_url: address("Base URL", "For a server that speaks like OpenAI. Left empty: https://api.openai.com/v1.").optional(),
  }),
  address: ["base_url"],
  test: async ({ api_key, organization, project, base_url }, call) => {
    const headers = {
      authorization: `Bearer ${api_key}`,
      ...(organization ? { "openai-organization": organization } : {}),
      ...(project ? { "openai-project": project } : {}),
    };
    return models(countOf(await call.read(`${withoutSlash(base_url ?? "https://api.openai.com/v1")}/models`, { headers }), "OpenAI", "data"), "OpenAI");
  },
  note: NOT_RUN_AGAINST_THE_REAL,
};

export const ANTHROPIC: SecretKind = {
  kind: "anthropic",
  title: "Anthropic",
  group: "LLM providers",
  about: "A key of the Anthropic API.",
  docs: { label: "API keys of Anthropic", url: "https://console.anthropic.com/settings/keys" },
  fields: z.object({
    api_key: token("API key", "Begins with sk-ant-. It reaches the workspace that it was made in."),
    base_url: address("Base URL", "For a gateway of your own. Left empty: https://api.anthropic.com.").optional(),
  }),
  address: ["base_url"],
  test: async ({ api_key = "", base_url }, call) => {
    const headers = { "x-api-key": api_key, "anthropic-version": "2023-06-01" };
    const answer = await call.read(`${withoutSlash(base_url ?? "https://api.anthropic.com")}/v1/models?limit=1000`, { headers });
    return models(countOf(answer, "Anthropic", "data"), "Anthropic");
  },
  note: NOT_RUN_AGAINST_THE_REAL,
};

export const AZURE_OPENAI: SecretKind = {
  kind: "azure-openai",
  title: "Azure OpenAI",
  group: "LLM providers",
  about: "A key of one Azure OpenAI resource, with its endpoint.",
  docs: { label: "Keys and endpoint of a resource", url: "https://learn.microsoft.com/azure/ai-services/openai/reference" },
  fields: z.object({
    endpoint: address("Endpoint", "Such as https://name.openai.azure.com."),
    api_key: token("API key", "Either of the resource’s two keys: two, so that one can be made anew while the other works."),
    deployment: plain("Deployment", "The name of the model’s deployment that code is to use.").optional(),
    api_version: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}(-preview)?$/, "A version is a date such as 2024-10-21.")
      .meta({ title: "API version", description: "Left empty: 2024-10-21." })
      .optional(),
  }),
  address: ["endpoint"],
  test: async ({ endpoint = "", api_key = "", api_version = "2024-10-21" }, call) => {
    const url = `${withoutSlash(endpoint)}/openai/models?api-version=${encodeURIComponent(api_version)}`;
    return models(countOf(await call.read(url, { headers: { "api-key": api_key } }), "Azure OpenAI", "data"), "Azure OpenAI");
  },
  note: NOT_RUN_AGAINST_THE_REAL,
};
