import { seededRandom } from "@cloister/model";
import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "./desk.fixture.ts";

let alice: Desk;
let bob: Desk;

/** A book of 2079.9@2080.0 on ETH (asset 1), of BOB. */
beforeEach(() => {
  const at = openExchange();
  alice = new Desk(at, ALICE);
  bob = new Desk(at, BOB);
  bob.place(limit({ a: 1, b: true, p: "2079.9", s: "1" }));
  bob.place(limit({ a: 1, b: false, p: "2080.5", s: "1" }));
  alice.subscribe({ type: "orderUpdates", user: ALICE });
});

const eth = (terms: { b: boolean; p: string; s: string; tif?: string; r?: boolean }) =>
  limit({ a: 1, ...terms });

describe("refusals while running have a record and one update (protocol §7.2)", () => {
  it.each([
    [
      "tickRejected",
      eth({ b: true, p: "2079.95", s: "1" }),
      "Price must be divisible by tick size. asset=1",
    ],
    [
      "minTradeNtlRejected",
      eth({ b: true, p: "2000", s: "0.004" }),
      "Order must have minimum value of $10. asset=1",
    ],
    [
      "minTradeNtlRejected",
      limit({ a: 10_000, b: true, p: "0.2", s: "49" }),
      "Order must have minimum value of 10 USDC. asset=10000",
    ],
    ["perpMarginRejected", eth({ b: true, p: "2000", s: "2499" }), undefined],
    [
      "reduceOnlyRejected",
      eth({ b: true, p: "2000", s: "1", r: true }),
      "Reduce only order would increase position. asset=1",
    ],
    [
      "badAloPxRejected",
      eth({ b: true, p: "2081", s: "1", tif: "Alo" }),
      "Post only order would have immediately matched, bbo was 2079.9@2080.5. asset=1",
    ],
    [
      "iocCancelRejected",
      eth({ b: true, p: "2080", s: "1", tif: "Ioc" }),
      "Order could not immediately match against any resting orders. asset=1",
    ],
    [
      "marketOrderNoLiquidityRejected",
      eth({ b: true, p: "2080", s: "1", tif: "FrontendMarket" }),
      "No liquidity available for market order. asset=1",
    ],
    [
      "insufficientSpotBalanceRejected",
      limit({ a: 10_000, b: true, p: "0.2", s: "60000" }),
      "Insufficient spot balance asset=10000",
    ],
    [
      "rejected",
      limit({ a: 3, b: true, p: "0.4", s: "100" }),
      "Trading is disabled for delisted assets. asset=3",
    ],
  ])("%s", (status, order, text) => {
    if (status === "perpMarginRejected") {
      alice.act({ type: "updateLeverage", asset: 1, isCross: true, leverage: 1 });
    }
    expect(alice.place(order)).toEqual({
      error: text ?? "Insufficient margin to place order. asset=1",
    });
    const updates = alice.heard("orderUpdates").flat();
    expect(updates).toMatchObject([{ status, order: { oid: expect.any(Number) as number } }]);
    const [update] = updates as { order: { oid: number; sz: string; origSz: string } }[];
    expect(update?.order.sz).toBe(update?.order.origSz);
    expect(alice.info({ type: "orderStatus", user: ALICE, oid: update?.order.oid })).toMatchObject({
      status: "order",
      order: { status },
    });
  });

  it.each(["0", "1999.95"])("badTriggerPxRejected for the trigger price %s", (triggerPx) => {
    const t = { trigger: { isMarket: false, triggerPx, tpsl: "sl" } };
    expect(alice.place({ a: 1, b: false, p: "2000", s: "1", r: true, t })).toEqual({
      error: "Invalid TP/SL price. asset=1",
    });
    expect(alice.heard("orderUpdates")).toMatchObject([[{ status: "badTriggerPxRejected" }]]);
  });

  it("badTriggerPxRejected", () => {
    const trigger = {
      a: 1,
      b: false,
      p: "2000",
      s: "1",
      r: true,
      t: { trigger: { isMarket: true, triggerPx: "2100", tpsl: "sl" } },
    };
    expect(alice.place(trigger)).toEqual({ error: "Invalid TP/SL price. asset=1" });
    expect(alice.heard("orderUpdates")).toMatchObject([[{ status: "badTriggerPxRejected" }]]);
  });
});

