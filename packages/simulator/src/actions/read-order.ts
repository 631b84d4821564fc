import { type Decimal, formatDecimal, readCloid, readDecimal } from "@cloister/model";
import { isObject, isWhole, type JsonObject } from "../json.ts";
import type { OrderTif, TriggerTerms } from "../ledger/order.ts";
import type { OrderAsk } from "./action.ts";

/** One order and its canonical object; unknown fields inside are ignored (protocol §1). */
export function readOrder(
  value: unknown,
): { readonly order: OrderAsk; readonly canonical: object } | undefined {
  if (!isObject(value)) return undefined;
  const price = readAmount(value["p"]);
  const size = readAmount(value["s"]);
  const kind = readKind(value["t"]);
  const { a: assetId, b: isBuy, r: reduceOnly } = value;
  if (price === undefined || size === undefined || kind === undefined) return undefined;
  if (!isWhole(assetId) || typeof isBuy !== "boolean" || typeof reduceOnly !== "boolean") {
    return undefined;
  }
  const cloid = readOptionalCloid(value["c"]);
  if (cloid === false) return undefined;
  const order = { assetId, isBuy, price, size, reduceOnly, tif: kind.tif };
  return {
    order: {
      ...order,
      ...(kind.trigger === undefined ? {} : { trigger: kind.trigger }),
      ...(cloid === undefined ? {} : { cloid }),
    },
    canonical: {
      a: assetId,
      b: isBuy,
      p: formatDecimal(price),
      s: formatDecimal(size),
      r: reduceOnly,
      t: kind.canonical,
      ...(cloid === undefined ? {} : { c: cloid }),
    },
  };
}

/** A price or size: plain, not negative, at most 8 decimals that count. */
export function readAmount(value: unknown): Decimal | undefined {
  if (typeof value !== "string" || !/^\d+(\.\d+)?$/.test(value)) return undefined;
  const amount = readDecimal(value);
  if (amount === undefined) return undefined;
  const text = formatDecimal(amount);
  const dot = text.indexOf(".");
  return dot >= 0 && text.length - dot - 1 > 8 ? undefined : amount;
}

/** A strict cloid: 0x and 32 hex digits, lower-cased. */
export function readStrictCloid(value: unknown): string | undefined {
  return typeof value === "string" && /^0x[0-9a-fA-F]{32}$/.test(value)
    ? readCloid(value)
    : undefined;
}

function readOptionalCloid(value: unknown): string | undefined | false {
  if (value === undefined || value === null) return undefined;
  return readStrictCloid(value) ?? false;
}

type Kind = { readonly tif: OrderTif; readonly trigger?: TriggerTerms; readonly canonical: object };

function readKind(value: unknown): Kind | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  if (isObject(value["limit"])) return readLimit(value["limit"]);
  if (isObject(value["trigger"])) return readTrigger(value["trigger"]);
  return undefined;
}

function readLimit(limit: JsonObject): Kind | undefined {
  const tif = limit["tif"];
  if (tif !== "Alo" && tif !== "Ioc" && tif !== "Gtc" && tif !== "FrontendMarket") return undefined;
  return { tif, canonical: { limit: { tif } } };
}

function readTrigger(trigger: JsonObject): Kind | undefined {
  const price = readAmount(trigger["triggerPx"]);
  const { isMarket, tpsl } = trigger;
  if (price === undefined || typeof isMarket !== "boolean") return undefined;
  if (tpsl !== "tp" && tpsl !== "sl") return undefined;
  return {
    tif: "Gtc",
    trigger: { isMarket, price, kind: tpsl },
    canonical: { trigger: { isMarket, triggerPx: formatDecimal(price), tpsl } },
  };
}
