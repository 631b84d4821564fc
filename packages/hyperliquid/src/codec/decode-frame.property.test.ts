import { type Decimal, formatDecimal } from "@cloister/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeAnything } from "../decode.ts";
import { decodeFrame } from "./decode-frame.ts";
import { decodeInfo, INFO_TYPES, isInfoType } from "./decode-info.ts";
import { decodeAnswer } from "./exchange-answer.ts";
import type { Frame, FrameFact } from "./frame.ts";
import { isRecord, textOf } from "./json.ts";

const SEED = 20_261_122;
const USER = "0x1111111111111111111111111111111111111111";
const ORDER = {
  coin: "BTC",
  side: "B",
  limitPx: "64000.0",
  sz: "0.0006",
  oid: 700_000_000_001,
  timestamp: 1_700_000_000_420,
  origSz: "0.001",
  cloid: "0x000000000000000000000000000000a1",
  reduceOnly: true,
  isTrigger: false,
  children: [],
  tif: "Alo",
};
const ROW = { order: ORDER, status: "canceled", statusTimestamp: 1_700_000_009_690 };
const FILL = {
  coin: "BTC",
  px: "64000.0",
  sz: "0.0004",
  side: "B",
  time: 1_700_000_004_000,
  startPosition: "0.0",
  dir: "Open Long",
  closedPnl: "0.0",
  hash: "0xf1",
  oid: 700_000_000_001,
  crossed: false,
  fee: "0.00384",
  tid: 100_000_000_000_001,
  feeToken: "USDC",
  liquidation: { method: "market", markPx: "1.0" },
};
const STATE = {
  assetPositions: [{ position: { coin: "BTC", szi: "0.5" } }],
  time: 5,
  withdrawable: "1.0",
};
const LEVEL = { px: "64000.0", sz: "1.25", n: 3 };
const BOOK = { coin: "BTC", time: 5, levels: [[LEVEL], [LEVEL]] };
const STATUSES = [
  { resting: { oid: 7 } },
  { filled: { totalSz: "1.0", avgPx: "2.0", oid: 8 } },
  "success",
  { error: "x" },
];
const ANSWER = { status: "ok", response: { type: "order", data: { statuses: STATUSES } } };

/** A valid frame of every channel. */
const FRAMES: readonly object[] = [
  { channel: "orderUpdates", data: [ROW, { ...ROW, status: "open" }] },
  { channel: "userFills", data: { isSnapshot: true, user: USER, fills: [FILL, FILL] } },
  { channel: "user", data: { fills: [FILL] } },
  { channel: "user", data: { nonUserCancel: [{ coin: "ETH", oid: 6 }] } },
  {
    channel: "openOrders",
    data: { dex: "", user: USER, orders: [{ ...ORDER, children: [ORDER] }] },
  },
  { channel: "clearinghouseState", data: { dex: "", user: USER, clearinghouseState: STATE } },
  { channel: "post", data: { id: 1, response: { type: "action", payload: ANSWER } } },
  {
    channel: "post",
    data: {
      id: 2,
      response: {
        type: "info",
        payload: { type: "orderStatus", data: { status: "order", order: ROW } },
      },
    },
  },
  {
    channel: "post",
    data: { id: 3, response: { type: "error", payload: "429 Too Many Requests" } },
  },
  {
    channel: "subscriptionResponse",
    data: { method: "subscribe", subscription: { type: "userFills", user: USER } },
  },
  { channel: "error", data: 'Already subscribed: {"type":"bbo"}' },
  { channel: "pong" },
  { channel: "bbo", data: { coin: "BTC", time: 5, bbo: [LEVEL, null] } },
  { channel: "l2Book", data: BOOK },
  { channel: "trades", data: [{ coin: "BTC", side: "A", px: "1.0", sz: "1.0", time: 5, tid: 6 }] },
  { channel: "allMids", data: { mids: { BTC: "1.0" } } },
];

/** Places of a JSON value, as paths of keys. */
function placesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  const children = Array.isArray(value)
    ? Object.entries(value)
    : isRecord(value)
      ? Object.entries(value)
      : [];
  return [path, ...children.flatMap(([key, child]) => placesOf(child, [...path, key]))];
}

/** The value with another one at a place; `undefined` takes the key away. */
function changed(value: unknown, [key, ...rest]: readonly string[], to: unknown): unknown {
  if (key === undefined) return to;
  if (Array.isArray(value)) {
    return value.map((child: unknown, index) =>
      String(index) === key ? changed(child, rest, to) : child,
    );
  }
  return isRecord(value) ? { ...value, [key]: changed(value[key], rest, to) } : value;
}

