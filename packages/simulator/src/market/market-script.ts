import {
  type Address,
  CloisterError,
  compare,
  type Decimal,
  parseDecimal,
  ZERO,
} from "@cloister/model";
import { WrittenObject } from "../written-object.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { CANCELED_BY_SYSTEM } from "../ledger/order.ts";
import { CONDITIONS, type MarketStep } from "./market-step.ts";
import { isPrice, PRICE_RULE } from "./price-bounds.ts";
import { type Asset, type MarginTierListing, perpAsset, type PerpListing } from "./universe.ts";

const STEPS = [
  "mark",
  "oracle",
  "path",
  ...CONDITIONS,
  "list",
  "delist",
  "cancelAs",
  "dust",
  "deleverage",
  "postOnly",
] as const;
const STATUSES = ["canceled", ...CANCELED_BY_SYSTEM] as const;
/** As the venue writes them: what else stands in a coin string has a meaning there (protocol §11.3). */
const COIN_NAME = /^[A-Za-z0-9]{1,16}$/;
const TIME = { min: 0, max: Number.MAX_SAFE_INTEGER };

/** Reads a MarketScript that anybody may have written. @throws invalidOption that names the path of the first bad key. */
export function readMarketScript(ledger: Ledger, value: unknown): readonly MarketStep[] {
  const script = new WrittenObject(value, "", "script");
  const steps = script.objects("steps").map((step) => {
    const read = readStep(ledger, step);
    step.end();
    return read;
  });
  script.end();
  return steps;
}

function readStep(ledger: Ledger, step: WrittenObject): MarketStep {
  const what = step.word("do", STEPS);
  switch (what) {
    case "mark":
      return { do: what, asset: assetOf(ledger, step), ...withPrice(step) };
    case "oracle":
      return { do: what, asset: perpOf(ledger, step), ...withPrice(step) };
    case "path":
      return readPath(ledger, step);
    case "openInterestCap":
    case "openInterestGrowth":
    case "oracleBand":
      return { do: what, asset: perpOf(ledger, step), ...withValue(step, readAmount) };
    case "fundingRate":
      return { do: what, asset: perpOf(ledger, step), ...withValue(step, readNumber) };
    case "list":
      return readListing(ledger, step);
    case "delist":
      return { do: what, asset: perpOf(ledger, step) };
    case "cancelAs":
      return readCancelAs(ledger, step);
    case "dust":
      return readDust(ledger, step);
    case "deleverage":
      return readDeleverage(ledger, step);
    case "postOnly":
      return { do: what, on: step.flag("on") };
  }
}

function readPath(ledger: Ledger, step: WrittenObject): MarketStep {
  const of = step.has("of") ? step.word("of", ["mark", "oracle", "both"]) : "both";
  const points = step.objects("points").map((point) => {
    const read = { afterMs: point.whole("afterMs", TIME), price: readPrice(point, "price") };
    point.end();
    return read;
  });
  const rising = points.every(({ afterMs }, at) => afterMs > (points[at - 1]?.afterMs ?? -1));
  if (points.length === 0 || !rising) throw step.refuse("points", "must have times that rise");
  const asset = of === "mark" ? assetOf(ledger, step) : perpOf(ledger, step);
  return { do: "path", asset, of, points };
}

function readListing(ledger: Ledger, step: WrittenObject): MarketStep {
  const dex = step.has("dex") ? step.name("dex") : "";
  if (ledger.universe.dex(dex) === undefined) throw step.refuse("dex", "is not listed");
  const name = step.name("name");
  if (ledger.universe.byCoin(name) !== undefined) throw step.refuse("name", "is listed already");
  if (dex !== "" && !name.startsWith(`${dex}:`)) {
    throw step.refuse("name", `must be named "${dex}:COIN"`);
  }
  if (!COIN_NAME.test(dex === "" ? name : name.slice(dex.length + 1))) {
    throw step.refuse("name", "must be a coin's name: up to 16 letters and digits");
  }
  const perp: PerpListing = {
    name,
    sizeDecimals: step.whole("sizeDecimals", { min: 0, max: 6 }),
    maxLeverage: step.whole("maxLeverage", { min: 1, max: 100 }),
    price: textOf(step, "price", readPrice),
    ...(step.has("marginTiers") ? { marginTiers: readTierListings(step) } : {}),
  };
  checkListing(step, perp, dex);
  return { do: "list", dex, perp };
}

