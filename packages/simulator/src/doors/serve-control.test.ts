import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { invalidOption } from "@cloister/model";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ALICE, Desk, openExchange } from "../desk.fixture.ts";
import { readFaultPlan } from "../faults/fault-plan.ts";
import { faultSwitch } from "../faults/fault-switch.ts";
import { jsonParts } from "./json-stream.ts";
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
  more: Readonly<Record<string, string>> = {},
): Promise<{ status: number | undefined; body: unknown }> {
  return new Promise((done, fail) => {
    const headers = { "content-type": "application/json", ...more };
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

/** The status of a truth that nobody reads. */
function glance(): Promise<number | undefined> {
  return new Promise((done, fail) => {
    const asked = request(`${control.http}/truth`, (answer) => {
      done(answer.statusCode);
      answer.on("error", () => {});
      asked.destroy();
    });
    asked.on("error", fail);
    asked.end();
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
    body: {
      error: expect.stringMatching(
        /^option faults\[0\]\.wen \S+ \S+: is not known here \(line 1, column \d+\)$/,
      ) as string,
      path: "faults[0].wen",
    },
  });
  expect(await ask("POST", "/faults", "{nope")).toMatchObject({ status: 400 });
  const plain = { "content-type": "text/plain" };
  expect(await ask("POST", "/faults", '{"faults":[]}', plain)).toMatchObject({ status: 415 });
  expect(await ask("POST", "/faults", " ".repeat(2_000_001))).toMatchObject({ status: 413 });
  expect(pongs()).toBe(0);
});

it("reads a plan in YAML as well", async () => {
  const yaml = "# twice\nfaults:\n  - what: duplicateFrame\n    to: { channel: pong }\n";
  for (const type of ["application/yaml", "text/yaml; charset=utf-8"]) {
    expect(await ask("POST", "/faults", yaml, { "content-type": type })).toMatchObject({
      status: 200,
      body: { faults: [{ what: "duplicateFrame" }] },
    });
  }
  expect(pongs()).toBe(2);
  const bad = "faults:\n  - what: loseFrame\n    when: { chance: 7 }\n";
  expect(await ask("POST", "/faults", bad, { "content-type": "text/yaml" })).toMatchObject({
    status: 400,
    body: { path: "faults[0].when.chance", error: expect.stringContaining("line 3") as string },
  });
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
  ["DELETE", "/faults", 405],
  ["POST", "/truth", 405],
  ["GET", "/", 404],
  ["GET", "//[", 404],
])("answers %s %s with %i", async (method, path, status) => {
  expect(await ask(method, path)).toMatchObject({ status });
});

it("tells the plan in force and how often each fault fired", async () => {
  pongs();
  pongs();
  expect(await ask("GET", "/faults")).toMatchObject({
    status: 200,
    body: { plan: { seed: 1, faults: [{ what: "loseFrame" }] }, fired: [2] },
  });
  await ask("POST", "/faults", '{"seed":2,"faults":[]}');
  expect(await ask("GET", "/faults")).toMatchObject({
    body: { plan: { seed: 2, faults: [] }, fired: [] },
  });
});

it.each([
  ["localhost:1", 200],
  ["127.0.0.1", 200],
  ["[::1]:8080", 200],
  ["evil.example", 403],
  ["127.0.0.1.evil.example", 403],
  ["localhost.evil.example:80", 403],
  ["evil@localhost", 403],
])(
  "answers to the host %j with %i: a page of the web may point its name here",
  async (host, status) => {
    expect(await ask("GET", "/faults", "", { host })).toMatchObject({ status });
    expect(await ask("GET", "/truth", "", { host })).toMatchObject({ status });
  },
);

it("refuses a plan that cannot be done here, and has no truth without books", async () => {
  const clock = openExchange().clock;
  const faults = faultSwitch(readFaultPlan({ faults: [] }), { clock });
  const check = (): void => {
    throw invalidOption("faults[0].what", "halfOpen", "cannot be done here");
  };
  await control.close();
  control = await serveControl(undefined, { switch: faults, check });
  expect(await ask("POST", "/faults", '{"faults":[]}')).toMatchObject({
    status: 400,
    body: { path: "faults[0].what" },
  });
  expect(await ask("GET", "/truth")).toMatchObject({ status: 404 });
});

it("streams a truth that is long, no faster than it is read, to four at a time", async () => {
  const coin = "B".repeat(400);
  const orders = Array.from({ length: 40_000 }, (_, oid) => ({ oid, coin, statuses: [] }));
  const truth = { atMs: 1, block: 1, nonces: {}, accounts: [{ orders }] };
  const clock = openExchange().clock;
  await control.close();
  control = await serveControl(
    { truthParts: () => jsonParts(truth) },
    { switch: faultSwitch(readFaultPlan({ faults: [] }), { clock }), slowMs: 400 },
  );
  expect((await ask("GET", "/truth")).body).toEqual(truth);
  const port = Number(new URL(control.http).port);
  const slow = Array.from({ length: 4 }, () => {
    const socket = connect(port, "127.0.0.1").pause();
    socket.on("error", () => {});
    socket.write("GET /truth HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return socket;
  });
  await expect.poll(() => glance()).toBe(503);
  // Who does not read on is cut, and makes room.
  await expect.poll(() => glance(), { timeout: 4_000 }).toBe(200);
  for (const socket of slow) socket.destroy();
});

it("cuts who never finishes a request, and who never ends a body", async () => {
  const clock = openExchange().clock;
  await control.close();
  control = await serveControl(undefined, {
    switch: faultSwitch(readFaultPlan({ faults: [] }), { clock }),
    slowMs: 100,
  });
  const port = Number(new URL(control.http).port);
  for (const begun of [
    "GET /faults HT",
    "POST /faults HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
  ]) {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.resume();
    socket.write(begun);
    await once(socket, "close");
  }
});
