import { add, formatDecimal, parseDecimal } from "@cloister/model";
import { type Answer, toldOf } from "../answer.ts";
import { fieldOf, textOf } from "../json.ts";
import { farPrice, isWorthLess, nearPrice, oneLot, sizeWorth } from "../market.ts";
import { judged, notMeasured, type Probe } from "../probe.ts";
import type { ProbeDesk, Resting } from "../probe-desk.ts";
import { ProbeTrouble } from "../trouble.ts";

const INVALID = "Attempted to modify to invalid new order";

/** An order that rested and was replaced by one with another price. */
type Replaced = { readonly old: Resting; readonly oid: number; readonly from: number };

async function replaced(desk: ProbeDesk): Promise<Replaced> {
  const old = await desk.rest();
  const from = desk.line.frames.length;
  const price = farPrice(desk.place, "buy", 1);
  return { old, from, oid: oidOf(await desk.modify(old.oid, { price, cloid: old.cloid })) };
}

function oidOf(answer: Answer): number {
  const [told] = answer.elements;
  if (told?.kind === "resting") return told.oid;
  throw new ProbeTrouble(`an ordinary modify came to nothing: ${toldOf(answer)}`);
}

/** What became of an order whose replacement may have been refused. */
async function fateOf(desk: ProbeDesk, { oid }: Resting): Promise<string> {
  return (await desk.settledRecord(oid))?.status ?? "unknownOid";
}

const keptCloid: Probe = async (desk) => {
  const { old, oid } = await replaced(desk);
  const [byOid, byCloid] = [await desk.settledRecord(oid), await desk.settledRecord(old.cloid)];
  const said = `the new order names ${byOid?.cloid ?? "none"}, the cloid leads to ${byCloid?.oid === oid ? "it" : "another"}`;
  return judged(byOid?.cloid === old.cloid && byCloid?.oid === oid, said);
};

const modifyUpdates: Probe = async (desk) => {
  const { old, oid, from } = await replaced(desk);
  await Promise.all([desk.update(oid, "open", from), desk.update(old.oid, "canceled", from)]);
  const told = desk.updates([old.oid, oid], from);
  const said = told.map((one) => `${one.status}(${one.oid === oid ? "new" : "old"})`).join(", ");
  const messages = new Set(told.map(({ message }) => message));
  return judged(
    said === "open(new), canceled(old)" && messages.size === 1,
    `${said || "nothing"} in ${messages.size} messages`,
  );
};

const replacedWord: Probe = async (desk) => {
  const { old, from } = await replaced(desk);
  await desk.update(old.oid, "canceled", from);
  const word = desk.updates([old.oid], from).at(-1)?.status ?? "nothing";
  return judged(word === "canceled", `of the old order: ${word}`);
};

const sizeOnlyModify: Probe = async (desk) => {
  const old = await desk.rest();
  const price = farPrice(desk.place, "buy");
  const more = add(parseDecimal(sizeWorth(desk.place, price)), oneLot(desk.place.market));
  const answer = await desk.modify(old.oid, { size: formatDecimal(more), cloid: old.cloid });
  const oid = oidOf(answer);
  return judged(oid !== old.oid, oid === old.oid ? "the same oid" : "a new oid");
};

const refusedReplacement: Probe = async (desk) => {
  const size = formatDecimal(oneLot(desk.place.market));
  if (!isWorthLess(nearPrice(desk.place, "1"), size, "9.9")) {
    return notMeasured("a lot of this coin is worth more than the least order");
  }
  const old = await desk.rest();
  const answer = await desk.modify(old.oid, { size, cloid: old.cloid });
  const fate = await fateOf(desk, old);
  return judged(fate === "open", `${toldOf(answer)}; the old order is ${fate}`);
};

const crossingReplacement: Probe = async (desk) => {
  const old = await desk.rest();
  const price = nearPrice(desk.place, "1.03");
  const size = sizeWorth(desk.place, farPrice(desk.place, "buy"));
  const answer = await desk.modify(old.oid, { price, size, cloid: old.cloid });
  if (answer.elements[0]?.kind === "resting") {
    return notMeasured("nothing is offered within 3 % of the mark");
  }
  const fate = await fateOf(desk, old);
  const said = `${toldOf(answer)}; the old order is ${fate}`;
  return judged(toldOf(answer).startsWith(INVALID) && fate === "open", said);
};

const endedTarget: Probe = async (desk) => {
  const old = await desk.rest();
  await desk.cancel(old.oid);
  const answer = await desk.modify(old.oid, { cloid: old.cloid });
  const record = await desk.settledRecord(old.cloid);
  const said = `${toldOf(answer)}; the cloid leads to an order that is ${record?.status ?? "unknownOid"}`;
  const isRefused = toldOf(answer).startsWith("Cannot modify canceled or filled order");
  return judged(isRefused && record?.status === "canceled", said);
};

const modifySide: Probe = async (desk) => {
  const old = await desk.rest();
  const answer = await desk.modify(old.oid, { side: "sell", cloid: old.cloid });
  const fate = await fateOf(desk, old);
  const isRefused = answer.elements[0]?.kind !== "resting";
  return judged(isRefused && fate === "open", `${toldOf(answer)}; the old order is ${fate}`);
};

const forcedAlo: Probe = async (desk) => {
  const old = await desk.rest({ tif: "Gtc" });
  const price = farPrice(desk.place, "buy", 1);
  const oid = oidOf(await desk.modify(old.oid, { price, tif: "Gtc", cloid: old.cloid }));
  const row = (await desk.openOrders()).find((open) => fieldOf(open, "oid") === oid);
  const tif = textOf(fieldOf(row, "tif"));
  return judged(tif === "Alo", `a Gtc that replaced a Gtc is listed as ${tif || "nothing"}`);
};

export const MODIFY_PROBES = {
  "kept-cloid": keptCloid,
  "modify-updates": modifyUpdates,
  "replaced-word": replacedWord,
  "size-only-modify": sizeOnlyModify,
  "refused-replacement": refusedReplacement,
  "crossing-replacement": crossingReplacement,
  "ended-target": endedTarget,
  "modify-side": modifySide,
  "forced-alo": forcedAlo,
} as const;
