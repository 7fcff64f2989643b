import { createRequire } from "node:module";

/** node-fetch 2, as CommonJS services load it. */
export const nodeFetch: typeof globalThis.fetch = createRequire(import.meta.url)("node-fetch");
