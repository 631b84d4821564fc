import {
  type Builder,
  CloisterError,
  type Coin,
  invalidSpec,
  type PlaceOrder,
  show,
  type VenueAction,
} from "@cloister/model";
import type { Assets } from "../assets.ts";
import { wireOrder } from "./wire-order.ts";
import type { WireAction } from "./wire-action.ts";

/**
 * An action in the venue's words, keys in hashing order (protocol §6.2). A modify goes as `batchModify` of one,
 * whose answer names the new oid; never with `a: true`, which could place a second order (protocol §9).
 * @throws unknownCoin when a coin is not listed; invalidSpec for a time or leverage that is not whole.
 */
export function encodeAction(action: VenueAction, assets: Assets): WireAction {
  switch (action.kind) {
    case "place":
      return {
        type: "order",
        orders: action.orders.map((order) => encoded(order, assets)),
        grouping: action.grouping,
        ...(action.builder === undefined ? {} : { builder: encodedBuilder(action.builder) }),
      };
    case "modify":
      return {
        type: "batchModify",
        modifies: [{ oid: action.target, order: encoded(action.order, assets) }],
      };
    case "cancel":
      return {
        type: "cancel",
        cancels: action.targets.map(({ coin, oid }) => ({ a: assetIdOf(coin, assets), o: oid })),
      };
    case "cancelByCloid":
      return {
        type: "cancelByCloid",
        cancels: action.targets.map(({ coin, cloid }) => ({
          asset: assetIdOf(coin, assets),
          cloid,
        })),
      };
    case "noop":
      return { type: "noop" };
    case "scheduleCancel":
      return action.time === undefined
        ? { type: "scheduleCancel" }
        : { type: "scheduleCancel", time: whole(action.time, "time") };
    case "updateLeverage":
      return {
        type: "updateLeverage",
        asset: assetIdOf(action.coin, assets),
        isCross: action.cross,
        leverage: whole(action.leverage, "leverage"),
      };
    default:
      return action satisfies never;
  }
}

/** The plain `modify`: it answers `default` and names no oid, so the engine sends `batchModify` (protocol §9.5). */
export function encodePlainModify(
  action: Extract<VenueAction, { kind: "modify" }>,
  assets: Assets,
): WireAction {
  return { type: "modify", oid: action.target, order: encoded(action.order, assets) };
}

/** The address in small letters: that is how it is hashed. */
function encodedBuilder({ address, fee }: Builder) {
  return { b: address.toLowerCase(), f: whole(fee, "builder.fee") };
}

function encoded(order: PlaceOrder, assets: Assets) {
  return wireOrder(order, assetIdOf(order.terms.coin, assets));
}

function assetIdOf(coin: Coin, assets: Assets): number {
  const id = assets.assetId(coin);
  if (id !== undefined) return id;
  throw new CloisterError("unknownCoin", `coin ${show(coin)} is not listed`, {
    details: { field: "coin", value: coin, rule: "must be listed by the venue" },
  });
}

/** Floats would be hashed as float64, which the venue never does. */
function whole(value: number, field: string): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw invalidSpec(field, value, "must be a whole number");
}
