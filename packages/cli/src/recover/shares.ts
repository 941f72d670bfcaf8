import {
	type AssetId,
	type ChainId,
	csvLine,
	defang,
	type GraphStore,
	InputError,
	parseAccountOn,
	parseAmount,
	parseAssetOn,
	type TraceResult,
} from "@clew/core";
import { type Shares, sharesOf } from "@clew/recovery";
import type { Context } from "../context.js";
import { assetsNamed, json, showAmount } from "../output.js";
import { forwardTrace } from "../stored-trace.js";
import { printTable } from "../table.js";
import { readLedger } from "./ledger.js";
import { showVictim } from "./status.js";

/** Options of `clew recover shares`, as typed. */
export interface SharesOptions {
	readonly trace: string;
	readonly asset?: string | undefined;
	readonly account?: string | undefined;
	readonly fund?: string | undefined;
	readonly json: boolean;
	readonly csv: boolean;
}

export const ROUNDING =
	"each share is rounded down; the units that this leaves go one by one to the largest remainders, of equal ones to the earlier seed";

/** Prints how a fund is shared among the seeds of a trace, under every method. */
export async function printShares(context: Context, store: GraphStore, options: SharesOptions): Promise<void> {
	const trace = await forwardTrace(store, options.trace, "recover");
	const account = options.account === undefined ? undefined : parseAccountOn(trace.chain as ChainId, options.account);
	const asset = options.asset === undefined ? onlyAsset(trace, account) : parseAssetOn(trace.chain as ChainId, options.asset);
	const fund = options.fund === undefined ? await securedFund(store, trace, asset, account) : parseAmount(options.fund, asset);
	const found = sharesOf(trace, { asset, fund, ...(account === undefined ? {} : { account }) });
	if (options.json)
		return context.print(
			json({ schema: "clew.shares/1", trace: trace.id, asset, account: account ?? null, fund, rounding: ROUNDING, methods: found }),
		);
	if (options.csv) return context.print(sharesCsv(found, asset).trimEnd());
	const assets = await assetsNamed(store, [asset]);
	const show = (amount: bigint) => showAmount(amount, assets[asset], asset, assets);
	context.print(`${show(fund)} shared among ${trace.seeds.length} seeds of trace ${trace.id}; rounding: ${ROUNDING}`);
	for (const one of found) {
		context.print(context.colours.bold(`${one.method}: ${one.law}`));
		if ("why" in one) {
			context.print(`  not known: ${one.why}`);
			continue;
		}
		const rows = one.shares.map(({ origin, victim, claim, share, oddUnit }) => [
			...[String(origin + 1), showVictim(victim), show(claim), show(share), oddUnit ? "+1 unit" : ""],
		]);
		rows.push(["", "left", "", show(one.left), ""]);
		printTable(
			context,
			[{ title: "seed" }, { title: "victim" }, { title: "claim", right: true }, { title: "share", right: true }, { title: "rounding" }],
			rows,
		);
	}
	context.note("which of them applies is for a court to say: docs/tracing-rules.md and docs/recovery.md name the cases");
}

function onlyAsset(trace: TraceResult, account: string | undefined): AssetId {
	const found = new Set(
		trace.leaves.filter((leaf) => account === undefined || leaf.account === account).flatMap(({ amounts }) => Object.keys(amounts)),
	);
	const [only, ...more] = found;
	if (only !== undefined && more.length === 0) return only as AssetId;
	throw new InputError(only === undefined ? "the trace found nothing there" : `which asset: ${[...found].join(", ")}?`, {
		code: "USAGE",
		hint: "Name it with --asset.",
	});
}

/** What the ledger says is secured of the trace's money: frozen, seized, or destroyed and not given back yet. */
async function securedFund(store: GraphStore, trace: TraceResult, asset: string, account: string | undefined): Promise<bigint> {
	const { state } = await readLedger(store, [trace]);
	const sum = state.requests
		.filter((one) => one.trace === trace.id && one.asset === asset && (account === undefined || one.account === account))
		.reduce((all, { pools }) => all + pools.frozen + pools.seized + pools.destroyed, 0n);
	if (sum === 0n)
		throw new InputError("how much is there to share? The ledger has nothing of it frozen, seized or destroyed", {
			code: "USAGE",
			hint: "Give --fund AMOUNT.",
		});
	return sum;
}

function sharesCsv(found: readonly Shares[], asset: string): string {
	const rows = found.flatMap((one) =>
		"why" in one
			? [[one.method, "", "", asset, "", "", "", one.why]]
			: [
					...one.shares.map(({ origin, victim, claim, share, oddUnit }) => [
						...[one.method, String(origin + 1), victim, asset, String(claim), String(share), oddUnit ? "1" : "0", one.law],
					]),
					[one.method, "", "left", asset, "", String(one.left), "", one.law],
				],
	);
	const head = ["method", "seed", "victim", "asset", "claim_base_units", "share_base_units", "odd_unit", "law"];
	return [head, ...rows.map((row) => row.map(defangCell))].map(csvLine).join("");
}

const defangCell = (cell: string): string => (cell.length > 100 ? cell : defang(cell));
