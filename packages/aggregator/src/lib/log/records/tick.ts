import { noBody } from "../log.ts";
import type { RecordKind } from "./record-kind.ts";

/** Time has passed: its time of receipt is all it says. */
export const tick: RecordKind<void> = {
  name: "tick",
  layout: 1,
  encode: () => ({ format: null, compression: null, body: noBody }),
  decode: () => ({ kind: "tick" }),
};
