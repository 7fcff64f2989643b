import type { ChannelField } from "./channel-fields.ts";
import type { ChannelType } from "./channel-types.ts";

/** What all channels may say. */
export const commonFields = {
  minSeverity: {
    type: "choice",
    choices: ["info", "warning", "critical"],
    default: "info",
    help: "least severe alerts that it gets",
  },
  match: {
    type: "text",
    allowed: 'matchers of labels, such as pair=SOL/USDC, service=~"desk-.*"',
    help: "labels that an alert must have; all must match",
  },
} as const;

/** All settings of a type by name. */
export function fieldsOf({ fields }: ChannelType): ReadonlyMap<string, ChannelField> {
  return new Map<string, ChannelField>(Object.entries({ ...commonFields, ...fields }));
}
