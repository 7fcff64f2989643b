import { basename, extname } from "node:path";
import { hasCode, SlipstreamError } from "@slipstream/conventions";
import { type Detection, detectSandwiches, type InputCase, readInput } from "@slipstream/mev";
import { slotInName } from "../ingest/read-block-file.ts";
import { standardInput } from "./read-text.ts";

/** A case and what was found in it. */
export interface DetectedCase {
  readonly input: InputCase;
  readonly detection: Detection;
}

export interface DetectSettings {
  readonly maxSlotDistance?: number;
  /** Called before each case with the number of those done, and once at the end. */
  readonly progress?: (done: number, all: number) => void;
}

/**
 * Searches what a file holds.
 * @throws SlipstreamError (`failed`) with the file and the place if the text is not valid input.
 */
export function detectCases(text: string, file: string, settings: DetectSettings = {}): DetectedCase[] {
  const cases = parse(text, file);
  const { maxSlotDistance, progress } = settings;
  const options = maxSlotDistance === undefined ? {} : { maxSlotDistance };
  const detected = cases.map((input, index): DetectedCase => {
    progress?.(index, cases.length);
    const { swaps, attempts, transfers } = input;
    return { input, detection: detectSandwiches(swaps, { ...options, attempts, transfers }) };
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
