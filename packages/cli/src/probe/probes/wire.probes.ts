import { toldOf } from "../answer.ts";
import { fieldOf, textOf } from "../json.ts";
import { judged, notMeasured, type Probe } from "../probe.ts";
import { farPrice, isWorthLess, nearPrice, sizeWorth } from "../market.ts";
import { parseDecimal } from "@cloister/model";

const SOON_MS = 5_000;

const nullEnvelope: Probe = async (desk) => {
  const answer = await desk.noop(desk.nonce());
  return judged(answer.isOk, `a noop whose vault and expiry are null: ${toldOf(answer)}`);
};

const loneText: Probe = async (desk) => {
  const good = desk.cloid();
  const orders = [desk.order({ cloid: good }), desk.order({ size: "0" })];
  const answer = await desk.placed(orders);
  const record = await desk.settledRecord(good, 1_000);
  const texts = answer.elements.map((element) => ("text" in element ? element.text : element.kind));
  const said = `a good order and one of size zero: ${texts.join("; ") || toldOf(answer)}; the good one is ${record?.status ?? "unknownOid"}`;
  return judged(texts.length === 1 && record === undefined, said);
};

const unreadStatus: Probe = async (desk) => {
  const { httpStatus, body } = await desk.line.exchange('{"action":{"type":"noop"}}');
  const isOwn = /^(Failed to (parse|deserialize)|Expected request with)/.test(body);
  return judged(isOwn && [400, 415, 422].includes(httpStatus), `HTTP ${httpStatus} ${body}`);
};

const postError: Probe = async (desk) => {
  const { line } = desk;
  const id = desk.nonce();
  line.send({ method: "post", id, request: { type: "action", payload: {} } });
  const told = await line.until(
    () => line.frames.find(({ channel, data }) => channel === "post" && fieldOf(data, "id") === id),
    SOON_MS,
  );
  const response = fieldOf(told?.data, "response");
  const payload = textOf(fieldOf(response, "payload"));
  const isError = fieldOf(response, "type") === "error";
  const said = told === undefined ? "no answer to a post that says nothing" : payload;
  return judged(isError && /^\d{3} /.test(payload), said);
};

const parseError: Probe = async (desk) => {
  const { line } = desk;
  // Without its id it is no request.
  const request = { type: "info", payload: { type: "exchangeStatus" } };
  line.send({ method: "post", request });
  const told = await line.until(
    () =>
      line.frames.find(
        ({ channel, data }) => channel === "error" && textOf(data).includes("exchangeStatus"),
      ),
    SOON_MS,
  );
  const text = textOf(told?.data);
  return judged(text.startsWith("Error parsing JSON"), text || "nothing was said");
};

const alreadySubscribed: Probe = async (desk) => {
  const { line } = desk;
  const from = line.frames.length;
  line.send({ method: "subscribe", subscription: { type: "orderUpdates", user: desk.account } });
  const told = await line.until(
    () =>
      line.frames
        .slice(from)
        .find(({ channel }) => channel === "error" || channel === "subscriptionResponse"),
    SOON_MS,
  );
  const text = told?.channel === "error" ? textOf(told.data) : (told?.channel ?? "nothing");
  return judged(text.startsWith("Already subscribed"), text);
};

const minimumValue: Probe = async (desk) => {
  const price = farPrice(desk.place, "buy");
  const mark = nearPrice(desk.place, "1");
  const size = sizeWorth(desk.place, price, parseDecimal("8"));
  if (!isWorthLess(price, size, "9.9") || isWorthLess(mark, size, "10.1")) {
    return notMeasured("a lot of this coin is too large for it");
  }
  const answer = await desk.placed([desk.order({ price, size })]);
  const said = `worth less than 10 at its limit, more at the mark: ${toldOf(answer)}`;
  return judged(toldOf(answer).startsWith("Order must have minimum value"), said);
};

export const WIRE_PROBES = {
  "null-envelope": nullEnvelope,
  "lone-text": loneText,
  "unread-status": unreadStatus,
  "post-error": postError,
  "parse-error": parseError,
  "already-subscribed": alreadySubscribed,
  "minimum-value": minimumValue,
} as const;
