import { decodeOptions, type EngineOptions, encodeOptions } from "@slipstream/engine";
import type { RecordKind } from "./record-kind.ts";

/** The engine's options from here on: all of them, as JSON. */
export const options: RecordKind<EngineOptions> = {
  name: "options",
  layout: 1,
  standing: true,
  encode: (all) => ({ format: null, compression: null, body: encodeOptions(all) }),
  decode: ({ body }) => ({ kind: "options", options: decodeOptions(body) }),
};
