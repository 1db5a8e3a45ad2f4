// What pages see of flavors: plain data.
import type { Owner } from "@/lib/components/schema";
import type { ConfigField } from "./config-schema";

export type FlavorRow = {
  id: string;
  name: string;
  title: string;
  type: string;
  integration: string | null;
  isCustom: boolean;
  fields: number;
  components: number;
  owner: Owner;
  updatedAt: string;
};

export type FlavorPage = FlavorRow & {
  ownerId: string | null;
  source: string;
  docsUrl: string | null;
  connectorType: string | null;
  connectorResourceType: string | null;
  /** The field that names the resource. */
  connectorResourceField: string | null;
  schema: ConfigField[];
  usedBy: { id: string; name: string }[];
};
