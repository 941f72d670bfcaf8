import { ledgerOf } from "../chain-family/registry.js";
import { notAsSeen } from "../encoding/plain-name.js";
import type { Fail } from "../failure.js";
import type { Request } from "./formats.js";

/**
 * A request says nothing that cannot have been: a movement of the first block (which has none to spend), or of a custodian's address to
 * itself; nor is anybody asked by a name that is not as it looks.
 */
export function checkPlausible(request: Request, where: string, fail: Fail): void {
	const { rows, chain, kind, to } = request;
	const wrong = notAsSeen(to.entity);
	if (wrong !== undefined) fail(where, `the name ${JSON.stringify(to.entity.slice(0, 100))} ${wrong}`);
	for (const { row, position, from, to: receiver } of rows) {
		const at = `${where} row ${row}`;
		if (position.startsWith("0.")) fail(at, "is in block 0, which moves nothing that anybody had");
		if (kind === "custodian" && ledgerOf(chain) === "accounts" && from === receiver)
			fail(at, `goes from ${from} to itself, and brings it nothing`);
	}
}

/** Two packets of a folder do not ask the same of the same: who adds them up would ask for twice as much. */
export function checkApart(requests: readonly (readonly [where: string, request: Request])[], fail: Fail): void {
	const asked = new Map<string, string>();
	for (const [where, { kind, to, points, leads }] of requests)
		for (const { account, asset, rows } of [...points, ...leads]) {
			const key = JSON.stringify([kind, to.entity.toLowerCase(), account, asset, rows]);
			const other = asked.get(key);
			if (other !== undefined && other !== where) fail(where, `${account}: is asked about in ${other}, too`);
			asked.set(key, where);
		}
}
