import { openQuestDbReader, type QuestDbOptions } from "@slipstream/aggregator";
import { connectRedis, plainRedisError } from "@slipstream/aggregator/redis";
import { aggregatorMetrics, CANARY_KEY, type CanaryPart, DOCTOR_SERVICE } from "@slipstream/conventions";
import { z } from "zod";
import { type AggregatorClient, errorOf } from "../../client/aggregator-client.ts";
import { parseJson } from "../../client/parse-json.ts";
import { ask, isAnswer } from "../pipeline/ask.ts";
import type { CanaryTrade } from "./otlp.ts";

/** It came; or not yet, and why, if that is known. */
export type Sight = true | { readonly why?: string; readonly giveUp?: true };

/** Where a canary is looked for. */
export interface Place {
  readonly part: CanaryPart;
  /** With its preposition's object: "the aggregator". */
  readonly name: string;
  /** How long it may take, ms. */
  readonly longestMs: number;
  /** Only the aggregator brings it there. */
  readonly behindAggregator: boolean;
  /** What to do if it does not come. */
  readonly remedy: string;
  look(canary: CanaryTrade): Promise<Sight>;
  close?(): Promise<void>;
}

const listSchema = z.object({ canaries: z.array(z.object({ traceId: z.string() })) });

/** Of an aggregator that knows no canaries. */
export const OLDER = "it is older than this command and knows no canaries";

export function inAggregator(client: AggregatorClient, remedy: string): Place {
  return {
    part: "aggregator",
    name: "the aggregator",
    longestMs: 15_000,
    behindAggregator: false,
    remedy,
    async look({ traceId }) {
      const { status, text } = await client.get("/api/canaries");
      if (status === 404 && errorOf(text).code === "not_found") return { why: OLDER, giveUp: true };
      if (status === 401) return { why: "it wants a token: --token or SLIPSTREAM_TOKEN", giveUp: true };
      const parsed = listSchema.safeParse(parseJson(text));
      if (!parsed.success) return { why: `/api/canaries answers ${status}` };
      return parsed.data.canaries.some((one) => one.traceId === traceId) || {};
    },
  };
}

const storedSchema = z.object({ traceId: z.string(), service: z.string(), receivedMs: z.number() });

export function inRedis(url: string, prefix: string): Place {
  const redis = connectRedis(url, { commandTimeoutMs: 2_000 });
  return {
    part: "redis",
    name: "Redis",
    longestMs: 15_000,
    behindAggregator: true,
    remedy: "is this the Redis that the aggregator writes to, with the same --redis-prefix?",
    async look({ traceId, endMs }) {
      await redis.tried;
      const fault = redis.fault();
      if (fault !== undefined) return { why: fault };
      try {
        const value = await redis.client.get(`${prefix}${CANARY_KEY}`);
        const stored = storedSchema.safeParse(parseJson(value ?? ""));
        if (!stored.success) return {};
        // Another doctor may have overwritten it.
        const { service, receivedMs } = stored.data;
        return (
          stored.data.traceId === traceId || (service === DOCTOR_SERVICE && receivedMs > endMs + 1_000) || {}
        );
      } catch (error) {
        return { why: plainRedisError(error).message };
      }
    },
    close: () => redis.close(),
  };
}

export function inQuestDb(options: QuestDbOptions): Place {
  let reader: ReturnType<typeof openQuestDbReader> | undefined;
  return {
    part: "questdb",
    name: "QuestDB",
    longestMs: 30_000,
    behindAggregator: true,
    remedy: "is this the QuestDB that the aggregator writes to, with the same --questdb-table-prefix?",
    async look({ traceId, endMs }) {
      try {
        reader ??= openQuestDbReader(options);
        const from = endMs - 60_000;
        const rows = await (await reader).rows({ table: "canaries", fromMs: from, toMs: endMs + 600_000 });
        return rows.some(({ values }) => values.includes(traceId)) || {};
      } catch (error) {
        const failed = reader;
        reader = undefined;
        await failed?.then((one) => one.close()).catch(() => undefined);
        return { why: error instanceof Error ? error.message : String(error) };
      }
    },
    close: async () => {
      await (await reader?.catch(() => undefined))?.close();
    },
  };
}

const samplesSchema = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

export function inPrometheus(url: string): Place {
  const query = `max(${aggregatorMetrics.canaryTimestamp.name}{part="aggregator"})`;
  return {
    part: "prometheus",
    name: "Prometheus",
    longestMs: 75_000,
    behindAggregator: true,
    remedy:
      "its target of the job slipstream-aggregator must be this aggregator, scraped at least once a minute",
    async look({ endMs }) {
      const answer = await ask(url, `/api/v1/query?query=${encodeURIComponent(query)}`);
      if (!isAnswer(answer)) return { why: `it does not answer (${answer.reason})` };
      const parsed = samplesSchema.safeParse(answer.json);
      if (!parsed.success) return { why: `a query answers ${answer.status}` };
      // A newer one of another doctor shows the same.
      return (
        parsed.data.data.result.some(({ value: [, seconds] }) => Number(seconds) * 1_000 > endMs - 1) || {}
      );
    },
  };
}

export function inTraceStore(url: string): Place {
  return {
    part: "traces",
    name: "the trace store",
    longestMs: 75_000,
    behindAggregator: false,
    remedy:
      "is the Collector's trace exporter sent to this store, and does its sampling keep every trade.execute trace? " +
      "Its log names what it drops",
    async look({ traceId, spans }) {
      const answer = await ask(url, `/api/traces/${traceId}`);
      if (!isAnswer(answer)) return { why: `it does not answer (${answer.reason})` };
      if (answer.status !== 200) return {};
      const seen = (answer.text.match(/"spanI[dD]"/g) ?? []).length;
      return seen >= spans || { why: `it has ${seen} of ${spans} spans of the trace` };
    },
  };
}
