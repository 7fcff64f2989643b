import { parseMatchers } from "@slipstream/alerts/matchers";
import {
  allowedText,
  type Problem,
  unknownKeyProblem,
  valueProblem,
  withoutSecrets,
} from "@slipstream/config";
import type { ChannelField } from "./channel-fields.ts";
import { type ChannelsSettings, type ChannelType, channelTypes } from "./channel-types.ts";
import { fieldsOf } from "./common-fields.ts";

const MOST_CHANNELS = 50;
const NAME = /^[a-z][a-z0-9_-]{0,62}$/i;
const types = new Map<string, ChannelType>(Object.entries(channelTypes));
const typeField: ChannelField = { type: "choice", choices: [...types.keys()], help: "type" };

/** Everything that is wrong with the channels of a configuration. */
export function channelsProblems(value: unknown): readonly Problem[] {
  if (!isObject(value)) return [{ place: "", text: "is no object of channels by name" }];
  const channels = Object.entries(value);
  if (channels.length > MOST_CHANNELS)
    return [{ place: "", text: `has ${channels.length} channels; allowed: at most ${MOST_CHANNELS}` }];
  const paths = new Map<unknown, string>();
  return channels.flatMap(([name, settings]): readonly Problem[] => {
    if (isObject(settings) && settings.type === "file" && typeof settings.path === "string") {
      const other = paths.get(settings.path);
      // Each would put the file aside under the other.
      if (other !== undefined) return [{ place: `${name}.path`, text: `is also that of ${other}` }];
      paths.set(settings.path, name);
    }
    if (!NAME.test(name))
      return [
        { place: JSON.stringify(name), text: "is no name of a channel; allowed: letters, digits, _ and -" },
      ];
    return channelProblems(settings).map(({ place, text }) => ({
      place: place === "" ? name : `${name}.${place}`,
      text,
    }));
  });
}

/** The channels without their secrets. */
export function printedChannels(channels: ChannelsSettings): unknown {
  return Object.fromEntries(
    Object.entries(channels).map(([name, settings]) => {
      const fields = fieldsOf(channelTypes[settings.type]);
      const printed = Object.entries(settings).map(([key, value]) => {
        const field = fields.get(key);
        return [key, field === undefined ? value : withoutSecrets(field, value)];
      });
      return [name, Object.fromEntries(printed)];
    }),
  );
}

function channelProblems(settings: unknown): readonly Problem[] {
  if (!isObject(settings))
    return [{ place: "", text: 'is no object of settings, such as { type: "console" }' }];
  const { type, ...given } = settings;
  const typeText = valueProblem(typeField, type);
  const channelType = types.get(String(type));
  if (channelType === undefined || typeText !== undefined) {
    return [{ place: "type", text: type === undefined ? missing(typeField) : (typeText ?? "") }];
  }
  const fields = fieldsOf(channelType);
  const known = [...fields].flatMap(([name, field]) => formsOf(name, field));
  const isGiven = (key: string): boolean => given[key] !== undefined;
  const problems = Object.entries(given).flatMap(([key, value]): readonly Problem[] => {
    if (!known.includes(key)) return [{ place: key, text: unknownKeyProblem(key, known) }];
    const text = value === undefined ? undefined : settingProblem(key, fields.get(key), value);
    return text === undefined ? [] : [{ place: key, text }];
  });
  for (const [name, field] of fields) {
    const forms = formsOf(name, field).filter(isGiven);
    if (forms.length > 1) problems.push({ place: "", text: `has ${forms.join(" and ")}; give one of them` });
    const isEmpty = forms.length === 0 || isEmptyList(given[name]);
    if (isEmpty && field.required) problems.push({ place: name, text: missing(field, name) });
  }
  const together = channelType.problem?.((name) => formsOf(name, fields.get(name)).some(isGiven));
  if (together !== undefined) problems.push({ place: "", text: together });
  return problems;
}

function settingProblem(key: string, field: ChannelField | undefined, value: unknown): string | undefined {
  if (field !== undefined)
    return valueProblem(field, value) ?? (key === "match" ? matchProblem(value) : undefined);
  if (typeof value === "string" && value !== "") return undefined;
  return `is not allowed; allowed: ${key.endsWith("Env") ? "the name of a variable" : "the path of a file"} that holds it`;
}

function matchProblem(value: unknown): string | undefined {
  const read = parseMatchers(String(value));
  return "problem" in read ? `is wrong at column ${read.column}: ${read.problem}` : undefined;
}

function missing(field: ChannelField, name: string = ""): string {
  const others = field.secret === undefined ? "" : ` (or ${name}File, ${name}Env)`;
  return `is missing${others}; allowed: ${allowedText(field)}`;
}

/** The keys under which a setting can be given. */
function formsOf(name: string, field: ChannelField | undefined): readonly string[] {
  return field?.secret === undefined ? [name] : [name, `${name}File`, `${name}Env`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
