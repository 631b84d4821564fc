import type { CopyId } from "@cloister/model";

/** Posts that were written and may still be answered, also by a socket that is gone (protocol §3). */
export type Posts = {
  /** A fresh post id for this copy. Ids never repeat, so an answer can never meet the wrong copy. */
  open(copy: CopyId): number;
  /** The copy that an answer speaks of; each is taken once. */
  take(id: number): CopyId | undefined;
};

/** Far more than can be in flight (100 per IP): what is forgotten here is older than any doubt. */
const KEPT_MAX = 10_000;

export function postTable(keptMax: number = KEPT_MAX): Posts {
  const open = new Map<number, CopyId>();
  let lastId = 0;

  return {
    open: (copy) => {
      lastId += 1;
      open.set(lastId, copy);
      for (const oldest of open.keys()) {
        if (open.size <= keptMax) break;
        open.delete(oldest);
      }
      return lastId;
    },
    take: (id) => {
      const copy = open.get(id);
      open.delete(id);
      return copy;
    },
  };
}

/** The payload goes in as it was signed: the same bytes as by REST. */
export function postFrame(id: number, payload: string): string {
  return `{"method":"post","id":${id},"request":{"type":"action","payload":${payload}}}`;
}
