import { writeFileSync } from "node:fs";
import { configurationPage, configurationText } from "./lib/config/docs/configuration-page.ts";

/** Writes the generated page of `docs/`: `npm run docs`. */
writeFileSync(configurationPage, configurationText());
