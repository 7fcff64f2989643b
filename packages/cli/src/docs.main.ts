import { writeFileSync } from "node:fs";
import { configTypes, configTypesText } from "./lib/config/docs/config-types.ts";
import { configurationPage, configurationText } from "./lib/config/docs/configuration-page.ts";

/** Writes what is made from the options: `npm run docs`. */
writeFileSync(configurationPage, configurationText());
writeFileSync(configTypes, configTypesText());
