import { attributesPage } from "./attributes-page.ts";
import { errorsPage } from "./errors-page.ts";
import { historyPage } from "./history-page.ts";
import { metricsPage } from "./metrics-page.ts";
import { variablesPage } from "./variables-page.ts";

export interface Page {
  /** Path in this repository. */
  readonly path: string;
  readonly file: URL;
  readonly text: string;
}

const repository = new URL("../../../../../", import.meta.url);

/** The pages of `docs/` that are generated from the tables. */
export function pages(): readonly Page[] {
  return [
    page("docs/metrics.md", metricsPage()),
    page("docs/attributes.md", attributesPage()),
    page("docs/history.md", historyPage()),
    page("docs/errors.md", errorsPage()),
    page("docs/variables.md", variablesPage()),
  ];
}

function page(path: string, text: string): Page {
  return { path, file: new URL(path, repository), text };
}
