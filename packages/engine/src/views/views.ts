import {
  averagePriceOf,
  currentLeg,
  feesOf,
  filledOf,
  judge,
  leavesOf,
  ledgerOf,
  oidsOf,
  priceOf,
  sizeOf,
} from "@cloister/machines";
import { type Cloid, type Fill, formatDecimal, type OrderView } from "@cloister/model";
import type { Closed, FillView } from "../api.ts";
import type { TrackedOrder } from "../registry/tracked-order.ts";

/** The order as anybody may see it: decimals as text. */
export function orderView(order: TrackedOrder): OrderView {
  const { cloid, tag, terms, facts, placedAtMs } = order;
  const { cause, waitsFor } = judge(facts);
  const oid = currentLeg(facts)?.oid;
  const average = averagePriceOf(facts);
  return {
    cloid,
    ...(tag === undefined ? {} : { tag }),
    coin: terms.coin,
    side: terms.side,
    price: formatDecimal(priceOf(facts)),
    size: formatDecimal(sizeOf(facts)),
    tif: terms.tif,
    state: order.state,
    ...(cause === undefined ? {} : { cause }),
    ...(waitsFor === undefined ? {} : { waitsFor }),
    ...(oid === undefined ? {} : { oid }),
    oids: oidsOf(facts),
    filled: formatDecimal(filledOf(facts)),
    leaves: formatDecimal(leavesOf(facts)),
    ...(average === undefined ? {} : { averagePrice: formatDecimal(average) }),
    fees: feeTexts(order),
    ledger: ledgerOf(facts),
    requests: [...order.requests.values()].map(({ id, kind, now }) => ({
      id,
      kind,
      state: now.state,
    })),
    timings: order.traces.map((trace) => trace.timing()),
    placedAtMs,
  };
}

/** How the order ended; `unresolved` names what of it was still doubtful. */
export function closedView(order: TrackedOrder): Closed {
  const view = orderView(order);
  return {
    state: order.endState,
    ...(view.cause === undefined ? {} : { cause: view.cause }),
    filled: view.filled,
    ...(view.averagePrice === undefined ? {} : { averagePrice: view.averagePrice }),
    fees: view.fees,
    ledger: view.ledger,
    unresolved: view.requests.map(({ kind, id, state }) => `${kind} ${id} is ${state}`),
  };
}

export function fillView(
  fill: Fill,
  owner: { readonly cloid: Cloid; readonly tag: string | undefined } | undefined,
): FillView {
  return {
    cloid: owner?.cloid,
    tag: owner?.tag,
    coin: fill.coin,
    side: fill.side,
    price: formatDecimal(fill.price),
    size: formatDecimal(fill.size),
    fee: formatDecimal(fill.fee),
    feeToken: fill.feeToken,
    taker: fill.taker,
    oid: fill.oid,
    tid: fill.tid,
    at: fill.at,
    ...(owner === undefined ? { reason: reasonOf(fill) } : {}),
  };
}

/** Why there is a fill that no order of ours made: a liquidation, or the venue's own text. */
export function reasonOf({ liquidation, direction }: Fill): string {
  return liquidation === undefined ? direction : `liquidation (${liquidation.method})`;
}

function feeTexts(order: TrackedOrder): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(feesOf(order.facts)).map(([token, sum]) => [token, formatDecimal(sum)]),
  );
}
