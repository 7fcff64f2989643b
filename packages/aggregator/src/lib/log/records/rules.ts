import { decodeRules, encodeRules, type Rule } from "@slipstream/alerts";
import type { RecordKind } from "./record-kind.ts";

/** The alert rules from here on: all of them, complete, as JSON. */
export const rules: RecordKind<readonly Rule[]> = {
  name: "rules",
  layout: 1,
  standing: true,
  encode: (all) => ({ format: null, compression: null, body: encodeRules(all) }),
  decode: ({ body }) => ({ kind: "rules", rules: decodeRules(body) }),
};
