type Arguments = Parameters<typeof globalThis.fetch>;

/**
 * The arguments of `fetch` with headers added, unless the service gives them itself. Those of a `Request`, or of options that are no plain
 * object, stay as they are: they could not be copied exactly. The service's own objects are not changed.
 */
export function withHeaders(args: Arguments, added: Readonly<Record<string, string>>): Arguments {
  const [input, init] = args;
  if (typeof input !== "string" && !(input instanceof URL)) return args;
  if (init === undefined || init === null) return [input, { headers: { ...added } }];
  if (!isPlain(init)) return args;
  const headers = merged(init.headers, added);
  return headers === undefined ? args : [input, { ...init, headers }];
}

function merged(
  given: unknown,
  added: Readonly<Record<string, string>>,
): NonNullable<RequestInit["headers"]> | undefined {
  if (given === undefined) return { ...added };
  if (given instanceof Headers) {
    const headers = new Headers(given);
    for (const [name, value] of Object.entries(added)) if (!headers.has(name)) headers.set(name, value);
    return headers;
  }
  if (Array.isArray(given)) {
    const pairs: [string, string][] = [...given];
    const names = new Set(pairs.map(([name]) => String(name).toLowerCase()));
    return [...pairs, ...Object.entries(added).filter(([name]) => !names.has(name))];
  }
  if (!isPlain(given)) return undefined;
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const rest = Object.entries(added).filter(([name]) => !names.has(name));
  return { ...(given as Record<string, string>), ...Object.fromEntries(rest) };
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
