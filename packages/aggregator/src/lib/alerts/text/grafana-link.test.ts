import { existsSync } from "node:fs";
import { join } from "node:path";
import { ruleStatistics, type Transition } from "@slipstream/alerts";
import { expect, test } from "vitest";
import { nodeLatency } from "../testing/transitions.ts";
import { withGrafanaLink } from "./grafana-link.ts";

const GRAFANA = join(import.meta.dirname, "../../../../../../grafana/dashboards");

function linkOf(over: Partial<Transition>, grafana = "https://grafana.example"): URL {
  const [link] = withGrafanaLink({ ...nodeLatency, ...over }, grafana).text.links.slice(-1);
  return new URL(link?.url ?? "");
}

test("a notification links to the dashboard of its statistic, from half an hour before it fired", () => {
  const fired = nodeLatency.firedMs;
  expect(linkOf({}).href).toBe(
    `https://grafana.example/d/slipstream-latency?from=${(nodeLatency.eventMs ?? 0) - 1_800_000}&to=now`,
  );
  const resolved = linkOf({ kind: "resolved", atMs: fired + 60_000 });
  expect(resolved.searchParams.get("to")).toBe(String(fired + 360_000));
});

test("Grafana may be below a path, and another desk is chosen", () => {
  const url = linkOf({ desk: "a & b" }, "https://tools.example/grafana/");
  expect(url.pathname).toBe("/grafana/d/slipstream-latency");
  expect(url.searchParams.get("var-desk")).toBe("a & b");
  expect(linkOf({ desk: "bot", deskIsService: true }).searchParams.has("var-desk")).toBe(false);
});

test("an address with a query, as a browser shows it, links to the dashboard too", () => {
  const url = linkOf({}, "https://grafana.example/?orgId=2#top");
  expect(url.pathname).toBe("/d/slipstream-latency");
  expect([url.searchParams.get("orgId"), url.searchParams.get("to"), url.hash]).toEqual(["2", "now", ""]);
});

test("a login in the address is told to nobody", () => {
  expect(linkOf({}, "https://me:secret@grafana.example").href).not.toMatch(/me:|secret/);
});

test("a runbook stays the first link", () => {
  const links = [{ name: "Runbook", url: "https://wiki.example/node" }];
  const { text } = withGrafanaLink(
    { ...nodeLatency, text: { ...nodeLatency.text, links } },
    "http://g.example",
  );
  expect(text.links.map(({ name }) => name)).toEqual(["Runbook", "Dashboard"]);
});

test("every statistic has a dashboard that there is, and few have only that of alerts", () => {
  const uids = ruleStatistics.map(({ name }) => linkOf({ statistic: name }).pathname.slice("/d/".length));
  for (const uid of new Set([...uids, linkOf({ statistic: null }).pathname.slice("/d/".length)]))
    expect(existsSync(join(GRAFANA, `${uid}.json`)), uid).toBe(true);
  const others = ruleStatistics.filter((_, i) => uids[i] === "slipstream-alerts").map(({ name }) => name);
  expect(others).toEqual(["benchmark_results"]);
});
