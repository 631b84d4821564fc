import { isList, isObject, type JsonObject, parseWhole } from "../json.ts";
import type { AnswerSeen, Delivery, ForeignAnswer, FrameSeen } from "./faults.ts";

/** Another value instead of this one; undefined leaves it as it is. */
export type Rewrite = (value: unknown) => unknown;

/** What is made of a read's value, and of the answer to an action. */
export type AnswerRewrites = { readonly read?: Rewrite; readonly action?: Rewrite };

const keep: Rewrite = () => undefined;

/** A post's answer with another content. */
export function answerInFrame(seen: FrameSeen, rewrites: AnswerRewrites): Delivery | undefined {
  return responseInFrame(seen, (response) => {
    const { type, payload } = response;
    if (type === "action") {
      const action = (rewrites.action ?? keep)(payload);
      return action === undefined ? undefined : { ...response, payload: action };
    }
    if (type !== "info" || !isObject(payload)) return undefined;
    const data = (rewrites.read ?? keep)(payload["data"]);
    return data === undefined ? undefined : { ...response, payload: { ...payload, data } };
  });
}

/** A post's answer with another response. */
export function responseInFrame(
  seen: FrameSeen,
  change: (response: JsonObject) => object | undefined,
): Delivery | undefined {
  if (seen.channel !== "post") return undefined;
  return dataInFrame(seen, (data) => {
    const response = isObject(data) ? data["response"] : undefined;
    if (!isObject(data) || !isObject(response)) return undefined;
    const changed = change(response);
    return changed === undefined ? undefined : [{ ...data, response: changed }];
  });
}

/** An HTTP answer of the exchange with another content. */
export function answerOverHttp(
  seen: AnswerSeen,
  rewrites: AnswerRewrites,
): { readonly instead: ForeignAnswer } | undefined {
  if (seen.status !== 200) return undefined;
  const whole = parseWhole(seen.body);
  if (whole === undefined) return undefined;
  const change = seen.path === "/info" ? rewrites.read : rewrites.action;
  return unlessTooDeep(() => {
    const value = (change ?? keep)(whole.value);
    if (value === undefined) return undefined;
    return { instead: { status: seen.status, body: JSON.stringify(value) } };
  });
}

/** A frame with other data, one frame for each; undefined leaves it. */
export function dataInFrame(
  { text }: FrameSeen,
  change: (data: unknown) => readonly unknown[] | undefined,
): Delivery | undefined {
  const frame = parseWhole(text)?.value;
  if (!isObject(frame)) return undefined;
  return unlessTooDeep(() => {
    const parts = change(frame["data"]);
    if (parts === undefined) return undefined;
    return { texts: parts.map((data) => JSON.stringify({ ...frame, data })) };
  });
}

/** What is nested so deep that it cannot be made anew passes as it is. */
function unlessTooDeep<Made>(make: () => Made | undefined): Made | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A frame with its list made anew, one frame for each list. */
export function listInFrame(
  seen: FrameSeen,
  change: (list: readonly unknown[], data: unknown) => readonly (readonly unknown[])[] | undefined,
): Delivery | undefined {
  return dataInFrame(seen, (data) => {
    if (isList(data)) return change(data, data);
    const fills = isObject(data) ? data["fills"] : undefined;
    if (!isObject(data) || !isList(fills)) return undefined;
    return change(fills, data)?.map((part) => ({ ...data, fills: part }));
  });
}
