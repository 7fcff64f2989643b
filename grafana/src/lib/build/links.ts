import { readFileSync } from "node:fs";
import { DashboardLinkBuilder, DashboardLinkType } from "@grafana/grafana-foundation-sdk/dashboard";
import { reference } from "../data-sources.ts";
import { placeholder } from "./placeholder.ts";

const manifest: unknown = JSON.parse(
  readFileSync(new URL("../../../../package.json", import.meta.url), "utf8"),
);

/** What tells Slipstream's dashboards apart from others. */
export const TAG = "slipstream";

/** @param page of `docs/`, with an anchor or without, such as `alerts.md#shipped-rules` */
export function runbook(page: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(`Runbook: ${page.replace(/[.]md.*/, "")}`)
    .type(DashboardLinkType.Link)
    .url(pageUrl(page))
    .targetBlank(true);
}

function pageUrl(page: string): string {
  return `${repository()}/blob/main/docs/${page}`;
}

/** From one dashboard to the others, with the time and the variables that they share. */
export function otherDashboards(): DashboardLinkBuilder {
  return new DashboardLinkBuilder("Slipstream")
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .includeVars(true)
    .keepTime(true);
}

/** From a dashboard to the page about all of them. */
export function documentation(): DashboardLinkBuilder {
  return new DashboardLinkBuilder("Documentation")
    .type(DashboardLinkType.Link)
    .icon("doc")
    .url(pageUrl("dashboards.md"))
    .targetBlank(true);
}

/** Leads from a cell with a trace's id to the trace. */
export function traceLink(): { readonly title: string; readonly url: string } {
  const { type, uid } = reference("traces");
  const panes = {
    trace: {
      datasource: uid,
      queries: [
        { refId: "A", datasource: { type, uid }, queryType: "traceql", query: placeholder("__value.raw") },
      ],
      range: { from: placeholder("__from"), to: placeholder("__to") },
    },
  };
  // Variables are filled in by Grafana, so they stay as they are.
  const written = encodeURIComponent(JSON.stringify(panes)).replaceAll(/%24%7B(.*?)%7D/g, (_, name: string) =>
    placeholder(name),
  );
  return { title: "Show the trace", url: `/explore?schemaVersion=1&panes=${written}` };
}

function repository(): string {
  if (typeof manifest !== "object" || manifest === null || !("repository" in manifest))
    throw new Error("package.json names no repository.");
  return String(manifest.repository);
}
