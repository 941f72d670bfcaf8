import { formatPosition } from "@clew/core";
import { ACCOUNT_RULES, answerOf, inOrder, type Traced } from "../../../packages/tracer/src/oracle/account-answers.test-util.js";
import type { Amounts } from "../../../packages/tracer/src/oracle/account-oracle.test-util.js";
import { difference } from "../difference.js";
import { PLAIN, type Reading, type ReadWorld, readWorld, wrongOf } from "./check.js";
import { ALL_PARTIES, addressOf, hashOf, NOBODY, type Party, type Transaction, tokenOf } from "./model.js";
import { type FilePlan, type World, worldOf } from "./world.js";

/** The same world told or asked otherwise, and what must not change by that. */
export type Variant = (world: World, plain: ReadWorld, number: number) => Promise<string[]>;

/** Each file of its own import, in another order: nothing changes. */
const order: Variant = async (world, plain, number) => sameAs(plain, await readWorld(world, { ...PLAIN, order: number + 1 }));

/** Files in two parts: they make the same movements, and are held against the conventions as files of their own. */
const split: Variant = async (world, plain, number) => {
	const cut = (file: FilePlan, n: number): FilePlan[] => {
		const at = (number + n) % (file.transactions.length + 1);
		return [file.transactions.slice(0, at), file.transactions.slice(at)].map((transactions) => ({ ...file, transactions }));
	};
	const parts = { ...world, files: world.files.flatMap(cut) };
	const read = await readWorld(parts, PLAIN);
	return [...difference("held", read.held, plain.held), ...wrongOf(parts, read)];
};

/**
 * Other names in the same order: nothing changes but the names. Names in any order: nor then, where no place was a tie that names decide.
 */
const renamed = (salt: string): Variant => {
	const reading: Reading = { ...PLAIN, salt };
	return async (world, plain, _) => {
		const read = await readWorld(world, reading);
		const wrong = wrongOf(world, read);
		const back = namesOf(world, salt);
		const places = ({ transfers }: ReadWorld, names: (text: string) => string) =>
			transfers.map((t) => names(`${formatPosition(t.position)} ${t.from} ${t.to} ${t.asset}`)).sort();
		const tied = difference("", places(read, back), places(plain, String)).length > 0;
		if (tied) return salt.startsWith("=") ? ["names in the same order give other places", ...wrong] : wrong;
		return [...wrong, ...sameAnswers(plain, read, back)];
	};
};

/** Accounts and blocks that have nothing to do with it: nothing changes. */
const unrelated: Variant = async (world, plain, number) => {
	const other = worldOf(number + 1_000_003);
	const apart = (party: Party) => (party === NOBODY ? NOBODY : party + FAR);
	const sides = <T extends { readonly from: Party; readonly to: Party }>(x: T): T => ({ ...x, from: apart(x.from), to: apart(x.to) });
	const strange = other.transactions.map(
		(tx): Transaction => ({
			...tx,
			id: tx.id + FAR,
			height: tx.height + FAR,
			sender: apart(tx.sender),
			to: apart(tx.to),
			calls: tx.calls.map(sides),
			tokens: tx.tokens.map(sides),
		}),
	);
	// Files of nobody's are of whole blocks: with the other world's they are others.
	const files = other.files.map((file) => ({
		...file,
		...(file.owner === undefined ? {} : { owner: apart(file.owner) }),
		transactions: file.transactions.map((id) => id + FAR),
	}));
	const both = { ...world, transactions: [...world.transactions, ...strange], files: [...world.files, ...files] };
	return sameAnswers(plain, await readWorld(both, PLAIN));
};
const FAR = 100;

/** All amounts times a number: rules of order give so many times as much, `haircut` but for its rounding. */
const scaled: Variant = async (world, plain) => {
	const read = await readWorld(timesOf(world), PLAIN);
	const steps = plain.transfers.length;
	return plain.answers.flatMap(({ question, traced }, n) => {
		const more = read.answers[n];
		if (more === undefined) return [`question ${n + 1} is gone`];
		// Exchanges round every lot, and dust is told by every rule together.
		const rounds = question.ask.dust > 0 || traced.placed.edges.some(({ into }) => into !== undefined);
		return rounds ? [] : wronglyScaled(traced, more.traced, steps).map((line) => `question ${n + 1}: ${line}`);
	});
};
const TIMES = 7;

