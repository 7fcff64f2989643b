import type { TextLine, Transition } from "@slipstream/alerts";
import { cleanLine } from "./clean.ts";

/** A notification as lines of plain text, not yet escaped. */
export interface Layout {
  /** "[CRITICAL] High Node Latency Detected" */
  readonly heading: string;
  /** Without what stands in brackets. */
  readonly title: string;
  /** Identity of the alert, by which it is acknowledged. */
  readonly alert: string;
  /** What it says, in the order of importance: what happened, what to do, what it rests on. */
  readonly lines: readonly string[];
  readonly links: readonly Link[];
}

export interface Link {
  readonly name: string;
  readonly url: string;
}

/** The lines of a notification. Nothing in a value can make a line of its own. */
export function layoutOf(transition: Transition, isTest: boolean): Layout {
  const { text } = transition;
  const title = cleanLine(text.title) || cleanLine(transition.rule);
  return {
    heading: `${isTest ? "[TEST] " : ""}[${marker(transition)}] ${title}`,
    title,
    alert: cleanLine(transition.alert),
    lines: [...text.lines.map(lineText), ...notesOf(transition), ...text.evidence.map(lineText)],
    links: text.links.flatMap(({ name, url }) =>
      /^https?:/.test(url) && URL.canParse(url) ? [{ name: cleanLine(name), url: new URL(url).href }] : [],
    ),
  };
}

/** A notification as plain text: the form in which people read it on a terminal and in a file. */
export function plainText({ heading, lines, links }: Layout): string {
  return [heading, ...lines, ...links.map(({ name, url }) => `${name}: ${url}`)].join("\n");
}

function lineText({ label, text }: TextLine): string {
  return label === null ? cleanLine(text) : `${cleanLine(label)}: ${cleanLine(text)}`;
}

function marker({ kind, severity }: Transition): string {
  return (kind === "resolved" || kind === "acknowledged" ? kind : severity).toUpperCase();
}

/** What the transition itself says beside its text. */
function notesOf({
  kind,
  occurrence,
  acknowledgement,
  silenceEnded,
  lateMs,
  desk,
  deskIsService,
}: Transition): readonly string[] {
  const notes: string[] = [];
  if (kind === "escalated") notes.push(`Escalated: after ${occurrence} occurrences`);
  else if (kind === "firing" && occurrence > 1) notes.push(`Occurrence: ${occurrence}`);
  if (acknowledgement !== undefined)
    notes.push(`Acknowledged by: ${withComment(acknowledgement.by, acknowledgement.comment)}`);
  if (silenceEnded !== undefined)
    notes.push(`Silence ended: ${withComment(silenceEnded.id, silenceEnded.comment)}`);
  if (lateMs !== undefined) notes.push(`Late: by ${spanText(lateMs)}, after a backlog`);
  if (desk !== undefined) notes.push(`${deskIsService ? "Service" : "Desk"}: ${cleanLine(desk)}`);
  return notes;
}

function withComment(text: string, comment: string): string {
  return `${cleanLine(text)}${comment === "" ? "" : ` (${cleanLine(comment)})`}`;
}

/** About how long, in one or two units: "45 s", "12 min", "2 h 5 min", "3 d 4 h". */
export function spanText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const [large, small, first, second] =
    minutes < 1_440
      ? [Math.floor(minutes / 60), minutes % 60, "h", "min"]
      : [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60), "d", "h"];
  return small === 0 ? `${large} ${first}` : `${large} ${first} ${small} ${second}`;
}
