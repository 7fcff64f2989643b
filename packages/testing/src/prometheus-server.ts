import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "slipstream-stack/free-port";
import { prometheusArguments } from "slipstream-stack/parts/prometheus";
import { z } from "zod";
import { requireProgram, startProcess, untilServing } from "./real-process.ts";

/** A sample that an instant query answered. */
export interface QueriedSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A real Prometheus on a loopback port of its own. */
export interface PrometheusServer {
  readonly url: string;
  /** Answers an instant query, NaN and infinities as numbers. */
  query(expression: string): Promise<readonly QueriedSample[]>;
  /** The exemplars of a series of the last hour. */
  exemplars(expression: string): Promise<readonly QueriedSample[]>;
  /** Ends it and removes its files. */
  close(): Promise<void>;
  output(): string;
}

const answerSchema = z.object({
  status: z.literal("success"),
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});

const exemplarsSchema = z.object({
  status: z.literal("success"),
  data: z.array(
    z.object({
      exemplars: z.array(z.object({ labels: z.record(z.string(), z.string()), value: z.string() })),
    }),
  ),
});

/**
 * Starts Debian's Prometheus.
 * @param config the whole `prometheus.yml`.
 */
export async function startPrometheus(config: string): Promise<PrometheusServer> {
  requireProgram("prometheus", "prometheus");
  const directory = mkdtempSync(join(tmpdir(), "slipstream-prometheus-"));
  const file = join(directory, "prometheus.yml");
  writeFileSync(file, config);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = prometheusArguments(file, join(directory, "data"), port);
  const process = startProcess("prometheus", args, directory);
  await untilServing("prometheus", process, async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    url,
    output: process.output,
    async query(expression) {
      const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
      const { data } = answerSchema.parse(await response.json());
      return data.result.map(({ metric, value: [, text] }) => ({ labels: metric, value: parseValue(text) }));
    },
    async exemplars(expression) {
      const now = Date.now() / 1000;
      const range = `start=${now - 3600}&end=${now + 3600}`;
      const response = await fetch(
        `${url}/api/v1/query_exemplars?query=${encodeURIComponent(expression)}&${range}`,
      );
      const { data } = exemplarsSchema.parse(await response.json());
      return data
        .flatMap(({ exemplars }) => exemplars)
        .map(({ labels, value }) => ({ labels, value: parseValue(value) }));
    },
    async close() {
      await process.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A configuration that scrapes one target each second. */
export function scrapeConfig(target: string, job: string): string {
  return [
    "global: { scrape_interval: 1s, scrape_timeout: 1s }",
    "scrape_configs:",
    `  - job_name: ${job}`,
    `    static_configs: [{ targets: ["${target}"] }]`,
    "",
  ].join("\n");
}

/** Runs Debian's promtool with a text on its standard input. */
export function promtool(
  args: readonly string[],
  input: string,
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  requireProgram("promtool", "prometheus");
  const { status, stdout, stderr } = spawnSync("promtool", args, {
    input,
    encoding: "utf8",
    timeout: 30_000,
  });
  return { status, stdout, stderr };
}

function parseValue(text: string): number {
  return Number(text.replace("Inf", "Infinity"));
}
