import { ledgerOf, limitsOf } from "../chain-family/registry.js";
import { notAsSeen } from "../encoding/plain-name.js";
import type { Fail } from "../failure.js";
import type { Request } from "./formats.js";

const DAY_MS = 86_400_000;

/**
 * A request says nothing that cannot have been: a movement of the first block (which has none to spend), before the chain began or after
 * now (ISO UTC, by the clock of who verifies, with a day to spare), of more than there is, or of a custodian's address to itself; nor is
 * anybody asked by a name that is not as it looks.
 */
export function checkPlausible(request: Request, where: string, fail: Fail, now: number = Date.now()): void {
	const { rows, chain, kind, to } = request;
	const limits = limitsOf(chain);
	const wrong = notAsSeen(to.entity);
	if (wrong !== undefined) fail(where, `the name ${JSON.stringify(to.entity.slice(0, 100))} ${wrong}`);
	for (const { row, position, time, from, to: receiver, asset, amount } of rows) {
		const at = `${where} row ${row}`;
		if (position.startsWith("0.")) fail(at, "is in block 0, which moves nothing that anybody had");
		if (kind === "custodian" && ledgerOf(chain) === "accounts" && from === receiver)
			fail(at, `goes from ${from} to itself, and brings it nothing`);
		if (limits === undefined) continue;
		if (asset.startsWith(`${chain}/slip44:`) && BigInt(amount) > limits.coins) fail(at, `moves ${amount} of ${asset}, more than there is`);
		if (time === "") continue;
		const moment = Date.parse(time);
		if (!(moment >= Date.parse(limits.genesis))) fail(at, `is of ${time}, and ${chain} began at ${limits.genesis}`);
		else if (moment > now + DAY_MS) fail(at, `is of ${time}, a time that is not yet`);
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
