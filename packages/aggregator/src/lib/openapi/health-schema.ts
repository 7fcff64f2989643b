import { aggregatorMetrics } from "@slipstream/conventions";
import type { ServiceTrouble } from "@slipstream/engine";
import { z } from "zod";
import type { Readiness } from "../api/readiness.ts";
import { closeReasons } from "../server/connections/connections.ts";
import { misdirectedNames } from "../server/misdirected/kinds.ts";
import type { LeaseState } from "../writer/writer.ts";
import { channelsSchema } from "./channels-schema.ts";
import { maybe, named, number, text } from "./named.ts";

/** The answer of `/healthz`. */
export const healthSchema: z.ZodType<{ readonly status: "ok" }> = named(
  "Health",
  z.strictObject({ status: z.literal("ok").describe("The process runs.") }),
);

const writer: z.ZodType<LeaseState> = z.strictObject({
  held: z.boolean().nullable().describe("Whether this aggregator may write. `null`: not known yet."),
  lease: z
    .strictObject({
      desk: text("Its desk; empty if it has none."),
      instance: text("Its instance, kept in its data folder."),
      host: text("Its machine."),
      pid: number("Its process."),
      epoch: number("A number that rises each time that the lease changes hands."),
    })
    .describe("Who may write.")
    .exactOptional(),
  coveredBy: z
    .literal("redis")
    .describe("The lease is that of this store: it covers the history in QuestDB too.")
    .exactOptional(),
});

const service: z.ZodType<ServiceTrouble> = z.strictObject({
  clockAhead: number("Spans that ended more than 5 s after their receipt.").exactOptional(),
  clockBehindSeconds: number("How far the clock of one of its processes is behind.").exactOptional(),
  refusedValues: z
    .array(
      z.strictObject({
        attribute: text("Name of the attribute or of the metric."),
        reason: z.enum(aggregatorMetrics.valuesRefused.labels.reason).describe("Why: see attributes.md."),
        count: number("How many."),
      }),
    )
    .describe("Values that cannot be true and were not counted; `/api/current` has examples.")
    .exactOptional(),
});

/** The answer of `/readyz`. */
export const readinessSchema: z.ZodType<Readiness> = named(
  "Readiness",
  z.strictObject({
    ready: z.boolean().describe("Whether data is taken."),
    reason: text("Why not, if the log is not the cause.").exactOptional(),
    instance: text("Id of its data folder, as in the file `instance` there.").exactOptional(),
    log: z
      .strictObject({
        ok: z.boolean().describe("Whether the log can be written."),
        position: number("Number of its newest record."),
        reason: text("Why it cannot be written.").exactOptional(),
      })
      .describe("The log."),
    sinks: z
      .record(
        z.string(),
        z.strictObject({
          up: maybe(z.boolean(), "Whether the last write succeeded. `null` before the first."),
          queueItems: number("What waits to be written."),
          dropped: number(
            "What was dropped because the queue was full. For `questdb`: rows of the history that were deleted before they could be written, or that are damaged. For `traces`: verdicts that the trace store refused, or that were deleted before they could be sent. For `watcher`: slots that could not be read, so that their trades are `unknown`; they are tried again.",
          ),
          writtenTimeMs: maybe(z.number(), "Event time of the newest instant written, Unix ms."),
          lagMs: number("Event time between the newest item and the newest one written, ms.").exactOptional(),
          lastError: text("Why the last write failed.").exactOptional(),
          writer: writer.describe("The lease of the store, if it takes one.").exactOptional(),
        }),
      )
      .describe("By name."),
    channels: channelsSchema,
    desks: z
      .strictObject({
        others: number("Desks beside the aggregator's own that have statistics."),
        leftOut: z
          .strictObject({ spans: number("Spans."), points: number("Metric points.") })
          .describe("What came of desks that have none ([`/api/desks`](#desks))."),
      })
      .describe("Absent if no other desk has sent anything.")
      .exactOptional(),
    requests: z.record(z.string(), z.number()).describe("OTLP requests by outcome, since the start."),
    connections: z
      .strictObject({
        open: number("Open at present."),
        limit: number(
          "Most that may be open, besides a few for health and metrics; lowered while no more files can be opened.",
        ),
        full: z.boolean().describe("Whether others were closed for new ones a moment ago."),
        closed: z
          .record(z.enum(closeReasons), z.number())
          .describe(
            "Closed by the aggregator although the client might have gone on, by reason, since the start.",
          ),
        acceptErrors: number(
          "Connections that could not be accepted. If no file is free, the system closes them unseen: then `closed` has a reason `files`.",
        ),
        answerBytes: number("Bytes of answers that clients have not taken yet."),
      })
      .describe("HTTP connections."),
    misdirected: z
      .array(
        z.strictObject({
          kind: z.enum(misdirectedNames).describe("What is wrong."),
          count: number("Requests since the start."),
          lastSeen: text("Time of the newest one."),
          remedy: text("What to change."),
          taken: z.boolean().describe("Whether it works all the same."),
        }),
      )
      .describe("What clients send to the wrong place."),
    clock: z
      .strictObject({
        receiptAheadSeconds: number("How far it is ahead of the machine's clock; negative: behind."),
      })
      .describe(
        "The clock that what comes in is stamped with. Absent while it is within 3 s of the machine's clock.",
      )
      .exactOptional(),
    services: z
      .record(z.string(), service)
      .describe("What is wrong with what services send, by `service.name`.")
      .exactOptional(),
  }),
);
