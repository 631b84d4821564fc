import { compare, parseDecimal } from "@cloister/model";
import { toldOf } from "../answer.ts";
import { fieldOf, listOf } from "../json.ts";
import { farPrice, sizeWorth } from "../market.ts";
import { judged, type Probe } from "../probe.ts";
import type { ProbeDesk } from "../probe-desk.ts";

/** As the engine's `settleMs`. */
const SETTLE_MS = 2_000;
/** How long a push may take, as the engine's `silenceMs`. */
const PUSH_MS = 5_000;

const unknownOid: Probe = async (desk) => {
  const { oid, cloid } = await desk.rest();
  const beganMs = desk.line.nowMs;
  const known = await desk.settledRecord(cloid, 3 * SETTLE_MS);
  const tookMs = Math.round(desk.line.nowMs - beganMs);
  const byOid = await desk.record(oid);
  const said =
    known === undefined ? "unknownOid all along" : `known ${tookMs} ms after the answer, by cloid`;
  return judged(known !== undefined && byOid !== undefined && tookMs <= SETTLE_MS, said);
};

const recordCloid: Probe = async (desk) => {
  const { cloid } = await desk.rest();
  const record = await desk.settledRecord(cloid);
  return judged(record?.cloid === cloid, `asked by a cloid, it names ${record?.cloid ?? "none"}`);
};

const growingOids: Probe = async (desk) => {
  const oids = [(await desk.rest()).oid, (await desk.rest()).oid, (await desk.rest()).oid];
  const grow = oids.every((oid, at) => at === 0 || oid > (oids[at - 1] ?? 0));
  return judged(grow, `three orders in turn: ${oids.join(", ")}`);
};

const leftSize: Probe = async (desk) => {
  const size = sizeWorth(desk.place, farPrice(desk.place, "buy"));
  const { oid } = await desk.rest({ size });
  await desk.cancel(oid);
  const told = await desk.update(oid, "canceled");
  const isWhole = told !== undefined && compare(parseDecimal(told.size), parseDecimal(size)) === 0;
  return judged(isWhole, `of ${size} unfilled, canceled: sz ${told?.size ?? "was not told"}`);
};

const latestCloid: Probe = async (desk) => {
  const first = await desk.rest();
  await desk.cancel(first.oid);
  await desk.update(first.oid, "canceled");
  const answer = await desk.placed([desk.order({ cloid: first.cloid })]);
  const [told] = answer.elements;
  if (told?.kind !== "resting") return judged(false, `used again: ${toldOf(answer)}`);
  const record = await desk.settledRecord(first.cloid);
  const said = record?.oid === told.oid ? "the latest" : `oid ${record?.oid ?? "none"}`;
  return judged(record?.oid === told.oid, `used again after its end, it leads to ${said}`);
};

const openCloid: Probe = async (desk) => {
  const first = await desk.rest();
  const price = farPrice(desk.place, "buy", 1);
  const answer = await desk.placed([desk.order({ price, cloid: first.cloid })]);
  const fate = (await desk.settledRecord(first.oid))?.status ?? "unknownOid";
  const isTaken = answer.elements[0]?.kind === "resting";
  const said = `used again while open: ${toldOf(answer)}; the first order is ${fate}`;
  return judged(isTaken && fate === "open", said);
};

/** The oids of each pushed list, from a frame on. */
function pushes(desk: ProbeDesk, from: number): readonly (readonly unknown[])[] {
  return desk.line.frames
    .slice(from)
    .filter(({ channel }) => channel === "openOrders")
    .map(({ data }) => listOf(fieldOf(data, "orders")).map((row) => fieldOf(row, "oid")));
}

const fullPush: Probe = async (desk) => {
  const { line } = desk;
  const first = await desk.rest();
  const [from, beganMs] = [line.frames.length, line.nowMs];
  const second = await desk.rest();
  const both = [first.oid, second.oid];
  const isTold = await line.until(
    () => pushes(desk, from).find((list) => both.every((oid) => list.includes(oid))),
    PUSH_MS,
  );
  if (isTold === undefined) return judged(false, `no push within ${PUSH_MS} ms lists both orders`);
  const toldMs = Math.round(line.nowMs - beganMs);
  const [since, cancelMs] = [line.frames.length, line.nowMs];
  await desk.cancel(first.oid);
  const without = await line.until(
    () => pushes(desk, since).find((list) => !list.includes(first.oid)),
    PUSH_MS,
  );
  const goneMs = Math.round(line.nowMs - cancelMs);
  if (without === undefined) return judged(false, `no push within ${PUSH_MS} ms tells the cancel`);
  const isWhole = without.includes(second.oid);
  const said = `a new order is listed after ${toldMs} ms, a canceled one gone after ${goneMs} ms`;
  return judged(isWhole, isWhole ? said : `${said}; then the list is not whole`);
};

export const RECORD_PROBES = {
  "unknown-oid": unknownOid,
  "record-cloid": recordCloid,
  "growing-oids": growingOids,
  "left-size": leftSize,
  "latest-cloid": latestCloid,
  "open-cloid": openCloid,
  "full-push": fullPush,
} as const;
