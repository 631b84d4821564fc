import {
  type CancelCause,
  type Decimal,
  type Fill,
  fillKey,
  type OrderEvent,
  type OrderState,
  type OrderTerms,
  parseCloid,
  parseCoin,
  parseDecimal,
  parseOid,
  type RejectCause,
  readTid,
  type Source,
  type Tid,
} from "@cloister/model";

// Composed evidence for the tests of the order, piece by piece.

const COIN = parseCoin("BTC");
export const CLOID = parseCloid(`0x${"0a".repeat(16)}`);

export function decimal(text: string): Decimal {
  return parseDecimal(text);
}

export function terms(other: Partial<OrderTerms> = {}): OrderTerms {
  return {
    coin: COIN,
    side: "buy",
    price: decimal("64000"),
    size: decimal("1"),
    tif: "Alo",
    reduceOnly: false,
    ...other,
  };
}

export const ALO = terms();
export const IOC = terms({ tif: "Ioc" });
export const REDUCING = terms({ tif: "Gtc", reduceOnly: true });
const trigger = { price: decimal("62000"), kind: "sl" } as const;
export const STOP_LIMIT = terms({ tif: "Gtc", trigger: { ...trigger, market: false } });
export const STOP_MARKET = terms({ tif: "Gtc", trigger: { ...trigger, market: true } });

function tidOf(value: number): Tid {
  const tid = readTid(value);
  if (tid === undefined) throw new RangeError(`not a trade id: ${value}`);
  return tid;
}

type Traded = { size: string; at?: number; price?: string; fee?: string; feeToken?: string };

/** Trade `tid` of a size, at venue time 1000 + tid unless told otherwise. */
export function fill(oid: number, tid: number, traded: string | Traded): OrderEvent {
  const { size, at, price, fee, feeToken }: Traded =
    typeof traded === "string" ? { size: traded } : traded;
  const told: Fill = {
    coin: COIN,
    oid: parseOid(oid),
    tid: tidOf(tid),
    side: "buy",
    price: decimal(price ?? "64000"),
    size: decimal(size),
    at: at ?? 1_000 + tid,
    startPosition: decimal("0"),
    fee: decimal(fee ?? "0.01"),
    feeToken: feeToken ?? "USDC",
    closedPnl: decimal("0"),
    taker: false,
    direction: "Open Long",
    hash: "0x00",
  };
  return { type: "venue.fill", key: fillKey(told), oid: told.oid, fill: told, source: "userFills" };
}

export const sent: OrderEvent = { type: "request.sent", at: 1_000 };

type Known = { at?: number; source?: Source; size?: string; price?: string };

function known({ size, price }: Known): { size?: Decimal; price?: Decimal } {
  return {
    ...(size === undefined ? {} : { size: decimal(size) }),
    ...(price === undefined ? {} : { price: decimal(price) }),
  };
}

export function accepted(oid: number, told: Known = {}): OrderEvent {
  const { at = 1_000, source = "orderUpdates" } = told;
  return { type: "venue.accepted", oid: parseOid(oid), at, source, ...known(told) };
}

export function triggered(oid: number, at = 1_050): OrderEvent {
  return { type: "venue.triggered", oid: parseOid(oid), at, source: "orderUpdates" };
}

export function filled(oid: number, told: Known & { total?: string } = {}): OrderEvent {
  const { at = 1_200, total } = told;
  const source = told.source ?? (total === undefined ? "orderUpdates" : "answer");
  const stated = total === undefined ? {} : { total: decimal(total) };
  return { type: "venue.filled", oid: parseOid(oid), at, source, ...stated, ...known(told) };
}

export function canceled(
  oid: number,
  told: Known & { cause?: CancelCause; remaining?: string } = {},
): OrderEvent {
  const { at = 1_200, source = "orderUpdates", cause = "requested", remaining } = told;
  const left = remaining === undefined ? {} : { remaining: decimal(remaining) };
  return { type: "venue.canceled", oid: parseOid(oid), at, source, cause, ...left, ...known(told) };
}

export function rejected(oid: number, cause: RejectCause, at = 1_000): OrderEvent {
  return { type: "venue.rejected", oid: parseOid(oid), at, source: "orderUpdates", cause };
}

export function refused(cause: RejectCause, text = "said no"): OrderEvent {
  return { type: "venue.refused", cause, text };
}

export function waiting(waitsFor: "parent" | "trigger"): OrderEvent {
  return { type: "venue.waiting", waitsFor };
}

export function shownLeft(oid: number, size: string, readBegunAt: number): OrderEvent {
  return { type: "venue.size", oid: parseOid(oid), size: decimal(size), readBegunAt };
}

export function ledger(
  oid: number,
  how: "complete" | "incomplete",
  readBegunAt?: number,
): OrderEvent {
  const begun = readBegunAt === undefined ? {} : { readBegunAt };
  return { type: `ledger.${how}`, oid: parseOid(oid), ...begun };
}

export function modifyOpened(id: number): OrderEvent {
  return { type: "modify.opened", id };
}

export function modifyClosed(
  id: number,
  landed?: { oid: number; size: string; replaces?: number; at?: number },
): OrderEvent {
  if (landed === undefined) return { type: "modify.closed", id };
  const { oid, size, replaces, at = 1_100 } = landed;
  const old = replaces === undefined ? {} : { replaces: parseOid(replaces) };
  return {
    type: "modify.closed",
    id,
    landed: { oid: parseOid(oid), size: decimal(size), at, ...old },
  };
}

export function absent(begunAt: number): OrderEvent {
  return { type: "proof.absent", begunAt };
}

export const neverLanded: OrderEvent = { type: "proof.neverLanded", by: "noop" };
export const withdrawn: OrderEvent = { type: "local.withdrawn", cause: "withdrawn" };
export const haltedHere: OrderEvent = { type: "local.refused", cause: "halted" };
export const unknownWord: OrderEvent = { type: "venue.unknownWord", raw: "pondering", at: 1_000 };
export const reap: OrderEvent = { type: "order.reap" };

/** Told in the venue's order. `end` is what it must come to whatever the order of arrival. */
export type Story = {
  readonly name: string;
  readonly terms: OrderTerms;
  readonly events: readonly OrderEvent[];
  readonly end: {
    readonly state: OrderState;
    readonly cause?: string;
    readonly filled?: string;
    readonly ledger?: "complete" | "open" | "incomplete";
    readonly contradicted?: true;
    readonly missing?: string;
    readonly worst?: string;
  };
};

export const answered = { source: "answer" } as const;
