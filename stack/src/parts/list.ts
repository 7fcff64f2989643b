import { aggregator } from "./aggregator.ts";
import { alertmanager } from "./alertmanager.ts";
import { collector } from "./collector.ts";
import { jaeger } from "./jaeger.ts";
import type { Part } from "./part.ts";
import { prometheus } from "./prometheus.ts";
import { questdb } from "./questdb.ts";
import { redis } from "./redis.ts";
import { simulator } from "./simulator.ts";

/** Every part, in the order in which it is shown and installed. `after` of each says in which order they start. */
export const allParts: readonly Part[] = [
  redis,
  questdb,
  alertmanager,
  prometheus,
  jaeger,
  aggregator,
  collector,
  simulator,
];
