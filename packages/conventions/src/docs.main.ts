import { writeFileSync } from "node:fs";
import { pages } from "./lib/docs/pages.ts";

/** Writes the generated pages of `docs/`: `npm run docs`. */
for (const { file, text } of pages()) writeFileSync(file, text);
