import { z } from "zod";
import type { Setting } from "../../parts/part.ts";
import { prometheusUrl } from "../../parts/urls.ts";

const vector = z.object({
  metric: z.record(z.string(), z.string()),
  value: z.tuple([z.number(), z.string()]).optional(),
  histogram: z.unknown().optional(),
});

const answerSchema = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("success"),
    data: z.object({ resultType: z.literal("vector"), result: z.array(vector) }),
  }),
  z.object({ status: z.literal("error"), error: z.string() }),
]);

const exemplarsSchema = z.object({
  data: z.array(z.object({ exemplars: z.array(z.object({ labels: z.record(z.string(), z.string()) })) })),
});

/** A series of an answer, with a number or a native histogram. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [timeSeconds: number, text: string] | undefined;
  readonly histogram?: unknown;
}

/** What an instant query answers. @throws Error with Prometheus's own if it refuses the query */
export async function queried(setting: Setting, query: string): Promise<readonly Sample[]> {
  const response = await fetch(`${prometheusUrl(setting)}/api/v1/query?${new URLSearchParams({ query })}`);
  const answer = answerSchema.parse(await response.json());
  if (answer.status === "error") throw new Error(`${query}: ${answer.error}`);
  return answer.data.result;
}

/** The value of a query with one series; undefined: there is none yet. */
export async function numberOf(setting: Setting, query: string): Promise<number | undefined> {
  const [sample] = await queried(setting, query);
  return sample?.value === undefined ? undefined : Number(sample.value[1]);
}

/** Ids of the traces that the exemplars of a series point to. */
export async function exemplarTraces(setting: Setting, query: string): Promise<readonly string[]> {
  const now = Date.now() / 1000;
  const range = new URLSearchParams({ query, start: String(now - 3600), end: String(now + 60) });
  const response = await fetch(`${prometheusUrl(setting)}/api/v1/query_exemplars?${range}`);
  const { data } = exemplarsSchema.parse(await response.json());
  const ids = data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id ?? ""));
  return [...new Set(ids)];
}
