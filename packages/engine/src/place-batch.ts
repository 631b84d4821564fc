import {
  type Builder,
  type Cloid,
  CloisterError,
  type Grouping,
  invalidSpec,
  type OnDoubt,
  parseCloid,
  type PlaceOrder,
  type PlaceSpec,
  type Venue,
} from "@cloister/model";
import type { Limits } from "./options.ts";
import { assertList, duplicateCloid, type ValidPlace, validatePlace } from "./validate.ts";

/** What one request places, checked against every rule that needs no state. */
export type PlaceBatch = {
  readonly orders: readonly PlaceOrder[];
  readonly expiresAfterMs: number;
  readonly onDoubt: OnDoubt;
  readonly builder?: Builder;
};

type Ports = {
  readonly venue: Venue;
  readonly limits: Limits;
  readonly freshCloid: () => Cloid;
  readonly knows: (cloid: Cloid) => boolean;
};

type Wanted = { readonly specs: readonly PlaceSpec[]; readonly grouping: Grouping };

/** @throws invalidSpec, unknownCoin, duplicateCloid: then nothing was sent. */
export function placeBatch({ specs, grouping }: Wanted, ports: Ports): PlaceBatch {
  const { venue, limits } = ports;
  const { batchMax, expiresAfterMs } = limits;
  assertList("specs", specs);
  if (specs.length === 0 || specs.length > batchMax) {
    throw invalidSpec("specs", specs.length, `must be 1 to ${batchMax} orders`);
  }
  const valid = specs.map((spec, index) =>
    inSpec(specs.length > 1 ? `specs[${index}].` : "", () => validatePlace(spec, venue)),
  );
  const orders = named(specs, valid, ports);
  checkGroup(orders, grouping);
  const builder = oneBuilder(valid);
  return {
    orders,
    // One request, one expiry: the earliest that is asked for.
    expiresAfterMs: Math.min(...specs.map((spec) => spec.expiresAfterMs ?? expiresAfterMs)),
    // One request, one doubt: the same bytes go again only when every order of it may.
    onDoubt: valid.every(({ onDoubt }) => onDoubt === "land") ? "land" : "withdraw",
    ...(builder === undefined ? {} : { builder }),
  };
}

function named(
  specs: readonly PlaceSpec[],
  valid: readonly ValidPlace[],
  { freshCloid, knows }: Ports,
): readonly PlaceOrder[] {
  const seen = new Set<Cloid>();
  return valid.map(({ terms, tag }, index) => {
    const given = specs[index]?.cloid;
    const cloid = given === undefined ? freshCloid() : parseCloid(given);
    if (seen.has(cloid) || knows(cloid)) throw duplicateCloid(cloid);
    seen.add(cloid);
    return { cloid, terms, ...(tag === undefined ? {} : { tag }) };
  });
}

/**
 * What the venue would refuse as a whole (protocol §6.2, §7.4): TP/SL orders of a group only reduce, in one coin and
 * on one side; those of `normalTpsl` hang on the first, which is no trigger and of the other side.
 */
function checkGroup(orders: readonly PlaceOrder[], grouping: Grouping): void {
  if (grouping === "na") return;
  const children = grouping === "normalTpsl" ? orders.slice(1) : orders;
  const [first] = orders;
  const [child] = children;
  if (first === undefined || child === undefined) {
    throw invalidSpec("specs", orders.length, `${grouping} must have a TP/SL order`);
  }
  if (children !== orders) {
    if (first.terms.trigger !== undefined) {
      throw invalidSpec("specs[0].trigger", "…", "must be absent: the first order is the parent");
    }
    if (first.terms.side === child.terms.side) {
      throw invalidSpec("side", child.terms.side, "must be the other side than the parent's");
    }
  }
  for (const { terms } of children) {
    if (terms.trigger === undefined) {
      throw invalidSpec("trigger", "absent", `must be there for each TP/SL order of ${grouping}`);
    }
    if (terms.coin !== first.terms.coin) {
      throw invalidSpec("coin", terms.coin, "must be the same in a group");
    }
    if (terms.side !== child.terms.side) {
      throw invalidSpec("side", terms.side, "must be the same for all TP/SL orders of a group");
    }
  }
}

/** It belongs to the action (protocol §6.2). */
function oneBuilder(valid: readonly ValidPlace[]): Builder | undefined {
  const [first] = valid;
  for (const { builder } of valid) {
    const isSame =
      builder?.address === first?.builder?.address && builder?.fee === first?.builder?.fee;
    if (isSame) continue;
    throw invalidSpec("builder", builder, "must be the same for all orders of a group");
  }
  return first?.builder;
}

/** Says in which of several specs the broken field stands. */
function inSpec<T>(where: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (where === "" || !(error instanceof CloisterError)) throw error;
    const { field = "spec" } = error.details;
    throw new CloisterError(error.code, `${where}${error.message}`, {
      details: { ...error.details, field: `${where}${field}` },
      cause: error,
    });
  }
}
