/**
 * Settles as `promise` does, or rejects after `timeoutMs`. What `promise` does later is ignored, a rejection too.
 * @throws Error that says how long was waited.
 */
export function withTimeout<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs} ms.`)), timeoutMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
