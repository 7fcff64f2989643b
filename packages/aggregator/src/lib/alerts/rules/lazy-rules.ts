import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** What reads rules. It is loaded when it is first asked for: most services have no rules, and options are checked at once. */
export function lazyRules(): Pick<typeof import("@slipstream/alerts"), "readRules" | "problemText"> {
  return require("@slipstream/alerts");
}
