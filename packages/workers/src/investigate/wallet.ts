import {
	type AccountId,
	type AssetId,
	addressOf,
	type ChainEvent,
	type ChainId,
	chainOf,
	comparePositions,
	delegationsOf,
	eventsOfKind,
	type Hash,
	type LedgerReader,
	MAX_HEIGHT,
	ownKeyRules,
	type Position,
	permissionChangesOf,
	startOf,
	type Transfer,
	trustedAccountId,
	userOperationOf,
} from "@clew/core";

/**
 * By what somebody else took from an account. `approval`: its owner had let a spender take the token in a transaction of its own;
 * `permit`: a signature did, which somebody else brought; `approval or permit`: one of the two, and no source tells; `delegation`: its
 * key had let a contract act for it (EIP-7702); `permission`: its own key alone no longer ruled it (Tron).
 */
export const TAKING_WAYS = ["approval", "permit", "approval or permit", "delegation", "permission"] as const;
export type TakingWay = (typeof TAKING_WAYS)[number];

/** A payment out of an account that its own hand did not make. */
export interface Taking {
	readonly transfer: Transfer;
	readonly way: TakingWay;
	/** Who was let: a spender, a contract; undefined where nothing tells. */
	readonly by: AccountId | undefined;
}

/** What a case tells of who moved an account's money; only of what it holds of the account's history. */
export interface Wallet {
	readonly takings: readonly Taking[];
	/** What it paid in transactions of its own, by whoever had its key, in order. */
	readonly own: readonly Transfer[];
	/** Payments of which no source tells who sent their transaction. */
	readonly unknown: number;
	/** What still acts or signs for it, so that more is at risk. */
	readonly standing: readonly { readonly way: TakingWay; readonly by: AccountId | undefined }[];
	/** Assets of which it holds something by the case. */
	readonly left: readonly { readonly asset: AssetId; readonly amount: bigint }[];
}

const PAGE = 2_000;
/** Payments out of an account that are read at most. */
const MOST = 20_000;

/** What the events of a case say of accounts: approvals that they gave, transactions in which an operation of theirs was carried out. */
export interface WalletFacts {
	approvals(account: AccountId): Promise<readonly ChainEvent[]>;
	operations(account: AccountId): Promise<ReadonlySet<Hash>>;
}

/** Reads the events of each chain once, for however many accounts. */
export function walletFacts(store: LedgerReader): WalletFacts {
	const approvals = new Map<ChainId, Promise<ReadonlyMap<AccountId, readonly ChainEvent[]>>>();
	const operations = new Map<ChainId, Promise<ReadonlyMap<AccountId, ReadonlySet<Hash>>>>();
	return {
		async approvals(account) {
			const chain = chainOf(account);
			if (!approvals.has(chain)) approvals.set(chain, approvalsOn(store, chain));
			return (await approvals.get(chain))?.get(account) ?? [];
		},
		async operations(account) {
			const chain = chainOf(account);
			if (!operations.has(chain)) operations.set(chain, operationsOn(store, chain));
			return (await operations.get(chain))?.get(account) ?? new Set();
		},
	};
}