describe("static refusals speak once for a whole batch and leave no trace (protocol §7.4)", () => {
  it.each([
    ["Order has invalid price.", eth({ b: true, p: "0", s: "1" })],
    ["Order has invalid size.", eth({ b: true, p: "2000", s: "0.00001" })],
    ["Order has zero size.", eth({ b: true, p: "2000", s: "0" })],
    ["Invalid spot", limit({ a: 10_999, b: true, p: "1", s: "1" })],
    [
      "Reduce-only is invalid for spot trading.",
      limit({ a: 10_000, b: false, p: "0.2", s: "100", r: true }),
    ],
    [
      "Order price cannot be more than 95% away from the reference price",
      eth({ b: true, p: "5000", s: "1" }),
    ],
    [
      "Order price cannot be more than 80% away from the reference price",
      limit({ a: 10_000, b: true, p: "1.1", s: "100" }),
    ],
    [
      "Order price cannot be more than 80% away from the reference price",
      limit({ a: 10_000, b: true, p: "0.04", s: "1000" }),
    ],
    ["Order value too large. Max is $5000000.", eth({ b: true, p: "2000", s: "2501" })],
  ])("%s", (text, bad) => {
    const good = eth({ b: true, p: "2000", s: "1" });
    expect(alice.statuses({ type: "order", orders: [good, bad], grouping: "na" })).toEqual([
      { error: text },
    ]);
    expect(alice.heard("orderUpdates")).toEqual([]);
    expect(alice.info({ type: "openOrders", user: ALICE })).toEqual([]);
  });

  it("refuses an empty batch and an unapproved builder", () => {
    expect(alice.statuses({ type: "order", orders: [], grouping: "na" })).toEqual([
      { error: "Orders are empty." },
    ]);
    const builder = { b: BOB, f: 10 };
    expect(
      alice.statuses({
        type: "order",
        orders: [eth({ b: true, p: "2000", s: "1" })],
        grouping: "na",
        builder,
      }),
    ).toEqual([{ error: "Builder fee has not been approved" }]);
  });
});

describe("a spot Ioc is judged in the venue's order (protocol §11.2)", () => {
  const spot = (terms: { b: boolean; p: string; s: string }) =>
    alice.place(limit({ a: 10_000, tif: "Ioc", ...terms }));
  const NOTHING = "Order could not immediately match against any resting orders. asset=10000";

  it("first whether it meets anything, then whether there is money, then its value", () => {
    expect(spot({ b: true, p: "0.2", s: "5" })).toEqual({ error: NOTHING });
    expect(spot({ b: true, p: "0.2", s: "60000" })).toEqual({ error: NOTHING });
    bob.place(limit({ a: 10_000, b: false, p: "0.2", s: "100" }));
    expect(spot({ b: true, p: "0.2", s: "5" })).toEqual({
      error: "Order must have minimum value of 10 USDC. asset=10000",
    });
    alice.place(limit({ a: 10_000, b: true, p: "0.1", s: "100000" }));
    expect(spot({ b: true, p: "0.2", s: "5" })).toEqual({
      error: "Insufficient spot balance asset=10000",
    });
  });

  it("at the price it meets, not at its limit", () => {
    bob.place(limit({ a: 10_000, b: false, p: "0.2", s: "100" }));
    expect(spot({ b: true, p: "0.25", s: "45" })).toEqual({
      error: "Order must have minimum value of 10 USDC. asset=10000",
    });
    bob.place(limit({ a: 10_000, b: true, p: "0.19", s: "100" }));
    expect(spot({ b: false, p: "0.1", s: "60" })).toMatchObject({ filled: { totalSz: "60.0" } });
  });
});

