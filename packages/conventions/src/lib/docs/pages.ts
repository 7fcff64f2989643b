import { attributesPage } from "./attributes-page.ts";
import { metricsPage } from "./metrics-page.ts";

export interface Page {
  /** Where it stands in this repository. */
  readonly file: URL;
  readonly text: string;
}

/** The pages of `docs/` that are made from the tables. */
export function pages(): readonly Page[] {
  const docs = new URL("../../../../../docs/", import.meta.url);
  return [
    { file: new URL("metrics.md", docs), text: metricsPage() },
    { file: new URL("attributes.md", docs), text: attributesPage() },
  ];
}
