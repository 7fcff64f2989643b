import { readFileSync, writeFileSync } from "node:fs";
import { routes } from "./lib/api/routes.ts";
import { alertsPage, withChannels } from "./lib/docs/channels-part.ts";
import { httpPage, httpPageText } from "./lib/docs/http-page.ts";

/** Writes the generated parts of `docs/http.md` and `docs/alerts.md`: `npm run docs`. */
writeFileSync(httpPage, httpPageText(readFileSync(httpPage, "utf8"), routes));
writeFileSync(alertsPage, withChannels(readFileSync(alertsPage, "utf8")));
