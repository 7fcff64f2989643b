import { z } from "zod";
import type { Setting } from "../../parts/part.ts";
import { jaegerUrl } from "../../parts/urls.ts";

const traceSchema = z.object({
  traceID: z.string(),
  spans: z.array(
    z.object({
      operationName: z.string(),
      tags: z.array(z.object({ key: z.string(), value: z.unknown() })),
      warnings: z.array(z.string()).nullish(),
    }),
  ),
});

const answerSchema = z.object({ data: z.array(traceSchema).nullable() });

/** A trace as Jaeger shows it. */
export interface Trace {
  readonly traceID: string;
  readonly spans: readonly {
    readonly operationName: string;
    readonly tags: readonly { readonly key: string; readonly value: unknown }[];
    /** What Jaeger finds odd about the span. */
    readonly warnings?: readonly string[] | null | undefined;
  }[];
}

/** The trace with this id; undefined: the store does not have it. */
export async function traceOf(setting: Setting, id: string): Promise<Trace | undefined> {
  return (await asked(`${jaegerUrl(setting)}/api/traces/${id}`))[0];
}

/** Traces by what Jaeger's search takes: service, operation, tags, minDuration. */
export function traces(
  setting: Setting,
  search: Readonly<Record<string, string>>,
): Promise<readonly Trace[]> {
  return asked(`${jaegerUrl(setting)}/api/traces?${new URLSearchParams({ limit: "20", ...search })}`);
}

async function asked(url: string): Promise<readonly Trace[]> {
  const response = await fetch(url);
  if (response.status === 404) return [];
  return answerSchema.parse(await response.json()).data ?? [];
}

/**
 * A selection in TraceQL as searches of Jaeger, one for each alternative: name, shortest duration and tags.
 *
 * @throws Error if it has more than that
 */
export function searches(traceQl: string): readonly Readonly<Record<string, string>>[] {
  const inside = /^\{ (.*) \}$/.exec(traceQl)?.[1];
  if (inside === undefined) throw new Error(`Not a selection: ${traceQl}`);
  let found: Record<string, string>[] = [{}];
  for (const condition of inside.split(" && ")) {
    const name = /^name = "([^"]+)"$/.exec(condition)?.[1];
    const duration = /^duration > (\d+m?s)$/.exec(condition)?.[1];
    const [, key, values] = /^span\.([\w.]+) =~? "([^"]+)"$/.exec(condition) ?? [];
    if (name !== undefined) found = found.map((search) => ({ ...search, operation: name }));
    else if (duration !== undefined) found = found.map((search) => ({ ...search, minDuration: duration }));
    else if (key !== undefined && values !== undefined)
      found = found.flatMap((search) =>
        values.split("|").map((value) => ({ ...search, tags: JSON.stringify({ [key]: value }) })),
      );
    else throw new Error(`What is Jaeger to make of ${condition}?`);
  }
  return found;
}
