import { withGeneratedPart } from "@slipstream/testing/generated-part";
import { openApiDocument, type Schema } from "../openapi/document.ts";
import { namedSchemas } from "../openapi/named.ts";
import { misdirectedKinds, misdirectedNames } from "../server/misdirected/kinds.ts";
import type { Parameters } from "../server/parameters.ts";
import type { Route } from "../server/route.ts";
import { fieldsOf, link } from "./schema-fields.ts";

/** The page of `docs/` that describes the HTTP interface. */
export const httpPage: URL = new URL("../../../../../docs/http.md", import.meta.url);

const PATH = "docs/http.md";

/** The page with its generated sections written again. @throws Error if their markers are missing */
export function httpPageText(page: string, routes: readonly Route<never>[]): string {
  return withGeneratedPart(withRoutes(page, routes), PATH, "kinds", kindsTable());
}

/** The page with its section of routes written again. @throws Error if its markers are missing */
export function withRoutes(page: string, routes: readonly Route<never>[]): string {
  const { schemas } = openApiDocument(routes, "").components;
  const sections = [...routes.map(section), OBJECTS, ...Object.entries(schemas).map(objectSection)];
  return withGeneratedPart(page, PATH, "routes", sections.join("\n").trimEnd());
}

function kindsTable(): string {
  const rows = misdirectedNames.map((kind) => {
    const { what, remedy, taken } = misdirectedKinds[kind];
    return `| \`${kind}\`${taken ? " (taken)" : ""} | ${cell(what)} | ${cell(remedy)} |`;
  });
  return ["| kind | a client ... | remedy |", "| --- | --- | --- |", ...rows].join("\n");
}

const OBJECTS = `## Objects
What the answers consist of. A field with \`?\` may be absent, \`[]\` is each item of a list, and \`*\` each name.
`;

function section(route: Route<never>): string {
  const { method, path, about, answers, public: open, parameters, query, body } = route;
  const name = answers === undefined ? undefined : namedSchemas.get(answers.schema)?.id;
  const taken = body === undefined ? undefined : namedSchemas.get(body)?.id;
  return [
    `### ${method} ${path}`,
    about,
    ...(taken === undefined ? [] : [`Takes ${link(taken)} as JSON.`]),
    ...(name === undefined ? [] : [`Answers ${link(name)}.`]),
    ...(open ? ["No token is needed."] : []),
    ...table("In the path", parameters),
    ...table("Parameter", query),
    "",
  ].join("\n");
}

function table(heading: string, parameters: Parameters): readonly string[] {
  const rows = Object.entries(parameters).map(
    ([name, { allowed, about, schema }]) =>
      `| \`${name}\`${schema.safeParse(undefined).success ? "" : " (required)"} | ${cell(allowed)} | ${cell(about)} |`,
  );
  return rows.length === 0 ? [] : ["", `| ${heading} | allowed | meaning |`, "| --- | --- | --- |", ...rows];
}

function objectSection([name, schema]: [string, Schema]): string {
  const rows = fieldsOf(schema).map(
    ({ name: field, type, about }) => `| \`${field}\` | ${cell(type)} | ${cell(about)} |`,
  );
  return [`### ${name}`, "| field | type | meaning |", "| --- | --- | --- |", ...rows, ""].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
