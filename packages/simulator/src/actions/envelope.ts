import { type Address, readAddress } from "@cloister/model";
import { hasOnly, isObject, isWhole, type JsonObject } from "../json.ts";
import type { ReadAction, UserSigned } from "./action.ts";
import { readAction } from "./read-action.ts";

/** r and s as hex digits without 0x, not necessarily padded; v as sent. */
export type WireSignature = { readonly r: string; readonly s: string; readonly v: number };

/** A signed action as it came (protocol §6.1). */
export type Envelope = ReadAction & {
  readonly nonce: number;
  readonly signature: WireSignature;
  readonly vault?: Address;
  readonly expiresAfter?: number;
};

const KEYS = ["action", "nonce", "signature", "vaultAddress", "expiresAfter"];

/** The envelope; the name of an action that is known but not performed; undefined for what earns a 422. */
export function readEnvelope(
  value: unknown,
): Envelope | { readonly notSimulated: string } | undefined {
  if (!isObject(value) || !hasOnly(value, KEYS)) return undefined;
  const read = readAction(value["action"]);
  const nonce = value["nonce"];
  const signature = readSignature(value["signature"]);
  if (read === undefined || !isWhole(nonce) || signature === undefined) return undefined;
  if ("notSimulated" in read) return read;
  const terms = readTerms(value);
  if (read.userSigned !== undefined && !fitsUserSigned(read.userSigned, { nonce, ...terms })) {
    return undefined;
  }
  return terms === undefined ? undefined : { ...read, nonce, signature, ...terms };
}

/** Such an action carries its nonce itself, and acts for nobody else (protocol §10.2). */
function fitsUserSigned(
  signed: UserSigned,
  terms: { nonce: number; vault?: Address; expiresAfter?: number },
): boolean {
  return (
    signed.nonce === terms.nonce && terms.vault === undefined && terms.expiresAfter === undefined
  );
}

/** The parts that may be null or left out. */
function readTerms(value: JsonObject): Pick<Envelope, "vault" | "expiresAfter"> | undefined {
  const vaultAddress = value["vaultAddress"] ?? undefined;
  const expiresAfter = value["expiresAfter"] ?? undefined;
  if (expiresAfter !== undefined && !isWhole(expiresAfter)) return undefined;
  const expiry = expiresAfter === undefined ? {} : { expiresAfter };
  if (vaultAddress === undefined) return expiry;
  const vault = readAddress(vaultAddress);
  return vault === undefined ? undefined : { ...expiry, vault };
}

function readSignature(value: unknown): WireSignature | undefined {
  if (!isObject(value)) return undefined;
  const r = readHex(value["r"]);
  const s = readHex(value["s"]);
  const v = value["v"];
  return r === undefined || s === undefined || !isWhole(v) ? undefined : { r, s, v };
}

function readHex(value: unknown): string | undefined {
  return typeof value === "string" ? /^0x([0-9a-fA-F]{1,64})$/.exec(value)?.[1] : undefined;
}
