import type { Verdict } from "@cloister/machines";
import type { Cloid, ElementStatus } from "@cloister/model";

/**
 * What each child of a place or modify learns from the statuses of an admitted answer: by position when the
 * counts agree, else by echoed cloid; a static error that comes alone speaks for all (situations 16 and 18).
 * null: not mapped, to be asked about.
 */
export function verdictsOf(
  children: readonly Cloid[],
  statuses: readonly ElementStatus[],
  at: number,
): readonly (Verdict | null)[] {
  const only = statuses.length === 1 ? statuses[0] : undefined;
  if (only?.kind === "error" && only.wholeBatch) {
    return children.map(() => ({ kind: "refused", cause: only.cause, text: only.text }));
  }
  if (statuses.length === children.length) {
    return children.map((cloid, index) => {
      const status = statuses[index];
      // A status that echoes another order's cloid is not this child's, wherever it stands.
      const mine = status !== undefined && (cloidOf(status) ?? cloid) === cloid;
      return mine ? verdictOf(status, at) : byEcho(cloid, statuses, at);
    });
  }
  return children.map((cloid) => byEcho(cloid, statuses, at));
}

function byEcho(cloid: Cloid, statuses: readonly ElementStatus[], at: number): Verdict | null {
  const echoed = statuses.find((status) => cloidOf(status) === cloid);
  return echoed === undefined ? null : verdictOf(echoed, at);
}

function cloidOf(status: ElementStatus): Cloid | undefined {
  return status.kind === "resting" || status.kind === "filled" ? status.cloid : undefined;
}

function verdictOf(status: ElementStatus, at: number): Verdict | null {
  switch (status.kind) {
    case "resting":
      return { kind: "accepted", oid: status.oid, at };
    case "filled":
      return {
        kind: "filled",
        oid: status.oid,
        total: status.total,
        averagePrice: status.averagePrice,
        at,
      };
    case "waiting":
      return { kind: "waiting", waitsFor: status.waitsFor };
    case "error":
      return { kind: "refused", cause: status.cause, text: status.text };
    case "success":
    case "unrecognized":
      return null;
  }
}
