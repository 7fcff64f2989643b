import { z } from "zod";
import { clockOf } from "../check-clock.ts";
import { ask, isAnswer, plainUrl } from "./ask.ts";
import { absent, type PartState } from "./part.ts";

const alertmanagerSchema = z.object({ versionInfo: z.object({ version: z.string() }) });

export async function checkAlertmanager(url: string): Promise<PartState> {
  const name = "Alertmanager";
  const answer = await ask(url, "/api/v2/status");
  const parsed = alertmanagerSchema.safeParse(isAnswer(answer) ? answer.json : undefined);
  if (!isAnswer(answer) || !parsed.success) return absent({ name, url, flag: "--alertmanager" }, answer);
  const text = `${plainUrl(url)} answers, version ${parsed.data.versionInfo.version}`;
  return { up: true, findings: [{ check: name, outcome: "ok", text }], clocks: clockOf(name, answer) };
}

const grafanaSchema = z.object({ database: z.string(), version: z.string() });

export async function checkGrafana(url: string): Promise<PartState> {
  const name = "Grafana";
  const answer = await ask(url, "/api/health");
  const parsed = grafanaSchema.safeParse(isAnswer(answer) ? answer.json : undefined);
  if (!isAnswer(answer) || !parsed.success) return absent({ name, url, flag: "--grafana" }, answer);
  const { database, version } = parsed.data;
  const address = plainUrl(url);
  if (database !== "ok") {
    const text = `${address} answers, but its database does not: ${database}`;
    return { up: true, findings: [{ check: name, outcome: "bad", text, remedy: "look at its log" }] };
  }
  const text = `${address} answers, version ${version}`;
  return { up: true, findings: [{ check: name, outcome: "ok", text }], clocks: clockOf(name, answer) };
}

const jaegerSchema = z.object({ data: z.array(z.string()).nullable() });

/** Jaeger and Tempo answer the same question about a trace, and differ in the rest. */
export async function checkTraceStore(url: string): Promise<PartState> {
  const name = "Trace store";
  const services = await ask(url, "/api/services");
  if (isAnswer(services) && services.status === 200 && jaegerSchema.safeParse(services.json).success) {
    const text = `${plainUrl(url)} answers as Jaeger`;
    return { up: true, findings: [{ check: name, outcome: "ok", text }], clocks: clockOf(name, services) };
  }
  const echo = isAnswer(services) ? await ask(url, "/api/echo") : services;
  if (!isAnswer(echo) || echo.text.trim() !== "echo")
    return absent({ name, url, flag: "--traces" }, services);
  const ready = await ask(url, "/ready");
  const clocks = clockOf(name, echo);
  if (isAnswer(ready) && ready.status === 200) {
    const text = `${plainUrl(url)} answers as Tempo`;
    return { up: true, findings: [{ check: name, outcome: "ok", text }], clocks };
  }
  const text = `${plainUrl(url)} answers as Tempo, which is not ready`;
  const remedy = "it is so for the first seconds; else look at its log";
  return { up: true, findings: [{ check: name, outcome: "warn", text, remedy }], clocks };
}
