import { type AccountId, addressOf, defang, type GraphStore, instantOf, isDated, type Label, ledgerOf, parseAccount } from "@clew/core";
import {
	type Cluster,
	type ClusterOptions,
	CO_SPEND,
	clusterChain,
	DEFAULT_COINJOIN_PARAMETERS,
	DEFAULT_EXPLORE_LIMITS,
	explainUnion,
	exploreCluster,
	isComplete,
	isWhole,
	type OpenEnds,
	parseHeuristics,
} from "@clew/tracer";
import { Command } from "@commander-js/extra-typings";
import { collect, positive } from "../arguments.js";
import { CASE_OPTION, CHAIN_OPTION, withChain } from "../case-file.js";
import type { Context } from "../context.js";
import { mustHoldData, mustKnow } from "../empty.js";
import { json, showAccount, showEntityAt } from "../output.js";
import { printTable } from "../table.js";
import { clusterOfAccounts } from "./cluster-accounts.js";
import { changeCuts, printCuts } from "./cluster-cuts.js";

/** A cluster with this many addresses is more often a false join than one owner. */
const SUPER_CLUSTER = 10_000;

interface Options {
	readonly why?: string | undefined;
	readonly heuristics: string;
	readonly mergePayjoins: boolean;
	readonly wasabi2Inputs: number;
	readonly maxAddresses: number;
	readonly alarm: number;
	readonly top: number;
	readonly json: boolean;
}

/** `clew cluster`: which addresses have one owner, why, and what a person took apart. */
export function clusterCommand(context: Context, finding: () => void) {
	return new Command("cluster")
		.description(
			"the addresses that have one owner with an address, and why; without an address, the largest clusters; on account chains leads, and who funded it",
		)
		.argument("[address]", "an address of the cluster")
		.option(...CASE_OPTION)
		.option(...CHAIN_OPTION)
		.option("--why <address>", "the shortest chain of reasons that joins it with the address; exit 1 when there is none")
		.option(
			"--heuristics <list>",
			"Bitcoin: co-spend and change:NAME, joined by commas; + is and, ! is not (default: co-spend). Account chains: funding-siblings, gas-tank (default: both), consolidation, deposit-reuse, all (see docs/clustering.md)",
		)
		.option("--merge-payjoins", "join the inputs of transactions that may be PayJoins", false)
		.option("--wasabi2-inputs <n>", "fewest inputs of a Wasabi 2 round", positive, DEFAULT_COINJOIN_PARAMETERS.wasabi2Inputs)
		.option(
			"--cut <subject>",
			"take TXID or ADDRESS, or one heuristic of it (SUBJECT=HEURISTIC), out of the clustering for good",
			collect,
			[],
		)
		.option("--note <text>", "why, with --cut")
		.option("--uncut <subject>", "take a cut back", collect, [])
		.option("--cuts-from <file>", "cut every subject in a file: one a line, then a comma and a note")
		.option("--cuts", "list the cuts", false)
		.option("--max-addresses <n>", "stop the search here and say so", positive, DEFAULT_EXPLORE_LIMITS.maxAccounts)
		.option("--alarm <n>", "clusters of this size are probably false", positive, SUPER_CLUSTER)
		.option("--top <n>", "rows of a table", positive, 50)
		.option("--json", "as one JSON object", false)
		.action((address, options) =>
			withChain(options, async (store) => {
				const { chain } = store.info;
				const changed = await changeCuts(context, store, options);
				const cuts = await store.clusterCuts();
				if (options.cuts) return printCuts(context, cuts, options.json);
				if (address === undefined && changed) return;
				if (ledgerOf(chain) === "accounts") return clusterOfAccounts(context, store, address, { ...options, cuts }, finding);
				const bitcoin = { ...options, heuristics: options.heuristics ?? CO_SPEND };
				const settings: ClusterOptions = {
					heuristics: parseHeuristics(bitcoin.heuristics),
					coinJoin: { ...DEFAULT_COINJOIN_PARAMETERS, wasabi2Inputs: options.wasabi2Inputs },
					mergePayJoins: options.mergePayjoins,
					cuts,
				};
				await mustHoldData(store);
				if (address === undefined) return printLargest(context, store, settings, bitcoin);
				const account = parseAccount(address, chain);
				for (const one of [account, ...(options.why === undefined ? [] : [parseAccount(options.why, chain)])]) await mustKnow(store, one);
				if (options.why !== undefined)
					return printWhy(context, store, account, parseAccount(options.why, chain), settings, bitcoin, finding);
				return printCluster(context, store, account, settings, bitcoin);
			}),
		);
}

