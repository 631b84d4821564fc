import { ALICE, limit } from "../desk.fixture.ts";
import type { OrderStatus, Rejected, SystemCancel } from "../ledger/order.ts";
import { group, trigger } from "../market/groups.fixture.ts";
import { DEFAULT_UNIVERSE } from "../market/universe.ts";
import { cause, deposits, pair, type Pair, type Proof, script, words } from "./proof.fixture.ts";

/** Every status of protocol §5, and how it comes about here. */
export const STATUS_PROOFS: Readonly<Record<OrderStatus, Proof>> = {
  open: cause(() => told(({ alice }) => alice.place(buy("60000")))),
  filled: cause(() => told((at) => take(at, "0.01"))),
  canceled: cause(() =>
    told(({ alice }) => {
      alice.place(buy("60000"));
      alice.act({ type: "cancel", cancels: [{ a: 0, o: FIRST }] });
    }),
  ),
  triggered: cause(() =>
    told((at) => {
      take(at, "0.01");
      at.alice.place(trigger({ kind: "sl", px: "62000", s: "0.01" }));
      at.at.exchange.setMark("BTC", "61000");
      at.alice.pass();
    }),
  ),
  marginCanceled: cause(() =>
    told(
      (at) => {
        at.alice.place(buy("64000", "0.01"));
        at.alice.place(buy("63990", "0.01"));
        at.bob.place(limit({ b: false, p: "63990", s: "0.02" }));
      },
      deposits("40", "1000000"),
    ),
  ),
  openInterestCapCanceled: cause(() =>
    told((at) => {
      take(at, "0.01");
      at.alice.place(buy("63900", "0.01"));
      decide(
        at,
        { do: "oracle", coin: "BTC", price: "63500" },
        { do: "openInterestCap", coin: "BTC", value: "600" },
      );
    }),
  ),
  selfTradeCanceled: cause(() =>
    told(({ alice }) => {
      alice.place(buy("64000"));
      alice.place(limit({ b: false, p: "64000", s: "0.001" }));
    }),
  ),
  reduceOnlyCanceled: cause(() =>
    told((at) => {
      take(at, "0.01");
      at.alice.place(limit({ b: false, p: "66000", s: "0.01", r: true }));
      at.bob.place(buy("64000", "0.01"));
      at.alice.place(limit({ b: false, p: "64000", s: "0.01" }));
    }),
  ),
  siblingFilledCanceled: cause(() =>
    told((at) => {
      take(at, "0.01");
      at.bob.place(buy("61000", "1"));
      const stop = trigger({ kind: "sl", px: "62000", p: "60000", s: "0.01" });
      const profit = trigger({ kind: "tp", px: "70000", s: "0.01" });
      at.alice.act(group("positionTpsl", [stop, profit]));
      at.at.exchange.setMark("BTC", "61500");
      at.alice.pass();
    }),
  ),
  delistedCanceled: cause(() =>
    told((at) => {
      at.alice.place(buy("60000"));
      decide(at, { do: "delist", coin: "BTC" });
    }),
  ),
  liquidatedCanceled: cause(() =>
    told(
      (at) => {
        take(at, "0.01");
        at.alice.place(limit({ b: false, p: "66000", s: "0.01" }));
        at.bob.place(buy("60600", "1"));
        at.at.exchange.setMark("BTC", "60700");
        at.alice.pass();
      },
      deposits("40", "1000000"),
    ),
  ),
  scheduledCancel: cause(() =>
    told(
      ({ alice }) => {
        alice.place(buy("60000"));
        alice.act({ type: "scheduleCancel", time: alice.clock.wallMs() + 6_000 });
        alice.clock.advanceBy(7_000);
      },
      { rules: { scheduleCancelVolume: "0" } },
    ),
  ),
  vaultWithdrawalCanceled: ended("vaultWithdrawalCanceled", "there are no vaults here"),
  outcomeSettledCanceled: ended("outcomeSettledCanceled", "there are no outcome markets here"),
  internalCancel: ended("internalCancel", "its cause is an error inside of the venue"),

  rejected: cause(() =>
    told(({ alice }) => alice.place(limit({ a: 3, b: true, p: "0.4", s: "99" }))),
  ),
  tickRejected: cause(() => told(({ alice }) => alice.place(buy("63999.95")))),
  minTradeNtlRejected: cause(() => told(({ alice }) => alice.place(buy("60000", "0.0001")))),
  minTradeSpotNtlRejected: rejected(
    "minTradeSpotNtlRejected",
    "measured, spot says minTradeNtlRejected",
  ),
  perpMarginRejected: cause(() =>
    told(({ alice }) => alice.place(buy("64000", "1")), deposits("10")),
  ),
  reduceOnlyRejected: cause(() =>
    told(({ alice }) => alice.place(limit({ b: true, p: "64000", s: "0.01", r: true }))),
  ),
  badAloPxRejected: cause(() =>
    told(({ alice, bob }) => {
      bob.place(limit({ b: false, p: "64000", s: "0.01" }));
      alice.place(limit({ b: true, p: "64000", s: "0.01", tif: "Alo" }));
    }),
  ),
  iocCancelRejected: cause(() => told(({ alice }) => alice.place(immediate("Ioc")))),
  badTriggerPxRejected: cause(() =>
    told((at) => {
      take(at, "0.01");
      at.alice.place(trigger({ kind: "sl", px: "65000", s: "0.01" }));
    }),
  ),
  marketOrderNoLiquidityRejected: cause(() =>
    told(({ alice }) => alice.place(immediate("FrontendMarket"))),
  ),
  positionIncreaseAtOpenInterestCapRejected: cause(() =>
    told((at) => {
      capped(at);
      at.alice.place(buy("64000"));
    }),
  ),
  positionFlipAtOpenInterestCapRejected: cause(() =>
    told((at) => {
      capped(at);
      at.alice.place(limit({ b: false, p: "63900", s: "0.02" }));
    }),
  ),
  tooAggressiveAtOpenInterestCapRejected: cause(() =>
    told((at) => {
      capped(at);
      decide(at, { do: "oracle", coin: "BTC", price: "63950" });
      at.alice.place(buy("63960"));
    }),
  ),
  openInterestIncreaseRejected: cause(() =>
    told((at) => {
      at.bob.place(limit({ b: false, p: "64000", s: "1" }));
      decide(at, { do: "openInterestGrowth", coin: "BTC", value: "100" });
      at.alice.place(buy("64000", "0.002"));
    }),
  ),
  insufficientSpotBalanceRejected: cause(() =>
    told(({ alice }) => alice.place(limit({ a: 10_000, b: true, p: "0.2", s: "60000" }))),
  ),
  oracleRejected: cause(() =>
    told((at) => {
      decide(
        at,
        { do: "oracle", coin: "BTC", price: "60000" },
        { do: "oracleBand", coin: "BTC", value: "0.05" },
      );
      at.alice.place(buy("63500"));
    }),
  ),
  perpMaxPositionRejected: cause(() =>
    told(
      (at) => {
        at.bob.place(limit({ b: false, p: "64000", s: "0.02" }));
        at.alice.place(buy("64000", "0.02"));
      },
      { universe: { ...DEFAULT_UNIVERSE, perps: tiered() } },
    ),
  ),
  tooManyOpenOrdersRejected: cause(() =>
    told(
      ({ alice }) => {
        alice.place(buy("60000"));
        alice.place(buy("60001"));
      },
      { limits: { openOrders: 1, openOrdersMax: 1 } },
    ),
  ),
};

