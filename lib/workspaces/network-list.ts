import ipaddr from "ipaddr.js";
import { z } from "zod";

/** Networks (CIDRs), as a list or as text with one a line; each once. */
export const networkList = z.preprocess(
  (value) => (typeof value === "string" ? value.split(/[\s,]+/).filter(Boolean) : value),
  z
    .array(z.string().max(50))
    .max(50, "At most 50 networks.")
    .transform((networks) => [...new Set(networks)])
    .superRefine((networks, context) => {
      const wrong = networks.find((network) => !ipaddr.isValidCIDR(network));
      if (wrong !== undefined) context.addIssue({ code: "custom", message: `${wrong} is not a network: write it as 10.20.0.0/16 or fd00::/8.` });
    }),
);
