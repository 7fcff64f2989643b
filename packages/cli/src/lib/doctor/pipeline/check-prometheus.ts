import { shippedRules } from "@slipstream/alerts";
import { quantity } from "@slipstream/conventions";
import { z } from "zod";
import type { Finding } from "../check.ts";
import { clockOf } from "../check-clock.ts";
import { ask, isAnswer, plainUrl } from "./ask.ts";
import { absent, type PartState } from "./part.ts";

const name = "Prometheus";
/** The rules rely on it. */
const JOB = "slipstream-aggregator";

const buildSchema = z.object({ data: z.object({ version: z.string() }) });
const targetsSchema = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        scrapeUrl: z.string(),
        health: z.string(),
        lastError: z.string().optional(),
      }),
    ),
  }),
});
const rulesSchema = z.object({
  data: z.object({ groups: z.array(z.object({ rules: z.array(z.object({ name: z.string() })) })) }),
});
const alertmanagersSchema = z.object({
  data: z.object({ activeAlertmanagers: z.array(z.object({ url: z.string() })) }),
});

/** Whether it runs, scrapes the aggregator, has Slipstream's rules, and knows an Alertmanager. */
export async function checkPrometheus(url: string): Promise<PartState> {
  const build = await ask(url, "/api/v1/status/buildinfo");
  const parsed = isAnswer(build) && build.status === 200 ? buildSchema.safeParse(build.json) : undefined;
  if (!isAnswer(build) || parsed?.success !== true) return absent({ name, url, flag: "--prometheus" }, build);
  const { version } = parsed.data.data;
  const up: Finding = { check: name, outcome: "ok", text: `${plainUrl(url)} answers, version ${version}` };
  const findings = await Promise.all([checkTargets(url), checkRules(url), checkAlertmanagers(url)]);
  return { up: true, findings: [up, ...findings.flat()], clocks: clockOf(name, build) };
}

async function checkTargets(url: string): Promise<readonly Finding[]> {
  const answer = await ask(url, "/api/v1/targets?state=active");
  const parsed = targetsSchema.safeParse(isAnswer(answer) ? answer.json : undefined);
  if (!parsed.success) return [];
  const ours = parsed.data.data.activeTargets.filter(({ labels }) => labels.job === JOB);
  if (ours.length === 0) {
    const text = `it has no target of the job ${JOB}, which the rules and dashboards read`;
    const remedy = "use prometheus/prometheus.yml, or add a job with this name that scrapes the aggregator";
    return [{ check: name, outcome: "warn", text, remedy }];
  }
  return ours
    .filter(({ health }) => health === "down")
    .map(({ scrapeUrl, lastError = "it does not say why" }) => ({
      check: name,
      outcome: "bad",
      text: `it cannot scrape ${plainUrl(scrapeUrl)}: ${lastError}`,
      remedy: /40[13]/.test(lastError)
        ? "write the aggregator's token to the credentials_file of the job"
        : "start the aggregator, or correct the target's address, as the machine of Prometheus sees it",
    }));
}

async function checkRules(url: string): Promise<readonly Finding[]> {
  const answer = await ask(url, "/api/v1/rules");
  const parsed = rulesSchema.safeParse(isAnswer(answer) ? answer.json : undefined);
  if (!parsed.success) return [];
  const ours = new Set(shippedRules().map(({ id }) => id));
  const known = parsed.data.data.groups.flatMap(({ rules }) => rules).filter((rule) => ours.has(rule.name));
  if (known.length > 0)
    return [
      { check: name, outcome: "ok", text: `it has ${quantity(known.length, "alert rule")} of Slipstream` },
    ];
  const remedy = "add prometheus/rules/*.yml to its rule_files; slipstream rules prometheus makes them";
  return [{ check: name, outcome: "warn", text: "it has none of Slipstream's alert rules", remedy }];
}

async function checkAlertmanagers(url: string): Promise<readonly Finding[]> {
  const answer = await ask(url, "/api/v1/alertmanagers");
  const parsed = alertmanagersSchema.safeParse(isAnswer(answer) ? answer.json : undefined);
  if (!parsed.success || parsed.data.data.activeAlertmanagers.length > 0) return [];
  const text = "it knows no Alertmanager: its alerts reach nobody";
  const remedy = "name one under alerting.alertmanagers, as prometheus/prometheus.yml does";
  return [{ check: name, outcome: "warn", text, remedy }];
}
