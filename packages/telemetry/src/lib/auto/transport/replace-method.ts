export type Method<T> = (this: T, ...args: unknown[]) => unknown;

/** Puts a method in the place of one of an object's, which may be inherited. Returns a function that takes it away again. */
export function replaceMethod<T extends object>(
  object: T,
  name: string | symbol,
  replaced: (original: Method<T>) => Method<T>,
): () => void {
  const methods = object as Record<string | symbol, unknown>;
  const own = Object.getOwnPropertyDescriptor(object, name);
  let value: Method<T> | undefined;
  shadowMethod(object, name, (original) => {
    value = replaced(original);
    Object.defineProperty(value, "name", { value: original.name, configurable: true });
    Object.defineProperty(value, "length", { value: original.length, configurable: true });
    return value;
  });
  return () => {
    if (value === undefined || methods[name] !== value) return;
    if (own === undefined) delete methods[name];
    else Object.defineProperty(object, name, own);
  };
}

/**
 * The same for one object that lives as long as a request. It stays, and its name and length are its own: to change these takes longer than
 * all else here.
 */
export function shadowMethod<T extends object>(
  object: T,
  name: string | symbol,
  replaced: (original: Method<T>) => Method<T>,
): void {
  const original: unknown = Reflect.get(object, name);
  if (typeof original !== "function") return;
  const { enumerable = false } = Object.getOwnPropertyDescriptor(object, name) ?? {};
  const value = replaced(original as Method<T>);
  Object.defineProperty(object, name, { value, configurable: true, writable: true, enumerable });
}
