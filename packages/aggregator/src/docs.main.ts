import { readFileSync, writeFileSync } from "node:fs";
import { routes } from "./lib/api/routes.ts";
import { httpPage, httpPageText } from "./lib/docs/http-page.ts";

/** Writes the generated part of `docs/http.md`: `npm run docs`. */
writeFileSync(httpPage, httpPageText(readFileSync(httpPage, "utf8"), routes));
