import {
	type AccountId,
	addressOf,
	type ChainEvent,
	type Delegation,
	delegationOf,
	entryPointVersion,
	formatPosition,
	type GraphStore,
	type Hash,
	ownKeyRules,
	type PermissionChange,
	permissionChangeOf,
	signersInWords,
	type Transfer,
	type UserOperation,
	userOperationOf,
} from "@clew/core";
import { showAccount } from "./output.js";

/** What the events of a transaction tell of who acted in it besides its sender, in order. */
export interface Acted {
	readonly events: readonly ChainEvent[];
	readonly operations: readonly UserOperation[];
	readonly delegations: readonly Delegation[];
	readonly permissions: readonly PermissionChange[];
}

/** Reads who acted in a transaction of the case. */
export async function actedIn(store: GraphStore, hash: Hash): Promise<Acted> {
	const { chain } = store.info;
	const [first] = await store.transaction(chain, hash);
	const place = first?.position ?? (await store.placeOf(chain, hash));
	const events = place === undefined ? [] : await store.eventsOfTransaction(chain, { ...place, eventIndex: 0 });
	return {
		events,
		operations: events.flatMap((event) => userOperationOf(event) ?? []),
		delegations: events.flatMap((event) => delegationOf(event) ?? []),
		permissions: events.flatMap((event) => permissionChangeOf(event) ?? []),
	};
}

/** The form of documented outputs. */
export const operationJson = ({ sender, paymaster, succeeded, gasCost, entryPoint, version }: UserOperation) => ({
	sender,
	...(paymaster === undefined ? {} : { paymaster }),
	succeeded,
	gasCost,
	entryPoint,
	...(version === undefined ? {} : { version }),
});

/** The form of documented outputs. */
export const delegationJson = ({ account, to, signedFor, nonce, effect, why, txHash, position }: Delegation) => ({
	account,
	to: to ?? null,
	signedFor,
	nonce,
	effect,
	why,
	txHash,
	position: formatPosition(position),
});

/** The form of documented outputs. */
export const permissionJson = (change: PermissionChange) => {
	const { account, owner, active, txHash, position } = change;
	const rules = ownKeyRules(change);
	return {
		account,
		...(owner === undefined ? {} : { owner }),
		active,
		...(rules === undefined ? {} : { ownKeyRules: rules }),
		txHash,
		position: formatPosition(position),
	};
};

/** A change of permissions in words, without when. */
export function permissionInWords(change: PermissionChange): string {
	return `who may sign for ${showAccount(change.account)}: ${signersInWords(change)}`;
}

/** A delegation in words, without when. */
export function delegationInWords({ account, to, signedFor, effect, why }: Delegation): string {
	const what =
		to === undefined
			? `the key of ${showAccount(account)} took back what it had let act for it`
			: `the key of ${showAccount(account)} let ${addressOf(to)} act for it`;
	const where = signedFor === "every chain" ? "signed for every chain" : `signed for ${signedFor}`;
	const took = { yes: "it took effect", no: "it took no effect", unknown: "whether it took effect is not known" }[effect];
	return `${what} (EIP-7702, ${where}): ${took}, ${why}`;
}

/**
 * What the UserOperations of a transaction say (ERC-4337): who acted, who brought it, who paid for the gas, and how what the EntryPoint was
 * paid and paid divides into gas and deposits. `coin` writes an amount of wei.
 */
export function operationsInWords({ events, operations }: Acted, transfers: readonly Transfer[], coin: (wei: bigint) => string): string[] {
	const bundler = transfers.find(({ kind }) => kind === "fee")?.from;
	const acted = operations.map(({ sender, paymaster, succeeded, gasCost, entryPoint, version }) => {
		const by = version === undefined ? `as ${addressOf(entryPoint)} says, which is no published EntryPoint` : `EntryPoint ${version}`;
		const brought = bundler === undefined ? "" : `; brought by the bundler ${showAccount(bundler)}`;
		const payer = paymaster === undefined ? "itself" : `the paymaster ${showAccount(paymaster)}`;
		return `who acted: ${showAccount(sender)} by a UserOperation (ERC-4337, ${by})${succeeded ? "" : ", which failed"}${brought}; gas ${coin(gasCost)}, paid by ${payer}`;
	});
	const gas = new Map<AccountId, bigint>();
	for (const { sender, paymaster, gasCost, version } of operations)
		if (version !== undefined) gas.set(paymaster ?? sender, (gas.get(paymaster ?? sender) ?? 0n) + gasCost);
	const paid = new Map<AccountId, bigint>();
	for (const t of transfers)
		if (t.amount > 0n && t.kind !== "fee" && entryPointVersion(t.to) !== undefined) paid.set(t.from, (paid.get(t.from) ?? 0n) + t.amount);
	const owners = new Set(events.flatMap(({ kind, account }) => (kind === "gas-deposit" && account !== undefined ? [account] : [])));
	const into = [...paid].map(([payer, amount]) => {
		const cost = gas.get(payer) ?? 0n;
		const deposit = cost === 0n ? ` to deposits for gas${owners.size === 0 ? "" : ` of ${[...owners].map(showAccount).join(", ")}`}` : "";
		const more = amount > cost ? `, ${coin(amount - cost)} more than that stays its deposit` : "";
		const less = amount < cost ? `; ${coin(cost - amount)} came of its deposit` : "";
		return `${showAccount(payer)} paid the EntryPoint ${coin(amount)}${deposit || `, for gas of ${coin(cost)}${more}${less}`}`;
	});
	const back = events.filter(({ kind }) => kind === "gas-withdrawal");
	const out = transfers.flatMap((t) => {
		if (t.amount === 0n || entryPointVersion(t.from) === undefined) return [];
		const own = back.find(({ details }) => details["to"] === addressOf(t.to) && details["amount"] === t.amount.toString());
		const why = own?.account === undefined ? "for gas" : `which ${showAccount(own.account)} took out of its deposit`;
		return [`the EntryPoint paid ${showAccount(t.to)} ${coin(t.amount)}, ${why}`];
	});
	return [...acted, ...into, ...out];
}
