import { type AccountId, type AssetId, accountId, erc20Asset, nativeAsset, parseChainId, type Transfer } from "@clew/core";
import { inCausalOrder, inUntoldOrder, type Movement, orderOfUntold } from "../places.js";
import type { ToldFile } from "./files.js";
import { FORMATS, type Told } from "./formats.js";
import { addressOf, hashOf, NOBODY, type Party, type Transaction, tokenOf } from "./model.js";

export const ETHEREUM = parseChainId("eip155:1");
export const ETHER = nativeAsset(ETHEREUM);

/** Places of the kinds of movements in a transaction, and of transactions whose index nobody told (docs of `Position`). */
const [FEE, VALUE, CALLS, LOGS, UNTOLD] = [0, 1, 2, 16_384, 8_192];

/** A movement that some file told, with its place among the logs where one told that. */
interface ToldMovement extends Movement {
	readonly kind: Transfer["kind"];
	readonly log?: number;
	/** The way in which its file says where the call stands. */
	readonly way?: "etl" | "explorer";
	readonly nth?: number;
}

/** What all files together tell of a transaction. */
export interface ToldTransaction {
	readonly tx: Transaction;
	readonly indexed: boolean;
	/** The fee and the value come first, where they were told. */
	readonly movements: readonly ToldMovement[];
}

export const account = (party: Party, salt = ""): AccountId => accountId(ETHEREUM, addressOf(party, salt));
export const tokenAsset = (token: number, salt = ""): AssetId => erc20Asset(ETHEREUM, tokenOf(token, salt));

/**
 * What a case must hold of these files, by docs/imports.md: equal movements of one transaction are as many as the file that lists most of
 * them says, what failed moves nothing but its fee, and places that nobody told are derived.
 */
export function transfersOf(files: readonly ToldFile[], salt = ""): Transfer[] {
	const transactions = toldTransactions(files, salt);
	const heights = [...new Set(transactions.map(({ tx }) => tx.height))];
	return heights.flatMap((height) => {
		const block = transactions.filter(({ tx }) => tx.height === height);
		const untold = orderOfUntold(
			block
				.filter(({ indexed }) => !indexed)
				.map((one) => {
					const logs = one.movements.flatMap(({ log }) => log ?? []);
					return { hash: hashOf(one.tx.id, salt), movements: one.movements, ...(logs.length > 0 ? { log: Math.min(...logs) } : {}) };
				}),
		);
		return block.flatMap((one) => {
			const place = untold.indexOf(hashOf(one.tx.id, salt));
			return placed(one, place < 0 ? one.tx.index : UNTOLD + place, salt);
		});
	});
}

function placed({ tx, movements }: ToldTransaction, txIndex: number, salt: string): Transfer[] {
	const of = (...kinds: readonly Transfer["kind"][]) => movements.filter(({ kind }) => kinds.includes(kind));
	const logs = of("token", "mint", "burn");
	const known = logs.filter(({ log }) => log !== undefined);
	const behind = Math.max(-1, ...known.map(({ log = 0 }) => log)) + 1;
	const all: (readonly [number, ToldMovement])[] = [
		...of("fee").map((one) => [FEE, one] as const),
		...of("native").map((one) => [VALUE, one] as const),
		...inCausalOrder(of("internal")).map((one, n) => [CALLS + n, one] as const),
		...known.map((one) => [LOGS + (one.log ?? 0), one] as const),
		...inCausalOrder(logs.filter(({ log }) => log === undefined)).map((one, n) => [LOGS + behind + n, one] as const),
	];
	const isIndexed = ({ log }: ToldMovement) => log !== undefined;
	const untold = new Set([of("internal"), logs].flatMap((band) => [...inUntoldOrder(band, isIndexed)]));
	return all
		.map(([eventIndex, movement]) => ({ ...movement, eventIndex, open: untold.has(movement) }))
		.map(({ kind, from, to, asset, amount, eventIndex, open }) => ({
			chain: ETHEREUM,
			position: { height: tx.height, txIndex, eventIndex, ...(open ? { untold: true as const } : {}) },
			txHash: hashOf(tx.id, salt) as Transfer["txHash"],
			from: from as AccountId,
			to: to as AccountId,
			asset: asset as AssetId,
			amount: BigInt(amount),
			kind,
			provenance: "imported",
			source: "",
		}));
}

