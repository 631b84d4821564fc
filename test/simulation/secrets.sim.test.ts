import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { createEngine, pinoLogger } from "@cloister/engine";
import { hyperliquid, privateKeySigner } from "@cloister/hyperliquid";
import { fileJournal } from "@cloister/journal";
import { ManualClock, Secret, seededRandom } from "@cloister/model";
import { createExchange, faultSwitch, makeAccounts, READY_PLANS } from "@cloister/simulator";
import { expect, it } from "vitest";
import { settle } from "./world.ts";

/** Of a key in any of these, so much in a row would be a leak. */
const PART = 8;

/** The ways in which a key might be written. */
function spellings(key: string): readonly string[] {
  const bytes = Buffer.from(key.slice(2), "hex");
  const hex = key.slice(2).toLowerCase();
  return [hex, bytes.toString("base64"), bytes.toString("latin1"), [...bytes].join(",")];
}

function leaks(key: string, text: string): readonly string[] {
  const lower = text.toLowerCase();
  return spellings(key).flatMap((spelling) => {
    const parts = [];
    for (let at = 0; at + PART <= spelling.length; at += 1) {
      parts.push(spelling.slice(at, at + PART));
    }
    return parts.filter((part) => text.includes(part) || lower.includes(part));
  });
}

it("no key stands in a journal, a log, a tick, an error or a metric of a whole run", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cloister-secret-"));
  const clock = new ManualClock();
  const [account] = makeAccounts(1, seededRandom(9));
  const { address = "", privateKey = "" } = account ?? {};
  const exchange = createExchange({
    clock,
    random: seededRandom(1),
    accounts: [{ address, deposit: "1000000" }],
  });
  const { faults } = faultSwitch({ ...READY_PLANS.storm, seed: 3 }, { clock });
  const signer = privateKeySigner(new Secret(privateKey));
  const network = {
    http: "http://127.0.0.1:1",
    ws: "ws://127.0.0.1:1/ws",
    signatures: "mainnet",
  } as const;
  const venue = hyperliquid({ network, account: address, signer, wire: exchange.wire({ faults }) });
  const heard: string[] = [];
  const logger = pinoLogger({
    level: "trace",
    destination: { write: (text) => void heard.push(text) },
  });
  const journal = fileJournal(folder);
  const random = seededRandom(2);
  const engine = await settle(clock, createEngine({ venue, journal, clock, random, logger }));
  logger.info({ signer, secret: new Secret(privateKey) }, "what a careless host might log");
  engine.ticks$.subscribe((tick) => heard.push(JSON.stringify(tick)));
  for (let count = 0; count < 12; count += 1) {
    const order = engine.place({
      coin: "BTC",
      side: "buy",
      price: "50000",
      size: "0.001",
      tif: "Gtc",
    });
    clock.advanceBy(500);
    heard.push(
      inspect(engine.explain(order.cloid), { depth: 20 }),
      inspect(order.actor.getSnapshot()),
    );
    if (count % 3 === 0) void order.cancel();
  }
  for (const wrong of [privateKey.slice(0, -1), `${privateKey}0`, `0x${"0".repeat(64)}`]) {
    try {
      privateKeySigner(wrong);
    } catch (error) {
      heard.push(inspect(error, { depth: 20, showHidden: true }));
    }
  }
  heard.push(
    inspect(engine.counters),
    inspect(venue, { depth: 20 }),
    inspect(signer, { depth: 20 }),
  );
  await settle(clock, engine.close({ withinMs: 60_000 }), 120_000);
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), "latin1"));
  rmSync(folder, { recursive: true });
  const signed = files.join("").match(/"kind":"signed"/g) ?? [];
  expect(signed.length).toBeGreaterThan(10);
  expect(heard.join("").length).toBeGreaterThan(50_000);
  for (const text of [...files, ...heard]) expect(leaks(privateKey, text)).toEqual([]);
  // The search finds what it looks for.
  expect(leaks(privateKey, `{"key":"${privateKey.slice(9, 20)}"}`)).not.toEqual([]);
});