/** What decided, so that a stranger can repeat it. */
function settingsOf({ heuristics, coinJoin, mergePayJoins, cuts }: ClusterOptions) {
	const change = heuristics.change.map((expression) => ({
		name: expression.name,
		terms: expression.terms.map(({ heuristic: { name, version, parameters, source }, not }) => ({
			name,
			version,
			parameters,
			source,
			not,
		})),
	}));
	return { coSpend: heuristics.coSpend, change, coinJoin, mergePayJoins, cuts: cuts.length };
}

const limitsOf = (context: Context, options: Options) => ({
	...DEFAULT_EXPLORE_LIMITS,
	maxAccounts: options.maxAddresses,
	signal: context.signal,
	onProgress: (p: { accounts: number; transactions: number }) =>
		context.progress(`${p.accounts} addresses, ${p.transactions} transactions read`),
});

async function labelsOf(store: GraphStore, accounts: readonly AccountId[]): Promise<Map<AccountId, readonly Label[]>> {
	const labelled = await store.labelledAccounts();
	const labels = new Map<AccountId, readonly Label[]>();
	for (const account of accounts) if (labelled.has(account)) labels.set(account, await store.labelsOf(account));
	return labels;
}

/** Signs that a cluster joins people who are strangers. */
function alarmsOf({ accounts, open }: Cluster, labels: ReadonlyMap<AccountId, readonly Label[]>, size: number): string[] {
	const claims = [...labels.values()].flat();
	const entities = new Set(claims.map((label) => label.entity));
	const dates = claims.some(isDated) ? "; labels have dates: one may have ended before another began" : "";
	return [
		...(accounts.length >= size
			? [`super-cluster: ${accounts.length} addresses; such clusters are more often false than one owner's`]
			: []),
		...(entities.size > 1
			? [
					`its addresses carry the labels of ${entities.size} entities (${[...entities].slice(0, 5).map(defang).join(", ")}): some join is false, or a label is${dates}`,
				]
			: []),
		...openLines(open).map((line) => `${line}: the cluster may be larger`),
	];
}

/** What a search did not see, a line each. */
function openLines({ bounded, unread, unknownInputs }: OpenEnds): string[] {
	const [account] = unread;
	const [tx] = unknownInputs;
	const such = (n: number, what: string) => (n === 1 ? what : `${what} and ${n - 1} ${n === 2 ? "other" : "others"}`);
	return [
		...(bounded ? ["the search ended at its bound"] : []),
		...(account === undefined ? [] : [`the history of ${such(unread.length, showAccount(account))} was not fetched whole`]),
		...(tx === undefined
			? []
			: [`no source told who owned ${tx.inputs} inputs of ${such(unknownInputs.length, `transaction ${tx.txid}`)}`]),
	];
}

