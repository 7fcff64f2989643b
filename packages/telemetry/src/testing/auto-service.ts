import { type Child, startChild } from "./child.ts";

export const AUTO: readonly string[] = ["--import", "@slipstream/telemetry/auto"];

/** Starts a service of the folder `auto`, in which nothing knows of Slipstream. */
export function startService(
  file: string,
  env: Readonly<Record<string, string>>,
  { flags = AUTO, args = [] }: { readonly flags?: readonly string[]; readonly args?: readonly string[] } = {},
): Child {
  return startChild(args, `auto/${file}`, flags, { OTEL_SERVICE_NAME: "desk", ...env });
}
