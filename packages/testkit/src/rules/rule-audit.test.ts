import type { FillView } from "@cloister/engine";
import {
  type AlarmName,
  type Change,
  type EngineStatus,
  type ExposureView,
  type OrderState,
  parseCloid,
  parseCoin,
  parseDecimal,
  type Tick,
} from "@cloister/model";
import type { TruthAccount, WireFill } from "@cloister/simulator";
import { Subject } from "rxjs";
import { describe, expect, it } from "vitest";
import { auditRules, type RuleTerms } from "./rule-audit.ts";

const CLOID = parseCloid(`0x${"a1".repeat(16)}`);
const MARK = "a1a1a1a1";
const BTC = parseCoin("BTC");

const FILL: FillView = {
  cloid: CLOID,
  tag: undefined,
  coin: "BTC",
  side: "buy",
  price: "64000",
  size: "0.4",
  fee: "0",
  feeToken: "USDC",
  taker: false,
  oid: 7,
  tid: 70,
  at: 1_000,
};

const WIRE_FILL: WireFill = {
  coin: "BTC",
  px: "64000.0",
  sz: "0.4",
  side: "B",
  time: 1_000,
  startPosition: "0.0",
  dir: "Open Long",
  closedPnl: "0.0",
  hash: "0x00",
  oid: 7,
  crossed: false,
  fee: "0.0",
  tid: 70,
  feeToken: "USDC",
  twapId: null,
};

type Told = Partial<Pick<Change, "evidence">> & { to: OrderState; filled?: string };

/** The books of a venue that knows one order. */
type Books = {
  open: boolean;
  readonly fills: readonly WireFill[];
  positions: Readonly<Record<string, string>>;
  cloid: string;
};

/** An engine that says what a test makes it say, and a venue with the books a test gives it. */
function rig(terms: Omit<RuleTerms, "venue"> = {}) {
  const ticks$ = new Subject<Tick>();
  const fills$ = new Subject<FillView>();
  const status: EngineStatus & { doubtful: number } = {
    barrier: "open",
    brake: "released",
    load: "free",
    life: "running",
    gate: { place: true, modify: true, cancel: true },
    inFlight: 0,
    queued: 0,
    doubtful: 0,
    route: "socket",
  };
  const exposure: ExposureView[] = [{ coin: BTC, position: "0", min: "0", max: "1" }];
  const venue: Books & { block: number } = {
    block: 1,
    open: true,
    fills: [WIRE_FILL],
    positions: {},
    cloid: CLOID,
  };
  const engine = { ticks$, fills$, exposure, status, mark: MARK };
  const audit = auditRules(engine, {
    ...terms,
    venue: { block: () => venue.block, account: () => accountOf(venue) },
  });
  let sequence = 0;
  const tick = (changes: readonly Change[] = [], alarm?: AlarmName): void => {
    sequence += 1;
    const input = { kind: "venue", facts: [] } as const;
    const alarms = alarm === undefined ? [] : [{ name: alarm, text: "so it is" }];
    ticks$.next({ sequence, atMs: 0, input, changes, alarms });
  };
  const say = ({ to, filled = "0", evidence }: Told): void => {
    const by = evidence ?? { type: "order.reap" };
    const sizes = { filled: parseDecimal(filled), leaves: parseDecimal("0") };
    tick([{ cloid: CLOID, from: "pending", to, evidence: by, ...sizes, alarms: [] }]);
  };
  const begin = (): void => {
    say({ to: "pending", evidence: { type: "command.place", command: 1 } });
  };
  const skip = (): void => {
    sequence += 1;
  };
  const rules = (): readonly string[] => audit.finish().map(({ rule }) => rule);
  return { audit, fills$, status, exposure, venue, tick, say, begin, skip, rules };
}

function accountOf(venue: Books): TruthAccount {
  return {
    address: "0xa1",
    kind: "user",
    background: false,
    orders: [
      {
        oid: 7,
        cloid: venue.cloid,
        coin: "BTC",
        side: "buy",
        price: "64000.0",
        size: "1.0",
        tif: "Alo",
        trigger: false,
        reduceOnly: false,
        placedAtMs: 0,
        open: venue.open,
        filled: "0.0",
        remaining: "1.0",
        statuses: [],
      },
    ],
    fills: venue.fills,
    positions: venue.positions,
    cash: {},
    isolated: {},
    fundings: [],
    balances: {},
    volume: "0.0",
    requests: [],
    ledgerUpdates: [],
  };
}

