import { type Dice, dice } from "../../../packages/tracer/src/oracle/account-worlds.test-util.js";
import { FORMATS, type FormatName } from "./formats.js";
import { type Call, NOBODY, PARTIES, type Party, PEOPLE, type TokenMove, type Transaction } from "./model.js";

const FIRST_BLOCK = 101;
/** Questions on one world: to import its files takes longer than to ask. */
const ASKS = 4;

/** An export of a part of the world: of some transactions, all rows or those of its owner, in whose name it is. */
export interface FilePlan {
	readonly format: FormatName;
	readonly owner?: Party;
	readonly transactions: readonly number[];
	readonly json: boolean;
	/** Whether rows tell the head of the chain, where the format can. */
	readonly head: boolean;
	/** Whether rows of calls tell the calls' paths, where the format can. */
	readonly paths: boolean;
	/** What its rows are shuffled by; 0 leaves them in order. */
	readonly shuffle: number;
}

/** A seed as it will be asked; `limit` counts wei. */
export type SeedPlan = { readonly limit?: number } & (
	| { readonly kind: "account"; readonly account: Party; readonly since: number }
	| { readonly kind: "tx"; readonly id: number }
	/** The movement with this number of those that a transaction is told to have. */
	| { readonly kind: "transfer"; readonly id: number; readonly nth: number }
);

/** A world, the files that tell of it, and questions. */
export interface World {
	readonly transactions: readonly Transaction[];
	readonly files: readonly FilePlan[];
	readonly asks: readonly Ask[];
}

/** A question: `dust` counts wei. */
export interface Ask {
	readonly seeds: readonly SeedPlan[];
	readonly conversions: boolean;
	readonly until: number;
	readonly dust: number;
	readonly serviceTransfers: number;
}

/** Makes a world of a number. */
export function worldOf(number: number): World {
	const d = dice(number * 7907 + 29);
	const transactions: Transaction[] = [];
	const blocks = 3 + d(6);
	for (let block = 0; block < blocks; block++) {
		let log = d(5);
		for (let n = 1 + d(2), index = d(3); n > 0; n--, index += 1 + d(3)) {
			const made = transaction(d, transactions.length + 1, FIRST_BLOCK + block, index, log);
			log += made.tokens.length + d(2);
			transactions.push(made);
		}
	}
	const files = filesOf(d, transactions);
	return { transactions, files, asks: Array.from({ length: ASKS }, () => askOf(d, transactions, blocks)) };
}

function askOf(d: Dice, transactions: readonly Transaction[], blocks: number): Ask {
	return {
		seeds: Array.from({ length: 1 + d(3) }, () => seedOf(d, transactions)),
		conversions: d(4) > 0,
		until: d(5) === 0 ? FIRST_BLOCK + d(blocks) : FIRST_BLOCK + 1000,
		dust: d(5) === 0 ? 2 + d(5) : 0,
		serviceTransfers: d(6) === 0 ? 4 + d(8) : 1000,
	};
}

function transaction(d: Dice, id: number, height: number, index: number, firstLog: number): Transaction {
	const sender = d(PEOPLE);
	const failed = d(8) === 0;
	const anybody = () => (d(14) === 0 ? NOBODY : d(PARTIES));
	const contract = () => PEOPLE + d(PARTIES - PEOPLE);
	const amount = () => (d(10) === 0 ? 0 : 1 + d(20));
	const common = { id, height, index, sender, fee: d(3) === 0 ? 0 : 1 + d(3), failed };
	const to = d(10) === 0 ? sender : d(2) === 0 ? contract() : anybody();
	if (failed) return { ...common, to, value: amount(), calls: [], tokens: [] };
	const calls: Call[] = [];
	const tokens: TokenMove[] = [];
	const move = (from: Party, receiver: Party, token: number, sum: number) =>
		tokens.push({ from, to: receiver, token, amount: sum, log: firstLog + tokens.length });
	if (d(3) === 0) {
		// An exchange at a contract, sometimes for somebody else.
		const pool = contract();
		const receiver = d(4) === 0 ? d(PARTIES) : sender;
		if (d(2) === 0) move(sender, pool, d(2), 1 + d(20));
		if (d(2) === 0) move(pool, receiver, d(2), 1 + d(20));
		else calls.push({ from: pool, to: receiver, amount: 1 + d(20), kind: "call", failed: false });
	}
	for (let n = d(3); n > 0; n--) {
		const from = d(2) === 0 ? sender : anybody();
		move(from, d(8) === 0 ? from : anybody(), d(2), amount());
	}
	if (d(6) === 0 && tokens[0] !== undefined) move(tokens[0].from, tokens[0].to, tokens[0].token, tokens[0].amount);
	for (let n = d(4) === 0 ? 1 + d(2) : 0; n > 0; n--)
		calls.push({ from: contract(), to: anybody(), amount: 1 + d(15), kind: d(8) === 0 ? "delegatecall" : "call", failed: d(8) === 0 });
	return { ...common, to, value: d(3) === 0 ? 0 : amount(), calls, tokens };
}

/** Which files tell of it: of most parties all lists, some in parts, and some of blocks. */
function filesOf(d: Dice, transactions: readonly Transaction[]): FilePlan[] {
	const all = transactions.map(({ id }) => id);
	const some = (share: number) => all.filter(() => d(4) < share);
	const files: FilePlan[] = [];
	const plan = (format: FormatName, ids: readonly number[], owner?: Party) =>
		files.push({
			format,
			...(owner === undefined ? {} : { owner }),
			transactions: ids,
			json: FORMATS[format].json && d(2) === 0,
			head: d(4) > 0,
			paths: d(2) === 0,
			shuffle: d(2) === 0 ? 0 : 1 + d(1000),
		});
	const kinds = ["native", "token", "internal"] as const;
	const ofKind = (kind: (typeof kinds)[number]) => (Object.keys(FORMATS) as FormatName[]).filter((name) => FORMATS[name].kind === kind);
	const pick = (kind: (typeof kinds)[number]) => ofKind(kind)[d(3) === 0 ? d(ofKind(kind).length) : 0] as FormatName;
	for (let party = 0; party < PARTIES; party++) {
		if (d(8) === 0) continue;
		for (const kind of kinds) {
			if (d(12) === 0) continue;
			plan(pick(kind), all, party);
			if (d(6) === 0) plan(pick(kind), some(2), party);
		}
		// Histories in two parts, which leave blocks between them that nobody covers.
		if (d(8) === 0) {
			const at = d(all.length);
			const kind = kinds[d(3)] as (typeof kinds)[number];
			for (const part of [all.slice(0, at), all.slice(at)]) plan(pick(kind), part, party);
		}
	}
	for (const kind of kinds) if (d(3) === 0) plan(ofKind(kind).find((name) => name.startsWith("etl")) as FormatName, some(3));
	return files;
}

function seedOf(d: Dice, transactions: readonly Transaction[]): SeedPlan {
	const limit = d(3) === 0 ? { limit: 1 + d(15) } : {};
	const { id, height } = transactions[d(transactions.length)] as Transaction;
	const kind = d(3);
	if (kind === 0) return { ...limit, kind: "account", account: d(PARTIES), since: d(3) === 0 ? height : 0 };
	return kind === 1 ? { ...limit, kind: "tx", id } : { ...limit, kind: "transfer", id, nth: d(6) };
}
