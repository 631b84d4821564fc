import { expect, it } from "vitest";
import { ALICE, BOB, Desk, limit, openExchange } from "../desk.fixture.ts";

const FIRST = 700_000_000_001;

it("tells an order's whole life, every fill, and what was held", () => {
  const at = openExchange();
  const [alice, bob] = [new Desk(at, ALICE), new Desk(at, BOB)];
  alice.place(limit({ b: true, p: "64000", s: "0.002", tif: "Alo" }));
  bob.place(limit({ b: false, p: "64000", s: "0.0005", tif: "Ioc" }));
  alice.act({ type: "cancel", cancels: [{ a: 0, o: FIRST }] });
  const truth = at.exchange.truth(ALICE);
  expect(truth.accounts).toHaveLength(1);
  const [account] = truth.accounts;
  expect(account?.orders).toMatchObject([
    {
      oid: FIRST,
      coin: "BTC",
      side: "buy",
      price: "64000.0",
      size: "0.002",
      filled: "0.0005",
      remaining: "0.0015",
      open: false,
      statuses: [
        { status: "open", remaining: "0.002" },
        { status: "canceled", remaining: "0.0015" },
      ],
    },
  ]);
  expect(account?.fills).toEqual(alice.info({ type: "userFills", user: ALICE }));
  expect(account?.positions).toEqual({ BTC: "0.0005" });
  expect(JSON.parse(JSON.stringify(truth))).toEqual(truth);
});

it("lists every request with its block, and a lost one without", () => {
  const at = openExchange();
  const desk = new Desk(at, ALICE, {
    faults: { action: ({ count }) => (count === 2 ? "lose" : "execute") },
  });
  for (let count = 0; count < 3; count += 1) desk.act({ type: "noop" });
  const truth = at.exchange.truth(ALICE);
  const requests = truth.accounts[0]?.requests ?? [];
  expect(requests.map(({ block }) => block !== undefined)).toEqual([true, false, true]);
  expect(requests.map(({ type, signer }) => [type, signer])).toEqual(
    Array.from({ length: 3 }, () => ["noop", ALICE]),
  );
  expect(truth.nonces[ALICE]).toEqual([requests[0]?.nonce, requests[2]?.nonce]);
});

it("forgets requests by how many orders they are about, not by their number", () => {
  const at = openExchange({ rules: { archiveKept: 50 } });
  const desk = new Desk(at, ALICE);
  const cancels = Array.from({ length: 20 }, (_, o) => ({ a: 0, o }));
  for (let count = 0; count < 10; count += 1) desk.act({ type: "cancel", cancels });
  const requests = at.exchange.truth(ALICE).accounts[0]?.requests ?? [];
  expect(requests.length).toBeGreaterThan(1);
  expect(requests.length).toBeLessThan(5);
  expect(requests.at(-1)?.answer).toMatchObject({ status: "ok" });
});

it("knows no stranger", () => {
  expect(
    openExchange().exchange.truth("0x9999999999999999999999999999999999999999").accounts,
  ).toEqual([]);
});

it("prints in parts what it tells, of one moment: what happens meanwhile is not in it", () => {
  const at = openExchange();
  const [alice, bob] = [new Desk(at, ALICE), new Desk(at, BOB)];
  alice.place(limit({ b: true, p: "64000", s: "0.002", tif: "Alo" }));
  alice.place(limit({ b: true, p: "63000", s: "0.001" }));
  alice.act({ type: "cancel", cancels: [{ a: 0, o: FIRST + 1 }] });
  const told = at.exchange.truth();
  const parts = at.exchange.truthParts();
  bob.place(limit({ b: false, p: "64000", s: "0.0005", tif: "Ioc" }));
  alice.act({ type: "cancel", cancels: [{ a: 0, o: FIRST }] });
  let text = "";
  for (let part = parts.next(); part.done !== true; part = parts.next()) text += part.value;
  expect(JSON.parse(text)).toEqual(told);
  expect(at.exchange.truth()).not.toEqual(told);
});