function timesOf({ transactions, files, asks }: World): World {
	const times = <T extends { readonly amount: number }>(x: T): T => ({ ...x, amount: x.amount * TIMES });
	return {
		transactions: transactions.map((tx) => ({
			...tx,
			value: tx.value * TIMES,
			fee: tx.fee * TIMES,
			calls: tx.calls.map(times),
			tokens: tx.tokens.map(times),
		})),
		files,
		asks: asks.map((ask) => ({
			...ask,
			dust: ask.dust * TIMES,
			seeds: ask.seeds.map((seed) => (seed.limit === undefined ? seed : { ...seed, limit: seed.limit * TIMES })),
		})),
	};
}

function wronglyScaled(one: Traced, many: Traced, steps: number): string[] {
	const [small, large] = [amountsIn(one), amountsIn(many)];
	const wrong: string[] = [];
	for (const key of new Set([...small.keys(), ...large.keys()]))
		for (const [r, rule] of ACCOUNT_RULES.entries()) {
			const count = (small.get(key) ?? large.get(key))?.[r]?.length ?? 0;
			for (let o = 0; o < count; o++) {
				const [a, b] = [small.get(key)?.[r]?.[o] ?? 0, large.get(key)?.[r]?.[o] ?? 0];
				// Each step rounds by less than one unit.
				const allowed = rule === "haircut" ? TIMES * steps : 0;
				if (Math.abs(b - a * TIMES) > allowed) wrong.push(`${key}: ${rule} gives ${a}, and ${b} of ${TIMES} times as much`);
			}
		}
	return wrong;
}

/** Amounts by row, by seed, and by account and asset at the ends. */
function amountsIn({ placed }: Traced): Map<string, Amounts> {
	const { edges, marks, leaves } = answerOf(placed);
	const sums = new Map<string, Amounts>([...edges].map(([key, amounts]) => [`row ${key}`, amounts]));
	for (const [key, list] of marks)
		sums.set(
			`seed ${key}`,
			list.map((n) => [n]),
		);
	for (const [key, { amounts }] of leaves) {
		const end = `end ${key.split(" ").slice(0, 2).join(" ")}`;
		const known = sums.get(end);
		sums.set(end, known === undefined ? amounts : amounts.map((row, r) => row.map((n, o) => n + (known[r]?.[o] ?? 0))));
	}
	return sums;
}

/** What a name of a renamed world was before, in any text. */
function namesOf({ transactions }: World, salt: string): (text: string) => string {
	const names = new Map<string, string>([
		...ALL_PARTIES.map((party) => [addressOf(party, salt), addressOf(party)] as const),
		...[0, 1].map((token) => [tokenOf(token, salt), tokenOf(token)] as const),
		...transactions.map(({ id }) => [hashOf(id, salt), hashOf(id)] as const),
	]);
	return (text) => text.replace(/0x[0-9a-f]{40,64}/g, (name) => names.get(name) ?? name);
}

function sameAs(plain: ReadWorld, read: ReadWorld): string[] {
	return [...difference("held", read.held, plain.held), ...sameAnswers(plain, read)];
}

function sameAnswers(plain: ReadWorld, read: ReadWorld, names: (text: string) => string = String): string[] {
	const told = ({ answers }: ReadWorld, back: (text: string) => string) =>
		Object.fromEntries(answers.map(({ traced }, n) => [`question ${n + 1}:`, toldOf(traced, back)]));
	return difference("", told(read, names), told(plain, String));
}

/** Everything of a result but who told of it and what was left out. */
function toldOf({ bounded }: Traced, names: (text: string) => string): unknown {
	const { edges, leaves, seeds, gaps } = { ...bounded, gaps: bounded.coverage.gaps };
	const lines = (list: readonly unknown[]) =>
		list.map((one) => names(JSON.stringify(one, (key, value) => (UNTOLD.has(key) ? undefined : value)))).sort();
	return {
		edges: lines(edges),
		leaves: lines(leaves),
		seeds: lines(seeds),
		gaps: lines(gaps),
		sums: lines([inOrder(answerOf(bounded)).sums]),
	};
}
/** Which file told of a row, and its number in the list. */
const UNTOLD = new Set(["source", "sources", "provenance", "row"]);

/** By name. */
export const VARIANTS: Readonly<Record<string, Variant>> = {
	"imported in another order": order,
	"in more files": split,
	"with other names in the same order": renamed("=x"),
	"with other names": renamed("y"),
	"beside strangers": unrelated,
	scaled: scaled,
};
