import { readAddress } from "@cloister/model";
import { badField, type Decoded, ok } from "./decoded.ts";
import type { UserRole } from "./info.ts";
import { isRecord } from "./json.ts";

/** Who an address is: an agent's is not the account that trades (protocol §8.7). */
export function decodeUserRole(body: unknown): Decoded<UserRole> {
  if (!isRecord(body)) return badField("the body", body);
  const data = isRecord(body["data"]) ? body["data"] : {};
  const role = body["role"];
  switch (role) {
    case "user":
    case "vault":
    case "missing":
      return ok<UserRole>({ role });
    case "agent": {
      const user = readAddress(data["user"]);
      return user === undefined
        ? badField("data.user", data["user"])
        : ok<UserRole>({ role, user });
    }
    case "subAccount": {
      const master = readAddress(data["master"]);
      return ok<UserRole>(master === undefined ? { role } : { role, master });
    }
    default:
      return badField("role", role);
  }
}
