import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { apiPage } from "./lib/docs/api.ts";
import { readme } from "./lib/docs/pages.ts";
import { root } from "./lib/manifests/workspace.ts";

/** Writes the README's code and `docs/api.md`: `npm run docs`. */
for (const { path, text } of [readme(), await apiPage()]) writeFileSync(join(root, path), text);
