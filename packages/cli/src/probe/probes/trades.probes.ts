import {
  add,
  compare,
  formatDecimal,
  maxDecimal,
  multiply,
  parseDecimal,
  readDecimal,
  signOf,
  subtract,
} from "@cloister/model";
import { toldOf } from "../answer.ts";
import { fieldOf, listOf, textOf } from "../json.ts";
import { nearPrice, oneLot, sizeWorth } from "../market.ts";
import { type Finding, judged, notMeasured, type Probe } from "../probe.ts";
import type { ProbeDesk, Update } from "../probe-desk.ts";

/** No probe takes more than this, quote. */
const VALUE_MAX = parseDecimal("150");
/** How long after a trade an element would have come. */
const QUIET_MS = 3_000;
const ATTEMPTS = 4;
const REST_MS = 1_000;

/** An Ioc that was executed in part: how its end was told. */
type InPart = { readonly end: Update; readonly wanted: string };

/** Takes the best offer with an Ioc of a lot more; again where more was offered meanwhile. */
async function takenInPart(desk: ProbeDesk, judge: (taken: InPart) => Finding): Promise<Finding> {
  let finding = notMeasured("");
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const taken = await takeInPart(desk);
    if ("end" in taken) return judge(taken);
    finding = taken;
    await desk.line.rest(REST_MS);
  }
  return finding;
}

async function takeInPart(desk: ProbeDesk): Promise<InPart | Finding> {
  const book = await desk.line.info({ type: "l2Book", coin: desk.place.market.coin });
  const [best] = listOf(listOf(fieldOf(book, "levels"))[1]);
  const [price, offered] = [readDecimal(fieldOf(best, "px")), readDecimal(fieldOf(best, "sz"))];
  if (price === undefined || offered === undefined) return notMeasured("nothing is offered");
  const least = parseDecimal(sizeWorth(desk.place, formatDecimal(price)));
  const size = maxDecimal(add(offered, oneLot(desk.place.market)), least);
  if (compare(multiply(price, size), VALUE_MAX) > 0) {
    return notMeasured(`the best offer is worth more than ${formatDecimal(VALUE_MAX)}`);
  }
  const from = desk.line.frames.length;
  const wanted = formatDecimal(size);
  const order = desk.order({ price: formatDecimal(price), size: wanted, tif: "Ioc" });
  const answer = await desk.placed([order]);
  const [told] = answer.elements;
  if (told?.kind !== "filled") return notMeasured(`the Ioc came to nothing: ${toldOf(answer)}`);
  if (told.size !== undefined && compare(told.size, size) === 0) {
    return notMeasured("more was offered meanwhile: it was filled whole");
  }
  const end = await desk.line.until(() => ended(desk, told.oid, from), QUIET_MS);
  return end === undefined ? judged(false, "its end was not told") : { end, wanted };
}

function ended(desk: ProbeDesk, oid: number, from: number): Update | undefined {
  return desk.updates([oid], from).find(({ status }) => status !== "open");
}

const partialIoc: Probe = (desk) =>
  takenInPart(desk, ({ end }) => judged(end.status === "filled", `it ended ${end.status}`));

const partialIocSize: Probe = (desk) =>
  takenInPart(desk, ({ end, wanted }) =>
    judged(signOf(parseDecimal(end.size)) > 0, `of ${wanted}, at its end: sz ${end.size}`),
  );

const silentResize: Probe = async (desk) => {
  const { place } = desk;
  const unit = sizeWorth(place, nearPrice(place, "0.9"));
  const two = formatDecimal(add(parseDecimal(unit), parseDecimal(unit)));
  const take = (side: "buy" | "sell", size: string) =>
    desk.placed([
      desk.order({
        ...{ side, size, tif: "Ioc", reduceOnly: side === "sell" },
        price: nearPrice(place, side === "buy" ? "1.03" : "0.97"),
      }),
    ]);
  const bought = await take("buy", two);
  if (bought.elements[0]?.kind !== "filled") {
    return notMeasured(`bought nothing: ${toldOf(bought)}`);
  }
  const guard = await desk.rest({ side: "sell", size: two, reduceOnly: true });
  const from = desk.line.frames.length;
  const sold = await take("sell", unit);
  if (sold.elements[0]?.kind !== "filled") return notMeasured(`sold nothing: ${toldOf(sold)}`);
  await desk.line.rest(QUIET_MS);
  const told = desk.updates([guard.oid], from).map(({ status, size }) => `${status} ${size}`);
  const row = (await desk.openOrders()).find((open) => fieldOf(open, "oid") === guard.oid);
  const left = formatDecimal(subtract(parseDecimal(two), parseDecimal(unit)));
  const now = textOf(fieldOf(row, "sz")) || "gone";
  const said = `of ${two} with a position of ${left} it is ${now}; told: ${told.join(", ") || "nothing"}`;
  return judged(told.length === 0, said);
};

export const TRADE_PROBES = {
  "partial-ioc": partialIoc,
  "partial-ioc-size": partialIocSize,
  "silent-resize": silentResize,
} as const;
