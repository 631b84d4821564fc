import {
  add,
  type Decimal,
  decimalOf,
  divideCut,
  maxDecimal,
  minDecimal,
  multiply,
  negate,
  parseDecimal,
  signOf,
  subtract,
} from "@cloister/model";
import { type Account, positionOf } from "../ledger/account.ts";
import { archiveKept, keepTail, type Ledger, markOf, oracleOf } from "../ledger/ledger.ts";
import { printDecimal } from "../print.ts";
import { cut } from "./fees.ts";
import type { WireFunding } from "./fill.ts";
import { addCash } from "./funds.ts";
import { addToHouse } from "./house.ts";
import type { Asset } from "./universe.ts";

const HOUR_MS = 3_600_000;
/** About half a year. */
const RATES_KEPT = 5_000;
/** Of eight hours: what money costs, how far it may lean from the premium, and how much of it one hour is. */
const INTEREST = parseDecimal("0.0001");
const LEAN = parseDecimal("0.0005");
const PARTS = decimalOf(8);
/** The most of one hour. */
const RATE_MOST = parseDecimal("0.04");

/** The rate of one hour: what was decided, or what follows from how far the mark stands from the oracle now. */
export function fundingRateOf(ledger: Ledger, asset: Asset): Decimal {
  const decided = ledger.market.conditions.get(asset.id)?.fundingRate;
  if (decided !== undefined) return decided;
  const premium = premiumOf(ledger, asset);
  const lean = within(subtract(INTEREST, premium), LEAN);
  return within(divideCut(add(premium, lean), PARTS, 8), RATE_MOST);
}

/** How far the mark stands above the oracle, as a fraction of it. */
export function premiumOf(ledger: Ledger, asset: Asset): Decimal {
  const oracle = oracleOf(ledger, asset);
  return divideCut(subtract(markOf(ledger, asset), oracle), oracle, 8);
}

/** Once an hour longs pay shorts, or the other way round (protocol §4.3). A span without blocks is one hour. */
export function payFunding(ledger: Ledger): void {
  const { market, news, universe } = ledger;
  const hour = Math.floor(news.atMs / HOUR_MS);
  const last = market.paidHour;
  market.paidHour = hour;
  if (last === undefined || last === hour || ledger.rules.funding === "none") return;
  for (const asset of universe.assets) {
    if (asset.token !== undefined) continue;
    const rate = fundingRateOf(ledger, asset);
    keepRate(ledger, asset, rate);
    for (const account of ledger.accounts.values()) payOne(ledger, account, { asset, rate });
  }
}

function keepRate(ledger: Ledger, asset: Asset, rate: Decimal): void {
  const { fundingRates } = ledger.market;
  const rates = fundingRates.get(asset.id) ?? [];
  fundingRates.set(asset.id, rates);
  const row = {
    coin: asset.coin,
    fundingRate: printDecimal(rate),
    premium: printDecimal(premiumOf(ledger, asset)),
    time: ledger.news.atMs,
  };
  keepTail(rates, row, RATES_KEPT);
}

function payOne(ledger: Ledger, account: Account, due: { asset: Asset; rate: Decimal }): void {
  const { asset, rate } = due;
  const { dex } = asset.market;
  const position = positionOf(account, asset.coin);
  if (signOf(position.size) === 0) return;
  const paid = cut(multiply(multiply(position.size, oracleOf(ledger, asset)), rate), 6);
  const { allTime, sinceOpen, sinceChange } = position.funding;
  const isolated = position.ownCash !== undefined;
  account.positions.set(asset.coin, {
    ...position,
    ...(isolated ? { ownCash: subtract(position.ownCash, paid) } : {}),
    funding: {
      allTime: add(allTime, paid),
      sinceOpen: add(sinceOpen, paid),
      sinceChange: add(sinceChange, paid),
    },
  });
  if (!isolated) addCash(account, dex, negate(paid));
  // Both sides are cut toward zero: what is left between them stays with the exchange.
  addToHouse(ledger, `dex ${dex}`, paid);
  if (!account.background) ledger.market.movedMoney.add(account);
  const funding: WireFunding = {
    time: ledger.news.atMs,
    coin: asset.coin,
    usdc: printDecimal(negate(paid)),
    szi: printDecimal(position.size),
    fundingRate: printDecimal(rate),
    nSamples: null,
  };
  keepTail(account.fundings, funding, archiveKept(ledger, account));
  ledger.news.tellEvent(account.address, { funding });
}

function within(value: Decimal, bound: Decimal): Decimal {
  return maxDecimal(negate(bound), minDecimal(bound, value));
}
