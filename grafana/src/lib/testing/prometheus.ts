import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prometheusFolder, startedPrometheus as started } from "slipstream-deploy/testing/prometheus";
import { z } from "zod";

/** A series of an answer, with its newest value first found. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

/** A current Prometheus with the repository's configuration, which scrapes every second. */
export interface CurrentPrometheus {
  readonly otlpUrl: string;
  /** From now on it scrapes these, each `host:port`, by the names of its files of targets. */
  scrape(targets: Readonly<Record<string, string>>): void;
  /** Values of the last minute, one a second, or the newest ones. @throws Error with Prometheus's answer to a wrong expression */
  query(expression: string, at: "range" | "instant"): Promise<readonly Series[]>;
  /** Ids of the traces that exemplars of the last minute name. */
  exemplars(expression: string): Promise<readonly string[]>;
}

const sample = z.tuple([z.number(), z.string()]);
const answerSchema = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: sample.optional(),
        values: z.array(sample).optional(),
      }),
    ),
  }),
});

const exemplarsSchema = z.object({
  data: z.array(z.object({ exemplars: z.array(z.object({ labels: z.object({ trace_id: z.string() }) })) })),
});

/** Until the test's end. */
export async function startedPrometheus(): Promise<CurrentPrometheus> {
  const folder = prometheusFolder();
  const config = readFileSync(join(folder, "prometheus.yml"), "utf8");
  const fast = config.replaceAll(/(scrape_interval|scrape_timeout|evaluation_interval): \d+s/g, "$1: 1s");
  writeFileSync(join(folder, "prometheus.yml"), fast);
  const url = await started(folder);
  const scrape = (targets: Readonly<Record<string, string>>): void => {
    for (const [name, target] of Object.entries(targets))
      writeFileSync(join(folder, `targets/${name}.yml`), JSON.stringify([{ targets: [target] }]));
  };
  scrape({ prometheus: new URL(url).host });
  return {
    otlpUrl: `${url}/api/v1/otlp`,
    scrape,
    async exemplars(expression) {
      const now = Date.now() / 1000;
      const parameters = new URLSearchParams({ query: expression, start: `${now - 60}`, end: `${now}` });
      const response = await fetch(`${url}/api/v1/query_exemplars?${parameters}`);
      const { data } = exemplarsSchema.parse(await response.json());
      return data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id));
    },
    async query(expression, at) {
      const now = Date.now() / 1000;
      const times: Readonly<Record<string, string>> =
        at === "range" ? { start: `${now - 60}`, end: `${now}`, step: "1" } : { time: `${now}` };
      const parameters = new URLSearchParams({ query: expression, ...times });
      const path = at === "range" ? "query_range" : "query";
      const response = await fetch(`${url}/api/v1/${path}?${parameters}`);
      if (!response.ok) throw new Error(`${expression}: ${await response.text()}`);
      const { data } = answerSchema.parse(await response.json());
      return data.result.map(({ metric, value, values = [] }) => ({
        labels: metric,
        values: [...values, ...(value === undefined ? [] : [value])].map(([, text]) =>
          Number(text.replace("Inf", "Infinity")),
        ),
      }));
    },
  };
}
