import { type Address, readAddress } from "@cloister/model";
import { isObject, type JsonObject } from "../json.ts";

/** Whom a frame, an answer or a request concerns, as far as it is known. */
export type About = {
  /** The account it is about. */
  readonly account?: Address;
  /** What was asked for: "order", "cancel", "openOrders", …; of a channel's frame, the subscription. */
  readonly type?: string;
};

/** What a read, a subscription or an envelope tells of itself. */
export function aboutOf(asked: JsonObject): About {
  const { type } = isObject(asked["action"]) ? asked["action"] : asked;
  const account = readAddress(asked["user"]);
  return {
    ...(typeof type === "string" ? { type } : {}),
    ...(account === undefined ? {} : { account }),
  };
}
