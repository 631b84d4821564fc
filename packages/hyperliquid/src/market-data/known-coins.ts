import type { Coin } from "@cloister/model";
import { assetsOf } from "../assets.ts";
import { loadListings } from "../adapter/load-listings.ts";
import type { Patience } from "../adapter/patient-ask.ts";

/** The coins that the venue lists, each as the wire spells it, and those it does not. */
export type KnownCoins = {
  readonly known: ReadonlyMap<string, Coin>;
  readonly unknown: readonly string[];
};

/**
 * Looks every coin up before anything is subscribed: one unknown coin makes the venue drop the
 * socket, and with it every other stream (protocol §2.3).
 * @throws venueFailed
 */
export async function knownCoins(
  coins: readonly string[],
  patience: Patience,
): Promise<KnownCoins> {
  const asked = [...new Set(coins.map(dexOf))];
  const listed = await loadListings(
    (listing) => asked.filter((dex) => listing.includes(dex)),
    patience,
  );
  const assets = assetsOf(listed);
  const known = new Map<string, Coin>();
  for (const coin of coins) {
    const market = assets.market(coin);
    if (market !== undefined) known.set(coin, market.coin);
  }
  return { known, unknown: coins.filter((coin) => !known.has(coin)) };
}

function dexOf(coin: string): string {
  const colon = coin.indexOf(":");
  return colon < 0 ? "" : coin.slice(0, colon);
}
