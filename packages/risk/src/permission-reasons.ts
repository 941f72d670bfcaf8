import { type PermissionChange, signersInWords } from "@clew/core";
import { type Reason, reason } from "./reason.js";

/** Who may sign for an account since when, as the blocks of a case have it: the last change, and how many were before it. */
export function permissionReasons(all: readonly PermissionChange[]): Reason[] {
	const last = all.at(-1);
	if (last === undefined) return [];
	const before = all.length > 1 ? `; changed ${all.length - 1} times before` : "";
	const how = `since block ${last.position.height}, transaction ${last.txHash}${before}`;
	return [
		reason(
			"permissions-changed",
			"structural",
			{ how, who: signersInWords(last) },
			all.map(({ txHash }) => txHash),
		),
	];
}
