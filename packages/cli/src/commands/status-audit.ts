import {
	type AccountId,
	type AssetId,
	BALANCES_COMPARED,
	type ChainId,
	chainName,
	chainOf,
	defang,
	defangLong,
	type GraphStore,
	ledgerOf,
	parseAccount,
} from "@clew/core";
import { followedAccounts, type Reconciled, type Reconciliation, reconcile, unasked } from "@clew/workers";
import type { Context } from "../context.js";
import { noteDone } from "../custody-notes.js";
import { hasNode, openNode } from "../node.js";
import { assetsNamed, showAccount, showAmount } from "../output.js";
import { printTable } from "../table.js";

/** What `clew status --audit` is asked: of which accounts, by whom, and of how many at most. */
export interface AuditOptions {
	readonly rpc: string[];
	readonly account: readonly string[];
	readonly limit: number;
}

const VERDICTS = ["equal", "short", "over", "not-asked"] as const;

/**
 * Compares the balances of each chain of a case, or of those that the named accounts are on, with a node of it, and notes the outcome in
 * the custody log. Throws NodeError, InputError.
 */
export async function auditBalances(
	context: Context,
	store: GraphStore,
	chains: readonly ChainId[],
	options: AuditOptions,
): Promise<Reconciliation[]> {
	const named = options.account.map((text) => parseAccount(text, store.info.chain));
	const audited = named.length === 0 ? chains : [...new Set(named.map(chainOf))];
	const audits: Reconciliation[] = [];
	for (const chain of audited) {
		const accounts =
			named.length === 0 ? await followedAccounts(store, chain, context.signal) : named.filter((one) => chainOf(one) === chain);
		audits.push(await auditChain(context, store, chain, [...accounts], options));
	}
	for (const audit of audits) await noteDone(context, store, BALANCES_COMPARED, inWords(audit));
	return audits;
}

async function auditChain(
	context: Context,
	store: GraphStore,
	chain: ChainId,
	all: readonly AccountId[],
	options: AuditOptions,
): Promise<Reconciliation> {
	const accounts = all.slice(0, options.limit);
	const accountsLeft = all.length - accounts.length;
	if (!hasNode(options.rpc, chain)) return { chain, accountsLeft, rows: await unasked(store, accounts, "no node was given (--rpc)") };
	const node = await openNode(context, chain, { rpc: options.rpc });
	try {
		const rows = await reconcile(store, node, accounts, context.signal, (done) =>
			context.progress(`compared ${done} of ${accounts.length} accounts`),
		);
		return { chain, node: node.name, accountsLeft, rows };
	} finally {
		node.close();
	}
}

/** How many balances came out how, and with whom they were compared. */
function inWords({ chain, node, rows, accountsLeft }: Reconciliation): string {
	const name = chainName(chain) ?? chain;
	if (rows.length === 0) {
		const isOutputs = ledgerOf(chain) === "outputs";
		return `${name}: nothing was compared, since ${isOutputs ? "no node of this chain tells the balance of an address" : "the case follows no account there"}`;
	}
	const counts = VERDICTS.map((verdict) => `${rows.filter((row) => row.verdict === verdict).length} ${verdict.replace("-", " ")}`);
	const left = accountsLeft === 0 ? "" : `; ${accountsLeft} more accounts were not asked about (--limit)`;
	const open = rows.filter((row) => row.verdict === "equal" && row.missing.length > 0).length;
	if (open > 0) counts.push(`${open} of the equal although something is known to be missing`);
	return `${name}: ${counts.join(", ")}, ${node === undefined ? "no node asked" : `by the word of ${node}`}${left}`;
}

/** Prints every balance that is not equal, or of whose movements some are missing, and the counts of all. */
export async function printAudits(context: Context, store: GraphStore, audits: readonly Reconciliation[]): Promise<void> {
	for (const audit of audits) {
		const apart = audit.rows.filter((row) => row.verdict !== "equal" || row.missing.length > 0);
		const named = await assetsNamed(
			store,
			apart.map(({ asset }) => asset),
		);
		const shown = (amount: bigint, asset: AssetId) => showAmount(amount, named[asset], asset);
		if (apart.length > 0)
			printTable(
				context,
				COLUMNS,
				apart.map((row) => cells(row, shown, (asset) => defang(named[asset]?.symbol || asset))),
			);
		context.print(`balances on ${inWords(audit)}`);
	}
}

const COLUMNS = [
	{ title: "account" },
	{ title: "the case" },
	{ title: "in the case", right: true },
	{ title: "at the node", right: true },
	{ title: "block", right: true },
	{ title: "why", optional: "below" as const },
];

function cells(row: Reconciled, shown: (amount: bigint, asset: AssetId) => string, symbol: (asset: AssetId) => string): string[] {
	const account = showAccount(row.account);
	if (row.verdict === "not-asked") return [account, `not asked: ${symbol(row.asset)}`, "", "", "", defangLong(row.why)];
	const { derived, told, height, missing } = row;
	const by = derived < told ? told - derived : derived - told;
	return [
		account,
		by === 0n ? "equal" : `${row.verdict} by ${shown(by, row.asset)}`,
		shown(derived, row.asset),
		shown(told, row.asset),
		height.toString(),
		missing.length === 0 ? "nothing is known to be missing" : missing.join("; "),
	];
}

/** What the audits say of the whole: some balance differs, or not all were compared. */
export function auditFinding(audits: readonly Reconciliation[]): "negative" | "not-checked" | undefined {
	const verdicts = new Set(audits.flatMap(({ rows }) => rows.map(({ verdict }) => verdict)));
	if (verdicts.has("short") || verdicts.has("over")) return "negative";
	const isOpen = ({ rows, accountsLeft }: Reconciliation) =>
		accountsLeft > 0 || rows.length === 0 || rows.some((row) => row.verdict === "not-asked" || row.missing.length > 0);
	return audits.some(isOpen) ? "not-checked" : undefined;
}