describe("the audit of the rules", () => {
  it("finds nothing where nothing is wrong", () => {
    const { begin, fills$, say, venue, rules, audit } = rig();
    begin();
    say({ to: "partiallyFilled", filled: "0.4" });
    fills$.next(FILL);
    venue.block = 2;
    venue.open = false;
    say({ to: "canceled", filled: "0.4" });
    say({ to: "reaped", filled: "0.4" });
    expect(rules()).toEqual([]);
    expect(audit.steps).toBe(4);
  });

  it("misses no tick", () => {
    const { begin, skip, tick, rules } = rig();
    begin();
    skip();
    tick();
    expect(rules()).toEqual(["a tick is missing"]);
  });

  it("knows a fill that was booked twice", () => {
    const { begin, say, fills$, rules } = rig();
    begin();
    say({ to: "partiallyFilled", filled: "0.8" });
    fills$.next(FILL);
    fills$.next(FILL);
    expect(rules()).toEqual(["a fill was booked twice"]);
  });

  it.each([
    ["that the venue does not know", { tid: 71 }],
    ["of another size", { size: "0.5" }],
    ["at another price", { price: "64001" }],
    ["of the other side", { side: "sell" }],
  ] as const)("knows a fill %s", (_, other) => {
    const { begin, fills$, rules } = rig();
    begin();
    fills$.next({ ...FILL, cloid: undefined, ...other });
    expect(rules()).toEqual(["a fill was invented"]);
  });

  it("knows a filled size that fell, and one that is not the sum of fills", () => {
    const { begin, say, fills$, rules } = rig();
    begin();
    say({ to: "partiallyFilled", filled: "0.4" });
    fills$.next(FILL);
    say({ to: "resting", filled: "0.3" });
    expect(rules()).toEqual(["a filled size fell", "a filled size is not the sum of fills"]);
  });

  it("wants evidence for an end", () => {
    const { say, venue, rules } = rig();
    venue.open = false;
    say({ to: "rejected", evidence: { type: "command.place", command: 1 } });
    expect(rules()).toEqual(["an order ended without evidence"]);
  });

  it("knows an order that ended here and lives there", () => {
    const { begin, say, rules } = rig();
    begin();
    say({ to: "canceled" });
    expect(rules()).toEqual(["a live order was read as dead"]);
  });

  it("lets a venue that lies take its own word back", () => {
    const { begin, say, rules } = rig({ venueLies: true });
    begin();
    say({ to: "canceled" });
    expect(rules()).toEqual([]);
  });

  it.each([
    ["too little", { max: "0.9" }, "0.0"],
    ["too much", { max: "5", min: "1.2" }, "1.1"],
    ["another position", { max: "1" }, "0.2"],
  ] as const)("knows bounds that say %s", (_, bounds, position) => {
    const { begin, exposure, venue, tick, rules } = rig();
    begin();
    exposure[0] = { coin: BTC, position: "0", min: "0", ...bounds };
    venue.positions = { BTC: position };
    venue.block = 2;
    tick();
    expect(rules()).toEqual(["exposure does not hold the truth"]);
  });

  it("does not judge bounds where others trade, nor while the engine recovers", () => {
    const { begin, exposure, venue, tick, rules, status } = rig();
    begin();
    exposure.splice(0);
    venue.cloid = `0x${"b2".repeat(16)}`;
    venue.positions = { BTC: "3.0" };
    venue.block = 2;
    tick();
    venue.cloid = CLOID;
    venue.block = 3;
    Object.assign(status, { barrier: "recovering" });
    tick();
    expect(rules()).toEqual([]);
  });

  it.each(["inputFailed", "actorRebuilt", "impossible"] as const)("minds the alarm %s", (name) => {
    const { tick, rules } = rig();
    tick([], name);
    expect(rules()).toEqual(["the engine failed"]);
  });

  it("leaves alarms alone that belong to the story", () => {
    const { tick, rules } = rig({ expected: ["actorRebuilt"] });
    tick([], "actorRebuilt");
    tick([], "lateFill");
    expect(rules()).toEqual([]);
  });

  it("minds what stays doubtful in the end", () => {
    const { status, rules } = rig();
    status.doubtful = 1;
    expect(rules()).toEqual(["a doubt is left"]);
  });

  it("is silent once it was stopped", () => {
    const { audit, tick, skip } = rig();
    audit.stop();
    tick();
    skip();
    tick();
    expect(audit.steps).toBe(0);
  });
});
