// From the positions of the engine, lines and columns from 1 in code points, to those of the editor, offsets in UTF-16 units.

import type { Text } from "@codemirror/state";
import type { Position } from "bailiwick-wasm";

/** The offset of a position. One behind the text is its end. */
export function offset(text: Text, { line, column }: Pick<Position, "line" | "column">): number {
  if (text.lines < line) return text.length;
  const found = text.line(Math.max(1, line));
  return found.from + units(found.text, column - 1);
}

/** How many UTF-16 units the first code points of a line take. */
export function units(line: string, points: number): number {
  let units = 0;
  for (const point of line) {
    if (points-- <= 0) break;
    units += point.length;
  }
  return units;
}
