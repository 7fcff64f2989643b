import { readFileSync, writeFileSync } from "node:fs";
import { mevPage, withPrograms } from "./lib/docs/programs-page.ts";
import { swapDecoders } from "./lib/programs/decoders.ts";

/** Writes the generated part of `docs/mev.md`: `npm run docs`. */
writeFileSync(mevPage, withPrograms(readFileSync(mevPage, "utf8"), swapDecoders));
