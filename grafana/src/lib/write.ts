import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboards } from "./dashboards.ts";

/** A generated file. */
export interface GeneratedFile {
  /** Path in this repository. */
  readonly path: string;
  readonly file: URL;
  readonly text: string;
}

const repository = new URL("../../../", import.meta.url);

/** The dashboards as files, in the form in which Grafana exports them. */
export function files(): readonly GeneratedFile[] {
  return dashboards().map((dashboard) => {
    const path = `grafana/dashboards/${fileName(dashboard)}.json`;
    return { path, file: new URL(path, repository), text: `${JSON.stringify(dashboard, null, 2)}\n` };
  });
}

function fileName({ uid }: Dashboard): string {
  if (uid === undefined) throw new Error("A dashboard has no uid.");
  return uid;
}
