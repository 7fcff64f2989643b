import { z } from "zod";

/** The objects that have a name of their own in the OpenAPI document. */
export const namedSchemas: z.core.$ZodRegistry<{ id: string }> = z.registry<{ id: string }>();

/** Gives a schema its name. */
export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  namedSchemas.add(schema, { id });
  return schema;
}

/** null: not known. */
export const maybe = <Schema extends z.ZodType>(schema: Schema, about: string): z.ZodNullable<Schema> =>
  schema.nullable().describe(about);

export const number = (about: string): z.ZodNumber => z.number().describe(about);
export const text = (about: string): z.ZodString => z.string().describe(about);
export const texts = (about: string): z.ZodArray<z.ZodString> => z.array(z.string()).describe(about);
