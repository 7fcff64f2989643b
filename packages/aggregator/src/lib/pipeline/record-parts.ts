import type { EngineRecord } from "@slipstream/engine";
import type { Resource } from "@slipstream/otlp/decode";

/** Spans and points that are applied at once: well below a millisecond of work, and some milliseconds just after the start. */
const PART_ITEMS = 32;

/**
 * A record cut into parts: applied one after the other they come to the same. A long one is applied so, since all of it at
 * once would keep the thread from everything else.
 */
export function* partsOf(record: EngineRecord): Generator<EngineRecord, void> {
  const parts = cut(record);
  let part = parts.next();
  while (!part.done) {
    const next = parts.next();
    yield next.done === true ? part.value : { ...part.value, continues: true };
    part = next;
  }
}

function* cut(record: EngineRecord): Generator<EngineRecord, void> {
  const { receivedMs, batch } = record;
  if (batch.kind === "traces" && batch.spans.length > PART_ITEMS) {
    for (let at = 0; at < batch.spans.length; at += PART_ITEMS) {
      const refusals = at === 0 ? batch.refusals : [];
      yield { receivedMs, batch: { ...batch, refusals, spans: batch.spans.slice(at, at + PART_ITEMS) } };
    }
  } else if (batch.kind === "metrics" && batch.points.length + batch.resources.length > PART_ITEMS) {
    const { points, resources } = batch;
    for (let at = 0; at < points.length; at += PART_ITEMS) {
      const refusals = at === 0 ? batch.refusals : [];
      yield {
        receivedMs,
        batch: { ...batch, refusals, resources: [], points: points.slice(at, at + PART_ITEMS) },
      };
    }
    // A resource counts as a sign of life only if no point of its service does.
    const dated = new Set(points.map(({ resource }) => serviceOf(resource)));
    const others = resources.filter((resource) => !dated.has(serviceOf(resource)));
    for (let at = 0; at < others.length; at += PART_ITEMS) {
      const refusals = at === 0 && points.length === 0 ? batch.refusals : [];
      yield {
        receivedMs,
        batch: { ...batch, refusals, points: [], resources: others.slice(at, at + PART_ITEMS) },
      };
    }
  } else yield record;
}

/** Two desks may have services of one name. */
function serviceOf({ desk, service }: Resource): string {
  return `${desk}\n${service}`;
}
