import { beforeEach, describe, expect, it } from "vitest";
import { ALICE, BOB, Desk, openExchange } from "../desk.fixture.ts";

const DAY_MS = 24 * 3_600_000;
const DONE = { status: "ok", response: { type: "default" } };
const key = (index: number) => `0x${index.toString(16).padStart(40, "a")}`;
const stranger = (address: string) => ({
  status: "err",
  response: `User or API Wallet ${address} does not exist.`,
});

let alice: Desk;
beforeEach(() => {
  alice = new Desk(openExchange(), ALICE);
});

function approve(
  index: number,
  terms: { name?: string | null; chain?: string; as?: string; vault?: string; skew?: number } = {},
): unknown {
  const nonce = alice.clock.wallMs();
  const action = {
    type: "approveAgent",
    hyperliquidChain: terms.chain ?? "Mainnet",
    signatureChainId: "0x66eee",
    agentAddress: key(index),
    agentName: terms.name ?? null,
    nonce: nonce + (terms.skew ?? 0),
  };
  const { as = ALICE, vault } = terms;
  return alice.act(action, { nonce, as, ...(vault === undefined ? {} : { vault }) });
}

const noop = (index: number) => alice.act({ type: "noop" }, { as: key(index) });
const named = () =>
  (alice.info({ type: "extraAgents", user: ALICE }) as { name: string; validUntil: number }[]).map(
    ({ name }) => name,
  );

describe("approveAgent (protocol §10.2, §10.4)", () => {
  it("lets a key sign, for 180 days unless told otherwise", () => {
    expect(noop(1)).toEqual(stranger(key(1)));
    expect(approve(1)).toEqual(DONE);
    expect(noop(1)).toEqual(DONE);
    expect(alice.info({ type: "userRole", user: key(1) })).toEqual({
      role: "agent",
      data: { user: ALICE },
    });
    alice.clock.stepWall(180 * DAY_MS);
    expect(noop(1)).toEqual(stranger(key(1)));
  });

  it("takes an expiry in the name, of at most 180 days", () => {
    const untilMs = alice.clock.wallMs() + DAY_MS;
    expect(approve(1, { name: `bot valid_until ${untilMs}` })).toEqual(DONE);
    expect(alice.info({ type: "extraAgents", user: ALICE })).toEqual([
      { name: "bot", address: key(1), validUntil: untilMs },
    ]);
    alice.clock.stepWall(DAY_MS);
    expect(noop(1)).toEqual(stranger(key(1)));
    expect(named()).toEqual([]);
    for (const badMs of [alice.clock.wallMs(), alice.clock.wallMs() + 181 * DAY_MS]) {
      expect(approve(2, { name: `bot valid_until ${badMs}` })).toMatchObject({ status: "err" });
    }
  });

  it("puts a key in the place of the one of its name, and forgets the old one with its nonces", () => {
    approve(1);
    approve(2, { name: "bot" });
    const nonce = alice.clock.wallMs() + 5_000;
    alice.act({ type: "noop" }, { as: key(1), nonce });
    expect(approve(3)).toEqual(DONE);
    expect(noop(1)).toEqual(stranger(key(1)));
    expect([noop(2), noop(3)]).toEqual([DONE, DONE]);
    expect(approve(1)).toEqual(DONE);
    expect(alice.act({ type: "noop" }, { as: key(1), nonce })).toEqual(DONE);
  });

  it("knows three with a name; an expired one counts no more", () => {
    const untilMs = alice.clock.wallMs() + 10_000;
    approve(1, { name: `a valid_until ${untilMs}` });
    approve(2, { name: "b" });
    approve(3, { name: "c" });
    expect(approve(4, { name: "d" })).toEqual({
      status: "err",
      response: "Cannot approve more than 3 named agents.",
    });
    expect(approve(5)).toEqual(DONE);
    expect(approve(6, { name: "c" })).toEqual(DONE);
    alice.clock.advanceBy(10_000);
    expect(approve(4, { name: "d" })).toEqual(DONE);
    expect(named()).toEqual(["b", "c", "d"]);
  });

  it("is the master's alone, for a key that is nobody's, on this network", () => {
    approve(1);
    expect(approve(2, { as: key(1) })).toEqual({
      status: "err",
      response: `Must deposit before performing actions. User: ${key(1)}`,
    });
    expect(approve(1, { as: BOB })).toMatchObject({ status: "err" });
    expect(approve(2, { chain: "Testnet" })).toEqual({
      status: "err",
      response: "Mainnet and testnet require different signature.",
    });
    expect(approve(2, { name: "seventeen letters" })).toMatchObject({ status: "err" });
    expect(noop(2)).toEqual(stranger(key(2)));
  });

  it.each([{ skew: 1 }, { vault: BOB }, { chain: "Moon" }])("is malformed with %j", (terms) => {
    approve(2, terms);
    expect(alice.heard("post").at(-1)).toMatchObject({ response: { type: "error" } });
  });
});
