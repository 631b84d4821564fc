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

const FLAT = { position: "0", min: "0", max: "0" };

/** Coins whose told bounds do not hold the position and all that the venue's books could still fill (design rule 4). */
export function boundsTooNarrow(
  books: VenueBooks,
  exposure: readonly ExposureView[],
): readonly string[] {
  const told = new Map<string, { position: string; min: string; max: string }>();
  for (const view of exposure) told.set(view.coin, view);
  const coins = new Set([...books.positions.keys(), ...books.working.keys()]);
  return [...coins].flatMap((coin) => {
    const said = told.get(coin) ?? FLAT;
    // A spot pair moves balances, and no position: what may be added to them is judged.
    const position = isSpot(coin)
      ? parseDecimal(said.position)
      : (books.positions.get(coin) ?? ZERO);
    const { buy, sell } = books.working.get(coin) ?? { buy: ZERO, sell: ZERO };
    const [min, max] = [subtract(position, sell), add(position, buy)];
    const holds =
      compare(parseDecimal(said.max), max) >= 0 && compare(parseDecimal(said.min), min) <= 0;
    const truth = `[${formatDecimal(min)}, ${formatDecimal(max)}]`;
    return holds ? [] : [`${coin}: [${said.min}, ${said.max}] against ${truth}`];
  });
}

/** Spot coins are spelled "@107" or "PURR/USDC" (protocol §11.3). */
function isSpot(coin: string): boolean {
  return coin.startsWith("@") || coin.includes("/");
}
