import {
  brokenSizeRule,
  compare,
  formatDecimal,
  multiply,
  parseDecimal,
  signOf,
} from "@cloister/model";
import { hasOnly, isObject, isWhole, type JsonObject } from "../json.ts";
import { markOf } from "../ledger/ledger.ts";
import { reducibleSize } from "../market/match.ts";
import { endTwap, startTwap } from "../market/twaps.ts";
import type { ReadAction } from "./action.ts";
import type { ActionAnswer } from "./answers.ts";
import type { TwapAction } from "./money-action.ts";
import { readAmount } from "./read-order.ts";
import type { Work } from "./work.ts";

type TwapOrder = Extract<TwapAction, { type: "twapOrder" }>;

const MINUTES_MIN = 5;
const MINUTES_MAX = 1_440;
/** Quote units. */
const VALUE_MIN = parseDecimal("100");
const GONE = "TWAP was never placed, already canceled, or filled.";

export function readTwapOrder(value: JsonObject): ReadAction | undefined {
  const { twap } = value;
  if (!hasOnly(value, ["type", "twap"]) || !isObject(twap)) return undefined;
  const { a, b, s, r, m, t } = twap;
  const size = readAmount(s);
  if (!hasOnly(twap, ["a", "b", "s", "r", "m", "t"]) || size === undefined) return undefined;
  if (!isWhole(a) || !isWhole(m)) return undefined;
  if (typeof b !== "boolean" || typeof r !== "boolean" || typeof t !== "boolean") return undefined;
  return {
    action: {
      type: "twapOrder",
      assetId: a,
      isBuy: b,
      size,
      reduceOnly: r,
      minutes: m,
      randomize: t,
    },
    canonical: { type: "twapOrder", twap: { a, b, s: formatDecimal(size), r, m, t } },
  };
}

export function readTwapCancel(value: JsonObject): ReadAction | undefined {
  const { a, t } = value;
  if (!hasOnly(value, ["type", "a", "t"]) || !isWhole(a) || !isWhole(t)) return undefined;
  return {
    action: { type: "twapCancel", assetId: a, twapId: t },
    canonical: { type: "twapCancel", a, t },
  };
}

/** A large order in slices of half a minute. */
export function twapOrder(work: Work, action: TwapOrder): ActionAnswer {
  const { ledger, account } = work;
  const { assetId, isBuy, size, reduceOnly, minutes, randomize } = action;
  const asset = ledger.universe.byId(assetId);
  if (asset === undefined) return twapAnswer("twapOrder", { error: `Invalid asset ${assetId}` });
  const terms = { asset, isBuy, size, reduceOnly, minutes, randomize };
  const refusal = refusalOf(work, terms);
  if (refusal !== undefined) return twapAnswer("twapOrder", { error: refusal });
  const { id } = startTwap(ledger, account, terms);
  return twapAnswer("twapOrder", { running: { twapId: id } });
}

export function twapCancel(
  { ledger, account }: Work,
  { assetId, twapId }: Extract<TwapAction, { type: "twapCancel" }>,
): ActionAnswer {
  const twap = ledger.twaps.get(twapId);
  if (twap === undefined || twap.owner !== account.address || twap.terms.asset.id !== assetId) {
    return twapAnswer("twapCancel", { error: GONE });
  }
  endTwap(ledger, twap, { status: "terminated" });
  return twapAnswer("twapCancel", "success");
}

function refusalOf(
  { ledger, account }: Work,
  terms: Parameters<typeof startTwap>[2],
): string | undefined {
  const { asset, isBuy, size, reduceOnly, minutes } = terms;
  if (minutes < MINUTES_MIN || minutes > MINUTES_MAX) {
    return `Invalid TWAP duration: ${minutes} min(s)`;
  }
  if (asset.market.delisted) {
    return `Trading is disabled for delisted assets. asset=${asset.id}`;
  }
  if (signOf(size) === 0) return "Order has zero size.";
  if (brokenSizeRule(asset.market, size) !== undefined) return "Order has invalid size.";
  const mark = markOf(ledger, asset);
  if (compare(multiply(mark, size), VALUE_MIN) < 0) {
    return `TWAP order value too small. Min is $${formatDecimal(VALUE_MIN)}.`;
  }
  if (!reduceOnly) return undefined;
  if (asset.token !== undefined) return "Reduce-only is invalid for spot trading.";
  const reducible = reducibleSize(account, {
    asset,
    isBuy,
    price: mark,
    size,
    reduceOnly,
    tif: "Ioc",
  });
  return signOf(reducible) === 0 ? "Reduce-only TWAP order would increase position." : undefined;
}

function twapAnswer(type: "twapOrder" | "twapCancel", status: unknown): ActionAnswer {
  return { status: "ok", response: { type, data: { status } } };
}
