import { z } from "zod";

/** What is read of `GET /readyz`. */
export interface ReadinessAnswer {
  readonly ready: boolean;
  /** Id of its data folder; an older version does not tell it. */
  readonly instance?: string | undefined;
  readonly log: { readonly ok: boolean; readonly reason?: string | undefined };
  readonly sinks: Readonly<Record<string, SinkAnswer>>;
  /** An older version has none. */
  readonly channels?: Readonly<Record<string, ChannelAnswer>> | undefined;
  readonly connections?: { readonly limit: number; readonly full: boolean } | undefined;
  readonly misdirected?: readonly MisdirectedAnswer[] | undefined;
  /** Absent while times of receipt are those of its machine's clock. */
  readonly clock?: { readonly receiptAheadSeconds: number } | undefined;
  /** Absent if no other desk has sent anything. */
  readonly desks?: { readonly others: number } | undefined;
}

/** What clients send to the wrong place. */
export interface MisdirectedAnswer {
  readonly kind: string;
  readonly count: number;
  readonly lastSeen: string;
  readonly remedy: string;
  /** It works all the same. */
  readonly taken: boolean;
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

/** Where notifications are sent to. */
export interface ChannelAnswer {
  /** null before the first message. */
  readonly up: boolean | null;
  readonly queueItems: number;
  /** Since when it is tried each hour only. */
  readonly parkedSinceMs?: number | undefined;
  readonly lastError?: string | undefined;
}

const channel: z.ZodType<ChannelAnswer> = z.object({
  up: z.boolean().nullable(),
  queueItems: z.number(),
  parkedSinceMs: z.number().optional(),
  lastError: z.string().optional(),
});

export const readinessSchema: z.ZodType<ReadinessAnswer> = z.object({
  ready: z.boolean(),
  instance: z.string().optional(),
  log: z.object({ ok: z.boolean(), reason: z.string().optional() }),
  sinks: z.record(z.string(), sink),
  channels: z.record(z.string(), channel).optional(),
  connections: z.object({ limit: z.number(), full: z.boolean() }).optional(),
  misdirected: z
    .array(
      z.object({
        kind: z.string(),
        count: z.number(),
        lastSeen: z.string(),
        remedy: z.string(),
        taken: z.boolean(),
      }),
    )
    .optional(),
  clock: z.object({ receiptAheadSeconds: z.number() }).optional(),
  desks: z.object({ others: z.number() }).optional(),
});
