export type Method<T> = (this: T, ...args: unknown[]) => unknown;

/** Puts a method in the place of one of an object's, which may be inherited. Returns a function that takes it away again. */
export function replaceMethod<T extends object>(
  object: T,
  name: string | symbol,
  replaced: (original: Method<T>) => Method<T>,
): () => void {
  const methods = object as Record<string | symbol, unknown>;
  const original = methods[name];
  if (typeof original !== "function") return () => {};
  const own = Object.getOwnPropertyDescriptor(object, name);
  const value = replaced(original as Method<T>);
  Object.defineProperty(value, "name", { value: original.name, configurable: true });
  Object.defineProperty(value, "length", { value: original.length, configurable: true });
  const { enumerable = false } = own ?? {};
  Object.defineProperty(object, name, { value, configurable: true, writable: true, enumerable });
  return () => {
    if (methods[name] !== value) return;
    if (own === undefined) delete methods[name];
    else Object.defineProperty(object, name, own);
  };
}
