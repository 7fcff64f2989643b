import { z } from "zod";
import { type Position, parsePosition } from "../log/position.ts";

/** A position in an INTEGER column, so that SQL can order by it. It is written as the text that `printPosition` gives. */
export const storedPosition: z.ZodType<Position, number> = z
  .number()
  .transform((number) => parsePosition(String(number)));