const junk = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    0,
    -1,
    1.5,
    2 ** 53,
    "",
    "1",
    "-1",
    "1e5",
    "NaN",
    "0x12",
    [],
    {},
  ),
  fc.jsonValue(),
);

function mutated(samples: readonly unknown[]): fc.Arbitrary<unknown> {
  const change = fc.tuple(fc.nat(), junk);
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([sample, changes]) =>
      changes.reduce<unknown>((value, [at, to]) => {
        const places = placesOf(value);
        return changed(value, places[at % places.length] ?? [], to);
      }, sample),
    );
}

/** A facts frame computes with nothing but exact numbers, and keeps the text of what it refuses. */
function isSound(frame: Frame): boolean {
  return frame.kind !== "facts" || frame.facts.every(isSoundFact);
}

function isSoundFact(fact: FrameFact): boolean {
  if (fact.type === "unrecognized") return fact.reason !== "" && fact.text !== "";
  if (fact.type === "order") {
    const { oid, at, price, size, remaining } = fact.report;
    return [oid, at].every(Number.isSafeInteger) && [price, size, remaining].every(isAmount);
  }
  if (fact.type !== "fill") return true;
  const { oid, tid, at, price, size } = fact.fill;
  return [oid, tid, at].every(Number.isSafeInteger) && [price, size].every(isAmount);
}

function isAmount(value: Decimal): boolean {
  return /^\d+(\.\d+)?$/.test(formatDecimal(value));
}

describe("decodeFrame under fire", () => {
  it("reads every sample whole", () => {
    for (const sample of FRAMES) {
      const frame = decodeFrame(JSON.stringify(sample));
      expect(frame.kind, JSON.stringify(sample)).not.toBe("unrecognized");
      if (frame.kind === "facts") {
        expect(frame.facts.map(({ type }) => type)).not.toContain("unrecognized");
      }
      if (frame.kind === "market") expect(frame.broken).toEqual([]);
    }
  });

  it("situation 99: whatever is swapped, taken away or added, nothing throws and nothing is lost", () => {
    fc.assert(
      fc.property(mutated(FRAMES), (value) => {
        const text = textOf(value);
        expect(isSound(decodeFrame(text))).toBe(true);
        expect(decodeAnything(text).length).toBeGreaterThan(0);
      }),
      { seed: SEED, numRuns: 3_000 },
    );
  });

  it("situation 99: each element of an array becomes a fact of its own", () => {
    const rows = mutated([ROW]);
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 5 }), (data) => {
        const frame = decodeFrame(JSON.stringify({ channel: "orderUpdates", data }));
        expect(frame.kind === "facts" && frame.facts.length).toBe(data.length);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it("situation 99: any text, and any beginning of a frame", () => {
    const cut = fc.tuple(fc.constantFrom(...FRAMES), fc.nat()).map(([frame, at]) => {
      const text = JSON.stringify(frame);
      return text.slice(0, at % text.length);
    });
    fc.assert(
      fc.property(fc.oneof(cut, fc.string(), fc.json()), (text) => {
        expect(isSound(decodeFrame(text))).toBe(true);
        expect(decodeAnything(text).length).toBeGreaterThan(0);
      }),
      { seed: SEED, numRuns: 1_500 },
    );
  });
});

describe("answers and reads under fire", () => {
  it("an answer of any shape has an admission", () => {
    const admissions = [
      "admitted",
      "admittedBare",
      "notAdmitted",
      "nonceSpent",
      "expired",
      "unknown",
    ];
    fc.assert(
      fc.property(
        mutated([ANSWER, { status: "err", response: "Action already expired" }]),
        (body) => {
          const byRest = { status: 200, text: textOf(body) };
          for (const answer of [decodeAnswer({ body }), decodeAnswer(byRest)]) {
            expect(admissions).toContain(answer.admission);
          }
        },
      ),
      { seed: SEED, numRuns: 1_500 },
    );
  });

  it("a read of any type answers any body", () => {
    const types = [...INFO_TYPES].filter(isInfoType);
    const bodies = mutated([
      [ORDER],
      [ROW],
      [FILL],
      { status: "order", order: ROW },
      STATE,
      BOOK,
      { universe: [{ name: "A", szDecimals: 1 }] },
    ]);
    fc.assert(
      fc.property(fc.constantFrom(...types), bodies, (type, body) => {
        expect(["ok", "unrecognized"]).toContain(decodeInfo(type, body).kind);
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });
});
