import { add, compare, multiply, ZERO } from "@cloister/model";
import type { Core } from "../core.ts";
import { isWhole, type JsonObject } from "../json.ts";
import { cashOf } from "../ledger/account.ts";
import { type Ledger, markOf } from "../ledger/ledger.ts";
import { openInterestOf } from "../market/open-interest.ts";
import { supplyOf, tokenIdOf } from "../market/token.ts";
import { printDecimal } from "../print.ts";
import { forUser, type InfoAnswer, listedDex, MALFORMED, value } from "./answer.ts";
import { spotContext } from "./market-views.ts";
import { marginTableView, metaView } from "./markets.ts";

/** Every dex's meta, the first dex first. */
export function allPerpMetas(core: Core): InfoAnswer {
  const { perps, dexes } = core.ledger.universe.listing;
  return value([perps, ...dexes.map(({ coins }) => coins)].map(metaView));
}

/** One of the tables that `meta` names; null for an id of none. */
export function marginTable(core: Core, request: JsonObject): InfoAnswer {
  const { id } = request;
  if (!isWhole(id)) return MALFORMED;
  const { perps, dexes } = core.ledger.universe.listing;
  const listed = [...perps, ...dexes.flatMap(({ coins }) => coins)];
  return value(marginTableView(listed, id) ?? null);
}

/** Nobody limits a dex as a whole here: the venue answers null for the first one, which has no such limits either. */
export function perpDexLimits(core: Core, request: JsonObject): InfoAnswer {
  return typeof request["dex"] !== "string" || listedDex(core, request) === undefined
    ? MALFORMED
    : value(null);
}

export function perpDexStatus(core: Core, request: JsonObject): InfoAnswer {
  const dex = listedDex(core, request);
  if (typeof request["dex"] !== "string" || dex === undefined) return MALFORMED;
  let total = ZERO;
  for (const account of core.ledger.accounts.values()) {
    if (!account.background) total = add(total, cashOf(account, dex));
  }
  return value({ totalNetDeposit: printDecimal(compare(total, ZERO) < 0 ? ZERO : total) });
}

export function perpsAtOpenInterestCap(core: Core, request: JsonObject): InfoAnswer {
  const dex = listedDex(core, request);
  return dex === undefined ? MALFORMED : value(coinsAtCap(core.ledger, dex));
}

/** Coins of a dex in which nobody may add any more. */
export function coinsAtCap(ledger: Ledger, dex: string): string[] {
  return (ledger.universe.dex(dex) ?? [])
    .filter((asset) => {
      const cap = ledger.market.conditions.get(asset.id)?.openInterestCap;
      const open = multiply(openInterestOf(ledger, asset), markOf(ledger, asset));
      return cap !== undefined && compare(open, cap) >= 0;
    })
    .map(({ coin }) => coin);
}

/** A spot token by its id; null for an id of none. USDC is worth a dollar. */
export function tokenDetails(core: Core, request: JsonObject): InfoAnswer {
  const { tokenId } = request;
  if (typeof tokenId !== "string" || !/^0x[0-9a-fA-F]{32}$/.test(tokenId)) return MALFORMED;
  const { ledger } = core;
  const token = ledger.universe.listing.tokens.find(
    (one) => tokenIdOf(one) === tokenId.toLowerCase(),
  );
  if (token === undefined) return value(null);
  const pair = ledger.universe.assets.find((asset) => asset.token === token);
  const supply = printDecimal(supplyOf(ledger, token.name));
  const context = pair === undefined ? undefined : spotContext(ledger, pair);
  return value({
    name: token.name,
    maxSupply: supply,
    totalSupply: supply,
    circulatingSupply: supply,
    szDecimals: token.sizeDecimals,
    weiDecimals: token.weiDecimals,
    midPx: context?.midPx ?? "1.0",
    markPx: context?.markPx ?? "1.0",
    prevDayPx: context?.prevDayPx ?? "1.0",
    genesis: null,
    deployer: null,
    deployGas: null,
    deployTime: null,
    seededUsdc: "0.0",
    nonCirculatingUserBalances: [],
    futureEmissions: "0.0",
  });
}

/** Nobody deploys a token here. */
export const spotDeployState = forUser(() =>
  value({
    states: [],
    gasAuction: {
      startTimeSeconds: 0,
      durationSeconds: 0,
      startGas: "0.0",
      currentGas: null,
      endGas: null,
    },
  }),
);
