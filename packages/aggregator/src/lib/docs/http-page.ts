import type { Parameters } from "../server/parameters.ts";
import type { Route } from "../server/route.ts";

/** The page of `docs/` that describes the HTTP interface. */
export const httpPage: URL = new URL("../../../../../docs/http.md", import.meta.url);

const START = "<!-- Made from the routes by `npm run docs`. -->";
const END = "<!-- End of the routes. -->";

/** The page with its section of routes made anew. @throws Error if its markers are missing */
export function withRoutes(page: string, routes: readonly Route<never>[]): string {
  const [before, after] = [page.indexOf(START), page.indexOf(END)];
  if (before === -1 || after < before) throw new Error(`docs/http.md has no ${START} ... ${END}`);
  const sections = routes.map(section).join("\n");
  return `${page.slice(0, before + START.length)}\n${sections}${page.slice(after)}`;
}

function section({ method, path, about, public: open, parameters, query }: Route<never>): string {
  return [
    `### ${method} ${path}`,
    about,
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

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
