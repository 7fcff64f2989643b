import { z } from "zod";
import { json } from "../../server/answer.ts";
import { HttpError } from "../../server/http-error.ts";
import { type Route, route } from "../../server/route.ts";
import type { ApiContext } from "../context.ts";

/** `GET /api/services/:name` */
export const serviceRoute: Route<Pick<ApiContext, "current">> = route({
  method: "GET",
  path: "/api/services/:name",
  about: "The span counts of one service.",
  parameters: {
    name: { schema: z.string().max(256), allowed: "the name of a service", about: "Its `service.name`." },
  },
  handler: ({ path }, { current }) => {
    const service = new Map(Object.entries(current().services)).get(path.name);
    if (service === undefined) throw new HttpError(404, "not_found", "No span of this service has come.");
    return json(service);
  },
});
