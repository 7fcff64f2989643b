import { z } from "zod";
import { portOf, type Setting } from "../../parts/part.ts";

const answerSchema = z.object({
  error: z.string().optional(),
  columns: z.array(z.object({ name: z.string() })).optional(),
  dataset: z.array(z.array(z.unknown())).optional(),
});

/** The rows that QuestDB answers, each with a value for each column. @throws Error with QuestDB's own if it refuses the query */
export async function rowsOf(setting: Setting, query: string): Promise<readonly (readonly unknown[])[]> {
  const url = `http://127.0.0.1:${portOf(setting, "questdb")}/exec?${new URLSearchParams({ query })}`;
  const { error, columns = [], dataset = [] } = answerSchema.parse(await (await fetch(url)).json());
  if (error !== undefined) throw new Error(`${query}: ${error}`);
  if (dataset.some((row) => row.length !== columns.length))
    throw new Error(`${query}: rows of another length`);
  return dataset;
}
