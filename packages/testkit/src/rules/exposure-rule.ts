import {
  add,
  compare,
  type ExposureView,
  formatDecimal,
  parseDecimal,
  subtract,
  ZERO,
} from "@cloister/model";
import type { VenueBooks } from "./venue-books.ts";

const FLAT = { min: "0", max: "0" };

/** Coins whose told bounds do not hold the position and all that the venue's books could still fill (design rule 4). */
export function boundsTooNarrow(
  books: VenueBooks,
  exposure: readonly ExposureView[],
): readonly string[] {
  const told = new Map<string, { min: string; max: string }>();
  for (const view of exposure) told.set(view.coin, view);
  const coins = new Set([...books.positions.keys(), ...books.working.keys()]);
  return [...coins].flatMap((coin) => {
    const position = books.positions.get(coin) ?? ZERO;
    const { buy, sell } = books.working.get(coin) ?? { buy: ZERO, sell: ZERO };
    const [min, max] = [subtract(position, sell), add(position, buy)];
    const said = told.get(coin) ?? FLAT;
    const holds =
      compare(parseDecimal(said.max), max) >= 0 && compare(parseDecimal(said.min), min) <= 0;
    const truth = `[${formatDecimal(min)}, ${formatDecimal(max)}]`;
    return holds ? [] : [`${coin}: [${said.min}, ${said.max}] against ${truth}`];
  });
}
