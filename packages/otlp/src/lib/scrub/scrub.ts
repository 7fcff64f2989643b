import type { Batch, OtlpFormat } from "../decode/model.ts";
import { finish } from "../decode/steps.ts";
import { findOdd } from "./find-odd.ts";
import { Masking } from "./masking.ts";
import { scrubJson } from "./scrub-json.ts";
import { scrubProtobuf } from "./scrub-protobuf.ts";

/**
 * Overwrites the secrets of an OTLP request with `*` (table: `conventions/secrets`). The body keeps its length and everything
 * else in it. A body that is not OTLP is left as it is, as far as it cannot be read.
 *
 * Nearly all attributes and texts are of the usual form and hold none: those take a pass that allocates nothing and looks up texts
 * that come again. The others are read closely.
 *
 * Each step is short: whoever drives it may do other work between two.
 *
 * @returns whether the body was changed
 */
export function* scrubSteps(
  kind: Batch["kind"],
  body: Uint8Array,
  format: OtlpFormat,
): Generator<void, boolean, void> {
  const masking = new Masking(body, yield* findOdd(body, format));
  yield* format === "json" ? scrubJson(masking) : scrubProtobuf(masking, kind);
  return masking.changed;
}

/** `scrubSteps` at one go. */
export function scrub(kind: Batch["kind"], body: Uint8Array, format: OtlpFormat): boolean {
  return finish(scrubSteps(kind, body, format));
}
