import { pointsRoute, tracesRoute } from "../intake/routes.ts";
import type { Route } from "../server/route.ts";
import { adviceRoute } from "./advice.ts";
import { acknowledgeRoute, alertsRoute, closeRoute } from "./alerts.ts";
import { canariesRoute } from "./canaries.ts";
import type { ApiContext } from "./context.ts";
import { currentRoute } from "./current.ts";
import { desksRoute } from "./desks.ts";
import { explainRoute } from "./explain.ts";
import { healthRoute, readinessRoute } from "./health.ts";
import { historyRoute } from "./history.ts";
import { metricsRoute } from "./metrics.ts";
import { mevRoute } from "./mev.ts";
import { openApiRoute } from "./openapi.ts";
import { expireRoute, silenceRoute, silencesRoute } from "./silences.ts";

/** Everything that the aggregator answers over HTTP. */
export const routes: readonly Route<ApiContext>[] = [
  tracesRoute,
  pointsRoute,
  metricsRoute,
  currentRoute,
  desksRoute,
  canariesRoute,
  alertsRoute,
  acknowledgeRoute,
  closeRoute,
  silencesRoute,
  silenceRoute,
  expireRoute,
  historyRoute,
  mevRoute,
  explainRoute,
  adviceRoute,
  healthRoute,
  readinessRoute,
  openApiRoute(() => routes),
];