async function printCluster(
	context: Context,
	store: GraphStore,
	account: AccountId,
	settings: ClusterOptions,
	options: Options,
): Promise<void> {
	const cluster = await exploreCluster(store, account, settings, limitsOf(context, options));
	context.clearProgress();
	const labels = await labelsOf(store, cluster.accounts);
	const alarms = alarmsOf(cluster, labels, options.alarm);
	if (options.json) {
		const accounts = cluster.accounts.map((a) => ({ account: a, labels: labels.get(a) ?? [] }));
		return context.print(
			json({
				schema: "clew.cluster/1",
				account,
				size: cluster.accounts.length,
				complete: isComplete(cluster.open),
				open: cluster.open,
				alarms,
				settings: settingsOf(settings),
				accounts,
				reasons: cluster.reasons,
				refusals: cluster.refusals,
			}),
		);
	}
	const { colours } = context;
	const complete = isComplete(cluster.open);
	const size = `${complete ? "" : "at least "}${cluster.accounts.length} ${cluster.accounts.length === 1 ? "address" : "addresses"}`;
	context.print(colours.bold(`${showAccount(account)}: cluster of ${size}`));
	const none = `no transaction${complete ? "" : " in the case"} joins it with another`;
	context.print(`by ${options.heuristics}; ${countBy(cluster.reasons.map((r) => r.heuristic)) || none}`);
	for (const alarm of alarms) context.note(colours.yellow(`alarm: ${alarm}`));
	printTable(
		context,
		[{ title: "address" }, { title: "entity" }],
		cluster.accounts.slice(0, options.top).map((a) => [showAccount(a), showEntityAt(labels.get(a) ?? [], instantOf(context.now()))]),
	);
	if (cluster.accounts.length > options.top) context.print(`... and ${cluster.accounts.length - options.top} more (--top, --json)`);
	if (cluster.refusals.length === 0) return;
	context.print(colours.bold(`\n${cluster.refusals.length} transactions joined nothing`));
	for (const { txid, height, finding: f } of cluster.refusals.slice(0, options.top))
		context.print(`  block ${height} ${txid}: ${f ? `${f.name} v${f.version}, ${f.score} %: ${f.features.join("; ")}` : "cut by hand"}`);
	context.print("(why two addresses are joined: --why ADDRESS; take a join out: --cut TXID --note TEXT)");
}

function countBy(names: readonly string[]): string {
	const counts = new Map<string, number>();
	for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
	return [...counts].map(([name, n]) => `${n} ${n === 1 ? "transaction" : "transactions"} of ${name}`).join(", ");
}

async function printWhy(
	context: Context,
	store: GraphStore,
	from: AccountId,
	to: AccountId,
	settings: ClusterOptions,
	options: Options,
	finding: () => void,
): Promise<void> {
	const { steps, open } = await explainUnion(store, from, to, settings, limitsOf(context, options));
	context.clearProgress();
	if (steps === undefined) finding();
	if (options.json)
		return context.print(
			json({
				schema: "clew.cluster-why/1",
				from,
				to,
				joined: steps !== undefined,
				complete: isComplete(open),
				open,
				settings: settingsOf(settings),
				steps: steps ?? [],
			}),
		);
	if (steps === undefined) {
		const found = isComplete(open) ? "they are not in one cluster" : "no chain of reasons was found in the case; there may be one";
		return context.print([found, ...openLines(open)].join("\n"));
	}
	context.print(`${showAccount(from)}`);
	for (const { reason, account } of steps)
		context.print(
			`  ${reason.heuristic} v${reason.version}, block ${reason.height}, ${reason.txid}: ${reason.detail}\n${addressOf(account)}`,
		);
	if (steps.length === 0) context.print("is the same address");
}

async function printLargest(context: Context, store: GraphStore, settings: ClusterOptions, options: Options): Promise<void> {
	const index = await clusterChain(store, store.info.chain, settings, {
		signal: context.signal,
		onProgress: ({ height, transactions }) => context.progress(`clustering: block ${height}, ${transactions} transactions`),
	});
	context.clearProgress();
	const clusters = index.clusters();
	const sizes = clusters.sizes();
	const rows = sizes
		.slice(0, options.top)
		.map(({ cluster, size }) => ({ first: clusters.address(cluster), size, alarm: size >= options.alarm }));
	const totals = { addresses: clusters.addresses, clusters: sizes.length, clustered: sizes.reduce((sum, { size }) => sum + size, 0) };
	const complete = isWhole((await store.coverage(store.info.chain)).filter(({ account }) => account === undefined));
	if (options.json)
		return context.print(json({ schema: "clew.clusters/1", ...totals, complete, settings: settingsOf(settings), largest: rows }));
	context.print(
		`${totals.addresses} addresses; ${totals.clustered} of them in ${totals.clusters} clusters of two or more, by ${options.heuristics}`,
	);
	if (!complete) context.note("the case does not hold every block from the first on: clusters may be larger, and more");
	printTable(
		context,
		[{ title: "size", right: true }, { title: "first address" }, { title: "" }],
		rows.map(({ first, size, alarm }) => [String(size), showAccount(first), alarm ? "super-cluster" : ""]),
	);
}
