import {
	type AccountId,
	type BlockHeader,
	type ChainSource,
	type FreezableToken,
	type Hash,
	NodeError,
	throwIfAborted,
	tokenContract,
} from "@clew/core";

/** An account and a token of its chain that the token's issuer can freeze. */
export interface Freezable {
	readonly account: AccountId;
	readonly token: FreezableToken;
}

/** When an account was frozen: it was not at the end of the block before. */
export interface FrozenSince {
	readonly height: number;
	/** Unix seconds. */
	readonly time: number;
	/** The transaction whose event says so, and who sent it, where its fee tells. */
	readonly txHash: Hash;
	readonly by?: AccountId;
}

/** What a node says of one account and token at one height. */
export interface FrozenFact extends Freezable {
	/** Undefined where the contract gives no answer. */
	readonly frozen: boolean | undefined;
	/** In base units; undefined where the contract gives no answer. */
	readonly holds: bigint | undefined;
	/** Of what is frozen; absent where the node does not tell what was so at earlier heights, or no event of the block bears it out. */
	readonly since?: FrozenSince;
}

/**
 * Asks a node what of these is frozen at its head, and since when: by bisection over the state at earlier heights, so of an account that
 * was released and frozen again it may be an earlier time than the last. Throws NodeError.
 */
export async function askFrozen(
	node: ChainSource,
	asked: readonly Freezable[],
	signal: AbortSignal,
): Promise<{ readonly head: BlockHeader; readonly facts: readonly FrozenFact[] }> {
	const head = await node.head();
	const facts = await Promise.all(
		asked.map(async (one): Promise<FrozenFact> => {
			const [frozen, holds] = await Promise.all([isFrozen(node, one, head.height), holding(node, one, head.height)]);
			return { ...one, frozen, holds };
		}),
	);
	const dated: FrozenFact[] = [];
	for (const fact of facts) {
		throwIfAborted(signal);
		const since = fact.frozen === true ? await frozenSince(node, fact, head.height, signal) : undefined;
		dated.push(since === undefined ? fact : { ...fact, since });
	}
	return { head, facts: dated };
}

async function isFrozen(node: ChainSource, { account, token }: Freezable, height: number): Promise<boolean | undefined> {
	const contract = tokenContract(token.asset);
	return contract === undefined ? undefined : node.says(contract, token.form.asks, account, height);
}

async function holding(node: ChainSource, { account, token }: Freezable, height: number): Promise<bigint | undefined> {
	try {
		return await node.balance(account, token.asset, height);
	} catch (error) {
		if (error instanceof NodeError && error.code === "NODE_BAD_ANSWER" && !error.retryable) return undefined;
		throw error;
	}
}

/** Undefined where the node does not tell what contracts answered at earlier heights. O(log height) calls. */
async function frozenSince(node: ChainSource, one: Freezable, head: number, signal: AbortSignal): Promise<FrozenSince | undefined> {
	// Nobody is frozen before the first block; a contract that is not there yet answers nothing, and freezes nobody.
	let [before, height] = [-1, head];
	try {
		while (height - before > 1) {
			throwIfAborted(signal);
			const middle = Math.floor((before + height) / 2);
			if ((await isFrozen(node, one, middle)) === true) height = middle;
			else before = middle;
		}
	} catch (error) {
		if (error instanceof NodeError && error.code === "NODE_UNSUPPORTED") return undefined;
		throw error;
	}
	const block = await node.block(height, signal);
	const contract = tokenContract(one.token.asset);
	const event = block.events?.find(
		({ kind, account, contract: by, details }) =>
			kind === "token-control" && by === contract && account === one.account && details["control"] === "blocked",
	);
	// A node that tells nothing, or the same, of every earlier state ends at some block, in which nobody was frozen.
	if (event === undefined) return undefined;
	const time = block.header.time;
	const fee = block.transactions.find(({ hash }) => hash === event.txHash)?.transfers.find(({ kind }) => kind === "fee");
	return { height, time, txHash: event.txHash, ...(fee === undefined ? {} : { by: fee.from }) };
}
