import type { Batch, OtlpFormat } from "../decode/model.ts";
import { finish } from "../decode/steps.ts";
import { findFragments } from "./find-fragments.ts";
import { Masking } from "./masking.ts";
import { scrubJson } from "./scrub-json.ts";
import { scrubProtobuf } from "./scrub-protobuf.ts";

/**
 * Overwrites the secrets of an OTLP request with `*` (table: `conventions/secrets`). The body keeps its length and everything
 * else in it. Most bodies hold none, which is found out at a pass over a third of their bytes. A body that is not OTLP is left as it is, as
 * far as it cannot be read.
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
  const masking = new Masking(body);
  const found = yield* findFragments(masking.bytes, format);
  if (found.areNone) return false;
  if (format === "json") yield* scrubJson(masking, found);
  else yield* scrubProtobuf(masking, kind, found);
  return masking.changed;
}

/** `scrubSteps` at one go. */
export function scrub(kind: Batch["kind"], body: Uint8Array, format: OtlpFormat): boolean {
  return finish(scrubSteps(kind, body, format));
}
