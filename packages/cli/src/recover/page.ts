import { type CaseInfo, defangLong, escapeHtml } from "@clew/core";
import { isPayer, totalsBy, victimTotals } from "@clew/recovery";
import { amountText, type Standing } from "./status.js";

const CSS =
	"body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}table{border-collapse:collapse;width:100%;margin:0 0 1.5rem}th,td{border:1px solid #999;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}td.n{text-align:right}caption{text-align:left;font-weight:600;padding:.3rem 0}code{font-size:.85em}";

/** What nobody who asks for money in Clew's name may be believed. */
export const NEVER =
	"Nobody of Clew asks for money, keys or seed phrases, and nobody can recover money for a fee in its name: whoever does is a fraud.";

type Cell = string | { readonly number: string };

/** The ledger as one HTML file without script or outside reference. The same ledger on the same day gives the same bytes. */
export function recoveryPage(info: CaseInfo, standing: Standing, today: string): string {
	const { ledger, due } = standing;
	const { state, limits, entries } = ledger;
	const show = (amount: bigint, asset: string): Cell => ({ number: amountText(standing, amount, asset) });
	const pools = ["open", "frozen", "seized", "destroyed", "returned"] as const;
	const amounts = ["asked for", "open", "frozen", "seized", "destroyed", "came back"];
	const sums = (by: "party" | "rule") =>
		totalsBy(state.requests, by).map((row) => [row.of, show(row.asked, row.asset), ...pools.map((name) => show(row[name], row.asset))]);
	const tables = [
		table(
			"Requests: what is asked for is open, frozen, seized, destroyed or came back",
			["request", "state", "party", "account", ...amounts],
			state.requests.map(({ id, state: at, party, account = "", asset, asked, pools: own }) => [
				...[id, at, party, account, show(asked, asset)],
				...pools.map((name) => show(own[name], asset)),
			]),
		),
		table("By desk", ["desk", ...amounts], sums("party")),
		table("By rule under which it is asked for", ["rule", ...amounts], sums("rule")),
		table(
			"By victim",
			["victim", "taken", "came back", "missing"],
			victimTotals(state, limits).map(({ victim, asset, taken, returned, missing }) => [
				isPayer(victim) ? victim : `whoever paid seed ${victim}`,
				...[taken, returned, missing].map((amount) => show(amount, asset)),
			]),
		),
		table(
			"Deadlines that stand; of a request that is not here none is known",
			["on", "request", "party", "what", "source"],
			due.map(({ on, request, party, what, source }) => [on, request, party, what, source]),
		),
		table(
			"Entries; nothing is ever changed or removed",
			["#", "on", "what", "request", "amount", "known by", "shown by", "logged"],
			entries.map((entry) => [
				`${entry.sequence}${state.corrected.has(entry.sequence) ? " (corrected)" : ""}`,
				...[entry.on, entry.kind + (entry.corrects === undefined ? "" : ` in place of ${entry.corrects}`), entry.request],
				entry.amount === undefined || entry.asset === undefined ? "" : show(BigInt(entry.amount), entry.asset),
				entry.tier,
				[
					...(entry.document === undefined ? [] : [`${entry.document.name}, SHA-256 ${entry.document.sha256}`]),
					...(entry.transaction === undefined ? [] : [`transaction ${entry.transaction.hash}`]),
					...(entry.proof === undefined ? [] : [`proof SHA-256 ${entry.proof}`]),
				].join("; "),
				`${entry.at}${entry.by === undefined ? "" : ` by ${entry.by}`}${entry.key === undefined ? "" : `, signed by key ${entry.key.id}`}`,
			]),
		),
	];
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Recovery: ${text(info.title)}</title>
<style>${CSS}</style>
</head>
<body>
<h1>Recovery: ${text(info.title)}</h1>
<p>As of ${text(today)}. An entry is known by a receipt's proof (proven), by one node's word (node) or by a document alone (attribution). No sum exceeds what was traced, nor what was taken from a victim.</p>
<p><strong>${NEVER}</strong></p>
${tables.join("\n")}
</body>
</html>
`;
}

const text = (hostile: string): string => escapeHtml(defangLong(hostile));

function table(caption: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
	const cell = (one: Cell) => (typeof one === "string" ? `<td>${text(one)}</td>` : `<td class="n">${text(one.number)}</td>`);
	const body =
		rows.length === 0
			? `<tr><td colspan="${columns.length}">none</td></tr>`
			: rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("\n");
	return `<table><caption>${text(caption)}</caption>\n<thead><tr>${columns.map((name) => `<th scope="col">${text(name)}</th>`).join("")}</tr></thead>\n<tbody>${body}</tbody></table>`;
}
