import {
	type AccountId,
	type ClusterCut,
	countOf,
	defangLong,
	formatPosition,
	type GraphStore,
	InputError,
	instantOf,
	keptDetections,
	nativeAsset,
	parseAccountOn,
} from "@clew/core";
import {
	ACCOUNT_HEURISTIC_SOURCES,
	ACCOUNT_HEURISTIC_VERSION,
	type AccountClusters,
	type AccountHeuristic,
	type AccountReason,
	clusterAccounts,
	DEFAULT_ACCOUNT_CLUSTER_PARAMETERS,
	DEFAULT_ACCOUNT_HEURISTICS,
	DEFAULT_STOP_PARAMETERS,
	fundersOf,
	parseAccountHeuristics,
} from "@clew/tracer";
import type { Context } from "../context.js";
import { mustKnow } from "../empty.js";
import { elsewhere } from "../key-elsewhere.js";
import { nativeInfo } from "../native-info.js";
import { json, showAccount, showAmount, showEntityAt } from "../output.js";
import { printTable } from "../table.js";

/** What `clew cluster` is asked on an account chain. */
export interface AccountClusterRequest {
	readonly why?: string | undefined;
	readonly heuristics?: string | undefined;
	readonly cuts: readonly ClusterCut[];
	readonly top: number;
	readonly json: boolean;
}

const LEADS = "every join is a lead: no trace, score or request rests on it";

/** `clew cluster` on an account chain: leads of accounts with one owner, who funded an account, and the same key elsewhere. */
export async function clusterOfAccounts(
	context: Context,
	store: GraphStore,
	address: string | undefined,
	request: AccountClusterRequest,
	finding: () => void,
): Promise<void> {
	const { chain } = store.info;
	if (address === undefined && request.why !== undefined) throw new InputError("--why goes with an address", { code: "USAGE" });
	const heuristics = request.heuristics === undefined ? DEFAULT_ACCOUNT_HEURISTICS : parseAccountHeuristics(request.heuristics);
	const [account, other] = [address, request.why].map((text) => (text === undefined ? undefined : parseAccountOn(chain, text)));
	for (const one of [account, other]) if (one !== undefined) await mustKnow(store, one);
	const detections = await keptDetections(store, chain);
	if (heuristics.has("deposit-reuse") && !detections.some(({ kind }) => kind === "deposit-address"))
		context.note("the case keeps no deposit address that detection saw (clew detect): deposit-reuse joins nobody");
	const { labels, contracts } = await store.contents();
	const clusters = await clusterAccounts(store, chain, await store.coverage(chain), {
		heuristics,
		parameters: DEFAULT_ACCOUNT_CLUSTER_PARAMETERS,
		cuts: request.cuts,
		detections,
		noted: new Set([...labels.map(({ account: labelled }) => labelled), ...contracts]),
		signal: context.signal,
		onProgress: (transfers) => context.progress(`clustering: ${transfers} transfers`),
	});
	context.clearProgress();
	const settings = settingsOf(heuristics, request.cuts.length);
	if (account === undefined) return printLargest(context, clusters, settings, request);
	if (other !== undefined) return printWhy(context, clusters, account, other, { settings, asJson: request.json, finding });
	return printCluster(context, store, clusters, account, settings, request);
}

function settingsOf(heuristics: ReadonlySet<AccountHeuristic>, cuts: number) {
	const { gasMost, ...parameters } = DEFAULT_ACCOUNT_CLUSTER_PARAMETERS;
	return {
		heuristics: [...heuristics].map((name) => ({ name, version: ACCOUNT_HEURISTIC_VERSION, source: ACCOUNT_HEURISTIC_SOURCES[name] })),
		parameters: { ...parameters, gasMost },
		cuts,
	};
}
type Settings = ReturnType<typeof settingsOf>;

const unreadInWords = ({ unread }: AccountClusters) =>
	`of ${countOf(unread, "account")} the history is not known from its beginning: who funded them first is not known, and joins nobody`;

