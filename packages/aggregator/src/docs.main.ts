import { readFileSync, writeFileSync } from "node:fs";
import { routes } from "./lib/api/routes.ts";
import { httpPage, withRoutes } from "./lib/docs/http-page.ts";

/** Writes the generated part of `docs/http.md`: `npm run docs`. */
writeFileSync(httpPage, withRoutes(readFileSync(httpPage, "utf8"), routes));
