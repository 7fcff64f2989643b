import type { AutoParts } from "../auto-parts.ts";
export function installLogs(_parts: AutoParts): void {}
