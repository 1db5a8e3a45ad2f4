import { z } from "zod";
import {
  address,
  certificate,
  countOf,
  hidden,
  jsonOf,
  many,
  NotWorked,
  NOT_RUN_AGAINST_THE_REAL,
  plain,
  requireAccepted,
  type SecretKind,
  token,
  withoutSlash,
} from "./contract";

// Stores of vectors: what is read says who the key is or which indexes there are, never what is in them.

export const PINECONE: SecretKind = {
  kind: "pinecone",
  title: "Pinecone",
  group: "Vector stores",
  about: "A key of one Pinecone project.",
  docs: { label: "API keys of Pinecone", url: "https://docs.pinecone.io/guides/projects/manage-api-keys" },
  fields: z.object({
    api_key: token("API key", "Begins with pcsk_. It reaches the indexes of its project."),
    index: plain("Index", "The index that code is to use. When it is named, the test asks for this one.").optional(),
  }),
  address: [],
  test: async ({ api_key = "", index }, call) => {
    const headers = { "api-key": api_key, "x-pinecone-api-version": "2025-01" };
    const url = "https://api.pinecone.io/indexes";
    if (!index) {
      const count = countOf(await call.read(url, { headers }), "Pinecone", "indexes");
      return `Pinecone accepted the key and lists ${many(count, "index", "indexes")}.`;
    }
    const answer = await call.read(`${url}/${encodeURIComponent(index)}`, { headers });
    if (answer.status === 404) throw new NotWorked("refused", "Pinecone accepted the key, and its project has no such index (404).");
    requireAccepted(answer.status, "Pinecone");
    return "Pinecone accepted the key and has the index.";
  },
  note: NOT_RUN_AGAINST_THE_REAL,
};

export const WEAVIATE: SecretKind = {
  kind: "weaviate",
  title: "Weaviate",
  group: "Vector stores",
  about: "A key of a Weaviate cluster, with its address.",
  docs: { label: "API keys of Weaviate", url: "https://docs.weaviate.io/weaviate/configuration/authentication" },
  fields: z.object({
    url: address("Address", "The cluster’s REST endpoint, such as https://name.weaviate.cloud."),
    api_key: token("API key", "A key of a user of the cluster."),
  }),
  address: ["url"],
  test: async ({ url = "", api_key }, call) => {
    const answer = await call.read(`${withoutSlash(url)}/v1/meta`, { headers: { authorization: `Bearer ${api_key}` } });
    if (typeof jsonOf(answer, "Weaviate").version !== "string") throw new NotWorked("unreachable", "what answers at this address is not Weaviate.");
    return "Weaviate accepted the key.";
  },
  note: NOT_RUN_AGAINST_THE_REAL,
};

export const ELASTICSEARCH: SecretKind = {
  kind: "elasticsearch",
  title: "Elasticsearch",
  group: "Vector stores",
  about: "An API key, or a user and password, of an Elasticsearch cluster.",
  docs: { label: "API keys of Elasticsearch", url: "https://www.elastic.co/docs/deploy-manage/api-keys/elasticsearch-api-keys" },
  fields: z
    .object({
      url: address("Address", "Such as https://name.es.example:9243."),
      api_key: token("API key", "The encoded form that is shown once. Left empty where a user and password are given.").optional(),
      user: plain("User", "Where there is no API key.").optional(),
      password: hidden("Password", "Of that user.").optional(),
      ca: certificate,
    })
    .refine(({ api_key, user, password }) => api_key || (user && password), { message: "Give an API key, or a user and a password.", path: ["api_key"] }),
  address: ["url", "ca"],
  ports: [9200],
  test: async ({ url = "", api_key, user, password, ca }, call) => {
    const authorization = api_key ? `ApiKey ${api_key}` : `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    const answer = await call.read(`${withoutSlash(url)}/_security/_authenticate`, { headers: { authorization }, ca });
    if (typeof jsonOf(answer, "Elasticsearch").username !== "string") throw new NotWorked("unreachable", "what answers at this address is not Elasticsearch.");
    return "Elasticsearch accepted the key.";
  },
  note: NOT_RUN_AGAINST_THE_REAL,
};
