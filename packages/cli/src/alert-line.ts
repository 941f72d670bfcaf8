import { defang } from "@clew/core";
import type { Alert } from "@clew/workers";
import { showAccount } from "./output.js";

/** An alert in one line. `show` writes base units of its asset as an amount. */
export function alertLine(alert: Alert, show: (units: string) => string): string {
	// Others who spent in the same transaction paid the rest, or may have.
	const amount = alert.output === undefined ? show(alert.amount) : `at most ${show(alert.amount)} of ${show(alert.output)}`;
	const others = (alert.spenders?.length ?? 1) - 1;
	const beside = others === 0 ? "" : ` and ${others} ${others === 1 ? "other" : "others"}`;
	const words = [
		alert.id,
		alert.status,
		`block ${alert.height} (${alert.confirmations})`,
		`${amount} ${showAccount(alert.from)}${beside} -> ${showAccount(alert.to)}`,
		defang(alert.counterparty),
		alert.rules.join(", "),
		alert.txHash,
		alert.caveat ?? "",
		...(alert.gaps ?? []).map(({ account, text }) => `how much of it is the watched money is unknown: ${showAccount(account)}: ${text}`),
	];
	return words.filter((word) => word !== "").join("  ");
}
