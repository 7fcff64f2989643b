import { z } from "zod";

/** What is read of `GET /api/alerts`. Times are ISO 8601. */
export interface AlertsAnswer {
  /** What fires comes first. */
  readonly alerts: readonly AlertAnswer[];
  /** How many there are in each state. */
  readonly states: Readonly<Record<AlertAnswer["state"], number>>;
  readonly rules: readonly { readonly rule: string; readonly state: string }[];
  readonly digest: {
    readonly at: string;
    readonly entries: readonly { readonly alert: string; readonly times: number }[];
    readonly more: number;
  } | null;
}

export interface AlertAnswer {
  readonly id: string;
  readonly rule: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: "firing" | "pending" | "no_data";
  readonly noData: boolean;
  readonly reason: string | null;
  readonly since: string;
  readonly value: number | string | null;
  readonly worst: number | string | null;
  readonly unit: string;
  readonly count: number;
  readonly severity: "critical" | "warning" | "info";
  readonly episode: number;
  readonly occurrence: number;
  readonly acknowledged: { readonly by: string; readonly comment: string; readonly at: string } | null;
  readonly silencedBy: string | null;
  readonly inhibitedBy: string | null;
}

export interface SilenceAnswer {
  readonly id: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
  readonly since: string;
  readonly until: string;
  readonly by: string;
  readonly comment: string;
}

const value = z.union([z.number(), z.string(), z.null()]);

// What is not read here stays in the answers, for they are also printed as JSON.
export const alertSchema: z.ZodType<AlertAnswer> = z.looseObject({
  id: z.string(),
  rule: z.string(),
  labels: z.record(z.string(), z.string()),
  state: z.enum(["firing", "pending", "no_data"]),
  noData: z.boolean(),
  reason: z.string().nullable(),
  since: z.string(),
  value,
  worst: value,
  unit: z.string(),
  count: z.number(),
  severity: z.enum(["critical", "warning", "info"]),
  episode: z.number(),
  occurrence: z.number(),
  acknowledged: z.looseObject({ by: z.string(), comment: z.string(), at: z.string() }).nullable(),
  silencedBy: z.string().nullable(),
  inhibitedBy: z.string().nullable(),
});

export const alertsSchema: z.ZodType<AlertsAnswer> = z.looseObject({
  alerts: z.array(alertSchema),
  states: z.looseObject({ firing: z.number(), pending: z.number(), no_data: z.number() }),
  rules: z.array(z.looseObject({ rule: z.string(), state: z.string() })),
  digest: z
    .looseObject({
      at: z.string(),
      entries: z.array(z.looseObject({ alert: z.string(), times: z.number() })),
      more: z.number(),
    })
    .nullable(),
});

export const silenceSchema: z.ZodType<SilenceAnswer> = z.looseObject({
  id: z.string(),
  matchers: z.array(z.looseObject({ label: z.string(), operator: z.string(), value: z.string() })),
  since: z.string(),
  until: z.string(),
  by: z.string(),
  comment: z.string(),
});

export const silencesSchema: z.ZodType<{ readonly silences: readonly SilenceAnswer[] }> = z.looseObject({
  silences: z.array(silenceSchema),
});
