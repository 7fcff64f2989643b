import type {
  CurrentStatistics,
  LabelledStatisticValue,
  ServiceCounts,
  StatisticValue,
} from "@slipstream/engine";
import { z } from "zod";

const interval = z.object({
  low: z.number().nullable(),
  high: z.number().nullable(),
  kind: z.string(),
  reason: z.string().optional(),
});

const statistic = {
  value: z.union([z.number(), z.string(), z.null()]),
  unit: z.string(),
  count: z.number(),
  windowSeconds: z.number().nullable(),
  since: z.string().nullable().optional(),
  interval: interval.optional(),
  sketchError: interval.optional(),
  reason: z.string().optional(),
};

const counts = {
  received: z.number(),
  duplicate: z.number(),
  late: z.number(),
  refused: z.number(),
  clockAhead: z.number().optional(),
  clockBehind: z.number().optional(),
  clockBehindSeconds: z.number().optional(),
  refusedValues: z
    .array(
      z.object({
        attribute: z.string(),
        reason: z.string(),
        count: z.number(),
        examples: z.array(z.string()),
      }),
    )
    .optional(),
  completeness: z.number().nullable(),
  // Another version may not tell these.
  ended: z.number().nullable().default(null),
  missing: z.number().nullable().default(null),
  gaps: z
    .array(z.object({ instance: z.string(), from: z.number(), to: z.number(), since: z.string() }))
    .optional(),
  reason: z.string().optional(),
};

const one = z.object(statistic) as z.ZodType<StatisticValue>;
const labelled = z.object({
  ...statistic,
  labels: z.record(z.string(), z.string()),
}) as z.ZodType<LabelledStatisticValue>;
const services = z.record(z.string(), z.object(counts) as z.ZodType<ServiceCounts>);

/** The answer of `GET /api/current`, which may come from another version of the aggregator. */
export const currentSchema: z.ZodType<CurrentStatistics> = z.object({
  time: z.string().nullable(),
  statistics: z.record(z.string(), z.union([z.object({ series: z.array(labelled) }), one])),
  services,
});