/** Reads who moved what out of an account, by payments, fees and events of a case. Nothing is guessed from amounts. */
export async function readWallet(store: LedgerReader, account: AccountId, facts: WalletFacts = walletFacts(store)): Promise<Wallet> {
	const out = await paymentsOf(store, account);
	const sentByIt = new Set(out.filter(({ kind }) => kind === "fee").map(({ txHash }) => txHash));
	const operated = await facts.operations(account);
	const [approvals, delegations, permissions] = [
		await facts.approvals(account),
		(await delegationsOf(store, account)).filter(({ effect }) => effect !== "no"),
		(await permissionChangesOf(store, account)).filter((change) => ownKeyRules(change) === false),
	];
	const before = <T extends { readonly position: Position }>(all: readonly T[], at: Position) =>
		all.filter(({ position }) => comparePositions(position, at) <= 0).at(-1);
	const [takings, own]: [Taking[], Transfer[]] = [[], []];
	let unknown = 0;
	for (const transfer of out) {
		const { kind, txHash, position, amount, to } = transfer;
		if (kind === "fee" || amount === 0n || to === account) continue;
		const permission = before(permissions, position);
		const mine = sentByIt.has(txHash) || operated.has(txHash);
		if (mine && permission !== undefined) takings.push({ transfer, way: "permission", by: signerOf(permission) });
		else if (mine) own.push(transfer);
		else if (!(await isSenderTold(store, transfer))) unknown++;
		else {
			const delegate = before(delegations, position)?.to;
			if (delegate !== undefined) takings.push({ transfer, way: "delegation", by: delegate });
			else if (kind === "token") takings.push({ transfer, ...allowedBy(approvals, transfer, sentByIt) });
			else unknown++;
		}
	}
	const end = startOf(MAX_HEIGHT);
	const delegate = delegations.at(-1)?.to;
	const permission = permissions.at(-1);
	return {
		takings,
		own,
		unknown,
		standing: [
			...(delegate === undefined ? [] : [{ way: "delegation" as const, by: delegate }]),
			...(permission === undefined ? [] : [{ way: "permission" as const, by: signerOf(permission) }]),
		],
		left: (await store.balancesBefore(account, end)).filter(({ amount }) => amount > 0n).map(({ asset, amount }) => ({ asset, amount })),
	};
}

async function paymentsOf(store: LedgerReader, account: AccountId): Promise<Transfer[]> {
	const found: Transfer[] = [];
	let cursor: Position | undefined;
	do {
		const page = await store.transfersOf(account, { direction: "out", limit: PAGE, ...(cursor ? { cursor } : {}) });
		found.push(...page.transfers);
		cursor = page.next;
	} while (cursor !== undefined && found.length < MOST);
	return found;
}

/** Somebody else's fee is there where a source told who sent the transaction. */
async function isSenderTold(store: LedgerReader, { chain, txHash }: Transfer): Promise<boolean> {
	return (await store.transaction(chain, txHash)).some(({ kind }) => kind === "fee");
}

async function operationsOn(store: LedgerReader, chain: ChainId): Promise<ReadonlyMap<AccountId, ReadonlySet<Hash>>> {
	const found = new Map<AccountId, Set<Hash>>();
	for await (const event of eventsOfKind(store, chain, "user-operation")) {
		const sender = userOperationOf(event)?.sender;
		if (sender !== undefined) found.set(sender, (found.get(sender) ?? new Set()).add(event.txHash));
	}
	return found;
}

async function approvalsOn(store: LedgerReader, chain: ChainId): Promise<ReadonlyMap<AccountId, readonly ChainEvent[]>> {
	const found = new Map<AccountId, ChainEvent[]>();
	for await (const event of eventsOfKind(store, chain, "approval")) {
		if (event.account === undefined) continue;
		const own = found.get(event.account);
		if (own === undefined) found.set(event.account, [event]);
		else own.push(event);
	}
	return found;
}

/** The newest approval of the token before a payment: brought by the owner's own transaction, or by somebody else's, which is a permit. */
function allowedBy(
	approvals: readonly ChainEvent[],
	{ asset, position }: Transfer,
	sentByIt: ReadonlySet<Hash>,
): Pick<Taking, "way" | "by"> {
	const own = approvals.filter(
		({ contract, details, position: at }) =>
			details["amount"] !== "0" && asset.endsWith(`:${addressOf(contract)}`) && comparePositions(at, position) < 0,
	);
	const last = own.at(-1);
	if (last === undefined) return { way: "approval or permit", by: undefined };
	const spender = last.details["spender"];
	const by = spender === undefined ? undefined : trustedAccountId(last.chain, spender);
	return { way: sentByIt.has(last.txHash) ? "approval" : "permit", by };
}

function signerOf({ account, owner }: Awaited<ReturnType<typeof permissionChangesOf>>[number]): AccountId | undefined {
	return owner?.keys.find((key) => key.account !== account)?.account;
}
