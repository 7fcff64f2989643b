import type { AutoParts } from "../auto-parts.ts";
export function installStores(_parts: AutoParts): void {}
