/** ES modules that are observed, by package and path, with what they export and we patch. */
export const esmFiles: Readonly<Record<string, readonly string[]>> = {
  "@questdb/nodejs-client/dist/es/index.mjs": ["Sender"],
  "@opentelemetry/api/dist/index.mjs": ["trace"],
};

/** Where the added line reports to. */
export const LOADED: unique symbol = Symbol.for("slipstream.auto.loaded") as never;

/** What a loader answers, with a line more at the end of the source if it is one of these files. */
export function withReport<L extends { readonly source?: unknown }>(url: string, loaded: L): L {
  if (!url.includes("node_modules/") || !url.endsWith(".mjs")) return loaded;
  const path = url.slice(url.lastIndexOf("node_modules/") + "node_modules/".length);
  const names = esmFiles[path];
  const { source } = loaded;
  if (names === undefined || source === null || source === undefined) return loaded;
  const text = typeof source === "string" ? source : Buffer.from(source as Uint8Array).toString();
  const exported = names.map((name) => `${name}: typeof ${name} === "undefined" ? undefined : ${name}`);
  const line = `globalThis[Symbol.for("slipstream.auto.loaded")]?.(import.meta.url, { ${exported} });`;
  return { ...loaded, source: `${text}\n;${line}\n` };
}

/** A loader for Nodes without hooks that run in the service's own thread. */
export function loaderData(): string {
  const here = JSON.stringify(import.meta.url);
  const program = `import { withReport } from ${here};
export async function load(url, context, next) { return withReport(url, await next(url, context)); }`;
  return `data:text/javascript,${encodeURIComponent(program)}`;
}
