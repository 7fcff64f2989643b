import { z } from "zod";
import { runPython } from "./python.ts";

/** A sample as prometheus_client read it. */
export interface OpenMetricsSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly exemplar: {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
    readonly timestamp: number;
  } | null;
}

export interface OpenMetricsFamily {
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly help: string;
  readonly samples: readonly OpenMetricsSample[];
}

const labels = z.record(z.string(), z.string());
const families: z.ZodType<readonly OpenMetricsFamily[]> = z.array(
  z.object({
    name: z.string(),
    type: z.string(),
    unit: z.string(),
    help: z.string(),
    samples: z.array(
      z.object({
        name: z.string(),
        labels,
        value: z.string().transform((text) => Number(text.replace("inf", "Infinity"))),
        exemplar: z.object({ labels, value: z.number(), timestamp: z.number() }).nullable(),
      }),
    ),
  }),
);

/** Reads an OpenMetrics exposition with Python's prometheus_client. @throws Error where that refuses it. */
export async function readOpenMetrics(text: string): Promise<readonly OpenMetricsFamily[]> {
  return families.parse(JSON.parse(await runPython("parse_openmetrics.py", [], text)));
}
