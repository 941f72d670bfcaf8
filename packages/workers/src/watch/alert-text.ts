import { defang, defangLong } from "@clew/core";
import type { Alert } from "./model.js";

/** What an alert's text needs of the case, in words. */
export interface AlertFacts {
	/** The amount in the asset's own unit. */
	readonly amount: string;
	/** What it was worth when it moved, or `no price`. */
	readonly value: string;
}

/** No service takes less: Discord's 2,000 characters are the shortest, with room for what goes around it. */
const LONGEST = 1_800;
const STATUS = { seen: "", final: "", retracted: "TAKEN BACK, its block went away: " } as const;

/**
 * Text that does nothing wherever it is shown: no link, nobody mentioned, no room or hashtag named, no code ended. Visible, so that who
 * reads it sees what was there.
 */
function inert(text: string): string {
	return defangLong(text)
		.replace(/\.(?=\p{L})/gu, "[.]")
		.replace(/[@#]/g, "[$&]")
		.replaceAll("`", "'");
}

/** One line that names an alert: digits and words of Clew's own. */
export function alertSubject({ id, status }: Alert): string {
	return `Clew alert ${id}: money ${status === "retracted" ? "movement taken back" : "moved"}`.replace(/[^\x20-\x7e]/g, "");
}

/** An alert as people read it: how much, its value, who, where to look and what to do. Plain lines; what others wrote in it does nothing. */
export function alertText(alert: Alert, { amount, value }: AlertFacts): string {
	const others = (alert.spenders?.length ?? 1) - 1;
	const beside = others === 0 ? "" : ` and ${others} ${others === 1 ? "other" : "others"}`;
	const when = alert.time === 0 ? "at a time that is not known" : new Date(alert.time * 1000).toISOString();
	const lines = [
		`${alertSubject(alert)} (told for the ${alert.revision}. time)`,
		`${STATUS[alert.status]}${alert.output === undefined ? "" : "at most "}${amount}, ${value}`,
		`from ${defang(alert.from)}${beside}`,
		`to ${defang(alert.to)}`,
		`who: ${alert.counterparty === "" ? "no label names the other side" : defang(alert.counterparty)}`,
		`look: clew open --case PLACE (case ${defang(alert.case)}), or clew watch history --case PLACE`,
		`do: check the transaction, call whoever can stop it, then clew watch ack ${defang(alert.id)} --case PLACE --note "what was done"`,
		`transaction ${defang(alert.txHash)} in block ${alert.height}, ${when}`,
		`watch ${defang(alert.watch)}: ${defang(alert.rules.join(", "))}`,
		...(alert.tainted === "unknown" ? ["how much of it is the watched money is not known"] : []),
		...(alert.caveat === undefined ? [] : [`it may not have moved: ${defang(alert.caveat)}`]),
	];
	const text = lines.map(inert).join("\n");
	return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
