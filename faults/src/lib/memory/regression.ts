/** A straight line through points, by least squares. */
export interface Line {
  /** Rise of y for each x. */
  readonly slope: number;
  /** Standard error of the slope. */
  readonly slopeError: number;
}

/** @throws RangeError for less than three points, of which a line's error cannot be told */
export function fitLine(points: readonly { readonly x: number; readonly y: number }[]): Line {
  const n = points.length;
  if (n < 3) throw new RangeError(`${n} points give no line with an error.`);
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / n;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / n;
  const squares = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / squares;
  const residuals = points.reduce((sum, { x, y }) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, slopeError: Math.sqrt(residuals / (n - 2) / squares) };
}