function toldTransactions(files: readonly ToldFile[], salt: string): ToldTransaction[] {
	const rows = files.flatMap(({ plan, told }) => told.map((one) => ({ one, format: FORMATS[plan.format] })));
	const all = [...new Map(rows.map(({ one: { tx } }) => [tx.id, tx])).values()];
	return all
		.map((tx) => {
			const own = rows.filter(({ one }) => one.tx.id === tx.id);
			const indexed = own.some(({ format }) => format.tellsIndex);
			const ended = own.some(({ one }) => one.what === "transaction" || one.what === "outermost");
			const failed = tx.failed && ended;
			const perFile = files.map(({ plan, told }) =>
				told.filter((one) => one.tx.id === tx.id).flatMap((one) => movementsOf(one, plan, salt)),
			);
			const movements = largestOf(perFile).filter(({ kind }) => !failed || kind === "fee");
			return { tx, indexed, movements, kept: movements.length > 0 || indexed || ended };
		})
		.filter(({ kept }) => kept);
}

/** What a row moves; nothing is moved of no value but by a token's log. */
function movementsOf(told: Told, { format, paths }: ToldFile["plan"], salt: string): ToldMovement[] {
	const { tellsLog } = FORMATS[format];
	const side = (party: Party) => account(party, salt);
	if (told.what === "token") {
		const { from, to, token, amount, log } = told.move;
		const kind = from === NOBODY ? "mint" : to === NOBODY ? "burn" : "token";
		return [{ kind, from: side(from), to: side(to), asset: tokenAsset(token, salt), amount, ...(tellsLog ? { log } : {}) }];
	}
	if (told.what === "call") {
		const { from, to, amount, kind, failed } = told.call;
		return failed || kind === "delegatecall" || amount === 0
			? []
			: [
					{
						kind: "internal",
						from: side(from),
						to: side(to),
						asset: ETHER,
						amount,
						...(format === "etl traces" ? { way: "etl", nth: told.nth } : paths ? { way: "explorer", nth: told.nth } : {}),
					},
				];
	}
	const { sender, to, fee, value, failed } = told.tx;
	return [
		...(fee > 0 && told.what === "transaction"
			? [{ kind: "fee", from: side(sender), to: side(NOBODY), asset: ETHER, amount: fee } as const]
			: []),
		...(value > 0 && !failed ? [{ kind: "native", from: side(sender), to: side(to), asset: ETHER, amount: value } as const] : []),
	];
}

/** Of equal movements as many as the file with most of them lists, with all the places that files told of them. */
function largestOf(perFile: readonly (readonly ToldMovement[])[]): ToldMovement[] {
	const keyOf = ({ kind, from, to, asset, amount }: ToldMovement) => [kind, from, to, asset, amount].join(" ");
	const examples = new Map(perFile.flat().map((one) => [keyOf(one), one]));
	return [...examples].flatMap(([key, { log: _, way: __, nth: ___, ...example }]) => {
		const own = perFile.map((list) => list.filter((one) => keyOf(one) === key));
		const logs = [...new Set(own.flat().flatMap(({ log }) => log ?? []))];
		const told = (wanted: ToldMovement["way"]) =>
			[...new Set(own.flat().flatMap(({ way, nth = 0 }) => (way === wanted ? [nth] : [])))].sort((a, b) => a - b);
		const [etl, explorer] = [told("etl"), told("explorer")];
		const count = Math.max(logs.length, etl.length, ...own.map((list) => list.length));
		// One for each; what is more stays with the last.
		const part = (all: readonly number[], n: number) => all.slice(n, n === count - 1 ? undefined : n + 1);
		return Array.from({ length: count }, (_, n) => ({
			...example,
			...(logs[n] === undefined ? {} : { log: logs[n] }),
			paths: { etl: part(etl, n), explorer: part(explorer, n) },
		}));
	});
}