async function printCluster(
	context: Context,
	store: GraphStore,
	clusters: AccountClusters,
	account: AccountId,
	settings: Settings,
	{ top, json: asJson }: AccountClusterRequest,
): Promise<void> {
	const accounts = clusters.clusterOf(account);
	const inside = new Set(accounts);
	const reasons = clusters.reasons.filter((reason) => inside.has(reason.accounts[0] as AccountId));
	const labels = new Map(await Promise.all(accounts.map(async (one) => [one, await store.labelsOf(one)] as const)));
	const {
		steps: [funding],
		end,
	} = await fundersOf(store, account, DEFAULT_STOP_PARAMETERS, 1);
	// Asked for one step, it ends at the funder: by what it is, or by the number of steps.
	const isNobody = end.reason !== "limit" && end.reason !== "loop";
	const isContract = funding !== undefined && (await store.profile(funding.payment.from, 1)).isContract;
	const service = isNobody ? end.detail : isContract ? "a contract" : undefined;
	const funded = clusters.fundedBy(account);
	const sameKey = elsewhere(account, await store.chains());
	if (asJson)
		return context.print(
			json({
				schema: "clew.account-cluster/1",
				account,
				tier: "lead",
				size: accounts.length,
				unread: clusters.unread,
				settings,
				accounts: accounts.map((one) => ({ account: one, labels: labels.get(one) ?? [] })),
				reasons,
				funding:
					funding === undefined
						? null
						: {
								funder: funding.payment.from,
								amount: funding.payment.amount,
								position: formatPosition(funding.payment.position),
								open: funding.open,
								service: service ?? null,
							},
				funded,
				sameKey,
			}),
		);
	const { colours } = context;
	context.print(
		colours.bold(
			`${showAccount(account)}: ${accounts.length === 1 ? "no lead joins it with another account" : `leads to ${countOf(accounts.length, "account")} of one owner`}`,
		),
	);
	const coin = (amount: bigint) => showAmount(amount, nativeInfo(store.info.chain), nativeAsset(store.info.chain));
	if (funding === undefined) context.print("no coins came to it in this case");
	else {
		const { from, amount, position } = funding.payment;
		const nobody = service === undefined ? "" : `, which links nobody: ${defangLong(service)}`;
		context.print(`first coins in this case: ${coin(amount)} from ${showAccount(from)} in block ${position.height}${nobody}`);
		for (const why of funding.open) context.print(`- whether they are its first is not known: ${why}`);
	}
	if (funded.length > 0) context.print(`gave ${countOf(funded.length, "account")} their first coins in this case: ${shownFew(funded)}`);
	for (const other of sameKey) context.print(`the same key, if it is a key's: ${other}`);
	if (accounts.length > 1) {
		printTable(
			context,
			[{ title: "account" }, { title: "entity" }],
			accounts.slice(0, top).map((one) => [showAccount(one), showEntityAt(labels.get(one) ?? [], instantOf(context.now()))]),
		);
		if (accounts.length > top) context.note(`${accounts.length - top} more (--top, --json)`);
		for (const reason of reasons.slice(0, top)) context.print(`- ${reasonInWords(reason)}`);
		context.print(LEADS);
	}
	if (clusters.unread > 0) context.note(unreadInWords(clusters));
}

const FEW = 5;
const shownFew = (accounts: readonly AccountId[]) =>
	`${accounts.slice(0, FEW).map(showAccount).join(", ")}${accounts.length > FEW ? ` and ${accounts.length - FEW} more` : ""}`;

const reasonInWords = ({ heuristic, version, detail, evidence, accounts }: AccountReason) =>
	`${heuristic} v${version}: ${detail} (${shownFew(accounts)}; transfers ${evidence.slice(0, FEW).join(", ")})`;

function printWhy(
	context: Context,
	clusters: AccountClusters,
	from: AccountId,
	to: AccountId,
	{ settings, asJson, finding }: { readonly settings: Settings; readonly asJson: boolean; readonly finding: () => void },
): void {
	const steps = clusters.why(from, to);
	if (steps === undefined) finding();
	if (asJson) {
		context.print(
			json({
				schema: "clew.account-cluster-why/1",
				from,
				to,
				tier: "lead",
				joined: steps !== undefined,
				unread: clusters.unread,
				settings,
				steps: steps ?? [],
			}),
		);
		return;
	}
	if (steps === undefined) {
		context.print("no lead joins them in this case");
		if (clusters.unread > 0) context.note(unreadInWords(clusters));
		return;
	}
	context.print(showAccount(from));
	for (const { reason, account } of steps) context.print(`  ${reasonInWords(reason)}\n${showAccount(account)}`);
	context.print(steps.length === 0 ? "is the same account" : LEADS);
}

function printLargest(context: Context, clusters: AccountClusters, settings: Settings, { top, json: asJson }: AccountClusterRequest): void {
	const sizes = clusters.sizes();
	const clustered = sizes.reduce((sum, { size }) => sum + size, 0);
	if (asJson) {
		context.print(
			json({
				schema: "clew.account-clusters/1",
				tier: "lead",
				accounts: clusters.accounts,
				clusters: sizes.length,
				clustered,
				unread: clusters.unread,
				settings,
				largest: sizes.slice(0, top),
			}),
		);
		return;
	}
	context.print(
		`${countOf(clusters.accounts, "account")}; leads join ${clustered} of them in ${countOf(sizes.length, "cluster")}; ${LEADS}`,
	);
	printTable(
		context,
		[{ title: "size", right: true }, { title: "first account" }],
		sizes.slice(0, top).map(({ first, size }) => [size.toString(), showAccount(first)]),
	);
	if (clusters.unread > 0) context.note(unreadInWords(clusters));
}
