import { add, parseDecimal, seededRandom, ZERO } from "@cloister/model";
import { describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";
import type { Truth } from "../ledger/truth.ts";

const SUB = "0x7777777777777777777777777777777777777777";
const FRESH = "0x8888888888888888888888888888888888888888";
const CHAIN = { hyperliquidChain: "Mainnet", signatureChainId: "0xdeadbeef" };
const PURR = "PURR:0x00000000000000000000000000000001";

function opened() {
  const spot = { USDC: "10000", PURR: "1000" };
  const at = openExchange({
    accounts: [
      {
        address: ALICE,
        deposit: "1000",
        spot,
        subAccounts: [{ address: SUB, deposit: "1000" }],
      },
      { address: BOB, deposit: "1000", spot },
    ],
  });
  return { at, alice: new Desk(at, ALICE), bob: new Desk(at, BOB) };
}

/** An action that carries its nonce itself. */
function signed(desk: Desk, action: object, field: "time" | "nonce" = "nonce"): unknown {
  const nonce = desk.clock.wallMs() + 1_000;
  desk.clock.advanceBy(1);
  return desk.act({ ...CHAIN, ...action, [field]: nonce }, { nonce });
}

/** Everything that accounts hold, by purse. */
function totals(truth: Truth): Readonly<Record<string, unknown>> {
  const sums = new Map<string, ReturnType<typeof parseDecimal>>();
  for (const { cash, balances } of truth.accounts) {
    for (const [purse, amount] of [
      ...Object.values(cash).map((sum) => ["USDC", sum] as const),
      ...Object.entries(balances),
    ]) {
      sums.set(purse, add(sums.get(purse) ?? ZERO, parseDecimal(amount)));
    }
  }
  return Object.fromEntries(sums);
}

describe("money", () => {
  it("is neither made nor lost by any transfer, random and mostly impossible ones", () => {
    const { at, alice, bob } = opened();
    const before = totals(at.exchange.truth());
    const random = seededRandom(5);
    const one = <Item>(items: readonly Item[]): Item =>
      items[Math.floor(random.next() * items.length)] as Item;
    let done = 0;
    for (let turn = 0; turn < 300; turn += 1) {
      const amount = (random.next() * 900).toFixed(one([0, 2, 5, 6]));
      const destination = one([ALICE, BOB, SUB, FRESH]);
      const desk = one([alice, bob]);
      const dexes = ["", "xyz", "spot"];
      const answer = one([
        () => signed(desk, { type: "usdSend", destination, amount }, "time"),
        () => signed(desk, { type: "spotSend", destination, token: PURR, amount }, "time"),
        () => signed(desk, { type: "usdClassTransfer", amount, toPerp: random.next() < 0.5 }),
        () =>
          signed(desk, {
            type: "sendAsset",
            destination,
            sourceDex: one(dexes),
            destinationDex: one(dexes),
            token: one(["USDC", PURR]),
            amount,
            fromSubAccount: one(["", SUB]),
          }),
        () =>
          desk.act({
            type: "subAccountTransfer",
            subAccountUser: SUB,
            isDeposit: random.next() < 0.5,
            usd: Math.floor(random.next() * 900_000_000),
          }),
      ])() as { status: string };
      if (answer.status === "ok") done += 1;
    }
    expect(done).toBeGreaterThan(60);
    expect(totals(at.exchange.truth())).toEqual(before);
    for (const { cash, balances } of at.exchange.truth().accounts) {
      for (const sum of [...Object.values(cash), ...Object.values(balances)]) {
        expect(sum.startsWith("-")).toBe(false);
      }
    }
  });

  it("that positions and orders need stays", () => {
    const { alice, bob } = opened();
    bob.place(limit({ b: false, p: "64000", s: "0.1" }));
    alice.place(limit({ b: true, p: "64000", s: "0.1", tif: "Ioc" }));
    alice.place(limit({ a: 10_000, b: false, p: "0.25", s: "900" }));
    const send = (amount: string) =>
      signed(alice, { type: "usdSend", destination: BOB, amount }, "time");
    // 1000, less a fee of 2.88 and a margin of 320.
    expect(send("677.13")).toMatchObject({ status: "err" });
    expect(send("677.12")).toMatchObject({ status: "ok" });
    const token = { type: "spotSend", destination: BOB, token: PURR };
    expect(signed(alice, { ...token, amount: "101" }, "time")).toMatchObject({ status: "err" });
    expect(signed(alice, { ...token, amount: "100" }, "time")).toMatchObject({ status: "ok" });
  });

  it.each([
    ["of a wrong nonce", { type: "usdSend", destination: BOB, amount: "1", time: 5 }],
    ["of no chain", { type: "usdSend", destination: BOB, amount: "1", hyperliquidChain: "Other" }],
    ["of a number", { type: "usdSend", destination: BOB, amount: 1 }],
    ["to no address", { type: "usdSend", destination: "bob", amount: "1" }],
    ["with a field nobody knows", { type: "usdSend", destination: BOB, amount: "1", memo: "x" }],
    ["of no fraction", { type: "approveBuilderFee", builder: BOB, maxFeeRate: "0.0001%" }],
  ])("an action %s is no shape of the venue: 422", (_, action) => {
    const { alice } = opened();
    const nonce = alice.clock.wallMs();
    const body = JSON.stringify({
      action: { ...CHAIN, time: nonce, ...action },
      nonce,
      signature: { r: "0x1", s: "0x1", v: 27 },
    });
    expect(alice.http("/exchange", body).status).toBe(422);
  });

  it("approves ten builders at most, and takes one back with a fee of nothing", () => {
    const { alice } = opened();
    const approve = (index: number, maxFeeRate = "0.05%") =>
      signed(alice, {
        type: "approveBuilderFee",
        maxFeeRate,
        builder: `0x${String(index).padStart(40, "0")}`,
      });
    for (let index = 1; index <= 10; index += 1) {
      expect(approve(index)).toMatchObject({ status: "ok" });
    }
    expect(approve(11)).toMatchObject({ response: "Cannot approve more than 10 builders." });
    expect(approve(1, "2%")).toMatchObject({ status: "err" });
    expect(approve(1, "0%")).toMatchObject({ status: "ok" });
    expect(approve(11)).toMatchObject({ status: "ok" });
    expect(alice.info({ type: "approvedBuilders", user: ALICE })).toHaveLength(10);
  });

  it("that a liquidation takes stands among what moved it", () => {
    const { at, alice, bob } = opened();
    bob.place(limit({ b: false, p: "64000", s: "0.3" }));
    alice.place(limit({ b: true, p: "64000", s: "0.3", tif: "Ioc" }));
    at.exchange.setMark("BTC", "60000");
    alice.pass(3);
    const rows = alice.info({ type: "userNonFundingLedgerUpdates", user: ALICE, startTime: 0 });
    expect(rows).toMatchObject([
      {
        delta: {
          type: "liquidation",
          leverageType: "Cross",
          liquidatedNtlPos: "18000.0",
          liquidatedPositions: [{ coin: "BTC", szi: "0.3" }],
        },
      },
    ]);
  });
});
