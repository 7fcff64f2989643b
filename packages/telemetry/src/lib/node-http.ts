/**
 * Node's HTTP. `import ... from "node:http"` reads all that the module exports. That loads the client behind `fetch` and
 * `WebSocket`: 13 MiB in each thread.
 */
export const http: typeof import("node:http") = process.getBuiltinModule?.("node:http");
