import { beforeEach, expect, it } from "vitest";
import { ALICE, Desk, openExchange } from "../desk.fixture.ts";
import { NOT_SIMULATED } from "./not-simulated.ts";

let alice: Desk;
beforeEach(() => {
  alice = new Desk(openExchange(), ALICE);
});

it.each([...NOT_SIMULATED])("refuses %s in words, with HTTP 200", (type) => {
  const signature = { r: "0x1", s: "0x1", v: 27 };
  const body = JSON.stringify({ action: { type }, nonce: alice.clock.wallMs(), signature });
  const answer = alice.http("/exchange", body);
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toEqual({
    status: "err",
    response: `Action ${type} is not simulated.`,
  });
});

it("answers 422 to an action nobody knows", () => {
  const signature = { r: "0x1", s: "0x1", v: 27 };
  const body = JSON.stringify({ action: { type: "conjure" }, nonce: 1, signature });
  expect(alice.http("/exchange", body).status).toBe(422);
});
