import { type Address, readAddress } from "@cloister/model";
import type { Account } from "../ledger/account.ts";
import type { Core } from "../core.ts";
import type { JsonObject } from "../json.ts";

/** What a read gives: a value, or one of the venue's two refusals (protocol §1). */
export type InfoAnswer =
  | { readonly kind: "value"; readonly value: unknown }
  /** 422: a field is missing or of the wrong type. */
  | { readonly kind: "malformed" }
  /** 500 with `null`: a numeric argument out of range. */
  | { readonly kind: "fault" };

export type InfoHandler = (core: Core, request: JsonObject) => InfoAnswer;

export const MALFORMED: InfoAnswer = { kind: "malformed" };
export const FAULT: InfoAnswer = { kind: "fault" };

export function value(of: unknown): InfoAnswer {
  return { kind: "value", value: of };
}

/** A handler of reads that name a user. An address nobody owns reads as an empty account (protocol §13.46). */
export function forUser(
  read: (
    core: Core,
    asked: { user: Address; account: Account | undefined; request: JsonObject },
  ) => InfoAnswer,
): InfoHandler {
  return (core, request) => {
    const user = readAddress(request["user"]);
    if (user === undefined) return MALFORMED;
    return read(core, { user, account: core.ledger.accounts.get(user), request });
  };
}

/** The dex a read names; undefined when there is none of that name. */
export function listedDex(core: Core, request: JsonObject): string | undefined {
  const dex = dexOf(request);
  return dex === undefined || core.ledger.universe.dex(dex) === undefined ? undefined : dex;
}

/** The text of it; absent, null and "" mean the first. Undefined when it is no text. */
export function dexOf(request: JsonObject): string | undefined {
  const dex = request["dex"] ?? "";
  return typeof dex === "string" ? dex : undefined;
}
