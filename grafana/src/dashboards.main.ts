import { writeFileSync } from "node:fs";
import { files } from "./lib/write.ts";

/** Writes `grafana/dashboards/*.json`: `npm run docs`. */
for (const { file, text } of files()) writeFileSync(file, text);