function checkListing(step: WrittenObject, perp: PerpListing, dex: string): void {
  try {
    perpAsset(perp, { id: 0, dex });
  } catch (error) {
    if (!(error instanceof CloisterError)) throw error;
    throw step.refuse(perp.marginTiers === undefined ? "name" : "marginTiers", error.message);
  }
}

function readTierListings(step: WrittenObject): MarginTierListing[] {
  return step.objects("marginTiers").map((tier) => {
    const read = {
      lowerBound: textOf(tier, "lowerBound", readAmount),
      maxLeverage: tier.whole("maxLeverage", { min: 1, max: 100 }),
    };
    tier.end();
    return read;
  });
}

function readCancelAs(ledger: Ledger, step: WrittenObject): MarketStep {
  const account = accountOf(ledger, step, "account");
  const oid = step.whole("oid", TIME);
  const status = step.word("status", STATUSES);
  if (ledger.accounts.get(account)?.open.has(oid) !== true) {
    throw step.refuse("oid", "is not an open order of the account");
  }
  return { do: "cancelAs", account, oid, status };
}

function readDust(ledger: Ledger, step: WrittenObject): MarketStep {
  const token = step.name("token");
  const known = ledger.universe.assets.some((asset) => asset.token?.name === token);
  if (!known) throw step.refuse("token", "is not traded for USDC");
  return { do: "dust", account: accountOf(ledger, step, "account"), token };
}

function readDeleverage(ledger: Ledger, step: WrittenObject): MarketStep {
  return {
    do: "deleverage",
    asset: perpOf(ledger, step),
    account: accountOf(ledger, step, "account"),
    counterparty: accountOf(ledger, step, "counterparty"),
    size: readPositive(step, "size"),
    ...withPrice(step),
  };
}

function accountOf(ledger: Ledger, step: WrittenObject, key: string): Address {
  const address = step.address(key);
  if (!ledger.accounts.has(address)) throw step.refuse(key, "has no account here");
  return address;
}

function assetOf(ledger: Ledger, step: WrittenObject): Asset {
  const asset = ledger.universe.byCoin(step.name("coin"));
  if (asset === undefined) throw step.refuse("coin", "is not listed");
  return asset;
}

function perpOf(ledger: Ledger, step: WrittenObject): Asset {
  const asset = assetOf(ledger, step);
  if (asset.token !== undefined) throw step.refuse("coin", "is no perpetual");
  return asset;
}

type Reader = (step: WrittenObject, key: string) => Decimal;

function withPrice(step: WrittenObject): { readonly price?: Decimal } {
  return step.has("price") ? { price: readPrice(step, "price") } : {};
}

function withValue(step: WrittenObject, read: Reader): { readonly value?: Decimal } {
  return step.has("value") ? { value: read(step, "value") } : {};
}

function readNumber(step: WrittenObject, key: string): Decimal {
  return parseDecimal(step.decimal(key));
}

function readAmount(step: WrittenObject, key: string): Decimal {
  const value = readNumber(step, key);
  if (compare(value, ZERO) < 0) throw step.refuse(key, "must not be negative");
  return value;
}

function readPrice(step: WrittenObject, key: string): Decimal {
  const value = readNumber(step, key);
  if (!isPrice(value)) throw step.refuse(key, PRICE_RULE);
  return value;
}

function readPositive(step: WrittenObject, key: string): Decimal {
  const value = readNumber(step, key);
  if (compare(value, ZERO) <= 0) throw step.refuse(key, "must be positive");
  return value;
}

function textOf(step: WrittenObject, key: string, read: Reader): string {
  read(step, key);
  return step.decimal(key);
}
