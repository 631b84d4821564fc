import { readAddress } from "@cloister/model";
import { hasOnly, isList, isObject, isWhole, type JsonObject, readFlag } from "../json.ts";
import type { Grouping } from "../market/groups.ts";
import type { ModifyAsk, OrderKey, Priority, ReadAction } from "./action.ts";
import { readApproveBuilderFee } from "./approve-builder-fee.ts";
import { readCreateSubAccount, readSubAccountModify } from "./create-sub-account.ts";
import { readTopUpIsolatedOnlyMargin, readUpdateIsolatedMargin } from "./isolated-margin.ts";
import { NOT_SIMULATED } from "./not-simulated.ts";
import { readEvmUserModify, readSetDisplayName, readVaultTransfer } from "./profile.ts";
import { readReferrer } from "./referrer.ts";
import { readSendAsset } from "./send-asset.ts";
import { readSpotSend } from "./spot-send.ts";
import { readSubAccountSpotTransfer, readSubAccountTransfer } from "./sub-account-transfer.ts";
import { readTwapCancel, readTwapOrder } from "./twap-order.ts";
import { readUsdClassTransfer } from "./usd-class-transfer.ts";
import { readUsdSend } from "./usd-send.ts";
import { readWithdraw } from "./withdraw.ts";
import { readApproval } from "./read-approval.ts";
import type { Builder } from "../ledger/order.ts";
import { readOrder, readStrictCloid } from "./read-order.ts";

type Reader = (value: JsonObject) => ReadAction | undefined;

/** The typed action; a name when it is known but not performed; undefined when it is none of the venue's shapes. */
export function readAction(
  value: unknown,
): ReadAction | { readonly notSimulated: string } | undefined {
  if (!isObject(value)) return undefined;
  const type = value["type"];
  if (typeof type !== "string") return undefined;
  if (NOT_SIMULATED.has(type)) return { notSimulated: type };
  return READERS.get(type)?.(value);
}

const READERS: ReadonlyMap<string, Reader> = new Map([
  ["order", readOrders],
  ["cancel", readCancel],
  ["cancelByCloid", readCancelByCloid],
  ["modify", readModify],
  ["batchModify", readBatchModify],
  ["scheduleCancel", readScheduleCancel],
  ["updateLeverage", readUpdateLeverage],
  ["reserveRequestWeight", readReserve],
  ["approveAgent", readApproval],
  ["noop", readNoop],
  ["usdSend", readUsdSend],
  ["spotSend", readSpotSend],
  ["withdraw3", readWithdraw],
  ["usdClassTransfer", readUsdClassTransfer],
  ["sendAsset", readSendAsset],
  ["subAccountTransfer", readSubAccountTransfer],
  ["subAccountSpotTransfer", readSubAccountSpotTransfer],
  ["updateIsolatedMargin", readUpdateIsolatedMargin],
  ["topUpIsolatedOnlyMargin", readTopUpIsolatedOnlyMargin],
  ["approveBuilderFee", readApproveBuilderFee],
  ["setReferrer", (value: JsonObject) => readReferrer(value, "setReferrer")],
  ["registerReferrer", (value: JsonObject) => readReferrer(value, "registerReferrer")],
  ["createSubAccount", readCreateSubAccount],
  ["subAccountModify", readSubAccountModify],
  ["setDisplayName", readSetDisplayName],
  ["evmUserModify", readEvmUserModify],
  ["vaultTransfer", readVaultTransfer],
  ["twapOrder", readTwapOrder],
  ["twapCancel", readTwapCancel],
]);

function readOrders(value: JsonObject): ReadAction | undefined {
  if (!hasOnly(value, ["type", "orders", "grouping", "builder"])) return undefined;
  const orders = readEach(value["orders"], readOrder);
  const grouping = readGrouping(value["grouping"]);
  const builder = readBuilder(value["builder"]);
  if (orders === undefined || grouping === undefined || builder === undefined) return undefined;
  return {
    action: {
      type: "order",
      orders: orders.map(({ order }) => order),
      grouping,
      ...(builder.asks === undefined ? {} : { builder: builder.asks }),
    },
    canonical: {
      type: "order",
      orders: orders.map(({ canonical }) => canonical),
      grouping,
      ...(builder.canonical === undefined ? {} : { builder: builder.canonical }),
    },
  };
}

function readGrouping(value: unknown): Grouping | Priority | undefined {
  if (value === "na" || value === "normalTpsl" || value === "positionTpsl") return value;
  if (!isObject(value) || !hasOnly(value, ["p"])) return undefined;
  const { p } = value;
  return isWhole(p) ? { p } : undefined;
}

/** A builder that takes nothing asks for nothing. */
function readBuilder(value: unknown): { asks?: Builder; canonical?: object } | undefined {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) return undefined;
  const b = readAddress(value["b"]);
  const f = value["f"];
  if (b === undefined || !isWhole(f)) return undefined;
  const canonical = { b, f };
  return f === 0 ? { canonical } : { asks: { address: b, tenthBps: f }, canonical };
}

