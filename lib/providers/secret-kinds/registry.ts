import type { SecretKind } from "./contract";
import { ANTHROPIC, AZURE_OPENAI, OPENAI } from "./language-models";
import { POSTGRESQL } from "./postgresql";
import { S3 } from "./s3";
import { SNOWFLAKE } from "./snowflake";
import { ELASTICSEARCH, PINECONE, WEAVIATE } from "./vector-stores";

/** The kinds that have a form of their own, in the order of the form's choice. */
export const DEFINED_KINDS: readonly SecretKind[] = [OPENAI, ANTHROPIC, AZURE_OPENAI, PINECONE, WEAVIATE, ELASTICSEARCH, POSTGRESQL, SNOWFLAKE, S3];

/** Undefined for generic ones, which have whatever keys their maker gives them. */
export const definedKind = (kind: string): SecretKind | undefined => DEFINED_KINDS.find((one) => one.kind === kind);
