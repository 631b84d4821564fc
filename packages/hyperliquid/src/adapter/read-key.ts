import type { Address, KeyPermission } from "@cloister/model";
import type { AskInfo } from "./ask-info.ts";
import { failedRead, type ReadOutcome } from "./read-outcome.ts";

/** Who signs, for whom, and who decides over that account. */
export type KeyOf = {
  readonly account: Address;
  readonly owner: Address;
  readonly signer: Address;
};

/**
 * Whether the key may sign, and until when (protocol §10.4). Only named API wallets are listed with their end; one
 * that is not listed is asked about by its role, which tells no end.
 */
export function readKey(
  ask: AskInfo,
  { account, owner, signer }: KeyOf,
  done: (outcome: ReadOutcome) => void,
): void {
  const tell = (permission: KeyPermission, raw?: string): void =>
    done({
      result: { report: { kind: "key", permission } },
      remarks: [],
      ...(raw === undefined ? {} : { raw }),
    });
  if (signer === owner) {
    tell({ kind: "own" });
    return;
  }
  ask({ type: "extraAgents", user: owner }, (agents) => {
    if (agents.kind === "failed") {
      done(failedRead("extraAgents", agents));
      return;
    }
    const listed = agents.value.rows.find(({ address }) => address === signer);
    if (listed !== undefined) {
      const { name, validUntil } = listed;
      tell({ kind: "agent", name, validUntil }, agents.raw);
      return;
    }
    ask({ type: "userRole", user: signer }, (role) => {
      if (role.kind === "failed") {
        done(failedRead("userRole", role));
        return;
      }
      const { value } = role;
      const isOurs = value.role === "agent" && (value.user === owner || value.user === account);
      tell({ kind: isOurs ? "agent" : "none" }, `${agents.raw}\n${role.raw}`);
    });
  });
}
