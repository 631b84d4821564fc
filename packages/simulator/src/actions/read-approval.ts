import { SIGNED_TYPES } from "../auth/user-signed.ts";
import type { JsonObject } from "../json.ts";
import type { ReadAction } from "./action.ts";
import { SignedFields } from "./read-signed.ts";

const EXPIRY = /^(.*) valid_until (\d{1,15})$/;

/** approveAgent: the name may end in " valid_until MS". */
export function readApproval(value: JsonObject): ReadAction | undefined {
  const fields = new SignedFields(value);
  const agent = fields.address("agentAddress");
  const name = fields.text("agentName", "");
  const userSigned = fields.signed(SIGNED_TYPES.approveAgent);
  if (agent === undefined || name === undefined || userSigned === undefined) return undefined;
  const [, bare = name, until] = EXPIRY.exec(name) ?? [];
  return {
    action: {
      type: "approveAgent",
      agent,
      name: bare,
      ...(until === undefined ? {} : { validUntilMs: Number(until) }),
    },
    canonical: value,
    userSigned,
  };
}
