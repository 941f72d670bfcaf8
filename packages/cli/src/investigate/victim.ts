import {
	type AccountId,
	type AssetId,
	assetChain,
	type ChainNode,
	countOf,
	formatPosition,
	type GraphStore,
	groupBy,
	InputError,
	isNative,
	type Transfer,
	wrappedCoin,
} from "@clew/core";
import { type Access, readHistory, readWallet, type Taking, type TakingWay, type Wallet } from "@clew/workers";
import { assetsNamed, publishedInfo, showAccount, showAmount } from "../output.js";
import type { SeedWord } from "./seed-words.js";
import { type WalletAtNode, walletAtNode } from "./wallet-at-node.js";

/** Seeds of a victim's own wallet, and what there is to say of it. */
export interface VictimSeeds {
	readonly seeds: readonly SeedWord[];
	/** In words. */
	readonly wallet: readonly string[];
	readonly notLooked: readonly string[];
}

/** How the victim's history is read. */
export interface VictimLimits {
	readonly blocks: number;
	readonly signal: AbortSignal;
	readonly enough: () => boolean;
}

/** Payments that are followed at most, the newest. */
const FOLLOWED = 50;
/** Payments that are named to choose from. */
const NAMED = 5;

/**
 * What somebody else's hand took out of a victim's wallet, as seeds, and by what; read through the node, or by what the case holds. Throws
 * InputError where the wallet's own key made every payment: which of them is the theft only its owner knows.
 */
export async function victimSeeds(
	store: GraphStore,
	access: Access | undefined,
	account: AccountId,
	limits: VictimLimits,
): Promise<VictimSeeds> {
	const read = await readThrough(store, access, account, limits);
	const wallet = await readWallet(store, account);
	const real = realAssets(wallet);
	const takings = wallet.takings.filter(({ transfer }) => real(transfer.asset));
	const known = wallet.left.map(({ asset }) => asset).filter(real);
	const atNode = read.head === undefined ? NOTHING_SAID : await walletAtNode(store, read.node, account, known, read.head);
	if (takings.length === 0) throw await whichOfItsOwn(store, account, wallet, real, read.notLooked, atNode);
	const left = wallet.takings.length - takings.length;
	const more = [
		...(atNode.close === "" ? [] : [[...atNode.said, atNode.close.replace(/\.$/, "")].join(". ")]),
		...(left > 0 ? [`${left} payments of tokens that anybody can log in its name were left out`] : []),
	];
	return seedsOfTakings(store, wallet, takings, [...read.notLooked, ...more]);
}

/** Payments out of a wallet by others' hands as seeds, the newest {@link FOLLOWED}, and what there is to say of the wallet. */
export async function seedsOfTakings(
	store: GraphStore,
	wallet: Wallet,
	takings: readonly Taking[],
	notLooked: readonly string[],
): Promise<VictimSeeds> {
	const { chain } = store.info;
	return {
		seeds: takings.slice(-FOLLOWED).map(({ transfer }) => ({ chain, spec: `transfer:${formatPosition(transfer.position)}` })),
		wallet: [...waysInWords(takings), ...(await riskInWords(store, wallet, realAssets(wallet)))],
		notLooked: [
			...notLooked,
			...(takings.length > FOLLOWED ? [`${takings.length - FOLLOWED} earlier payments out of the wallet were not followed`] : []),
			...(wallet.unknown > 0 ? [`${countOf(wallet.unknown, "payment")} out of the wallet: no source tells who sent it`] : []),
		],
	};
}

/** What of the wallet was not read, and the node's newest block where one was asked. */
type ReadWallet = { readonly notLooked: readonly string[] } & (
	| { readonly node: ChainNode; readonly head: number }
	| { readonly head: undefined }
);
const NOTHING_SAID: WalletAtNode = { said: [], close: "" };

/** Reads a wallet's history through the node as far as the limits allow. Throws InputError on a chain of outputs, and NodeError. */
export async function readThrough(
	store: GraphStore,
	access: Access | undefined,
	account: AccountId,
	limits: VictimLimits,
): Promise<ReadWallet> {
	if (access === undefined) return { head: undefined, notLooked: ["the wallet's history beyond what the case holds"] };
	const { node, history } = access;
	if (node.ledger === "outputs" || history === undefined)
		throw new InputError("--victim is for accounts; on Bitcoin a signature alone moves money", {
			code: "USAGE",
			hint: "Give the transaction that was not yours.",
		});
	const { readTo, head, untold } = await readHistory(store, node, history, account, limits);
	return {
		node,
		head,
		notLooked: [
			...untold.map(({ kinds, from, to }) => `the wallet's ${kinds.join(" and ")} transfers at blocks ${from} to ${to}`),
			...(readTo >= head ? [] : [`the wallet's history after block ${readTo}`]),
		],
	};
}

