import { invalidOption } from "@cloister/model";
import type { Disk } from "./disk/disk.ts";
import { firstOfSegment, segmentsOf } from "./format/segment-name.ts";

/** How much is kept that no checkpoint needs: whichever bound is reached first. */
export type Retain = {
  /** Bytes of all segments together; 1 GiB by default. */
  readonly bytes?: number;
  /** Days since a segment was last written; 7 by default. */
  readonly days?: number;
};

export type Retention = Required<Retain>;

const DAY_MS = 86_400_000;
const DEFAULTS: Retention = { bytes: 1024 ** 3, days: 7 };

/** @throws invalidOption */
export function retentionOf(retain: Retain = {}): Retention {
  const retention = { ...DEFAULTS, ...retain };
  for (const name of ["bytes", "days"] as const) {
    const value = retention[name];
    if (!(value >= 0)) throw invalidOption(`retain.${name}`, value, "must not be negative");
  }
  return retention;
}

type Terms = {
  readonly disk: Disk;
  readonly folder: string;
  readonly retention: Retention;
};

/**
 * Removes segments that no checkpoint needs and that retention does not ask for, oldest first.
 * `coveredTo`: records up to here are needed by no checkpoint. The newest segment always stays. @throws what the disk throws
 */
export function compact(
  { disk, folder, retention }: Terms,
  { coveredTo, nowMs }: { readonly coveredTo: number; readonly nowMs: number },
): void {
  const names = segmentsOf(disk.list(folder));
  const stats = new Map(names.map((name) => [name, disk.stat(`${folder}/${name}`)]));
  let total = [...stats.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  for (const [index, name] of names.entries()) {
    const next = firstOfSegment(names[index + 1] ?? "");
    const isCovered = next !== undefined && next <= coveredTo + 1;
    const { bytes = 0, changedAtMs = nowMs } = stats.get(name) ?? {};
    const isWanted = total <= retention.bytes && nowMs - changedAtMs <= retention.days * DAY_MS;
    if (!isCovered || isWanted) return;
    disk.remove(`${folder}/${name}`);
    total -= bytes;
  }
}
