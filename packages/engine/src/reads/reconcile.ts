import type { Cloid, Decimal, Oid, OrderReport } from "@cloister/model";

/** A leg as we believe it to be. Hours are the venue's, ms. */
export type BelievedLeg = {
  readonly oid: Oid;
  /** `absent`: reads missed it, nobody said that it ended. */
  readonly state: "live" | "ended" | "absent";
  /** Something showed it alive at this hour. */
  readonly positiveAt: number;
  readonly absentAt?: number;
  /** Its full size and price are known. */
  readonly isNamed: boolean;
  readonly waitsForTrigger: boolean;
  /** What is left of a reduce-only leg, as a list showed it. */
  readonly shown?: Decimal;
};

export type BelievedOrder = {
  readonly cloid: Cloid;
  /** A place or modify of it is open: what is missing may be on its way. */
  readonly isBusy: boolean;
  /** Legs that the venue had. */
  readonly legs: readonly BelievedLeg[];
};

/** What we believe of the account. Its answers do not change while it is compared. */
export type Belief = {
  /** By oid, else by cloid. */
  readonly order: (oid: Oid, cloid: Cloid | undefined) => BelievedOrder | undefined;
  /** Orders believed live. */
  readonly live: () => Iterable<BelievedOrder>;
  /** Whether the row is about an order that was ours and is reaped, and the leg is known. */
  readonly isBuried: (oid: Oid, cloid: Cloid | undefined) => boolean;
  /** Whether an order of others is known to be open. */
  readonly isStranger: (oid: Oid) => boolean;
  /** Whether an order that is in nobody's book is to be taken into ours. */
  readonly isToAdopt: (row: OrderReport) => boolean;
  /** The hour of the latest list on account of which this was asked about. */
  readonly askedAt: (key: Oid | Cloid) => number | undefined;
};

/** All open orders of the account, and the venue's hour at which that read began. */
export type OpenList = { readonly orders: readonly OrderReport[]; readonly begunAt: number };

export type Finding =
  /** The row tells of an order of ours what we did not know. */
  | { readonly type: "news"; readonly row: OrderReport }
  | { readonly type: "adopt"; readonly row: OrderReport }
  | { readonly type: "stranger"; readonly row: OrderReport }
  /**
   * Missing: live here and not in the list. Stale: in the list and ended here. Neither decides anything, both are a
   * reason to ask.
   */
  | {
      readonly type: "ask";
      readonly why: "missing" | "stale";
      readonly cloid: Cloid;
      readonly key: Oid | Cloid;
    };

/**
 * Holds what we believe against a list of open orders, both ways. It never ends an order and never undoes newer
 * news; what it found once and was acted upon it does not find again.
 */
export function reconcile(belief: Belief, list: OpenList): readonly Finding[] {
  const found: Finding[] = [];
  const listed = listedIn(list);
  for (const row of list.orders) {
    const finding = findingOf(belief, row, list.begunAt);
    if (finding !== undefined) found.push(finding);
  }
  for (const order of belief.live()) {
    for (const key of missingOf(order, listed)) {
      if (isAsked(belief, key, list.begunAt)) continue;
      found.push({ type: "ask", why: "missing", cloid: order.cloid, key });
    }
  }
  return found;
}

/** Orders that are live here, with nothing under way, and of which the list has no live leg. */
export function missedBy(belief: Belief, list: OpenList): readonly BelievedOrder[] {
  const listed = listedIn(list);
  return [...belief.live()].filter((order) => {
    const live = liveOf(order).length;
    return !order.isBusy && live > 0 && missingOf(order, listed).length === live;
  });
}

type Listed = { readonly keys: ReadonlySet<Oid | Cloid>; readonly begunAt: number };

function listedIn({ orders, begunAt }: OpenList): Listed {
  const keys = new Set<Oid | Cloid>();
  for (const { oid, cloid } of orders) {
    keys.add(oid);
    if (cloid !== undefined) keys.add(cloid);
  }
  return { keys, begunAt };
}

function liveOf({ legs }: BelievedOrder): readonly BelievedLeg[] {
  return legs.filter(({ state }) => state === "live");
}

/** What is newer than the list is judged by the next one. Without a leg it is its request's doubt, if it has one. */
function missingOf(order: BelievedOrder, { keys, begunAt }: Listed): readonly (Oid | Cloid)[] {
  if (order.legs.length === 0) return order.isBusy || keys.has(order.cloid) ? [] : [order.cloid];
  return liveOf(order)
    .filter(({ oid, positiveAt }) => !keys.has(oid) && positiveAt <= begunAt)
    .map(({ oid }) => oid);
}

function isAsked(belief: Belief, key: Oid | Cloid, begunAt: number): boolean {
  const askedAt = belief.askedAt(key);
  return askedAt !== undefined && askedAt >= begunAt;
}

function findingOf(belief: Belief, row: OrderReport, begunAt: number): Finding | undefined {
  const { oid, cloid } = row;
  const order = belief.order(oid, cloid);
  if (order !== undefined) return findingOfOurs(belief, { order, row, begunAt });
  if (belief.isBuried(oid, cloid)) return undefined;
  if (belief.isToAdopt(row)) return { type: "adopt", row };
  return belief.isStranger(oid) ? undefined : { type: "stranger", row };
}

type Row = {
  readonly order: BelievedOrder;
  readonly row: OrderReport;
  readonly begunAt: number;
};

function findingOfOurs(belief: Belief, { order, row, begunAt }: Row): Finding | undefined {
  const leg = order.legs.find(({ oid }) => oid === row.oid);
  if (leg === undefined) return { type: "news", row };
  switch (leg.state) {
    case "ended": {
      const { oid: key } = leg;
      return isAsked(belief, key, begunAt)
        ? undefined
        : { type: "ask", why: "stale", cloid: order.cloid, key };
    }
    case "absent":
      return begunAt > (leg.absentAt ?? 0) ? { type: "news", row } : undefined;
    case "live":
      return isNews(leg, row, begunAt) ? { type: "news", row } : undefined;
  }
}

function isNews(leg: BelievedLeg, row: OrderReport, begunAt: number): boolean {
  if (!leg.isNamed) return true;
  if (leg.waitsForTrigger && row.waitsForTrigger === false) return true;
  // A reduce-only leg shrinks without a word (protocol §6.2).
  return row.reduceOnly === true && leg.shown !== row.remaining && begunAt >= leg.positiveAt;
}
