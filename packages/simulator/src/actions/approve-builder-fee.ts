import { compare, decimalOf, formatDecimal, multiply, readDecimal } from "@cloister/model";
import { SIGNED_TYPES } from "../auth/user-signed.ts";
import type { JsonObject } from "../json.ts";
import type { ReadAction } from "./action.ts";
import { type ActionAnswer, DONE, refused } from "./answers.ts";
import type { AccountAction } from "./money-action.ts";
import { SignedFields } from "./read-signed.ts";
import type { Work } from "./work.ts";

/** 1 %, in tenths of a basis point: what spot allows; perpetuals allow a tenth of it (protocol §6.2). */
const TENTH_BPS_MAX = 1_000;
const BUILDERS_MAX = 10;
const PERCENT = /^(\d+(?:\.\d+)?)%$/;
const TENTH_BPS_PER_PERCENT = decimalOf(1_000);

export function readApproveBuilderFee(value: JsonObject): ReadAction | undefined {
  const fields = new SignedFields(value);
  const tenthBps = readPercent(fields.text("maxFeeRate"));
  const builder = fields.address("builder");
  const userSigned = fields.signed(SIGNED_TYPES.approveBuilderFee);
  if (tenthBps === undefined || builder === undefined || userSigned === undefined) return undefined;
  return {
    action: { type: "approveBuilderFee", builder, tenthBps },
    canonical: value,
    userSigned,
  };
}

/** "0.001%" is one tenth of a basis point; what is finer is no fee of the venue. */
function readPercent(text: string | undefined): number | undefined {
  const percent = readDecimal(PERCENT.exec(text ?? "")?.[1]);
  if (percent === undefined || compare(percent, decimalOf(100)) > 0) return undefined;
  const tenthBps = Number(formatDecimal(multiply(percent, TENTH_BPS_PER_PERCENT)));
  return Number.isInteger(tenthBps) ? tenthBps : undefined;
}

/** What a builder may ask for at most; nothing takes it from the table. */
export function approveBuilderFee(
  { account }: Work,
  { builder, tenthBps }: Extract<AccountAction, { type: "approveBuilderFee" }>,
): ActionAnswer {
  if (tenthBps > TENTH_BPS_MAX) return refused("Builder fee is too high, must be at most 1%.");
  if (tenthBps === 0) {
    account.builderFees.delete(builder);
    return DONE;
  }
  const known = account.builderFees.has(builder);
  if (!known && account.builderFees.size >= BUILDERS_MAX) {
    return refused(`Cannot approve more than ${BUILDERS_MAX} builders.`);
  }
  account.builderFees.set(builder, tenthBps);
  return DONE;
}