/** Anybody can log a transfer of a token of his own in somebody's name: real is what is known as money, and what the wallet itself paid. */
function realAssets({ own }: Wallet): (asset: AssetId) => boolean {
	const paid = new Set(own.map(({ asset }) => asset));
	return (asset) =>
		isNative(asset) || paid.has(asset) || publishedInfo(asset) !== undefined || wrappedCoin(assetChain(asset))?.asset === asset;
}

async function whichOfItsOwn(
	store: GraphStore,
	account: AccountId,
	{ own, takings, unknown }: Wallet,
	real: (asset: AssetId) => boolean,
	notLooked: readonly string[],
	{ said, close }: WalletAtNode,
): Promise<InputError> {
	const payments = own.filter(({ asset }) => real(asset)).slice(-NAMED);
	const named = await assetsNamed(
		store,
		payments.map(({ asset }) => asset),
	);
	const show = ({ txHash, amount, asset, to }: Transfer) => `${txHash}: ${showAmount(amount, named[asset], asset)} to ${showAccount(to)}`;
	const open = [...notLooked, ...(unknown > 0 && own.length > 0 ? [`who sent ${unknown} of its payments`] : [])];
	const gone = said.length === 0 ? "" : `; by the node ${said.join("; ")}`;
	const others = takings.length > 0 ? `; ${takings.length} payments of unknown tokens may be logged in its name by anybody` : "";
	const left =
		unknown > 0
			? `${countOf(unknown, "payment")} left ${showAccount(account)}, and no source tells by whose hand`
			: `nothing is known to have left ${showAccount(account)} by a payment that the case holds`;
	const which = ["Give the hash of the one that was not yours:", ...payments.map(show)];
	return new InputError(
		own.length === 0
			? `${left}${gone}${others}${open.length > 0 ? `; not known: ${open.join("; ")}` : ""}`
			: `every payment of ${showAccount(account)} that the case holds was signed with its own key${gone}${others}: if somebody else did, he has the key, and only its owner knows which payments were not his. Send nothing there; move what is left with another device`,
		{ hint: [...(close === "" ? [] : [close]), ...(close !== "" && payments.length === 0 ? [] : which)].join("\n") },
	);
}

const WAY_WORDS: Readonly<Record<TakingWay, string>> = {
	approval: "by an approval that its owner had given",
	permit: "by a permit that its owner had signed",
	"approval or permit": "by an approval or a permit (no source tells which)",
	delegation: "by a contract that its key had let act for it (EIP-7702)",
	permission: "by another key that was let sign for it (permission update)",
};
const NOT_TO_DO: Readonly<Record<TakingWay, string>> = {
	approval: "the key may be safe: take the approval back, then move the rest; sign nothing that promises a refund",
	permit: "sign nothing more with it, move the rest; a permit that was not used yet may be",
	"approval or permit": "take every approval back, sign nothing more, move the rest",
	delegation: "send no coin there, not even for gas: it is taken at once. Count the key as lost",
	permission: "send nothing there, not even for fees: others sign for it now",
};

function waysInWords(takings: readonly Taking[]): string[] {
	const byWay = [...groupBy(takings, ({ way, by }) => `${way} ${by ?? ""}`)].map(([, own]) => own as [Taking, ...Taking[]]);
	const words = byWay.map(
		([{ way, by }, ...more]) =>
			`${WAY_WORDS[way]}${by === undefined ? "" : `, ${showAccount(by)}`}: ${countOf(more.length + 1, "payment")}`,
	);
	const todo = [...new Set(takings.map(({ way }) => way))].map((way) => NOT_TO_DO[way]);
	return [`WALLET drained ${words.join("; ")}`, `  ${todo.join("; ")}`];
}

async function riskInWords(store: GraphStore, { standing, left }: Wallet, real: (asset: AssetId) => boolean): Promise<string[]> {
	const own = left.filter(({ asset }) => real(asset));
	if (own.length === 0) return [];
	const named = await assetsNamed(
		store,
		own.map(({ asset }) => asset),
	);
	const amounts = own.map(({ asset, amount }) => showAmount(amount, named[asset], asset));
	return [`  still at risk, by the case: ${amounts.join(", ")}${standing.length > 0 ? "; it is still not ruled by its key alone" : ""}`];
}
