import { VERSION } from "@slipstream/conventions";
import { z } from "zod";
import { openApiDocument } from "../openapi/document.ts";
import { type ContentAnswer, json } from "../server/answer.ts";
import { inBytes } from "../server/respond.ts";
import { type Route, route } from "../server/route.ts";

/** `GET /api/openapi.json`. @param routes Those to describe, itself among them. */
export function openApiRoute(routes: () => readonly Route<never>[]): Route<unknown> {
  let answer: ContentAnswer | undefined;
  return route({
    method: "GET",
    path: "/api/openapi.json",
    about: "This interface as an OpenAPI 3.1 document: every route, parameter and field.",
    answers: { schema: z.record(z.string(), z.unknown()) },
    handler: () => {
      // The same for all who ask, so it is made once.
      answer ??= inBytes(json(openApiDocument(routes(), VERSION)));
      return answer;
    },
  });
}
