import {
  compare,
  type Decimal,
  minDecimal,
  multiply,
  negate,
  roundPrice,
  signOf,
  ZERO,
} from "@cloister/model";
import { type Account, balanceOf, positionOf } from "../ledger/account.ts";
import { nextOid, NO_HASH } from "../ledger/ids.ts";
import {
  archiveKept,
  endOrder,
  keepTail,
  type Ledger,
  markOf,
  moveMark,
  oracleOf,
} from "../ledger/ledger.ts";
import { printDecimal } from "../print.ts";
import { closeBetween } from "./deleverage.ts";
import type { WireFill } from "./fill.ts";
import { addBalance } from "./funds.ts";
import { decide } from "./conditions.ts";
import { addToHouse } from "./house.ts";
import type { PricePath } from "./market-state.ts";
import { absolute } from "./position.ts";
import type { MarketStep } from "./market-step.ts";
import { settleSystemDeal } from "./system-fill.ts";
import type { Asset } from "./universe.ts";

/** Does at the beginning of a block what was asked for since the last one. */
export function performSteps(ledger: Ledger): void {
  const { market } = ledger;
  const { steps } = market;
  market.steps = [];
  for (const step of steps) perform(ledger, step);
  if (market.paths.length > 0) walkPaths(ledger);
}

function perform(ledger: Ledger, step: MarketStep): void {
  switch (step.do) {
    case "mark":
      holdMark(ledger, step.asset, step.price);
      return;
    case "oracle":
      decide(ledger, step.asset, { oracle: step.price });
      return;
    case "path":
      beginPath(ledger, step);
      return;
    case "openInterestCap":
    case "openInterestGrowth":
    case "oracleBand":
    case "fundingRate":
      decide(ledger, step.asset, { [step.do]: step.value });
      return;
    case "list":
      // The same script may name it twice.
      if (ledger.universe.byCoin(step.perp.name) === undefined) {
        ledger.universe.list(step.perp, step.dex);
      }
      return;
    case "delist":
      delist(ledger, step.asset);
      return;
    case "cancelAs": {
      const order = ledger.accounts.get(step.account)?.open.get(step.oid);
      if (order !== undefined) endOrder(ledger, order, step.status);
      return;
    }
    case "dust":
      convertDust(ledger, step);
      return;
    case "deleverage":
      deleverageBetween(ledger, step);
      return;
    case "postOnly":
      ledger.market.postOnly = step.on;
  }
}

/** A mark that is held moves at once; the crowd follows it. */
function holdMark(ledger: Ledger, asset: Asset, price: Decimal | undefined): void {
  decide(ledger, asset, { heldMark: price });
  if (price !== undefined) moveMark(ledger, asset, price);
}

/** A newer path of a price takes the place of the older one. */
function beginPath(ledger: Ledger, step: Extract<MarketStep, { do: "path" }>): void {
  const { market, news } = ledger;
  const { asset, of } = step;
  const points = step.points.map(({ afterMs, price }) => ({ atMs: news.atMs + afterMs, price }));
  const others = market.paths.filter((path) => path.asset !== asset || path.of !== of);
  market.paths = [...others, { asset, of, points }];
}

function walkPaths(ledger: Ledger): void {
  const { market, news } = ledger;
  const going: PricePath[] = [];
  for (const { asset, of, points } of market.paths) {
    const reached = points.filter(({ atMs }) => atMs <= news.atMs);
    const price = reached.at(-1)?.price;
    if (price !== undefined && of !== "oracle") holdMark(ledger, asset, price);
    if (price !== undefined && of !== "mark") decide(ledger, asset, { oracle: price });
    const rest = points.slice(reached.length);
    if (rest.length > 0) going.push({ asset, of, points: rest });
  }
  market.paths = going;
}

/** Orders are canceled, and positions close at the oracle price, longs against shorts. */
function delist(ledger: Ledger, asset: Asset): void {
  if (asset.market.delisted) return;
  ledger.universe.delist(asset);
  ledger.transactions += 1;
  for (const account of ledger.accounts.values()) {
    for (const order of account.open.values()) {
      if (order.terms.asset === asset) endOrder(ledger, order, "delistedCanceled");
    }
  }
  const sides = [1, -1].map((sign) =>
    [...ledger.accounts.values()].filter(
      (account) => signOf(positionOf(account, asset.coin).size) === sign,
    ),
  );
  const [longs = [], shorts = []] = sides;
  const price = roundPrice(asset.market, oracleOf(ledger, asset), "down");
  for (const seller of longs) {
    for (const buyer of shorts) {
      const size = minDecimal(heldOf(seller, asset), heldOf(buyer, asset));
      if (signOf(size) === 0) continue;
      settleSystemDeal(ledger, {
        asset,
        price,
        size,
        buyer: { account: buyer, dir: "Settlement" },
        seller: { account: seller, dir: "Settlement" },
      });
    }
  }
}

function heldOf(account: Account, asset: Asset): Decimal {
  return absolute(positionOf(account, asset.coin).size);
}

/** The exchange buys all of a token at the mark price: a fill without a trade id or a hash (protocol §4.2). */
function convertDust(ledger: Ledger, step: Extract<MarketStep, { do: "dust" }>): void {
  const account = ledger.accounts.get(step.account);
  const asset = ledger.universe.assets.find(({ token }) => token?.name === step.token);
  if (account === undefined || asset === undefined) return;
  const size = balanceOf(account, step.token);
  if (compare(size, ZERO) <= 0) return;
  const price = markOf(ledger, asset);
  const value = multiply(price, size);
  addBalance(account, step.token, negate(size));
  addBalance(account, "USDC", value);
  addToHouse(ledger, `spot ${step.token}`, size);
  addToHouse(ledger, "spot USDC", negate(value));
  const fill: WireFill = {
    coin: asset.coin,
    px: printDecimal(price),
    sz: printDecimal(size),
    side: "A",
    time: ledger.news.atMs,
    startPosition: printDecimal(size),
    dir: "Spot Dust Conversion",
    closedPnl: "0.0",
    hash: NO_HASH,
    oid: nextOid(ledger),
    crossed: true,
    fee: "0.0",
    tid: 0,
    feeToken: "USDC",
    twapId: null,
  };
  keepTail(account.fills, fill, archiveKept(ledger, account));
  ledger.news.tellFill(account.address, fill);
}

/** As far as the two positions are opposite; nothing when they are not (any more). */
function deleverageBetween(ledger: Ledger, step: Extract<MarketStep, { do: "deleverage" }>): void {
  const { asset } = step;
  const account = ledger.accounts.get(step.account);
  const counterparty = ledger.accounts.get(step.counterparty);
  if (account === undefined || counterparty === undefined) return;
  const [one, other] = [account, counterparty].map(({ positions }) => positions.get(asset.coin));
  if (signOf(one?.size ?? ZERO) * signOf(other?.size ?? ZERO) >= 0) return;
  const size = [heldOf(account, asset), heldOf(counterparty, asset)].reduce(minDecimal, step.size);
  const price = step.price ?? roundPrice(asset.market, markOf(ledger, asset), "down");
  closeBetween(ledger, { asset, price, size, account, counterparty });
}
