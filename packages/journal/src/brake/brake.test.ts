import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import {
  CloisterError,
  type EngineStatus,
  ManualClock,
  type OrderView,
  parseCloid,
  parseCoin,
} from "@cloister/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parsedJson } from "../format/json.ts";
import { askBrake } from "./ask-brake.ts";
import type { BrakeAnswer, BrakeControl, BrakeRequest } from "./brake-words.ts";
import { type ServedBrake, serveBrake } from "./serve-brake.ts";

const STATUS: EngineStatus = {
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
const CLOID = parseCloid(`0x${"a1".repeat(16)}`);

const ORDER: OrderView = {
  ...{ cloid: CLOID, coin: parseCoin("BTC"), side: "sell", price: "1", size: "1", tif: "Gtc" },
  ...{ state: "resting", oids: [], filled: "0", leaves: "1", fees: {}, ledger: "open" },
  ...{ requests: [], placedAtMs: 0, timings: [] },
};

/** An engine that writes down what it is told. */
function scriptedEngine(): BrakeControl & { readonly told: unknown[] } {
  const told: unknown[] = [];
  let { brake } = STATUS;
  return {
    told,
    get status() {
      return { ...STATUS, brake };
    },
    halt(reason, options) {
      if (reason === "") throw new CloisterError("invalidSpec", "a reason is needed");
      told.push({ halt: reason, ...options });
      brake = "halted";
    },
    resume() {
      told.push("resume");
      brake = "released";
    },
    cancelAll(options) {
      told.push({ cancelAll: options });
      return Promise.resolve({ unresolved: [CLOID] });
    },
  };
}

describe("the operator's brake", () => {
  const clock = new ManualClock();
  let folder: string;
  let served: ServedBrake | undefined;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "brake-"));
  });

  afterEach(async () => {
    await served?.close();
    served = undefined;
    fs.rmSync(folder, { recursive: true });
  });

  const ask = (request: BrakeRequest): Promise<BrakeAnswer> =>
    askBrake(folder, request, { clock, timeoutMs: 5_000 });

  it("tells the status, halts, resumes and cancels, and says what came of it", async () => {
    const engine = scriptedEngine();
    served = await serveBrake(folder, engine);
    expect(await ask({ do: "status" })).toEqual({ kind: "done", result: STATUS });
    const halted = { kind: "done", result: { ...STATUS, brake: "halted" } };
    expect(await ask({ do: "halt", reason: "drill", cancel: true })).toEqual(halted);
    expect(await ask({ do: "resume" })).toEqual({ kind: "done", result: STATUS });
    const options = { scope: "account", coin: "BTC", withinMs: 100 } as const;
    expect(await ask({ do: "cancelAll", ...options })).toEqual({
      kind: "done",
      result: { unresolved: [CLOID] },
    });
    expect(engine.told).toEqual([
      { halt: "drill", cancel: true },
      "resume",
      { cancelAll: options },
    ]);
  });

  it("tells how orders, positions and exposure stand, where the engine does", async () => {
    const positions = [{ coin: parseCoin("BTC"), size: "-0.5" }];
    const exposure = [{ coin: parseCoin("BTC"), position: "-0.5", min: "-1", max: "0" }];
    const orders: OrderView[] = Array.from({ length: 3 }, () => ({ ...ORDER }));
    const snapshot = { sequence: 9, orders, positions, exposure, status: STATUS };
    served = await serveBrake(folder, { ...scriptedEngine(), snapshot: () => snapshot });
    const standing = { sequence: 9, orders: { resting: 3 }, positions, exposure };
    expect(await ask({ do: "status" })).toEqual({ kind: "done", result: { ...STATUS, standing } });
  });

  it("is for its owner alone, and gone when the engine goes", async () => {
    served = await serveBrake(folder, scriptedEngine());
    expect(fs.statSync(served.path).isSocket()).toBe(true);
    expect((fs.statSync(served.path).mode & 0o777).toString(8)).toBe("600");
    await served.close();
    served = undefined;
    expect(fs.readdirSync(folder)).toEqual([]);
    expect(await ask({ do: "status" })).toMatchObject({
      kind: "silent",
      reason: expect.stringContaining("no engine is running"),
    });
  });

  it("has its place elsewhere where the folder's path is too long for a socket", async () => {
    const deep = path.join(folder, "d".repeat(60), "e".repeat(60));
    fs.mkdirSync(deep, { recursive: true });
    const long = await serveBrake(deep, scriptedEngine());
    expect(long.path.startsWith(deep)).toBe(false);
    const apart = path.dirname(long.path);
    expect((fs.statSync(apart).mode & 0o777).toString(8)).toBe("700");
    const asked = askBrake(deep, { do: "status" }, { clock, timeoutMs: 5_000 });
    expect(await asked).toMatchObject({ kind: "done" });
    await long.close();
    expect(fs.readdirSync(deep)).toEqual([]);
    expect(fs.existsSync(apart)).toBe(false);
  });

  it("refuses a second engine, and takes over the socket of one that was killed", async () => {
    served = await serveBrake(folder, scriptedEngine());
    await expect(serveBrake(folder, scriptedEngine())).rejects.toMatchObject({
      code: "journalLocked",
    });
    await served.close();
    const dead = net.createServer().listen(path.join(folder, "brake.sock"));
    await once(dead, "listening");
    // What a kill leaves: the name, and nobody behind it.
    fs.renameSync(path.join(folder, "brake.sock"), path.join(folder, "kept"));
    dead.close();
    await once(dead, "close");
    fs.renameSync(path.join(folder, "kept"), path.join(folder, "brake.sock"));
    expect(await ask({ do: "status" })).toMatchObject({ kind: "silent" });
    served = await serveBrake(folder, scriptedEngine());
    expect(await ask({ do: "status" })).toMatchObject({ kind: "done" });
  });

  it("tells what the engine refuses", async () => {
    served = await serveBrake(folder, scriptedEngine());
    expect(await ask({ do: "halt", reason: "" })).toEqual({
      kind: "refused",
      code: "invalidSpec",
      message: "a reason is needed",
    });
  });

  it.each([
    ["no JSON", "one line of JSON"],
    ['"status"', "one line of JSON"],
    ['{"do":"toString"}', "do must be one of"],
    ['{"do":"halt"}', "needs a reason"],
    ['{"do":"halt","reason":1}', "reason is no text"],
    ['{"do":"halt","reason":"x","cancel":"yes"}', "cancel is no flag"],
    ['{"do":"status","constructor":1}', "takes no constructor"],
    ['{"do":"cancelAll","scope":"all"}', "scope is no scope"],
    ['{"do":"cancelAll","withinMs":null}', "withinMs is no number"],
  ])("refuses %s, and lives on", async (line, word) => {
    const engine = scriptedEngine();
    served = await serveBrake(folder, engine);
    const socket = net.connect(served.path);
    socket.write(`${line}\n{"do":"status"}\n`);
    let heard = "";
    while (heard.split("\n").length < 3) heard += String((await once(socket, "data"))[0]);
    const [refused, status] = heard.split("\n").map(parsedJson);
    expect(refused).toMatchObject({ kind: "refused", message: expect.stringContaining(word) });
    expect(status).toMatchObject({ kind: "done" });
    expect(engine.told).toEqual([]);
    socket.destroy();
  });

  it("cuts off who sends no end of a line", async () => {
    served = await serveBrake(folder, scriptedEngine());
    const socket = net.connect(served.path);
    socket.on("error", () => undefined);
    socket.write("x".repeat(200_000));
    await new Promise((resolve) => {
      socket.once("close", resolve);
    });
    expect(await ask({ do: "status" })).toMatchObject({ kind: "done" });
  });

  it("does not wait for ever for an engine that hangs", async () => {
    const hanging: BrakeControl = {
      ...scriptedEngine(),
      cancelAll: () => Promise.race([]),
    };
    served = await serveBrake(folder, hanging);
    const asked = ask({ do: "cancelAll" });
    clock.advanceBy(5_000);
    expect(await asked).toEqual({ kind: "silent", reason: "no answer within 5000 ms" });
  });
});