describe("whole requests that fail are HTTP 200 with status err (protocol §7.5)", () => {
  const err = (response: string) => ({ status: "err", response });
  const noop = { type: "noop" };

  it("an unknown signer", () => {
    const stranger = "0x4444444444444444444444444444444444444444";
    expect(alice.act(noop, { as: stranger })).toEqual(
      err(`User or API Wallet ${stranger} does not exist.`),
    );
  });

  it("the other network", () => {
    expect(alice.act(noop, { network: "testnet" })).toEqual(
      err("Mainnet and testnet require different signature."),
    );
  });

  it("a noop answers ok once and spends its nonce; then it is a duplicate", () => {
    const nonce = alice.clock.wallMs();
    expect(alice.act(noop, { nonce })).toEqual({ status: "ok", response: { type: "default" } });
    expect(
      alice.act(
        { type: "order", orders: [eth({ b: true, p: "2000", s: "1" })], grouping: "na" },
        { nonce },
      ),
    ).toEqual(err(`Invalid nonce: duplicate nonce ${nonce}`));
    expect(alice.info({ type: "openOrders", user: ALICE })).toEqual([]);
  });

  it("a noop with the nonce of an order in the same block wins over a taker", () => {
    const nonce = alice.clock.wallMs();
    const order = alice.post(
      { type: "order", orders: [eth({ b: true, p: "2000", s: "1" })], grouping: "na" },
      { nonce },
    );
    const stop = alice.post(noop, { nonce });
    alice.pass();
    expect(alice.answer(stop)).toEqual({ status: "ok", response: { type: "default" } });
    expect(alice.answer(order)).toEqual(err(`Invalid nonce: duplicate nonce ${nonce}`));
  });

  it("an expired action, which spends its nonce", () => {
    const nonce = alice.clock.wallMs();
    const expiresAfter = nonce - 1;
    expect(alice.act(noop, { nonce, expiresAfter })).toEqual(err("Action already expired"));
    expect(alice.act(noop, { nonce })).toEqual(err(`Invalid nonce: duplicate nonce ${nonce}`));
  });

  it("a vault nobody registered, before its nonce counts", () => {
    const nonce = alice.clock.wallMs();
    expect(alice.act(noop, { nonce, vault: "0x7777777777777777777777777777777777777777" })).toEqual(
      err("Vault not registered: 0x7777777777777777777777777777777777777777"),
    );
    expect(alice.act(noop, { nonce })).toMatchObject({ status: "ok" });
  });

  it("a batch over 200", () => {
    const cancels = Array.from({ length: 201 }, (_, o) => ({ a: 0, o }));
    expect(alice.act({ type: "cancel", cancels })).toEqual(
      err("Signed action over weight limit of 200."),
    );
  });

  it("scheduleCancel without volume", () => {
    expect(alice.act({ type: "scheduleCancel", time: alice.clock.wallMs() + 10_000 })).toEqual(
      err(
        "Cannot set scheduled cancel time until enough volume traded. Required: $1000000. Traded: $0.",
      ),
    );
  });

  it("scheduleCancel with too little volume, told in cents", () => {
    alice.place(eth({ b: true, p: "2080.5", s: "0.0057", tif: "Ioc" }));
    expect(alice.act({ type: "scheduleCancel", time: alice.clock.wallMs() + 10_000 })).toEqual(
      err(
        "Cannot set scheduled cancel time until enough volume traded. Required: $1000000. Traded: $11.85.",
      ),
    );
  });

  it("what this version does not perform, in words", () => {
    expect(alice.act({ type: "createVault", name: "x" })).toEqual(
      err("Action createVault is not simulated."),
    );
  });
});

it("tells an account without a deposit to make one, and knows agents and sub-accounts", () => {
  const [agent, sub] = [
    "0x5555555555555555555555555555555555555555",
    "0x6666666666666666666666666666666666666666",
  ];
  const late = "0x8888888888888888888888888888888888888888";
  const at = openExchange({
    random: seededRandom(1),
    accounts: [
      {
        address: ALICE,
        deposit: "1000",
        agents: [
          { address: agent, name: "bot" },
          { address: late, name: "late", validUntilMs: 1 },
        ],
        subAccounts: [{ address: sub, deposit: "500" }],
      },
      { address: BOB, deposit: "0" },
    ],
  });
  const poor = new Desk(at, BOB);
  expect(poor.act({ type: "noop" })).toEqual({
    status: "err",
    response: `Must deposit before performing actions. User: ${BOB}`,
  });
  const desk = new Desk(at, ALICE);
  const order = {
    type: "order",
    orders: [limit({ b: true, p: "60000", s: "0.001" })],
    grouping: "na",
  };
  expect(desk.act(order, { as: agent, vault: sub })).toMatchObject({ status: "ok" });
  expect(desk.act(order, { as: late })).toEqual({
    status: "err",
    response: `User or API Wallet ${late} does not exist.`,
  });
  expect(desk.info({ type: "openOrders", user: sub })).toHaveLength(1);
  expect(desk.info({ type: "openOrders", user: ALICE })).toEqual([]);
  expect(desk.info({ type: "userRole", user: agent })).toEqual({
    role: "agent",
    data: { user: ALICE },
  });
  expect(desk.info({ type: "userRole", user: sub })).toMatchObject({ role: "subAccount" });
  expect(desk.info({ type: "userRole", user: late.replace(/8/g, "9") })).toEqual({
    role: "missing",
  });
  expect(desk.info({ type: "userRole", user: late })).toEqual({ role: "missing" });
  expect(desk.info({ type: "extraAgents", user: ALICE })).toMatchObject([
    { name: "bot", address: agent },
  ]);
});
