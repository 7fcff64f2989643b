import { exportSchema } from "../openapi/error-schema.ts";
import { type Route, route } from "../server/route.ts";
import type { Intake } from "./intake.ts";

const formats = ["application/json", "application/x-protobuf"];
const answers = { schema: exportSchema, media: formats, takes: formats };

interface IntakeContext {
  readonly intake: Pick<Intake, "take" | "refuse">;
}

/** `POST /v1/traces` */
export const tracesRoute: Route<IntakeContext> = route({
  method: "POST",
  path: "/v1/traces",
  purpose: "deliver",
  answers,
  about:
    "Takes spans (OTLP `ExportTraceServiceRequest`). Answers 200 once they are on the disk; a span that could not be read is counted in `partialSuccess`.",
  handler: ({ incoming }, { intake }) => intake.take(incoming, "traces"),
  refuse: (error, headers, { intake }) => intake.refuse(error, headers),
});

/** `POST /v1/metrics` */
export const pointsRoute: Route<IntakeContext> = route({
  method: "POST",
  path: "/v1/metrics",
  purpose: "deliver",
  answers,
  about: "Takes metrics (OTLP `ExportMetricsServiceRequest`), as `/v1/traces` takes spans.",
  handler: ({ incoming }, { intake }) => intake.take(incoming, "metrics"),
  refuse: (error, headers, { intake }) => intake.refuse(error, headers),
});
