/** `service.name` of the canaries that `slipstream doctor` sends. What comes of it counts in nothing but the canaries. */
export const DOCTOR_SERVICE = "slipstream-doctor";

/**
 * Parts of the pipeline that a canary passes: the OTLP endpoint that it is sent to, the aggregator, its Redis and its QuestDB, Prometheus,
 * which scrapes the aggregator, and the trace store.
 */
export const canaryParts = ["endpoint", "aggregator", "redis", "questdb", "prometheus", "traces"] as const;

export type CanaryPart = (typeof canaryParts)[number];

/** Key of the newest canary in Redis, after the prefix. */
export const CANARY_KEY = "slipstream:canary";

/** How long what is known of a canary holds, seconds. */
export const CANARY_SECONDS = 600;
