import { request } from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ALICE, Desk, openExchange } from "../desk.fixture.ts";
import { readFaultPlan } from "../faults/fault-plan.ts";
import { faultSwitch } from "../faults/fault-switch.ts";
import { type ServedControl, serveControl } from "./serve-control.ts";

let control: ServedControl;
let desk: Desk;

beforeEach(async () => {
  const at = openExchange();
  const plan = readFaultPlan({ faults: [{ what: "loseFrame", to: { channel: "pong" } }] });
  const faults = faultSwitch(plan, { clock: at.clock });
  desk = new Desk(at, ALICE, { faults: faults.faults });
  control = await serveControl(at.exchange, { switch: faults });
});
afterEach(() => control.close());

function ask(
  method: string,
  path: string,
  body = "",
  type = "application/json",
): Promise<{ status: number | undefined; body: unknown }> {
  return new Promise((done, fail) => {
    const headers = { "content-type": type };
    const asked = request(`${control.http}${path}`, { method, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      answer.on("end", () => done({ status: answer.statusCode, body: JSON.parse(text) }));
    });
    asked.on("error", fail);
    asked.end(body);
  });
}

function pongs(): number {
  desk.forget();
  desk.send({ method: "ping" });
  return desk.heard("pong").length;
}

it("replaces the plan of wires that are open, its times counted from then", async () => {
  expect(pongs()).toBe(0);
  desk.clock.advanceBy(5_000);
  const plan = { seed: 1, faults: [{ what: "duplicateFrame", when: { untilMs: 1_000 }, to: {} }] };
  expect(await ask("POST", "/faults", JSON.stringify(plan))).toEqual({ status: 200, body: plan });
  expect(pongs()).toBe(2);
  desk.clock.advanceBy(1_000);
  expect(pongs()).toBe(1);
});

it("refuses a plan with the path of the key, and keeps the old one", async () => {
  const bad = '{"faults":[{"what":"loseFrame","wen":{}}]}';
  expect(await ask("POST", "/faults", bad)).toEqual({
    status: 400,
    body: { error: "option faults[0].wen [object Object]: is not known here" },
  });
  expect(await ask("POST", "/faults", "{nope")).toMatchObject({ status: 400 });
  expect(await ask("POST", "/faults", '{"faults":[]}', "text/plain")).toMatchObject({
    status: 415,
  });
  expect(await ask("POST", "/faults", " ".repeat(2_000_001))).toMatchObject({ status: 413 });
  expect(pongs()).toBe(0);
});

it("tells the truth of all, or of one account", async () => {
  const told = await ask("GET", "/truth");
  expect(told).toMatchObject({ status: 200, body: { block: 1 } });
  const all = told.body as { accounts: object[] };
  expect(all.accounts).toHaveLength(2);
  expect(await ask("GET", `/truth?account=${ALICE}`)).toMatchObject({
    body: { accounts: [{ address: ALICE }] },
  });
  expect(await ask("GET", "/truth?account=nobody")).toMatchObject({ body: { accounts: [] } });
});

it.each([
  ["GET", "/faults", 405],
  ["POST", "/truth", 405],
  ["GET", "/", 404],
  ["GET", "//[", 404],
])("answers %s %s with %i", async (method, path, status) => {
  expect(await ask(method, path)).toMatchObject({ status });
});
