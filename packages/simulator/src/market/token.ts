import { add, type Decimal, divideCut, multiply, ONE, ZERO } from "@cloister/model";
import { type Ledger, markOf } from "../ledger/ledger.ts";
import type { TokenListing, UniverseListing } from "./universe.ts";

/** The id that `spotMeta` shows: 16 bytes. */
export function tokenIdOf(token: TokenListing): string {
  return `0x${token.index.toString(16).padStart(32, "0")}`;
}

/** The token that an action names: "NAME:0xid", or the name alone where it is not to be mistaken. */
export function tokenNamed(listing: UniverseListing, text: string): TokenListing | undefined {
  const [name, id] = text.split(":");
  const token = listing.tokens.find((one) => one.name === name);
  if (token === undefined || (id !== undefined && id.toLowerCase() !== tokenIdOf(token))) {
    return undefined;
  }
  return token;
}

/** What an amount of a token is worth at its mark price, USDC. */
export function usdcValue(ledger: Ledger, token: string, amount: Decimal): Decimal {
  if (token === "USDC") return amount;
  const pair = ledger.universe.assets.find((asset) => asset.token?.name === token);
  if (pair === undefined) return ZERO;
  return divideCut(multiply(amount, markOf(ledger, pair)), ONE, 8);
}

/** What all accounts together hold. */
export function supplyOf(ledger: Ledger, token: string): Decimal {
  let supply = ZERO;
  for (const { balances } of ledger.accounts.values()) {
    supply = add(supply, balances.get(token) ?? ZERO);
  }
  return supply;
}