function readCancel(value: JsonObject): ReadAction | undefined {
  if (!hasOnly(value, ["type", "cancels", "f"])) return undefined;
  const cancels = readEach(value["cancels"], (row) => {
    if (!isObject(row)) return undefined;
    const { a, o } = row;
    return isWhole(a) && isWhole(o) ? { a, o } : undefined;
  });
  const fast = readFlag(value["f"]);
  if (cancels === undefined || fast === undefined) return undefined;
  return {
    action: {
      type: "cancel",
      name: "cancel",
      cancels: cancels.map(({ a, o }) => ({ assetId: a, key: o })),
      fast,
    },
    canonical: { type: "cancel", cancels, ...(fast ? { f: true } : {}) },
  };
}

function readCancelByCloid(value: JsonObject): ReadAction | undefined {
  if (!hasOnly(value, ["type", "cancels"])) return undefined;
  const cancels = readEach(value["cancels"], (row) => {
    if (!isObject(row)) return undefined;
    const cloid = readStrictCloid(row["cloid"]);
    const asset = row["asset"];
    return cloid === undefined || !isWhole(asset) ? undefined : { asset, cloid };
  });
  if (cancels === undefined) return undefined;
  return {
    action: {
      type: "cancel",
      name: "cancelByCloid",
      cancels: cancels.map(({ asset, cloid }) => ({ assetId: asset, key: cloid })),
      fast: false,
    },
    canonical: { type: "cancelByCloid", cancels },
  };
}

type ReadModify = {
  readonly modify: ModifyAsk;
  readonly canonical: { oid: OrderKey; order: object };
};

function readOneModify(value: unknown): ReadModify | undefined {
  if (!isObject(value)) return undefined;
  const key = isWhole(value["oid"]) ? value["oid"] : readStrictCloid(value["oid"]);
  const read = readOrder(value["order"]);
  if (key === undefined || read === undefined) return undefined;
  return { modify: { key, order: read.order }, canonical: { oid: key, order: read.canonical } };
}

function readModify(value: JsonObject): ReadAction | undefined {
  const read = hasOnly(value, ["type", "oid", "order"]) ? readOneModify(value) : undefined;
  if (read === undefined) return undefined;
  return {
    action: { type: "modify", modify: read.modify },
    canonical: { type: "modify", ...read.canonical },
  };
}

function readBatchModify(value: JsonObject): ReadAction | undefined {
  if (!hasOnly(value, ["type", "modifies", "a"])) return undefined;
  const modifies = readEach(value["modifies"], readOneModify);
  const alwaysPlace = readFlag(value["a"]);
  if (modifies === undefined || alwaysPlace === undefined) return undefined;
  return {
    action: { type: "batchModify", modifies: modifies.map(({ modify }) => modify), alwaysPlace },
    canonical: {
      type: "batchModify",
      modifies: modifies.map(({ canonical }) => canonical),
      ...(alwaysPlace ? { a: true } : {}),
    },
  };
}

function readScheduleCancel(value: JsonObject): ReadAction | undefined {
  if (!hasOnly(value, ["type", "time"])) return undefined;
  const time = value["time"];
  if (time === undefined || time === null) {
    return { action: { type: "scheduleCancel" }, canonical: { type: "scheduleCancel" } };
  }
  if (!isWhole(time)) return undefined;
  return {
    action: { type: "scheduleCancel", timeMs: time },
    canonical: { type: "scheduleCancel", time },
  };
}

function readUpdateLeverage(value: JsonObject): ReadAction | undefined {
  if (!hasOnly(value, ["type", "asset", "isCross", "leverage"])) return undefined;
  const { asset, isCross, leverage } = value;
  if (!isWhole(asset) || typeof isCross !== "boolean" || !isWhole(leverage)) return undefined;
  return {
    action: { type: "updateLeverage", assetId: asset, isCross, leverage },
    canonical: { type: "updateLeverage", asset, isCross, leverage },
  };
}

function readReserve(value: JsonObject): ReadAction | undefined {
  const { weight } = value;
  if (!hasOnly(value, ["type", "weight"]) || !isWhole(weight)) return undefined;
  return {
    action: { type: "reserveRequestWeight", weight },
    canonical: { type: "reserveRequestWeight", weight },
  };
}

function readNoop(value: JsonObject): ReadAction | undefined {
  return hasOnly(value, ["type"])
    ? { action: { type: "noop" }, canonical: { type: "noop" } }
    : undefined;
}

function readEach<Item>(
  value: unknown,
  read: (row: unknown) => Item | undefined,
): Item[] | undefined {
  if (!isList(value)) return undefined;
  const items: Item[] = [];
  for (const row of value) {
    const item = read(row);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}
