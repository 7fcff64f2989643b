import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { z } from "zod";

export interface Target {
  readonly expr?: string | undefined;
  readonly rawSql?: string | undefined;
  readonly legendFormat: string;
  readonly instant: boolean;
  readonly format: string;
}

const schema: z.ZodType<Target> = z.object({
  expr: z.string().optional(),
  rawSql: z.string().optional(),
  legendFormat: z.string().default(""),
  instant: z.boolean().default(false),
  format: z.string().default(""),
});

/** A panel's queries of Prometheus or QuestDB. */
export function targetsOf({ targets = [] }: Panel): readonly Target[] {
  return targets.map((target) => schema.parse(target));
}

/** What Grafana calls a series. */
export function nameOf(legend: string, labels: Readonly<Record<string, string>>): string {
  return legend === ""
    ? JSON.stringify(labels)
    : legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => labels[label] ?? "");
}
