import { type Position, parsePosition } from "../log/position.ts";
import { type Form, number } from "../stored-form/form.ts";

/** A position in an INTEGER column, so that SQL can order by it. It is written as the text that `printPosition` gives. */
export const storedPosition: Form<Position> = number.transform((stored) => parsePosition(String(stored)));
