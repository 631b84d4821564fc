import {
  compare,
  type Decimal,
  formatDecimal,
  negate,
  readDecimal,
  signOf,
  subtract,
  ZERO,
} from "@cloister/model";
import { fieldOf, listOf, textOf } from "./json.ts";
import { nearPrice } from "./market.ts";
import type { ProbeDesk } from "./probe-desk.ts";

const ATTEMPTS = 8;
const REST_MS = 1_000;

/** What could not be taken away, in words; empty when nothing is left. */
export type Leftovers = readonly string[];

/**
 * Takes away whatever the probes placed: first the doors of actions whose answer never came are closed, then every
 * order with the mark is canceled until two lists in a row show none, and where it traded the position is brought back
 * to what it was.
 */
export async function sweep(
  desk: ProbeDesk,
  terms: { readonly mark: string; readonly position: Decimal; readonly trade: boolean },
): Promise<Leftovers> {
  const doors: string[] = [];
  for (const nonce of desk.unanswered.splice(0)) {
    if (!(await isClosed(desk, nonce))) doors.push(`the action with nonce ${nonce} may yet run`);
  }
  const orders = await sweepOrders(desk, terms.mark);
  if (terms.trade) await flatten(desk, terms.position);
  return [...doors, ...orders, ...(await changed(desk, terms.position))];
}

/** Any answer of the exchange's own to a noop with that nonce will do: it is spent then. */
async function isClosed(desk: ProbeDesk, nonce: number): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const answer = await desk.noop(nonce).catch(() => undefined);
    if (answer?.httpStatus === 200) return true;
    await desk.line.rest(REST_MS);
  }
  return false;
}

async function sweepOrders(desk: ProbeDesk, mark: string): Promise<Leftovers> {
  let clean = 0;
  let open: readonly number[] = [];
  for (let attempt = 0; attempt < ATTEMPTS && clean < 2; attempt += 1) {
    if (attempt > 0) await desk.line.rest(REST_MS);
    open = (await desk.openOrders()).flatMap((row) => ownOid(row, mark));
    clean = open.length === 0 ? clean + 1 : 0;
    if (open.length > 0) await desk.cancel(...open);
  }
  return clean < 2 ? open.map((oid) => `order ${oid} may be open`) : [];
}

function ownOid(row: unknown, mark: string): readonly number[] {
  const oid = fieldOf(row, "oid");
  const isOurs = textOf(fieldOf(row, "cloid")).startsWith(`0x${mark}`);
  return isOurs && typeof oid === "number" ? [oid] : [];
}

/** The signed size of the coin that the account holds. */
export async function positionNow(desk: ProbeDesk): Promise<Decimal> {
  const request = { type: "clearinghouseState", user: desk.account, dex: "" };
  const rows = listOf(fieldOf(await desk.line.info(request), "assetPositions"));
  const position = rows
    .map((row) => fieldOf(row, "position"))
    .find((row) => fieldOf(row, "coin") === desk.place.market.coin);
  return readDecimal(fieldOf(position, "szi")) ?? ZERO;
}

/** Brings the position back to what it was. */
export async function flatten(desk: ProbeDesk, wanted: Decimal): Promise<void> {
  let excess = subtract(await positionNow(desk), wanted);
  for (let attempt = 0; attempt < ATTEMPTS && signOf(excess) !== 0; attempt += 1) {
    const isLong = compare(excess, ZERO) > 0;
    await desk.placed([
      desk.order({
        side: isLong ? "sell" : "buy",
        price: nearPrice(desk.place, isLong ? "0.95" : "1.05"),
        size: formatDecimal(isLong ? excess : negate(excess)),
        tif: "Ioc",
        reduceOnly: true,
      }),
    ]);
    await desk.line.rest(REST_MS);
    excess = subtract(await positionNow(desk), wanted);
  }
}

async function changed(desk: ProbeDesk, before: Decimal): Promise<Leftovers> {
  const excess = subtract(await positionNow(desk), before);
  if (signOf(excess) === 0) return [];
  return [`the position changed by ${formatDecimal(excess)} ${desk.place.market.coin}`];
}