const FIRST = 700_000_000_001;

function told(
  act: (at: Pair) => void,
  options: Parameters<typeof pair>[0] = {},
): readonly string[] {
  const at = pair(options);
  act(at);
  return words(at);
}

function buy(p: string, s = "0.001"): object {
  return limit({ b: true, p, s });
}

function immediate(tif: string): object {
  return limit({ b: true, p: "64000", s: "0.01", tif });
}

/** ALICE buys of BOB. */
function take({ alice, bob }: Pair, s: string): void {
  bob.place(limit({ b: false, p: "64000", s }));
  alice.place(buy("64000", s));
}

/** Something happens to the market. */
function decide(
  { at, alice }: Pair,
  ...steps: Parameters<typeof at.exchange.market>[0]["steps"]
): void {
  at.exchange.market({ steps });
  alice.pass();
}

/** ALICE is long, there is more to buy and to sell, and nobody may add to what is open. */
function capped(at: Pair): void {
  take(at, "0.01");
  at.bob.place(limit({ b: false, p: "64000", s: "0.1" }));
  at.bob.place(limit({ b: true, p: "63900", s: "0.1" }));
  decide(at, { do: "openInterestCap", coin: "BTC", value: "640" });
}

/** BTC with a tier that ALICE's leverage is too high for. */
function tiered() {
  const marginTiers = [
    { lowerBound: "0", maxLeverage: 40 },
    { lowerBound: "1000", maxLeverage: 10 },
  ];
  return DEFAULT_UNIVERSE.perps.map((perp) =>
    perp.name === "BTC" ? { ...perp, marginTiers } : perp,
  );
}

/** A system cancel without a cause here: a plan ends what is open. */
function ended(status: SystemCancel, why: string): Proof {
  return script(why, () => {
    const at = pair({}, [
      { what: "endOrders", status, to: { account: ALICE }, when: { afterMs: 500 } },
    ]);
    at.alice.place(buy("60000"));
    at.alice.clock.advanceBy(1_000);
    return words(at);
  });
}

/** A reject without a cause here: a plan rejects what is placed. */
function rejected(status: Rejected, why: string): Proof {
  return script(why, () => {
    const at = pair({}, [{ what: "rejectOrders", status, error: "Rejected." }]);
    at.alice.place(buy("60000"));
    return words(at);
  });
}
