import { z } from "zod";
import type { Parameters } from "../server/parameters.ts";
import type { Route } from "../server/route.ts";
import { errorSchema, statusSchema } from "./error-schema.ts";
import { namedSchemas } from "./named.ts";

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 takes it. */
export type Schema = z.core.JSONSchema.BaseSchema;

/** An OpenAPI 3.1 document, as far as it is used here. */
export interface OpenApiDocument {
  readonly openapi: "3.1.0";
  readonly info: { readonly title: string; readonly version: string };
  readonly security: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: object;
  };
}

export interface Operation {
  readonly description: string;
  readonly security?: readonly object[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: "path" | "query";
    readonly required: boolean;
    readonly description: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Content }>>;
}

/** By media type. */
type Content = Readonly<Record<string, { readonly schema: Schema }>>;

const JSON_TYPE = "application/json";

/** Describes routes. @param version Slipstream's */
export function openApiDocument(routes: readonly Route<never>[], version: string): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:([^/]+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Slipstream aggregator", version },
    security: [{ token: [] }],
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
  };
}

function operationOf(route: Route<never>): Operation {
  const { about, public: open, parameters, query, body, answers, refuse } = route;
  const { schema = z.unknown(), media = [JSON_TYPE], statuses = [200], takes } = answers ?? {};
  const content = contentOf(media, schema);
  const error = contentOf([JSON_TYPE], refuse === undefined ? errorSchema : statusSchema);
  return {
    description: about,
    ...(open ? { security: [] } : {}),
    parameters: [...parametersOf("path", parameters), ...parametersOf("query", query)],
    ...(takes === undefined
      ? {}
      : { requestBody: { required: true, content: contentOf(takes, z.unknown()) } }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: contentOf([JSON_TYPE], body) } }),
    responses: {
      ...Object.fromEntries(statuses.map((status) => [status, { description: "The answer.", content }])),
      default: { description: "An error.", content: error },
    },
  };
}

function parametersOf(place: "path" | "query", parameters: Parameters): Operation["parameters"] {
  return Object.entries(parameters).map(([name, { schema, about, allowed }]) => ({
    name,
    in: place,
    required: !schema.safeParse(undefined).success,
    description: `${about} Allowed: ${allowed}.`,
    schema: schemaOf(schema, "input"),
  }));
}

function contentOf(media: readonly string[], schema: z.ZodType): Content {
  return Object.fromEntries(media.map((type) => [type, { schema: schemaOf(schema, "output") }]));
}

const uri = (id: string): string => `#/components/schemas/${id}`;

/** A reference, if it has a name. */
function schemaOf(schema: z.ZodType, io: "input" | "output"): Schema {
  const id = namedSchemas.get(schema)?.id;
  if (id !== undefined) return { $ref: uri(id) };
  return plain(z.toJSONSchema(schema, { io, unrepresentable: "any" }));
}

function componentSchemas(): Record<string, Schema> {
  const { schemas } = z.toJSONSchema(namedSchemas, { uri });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, plain(schema)]));
}

function plain({ $schema: _, $id: _id, ...schema }: Schema): Schema {
  return schema;
}
