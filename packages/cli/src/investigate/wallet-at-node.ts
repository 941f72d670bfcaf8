import {
	type AccountId,
	type AssetId,
	type ChainNode,
	type GraphStore,
	isNative,
	MAX_HEIGHT,
	NodeError,
	nativeAsset,
	startOf,
} from "@clew/core";
import { howToTellCalls } from "../empty.js";
import { assetsNamed, showAccount, showAmount } from "../output.js";

/** What a node says of a wallet that its history in the case does not tell; in words. */
export interface WalletAtNode {
	/** That a contract acts for it, and what left by a way that is not in the case. */
	readonly said: readonly string[];
	/** How to find the way; empty where nothing left so. */
	readonly close: string;
}

/**
 * Compares a wallet with a node at a height: its code, and what it holds of the given assets and of its coins, with what the case derives.
 * Less at the node means that some left by a way that the case does not hold. Throws NodeError only where the node lied.
 */
export async function walletAtNode(
	store: GraphStore,
	node: ChainNode,
	account: AccountId,
	assets: readonly AssetId[],
	height: number,
): Promise<WalletAtNode> {
	if (node.ledger === "outputs") return { said: [], close: "" };
	const { chain } = node;
	const said: string[] = [];
	const code = await ifTold(node.codeOf(account, height));
	if (code?.kind === "delegated") said.push(`at block ${height} its key lets ${showAccount(code.to)} act for it (EIP-7702)`);
	const derived = new Map((await store.balancesBefore(account, startOf(MAX_HEIGHT))).map(({ asset, amount }) => [asset, amount]));
	const named = await assetsNamed(store, assets);
	const missing: AssetId[] = [];
	for (const asset of new Set([nativeAsset(chain), ...assets])) {
		const books = derived.get(asset) ?? 0n;
		const balance = books === 0n ? undefined : await ifTold(node.balance(account, asset, height));
		if (balance === undefined || balance >= books) continue;
		missing.push(asset);
		const show = (units: bigint) => showAmount(units, named[asset], asset);
		said.push(
			`${show(books - balance)} left by a way that is not in the case: it holds ${show(balance)} at block ${height}, and by its history there ${show(books)}`,
		);
	}
	const byCalls = missing.some(isNative) ? ` ${howToTellCalls(chain)}` : "";
	const close =
		missing.length === 0 ? "" : `Find the transaction at an explorer (internal transactions of the address), and give its hash.${byCalls}`;
	return { said, close };
}

/** Undefined where a node cannot tell. */
function ifTold<T>(asked: Promise<T>): Promise<T | undefined> {
	return asked.catch((error: unknown) => {
		if (error instanceof NodeError && error.code !== "NODE_LIED") return undefined;
		throw error;
	});
}
