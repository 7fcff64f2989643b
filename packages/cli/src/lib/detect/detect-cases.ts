import { basename, extname } from "node:path";
import { hasCode, SlipstreamError } from "@slipstream/conventions";
import {
  type Detection,
  defaultWindow,
  detectSandwiches,
  type InputCase,
  measuredSlotMs,
  type SearchWindow,
  windowSlots,
} from "@slipstream/mev";
import { readInput } from "@slipstream/mev/cases";
import { slotInName } from "../ingest/read-block-file.ts";
import { standardInput } from "./read-text.ts";

/** A case and what was found in it. */
export interface DetectedCase {
  readonly input: InputCase;
  readonly detection: Detection;
  /** How far apart the legs may be: `slots` follows from the times. */
  readonly window: SearchWindow & { readonly slots: number };
}

export interface DetectSettings {
  readonly windowMs?: number;
  /** Default: as measured in the input, or 400. */
  readonly slotMs?: number;
  /** Called before each case with the number of those done, and once at the end. */
  readonly progress?: (done: number, all: number) => void;
}

/**
 * Searches what a file holds.
 * @throws SlipstreamError (`failed`) with the file and the place if the text is not valid input.
 */
export function detectCases(text: string, file: string, settings: DetectSettings = {}): DetectedCase[] {
  const cases = parse(text, file);
  const { windowMs = defaultWindow.windowMs, progress } = settings;
  const detected = cases.map((input, index): DetectedCase => {
    progress?.(index, cases.length);
    const { swaps, attempts, transfers } = input;
    const slotMs = settings.slotMs ?? measuredSlotMs(swaps) ?? defaultWindow.slotMs;
    const maxSlotDistance = windowSlots({ windowMs, slotMs });
    const window = { windowMs, slotMs: Math.round(slotMs), slots: maxSlotDistance };
    return { input, window, detection: detectSandwiches(swaps, { maxSlotDistance, attempts, transfers }) };
  });
  progress?.(cases.length, cases.length);
  return detected;
}

function parse(text: string, file: string): InputCase[] {
  const isStandard = file === standardInput;
  const name = isStandard ? "stdin" : basename(file, extname(file));
  try {
    return readInput(text, name, isStandard ? null : slotInName(file));
  } catch (error) {
    if (!hasCode(error, "bad_input")) throw error;
    throw new SlipstreamError("failed", `${isStandard ? "stdin" : file}: ${error.message}`);
  }
}
