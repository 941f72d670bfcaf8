import type { AssetInfo, GraphStore } from "@clew/core";
import { csvLine, defang, formatAmount } from "@clew/core";
import { type DeadlineRule, type DueRow, deadlinesOf, isPayer, type TotalRow, totalsBy, victimTotals } from "@clew/recovery";
import type { Context } from "../context.js";
import { assetsNamed, showAccount, showAmount } from "../output.js";
import { printTable } from "../table.js";
import type { KeptLedger } from "./ledger.js";

/** What a ledger adds up to, for every form in which it is told. */
export interface Standing {
	readonly ledger: KeptLedger;
	readonly due: readonly DueRow[];
	readonly assets: Readonly<Record<string, AssetInfo>>;
}

/** Adds up a ledger as of a day. */
export async function standingOf(store: GraphStore, ledger: KeptLedger, rules: readonly DeadlineRule[], today: string): Promise<Standing> {
	const assets = [...new Set([...ledger.limits.taken, ...ledger.state.requests].map(({ asset }) => asset))];
	return { ledger, due: deadlinesOf(ledger.state, rules, today), assets: await assetsNamed(store, assets as never) };
}

/** The object of `--json` (schema clew.recovery/1); amounts are strings in base units. */
export function inJson({ ledger: { state, limits, entries }, due }: Standing): object {
	return {
		schema: "clew.recovery/1",
		requests: state.requests.map(({ entries: own, ...request }) => ({ ...request, entries: own.map(({ sequence }) => sequence) })),
		byDesk: totalsBy(state.requests, "party"),
		byRule: totalsBy(state.requests, "rule"),
		victims: victimTotals(state, limits),
		traced: limits.traced,
		deadlines: due,
		entries,
		corrected: [...state.corrected].sort((a, b) => a - b),
	};
}

/** Prints what `clew recover status` says. */
export function printStatus(context: Context, { ledger: { state, limits }, due, assets }: Standing): void {
	if (state.requests.length === 0) context.print("nothing was asked for, and nothing is known to have come back");
	const show = (amount: bigint, asset: string) => (amount === 0n ? "" : showAmount(amount, assets[asset], asset as never, assets));
	const amounts = (row: Pick<TotalRow, "asset" | "open" | "frozen" | "seized" | "destroyed" | "returned">) =>
		[row.open, row.frozen, row.seized, row.destroyed, row.returned].map((amount) => show(amount, row.asset));
	const columns = ["asked", "open", "frozen", "seized", "destroyed", "came back"].map((title) => ({ title, right: true }));
	printTable(
		context,
		[
			{ title: "request" },
			{ title: "state" },
			{ title: "party" },
			...columns,
			{ title: "account", optional: "below" },
			{ title: "until", optional: "below" },
		],
		state.requests.map(({ id, state: at, party, desk, account = "", asset, asked, pools }) => [
			...[
				id,
				at,
				defang(party) + (desk === undefined ? " (no desk of it ships)" : ""),
				show(asked, asset),
				...amounts({ asset, ...pools }),
			],
			...[account === "" ? "" : showAccount(account), due.find(({ request }) => request === id)?.on ?? "not known"],
		]),
	);
	for (const [title, rows] of [
		["by desk", totalsBy(state.requests, "party")],
		["by rule", totalsBy(state.requests, "rule")],
	] as const)
		if (rows.length > 1 || title === "by rule")
			printTable(
				context,
				[{ title }, ...columns],
				rows.map((row) => [defang(row.of), show(row.asked, row.asset), ...amounts(row)]),
			);
	printTable(
		context,
		[{ title: "victim" }, { title: "taken", right: true }, { title: "came back", right: true }, { title: "missing", right: true }],
		victimTotals(state, limits).map(({ victim, asset, ...row }) => [
			showVictim(victim),
			...[row.taken, row.returned, row.missing].map((amount) => show(amount, asset)),
		]),
	);
	if (state.corrected.size > 0)
		context.note(`corrected entries, which count no more: ${[...state.corrected].sort((a, b) => a - b).join(", ")}`);
}

export const showVictim = (victim: string): string => (isPayer(victim) ? showAccount(victim) : `whoever paid seed ${defang(victim)}`);

/** Prints deadlines, the next first. */
export function printDue(context: Context, due: readonly DueRow[]): void {
	if (due.length === 0) {
		context.print("no deadline that was logged stands; of requests without one nothing is known");
		return;
	}
	printTable(
		context,
		[
			{ title: "on" },
			{ title: "in days", right: true },
			{ title: "request" },
			{ title: "party" },
			{ title: "what" },
			{ title: "source", optional: "below" },
		],
		due.map(({ on, inDays, request, party, what, source }) => [
			on,
			inDays < 0 ? `over by ${-inDays}` : String(inDays),
			request,
			defang(party),
			defang(what),
			defang(source),
		]),
	);
}

const ROW = [
	"table",
	"of",
	"asset",
	"symbol",
	"taken",
	"asked",
	"open",
	"frozen",
	"seized",
	"destroyed",
	"returned",
	"missing",
	"deadline",
] as const;

/** Every table as CSV (RFC 4180), amounts in base units; the column `table` says which. */
export function statusCsv({ ledger: { state, limits }, due, assets }: Standing): string {
	const line = (row: Partial<Record<(typeof ROW)[number], string>>) => csvLine(ROW.map((name) => defang(row[name] ?? "")));
	const symbol = (asset: string) => assets[asset]?.symbol ?? "";
	const sums = (row: TotalRow) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]));
	return [
		csvLine(ROW),
		...state.requests.map(({ id, party, asset, asked, pools }) =>
			line({
				table: "request",
				...sums({ of: `${id}: ${party}`, asset, asked, ...pools }),
				symbol: symbol(asset),
				deadline: due.find(({ request }) => request === id)?.on ?? "not known",
			}),
		),
		...(["party", "rule"] as const).flatMap((by) =>
			totalsBy(state.requests, by).map((row) => line({ table: by === "party" ? "desk" : by, ...sums(row), symbol: symbol(row.asset) })),
		),
		...victimTotals(state, limits).map(({ victim, asset, taken, returned, missing }) =>
			line({
				table: "victim",
				of: victim,
				asset,
				symbol: symbol(asset),
				taken: String(taken),
				returned: String(returned),
				missing: String(missing),
			}),
		),
	].join("");
}

/** One amount with its symbol, for pages. */
export function amountText({ assets }: Standing, amount: bigint, asset: string): string {
	const info = assets[asset];
	return info === undefined ? `${amount} units of ${defang(asset)}` : `${formatAmount(amount, info.decimals)} ${defang(info.symbol)}`;
}
