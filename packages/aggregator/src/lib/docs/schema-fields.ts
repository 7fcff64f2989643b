import type { Schema } from "../openapi/document.ts";

/** A field of an object, or of one in it: `series[].points[].value`. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly about: string;
}

/** A link to the object of this name on the page. */
export function link(name: string): string {
  return `[${name}](#${name.toLowerCase()})`;
}

/** Every field of an object, down to those that have a section of their own. */
export function fieldsOf(schema: Schema, prefix = ""): Field[] {
  const seen = new Map<string, Field>();
  for (const field of alternatives(schema).flatMap((one) => inOne(one, prefix))) {
    const same = seen.get(field.name);
    seen.set(field.name, same === undefined ? field : either(same, field));
  }
  return [...seen.values()];
}

function inOne(
  { properties = {}, required = [], items, additionalProperties }: Schema,
  prefix: string,
): Field[] {
  const dot = prefix === "" ? "" : `${prefix}.`;
  return [
    ...Object.entries(properties).flatMap(([key, value]) => {
      const name = `${dot}${key}${required.includes(key) ? "" : "?"}`;
      const schema = asSchema(value);
      return [{ name, type: typeOf(schema), about: schema.description ?? "" }, ...fieldsOf(schema, name)];
    }),
    ...(items === undefined ? [] : fieldsOf(asSchema(items), `${prefix}[]`)),
    ...(isObject(additionalProperties) ? fieldsOf(additionalProperties, `${dot}*`) : []),
  ];
}

function either(a: Field, b: Field): Field {
  if (a.type === b.type) return a;
  return {
    name: a.name,
    type: `${a.type} or ${b.type}`,
    about: [a.about, b.about].filter((about) => about !== "").join(" "),
  };
}

function alternatives(schema: Schema): readonly Schema[] {
  return (schema.anyOf ?? [schema]).map(asSchema);
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return link(schema.$ref.replace(/^.*\//, ""));
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => typeOf(asSchema(one))).join(" or ");
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.type === "array") return `list of ${typeOf(asSchema(schema.items))}`;
  if (isObject(schema.additionalProperties)) return `object of ${typeOf(schema.additionalProperties)}`;
  return [schema.type ?? "any"].flat().join(" or ");
}

function asSchema(value: unknown): Schema {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
