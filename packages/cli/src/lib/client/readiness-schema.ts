import { z } from "zod";

/** What is read of `GET /readyz`. */
export interface ReadinessAnswer {
  readonly ready: boolean;
  readonly log: { readonly ok: boolean; readonly reason?: string | undefined };
  readonly sinks: Readonly<Record<string, SinkAnswer>>;
}

export interface SinkAnswer {
  /** null before the first write. */
  readonly up: boolean | null;
  readonly queueItems: number;
  readonly dropped: number;
  readonly lastError?: string | undefined;
  /** Whether the aggregator has the lease of the store; absent for stores without one. */
  readonly writer?: { readonly held: boolean | null } | undefined;
}

const sink: z.ZodType<SinkAnswer> = z.object({
  up: z.boolean().nullable(),
  queueItems: z.number(),
  dropped: z.number(),
  lastError: z.string().optional(),
  writer: z.object({ held: z.boolean().nullable() }).optional(),
});

export const readinessSchema: z.ZodType<ReadinessAnswer> = z.object({
  ready: z.boolean(),
  log: z.object({ ok: z.boolean(), reason: z.string().optional() }),
  sinks: z.record(z.string(), sink),
});
