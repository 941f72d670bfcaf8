import {
	type AssetId,
	DEFAULT_PRICE_AGE,
	InputError,
	instantOf,
	parseCurrency,
	parsePriced,
	priceBook,
	pricesOf,
	type Rational,
	rounded,
} from "@clew/core";
import { CONVENTIONS } from "@clew/tracer";
import type { Told } from "../facts.js";
import { outside } from "../outside.js";
import { RECOVERY, RECOVERY_FAULT, RULE_WORDS, TRACE_FAULT } from "../own-words.js";
import type { Answer, Served } from "../served.js";
import type { Arguments } from "../tools.js";
import { Amounts, isoSeconds } from "./parts.js";

/** What the case is. */
export async function caseStatus({ store, about }: Served): Promise<Answer> {
	const { blocks, transactions, transfers, outputs, accounts, labels } = await store.counts();
	const { id, servedAt, custodyEntries, custodyIntact, custodyHead, traces, unusable } = about;
	const { title, createdAt } = store.info;
	const shown = {
		...(id === undefined ? {} : { id }),
		...{ title: outside(title), chains: [...(await store.chains())], createdAt, servedAt },
		...{ blocks, transactions, transfers, outputs, accounts, labels, custodyEntries, custodyIntact, custodyHead },
	};
	return {
		facts: [
			{ kind: "case", data: shown },
			...traces.map(({ trace, asOf, ranAt }, i): Told => {
				const last = i === traces.length - 1;
				return { kind: "kept-trace", data: { trace, asOf, ...(ranAt === undefined ? {} : { ranAt }), last } };
			}),
			...unusable.map((trace): Told => ({ kind: "unusable-trace", data: { trace, why: TRACE_FAULT } })),
		],
	};
}

const SHA256 = /^[0-9a-f]{64}$/;

/** Where the data is from. */
export async function sources({ store }: Served, { limit, skip }: Arguments<"sources">): Promise<Answer> {
	const all = await store.sources();
	return {
		facts: all.slice(skip, skip + limit).map(({ name, detail, kind, sha256 }) => ({
			kind: "source",
			data: { name: outside(name), detail: outside(detail), kind, ...(SHA256.test(sha256) ? { sha256 } : {}) },
		})),
		notes: all.length > skip + limit ? ["more"] : [],
	};
}

/** What became of requests, by the recovery ledger; where nothing was logged, or the ledger is not to be relied on, that. */
export async function recoveryStatus({ store, about: { recovery } }: Served): Promise<Answer> {
	if (recovery === undefined) return { facts: [{ kind: "not-kept", data: { what: RECOVERY.what, meaning: RECOVERY_FAULT } }] };
	if (recovery.length === 0) return { facts: [{ kind: "not-kept", data: RECOVERY }] };
	const amounts = new Amounts(store);
	const facts: Told[] = [];
	for (const [i, { state, asset, ...sums }] of recovery.entries()) {
		const of = (units: string) => amounts.of(BigInt(units), asset as AssetId);
		const [asked, frozen, seized] = [await of(sums.asked), await of(sums.frozen), await of(sums.seized)];
		const [destroyed, returned] = [await of(sums.destroyed), await of(sums.returned)];
		facts.push({ kind: "recovery", data: { request: i + 1, state, asked, frozen, seized, destroyed, returned } });
	}
	return { facts: [...facts, ...amounts.list()] };
}

/** A rule in words, and the conventions that belong to it. */
export async function explainRule({ rule }: Arguments<"explain_rule">): Promise<Answer> {
	const words = [RULE_WORDS[rule], ...(CONVENTIONS[rule] === undefined ? [] : [CONVENTIONS[rule]])];
	return { facts: words.map((text) => ({ kind: "rule", data: { rule, words: text } })) };
}

/** Digits of a price above 1, and of a smaller one. */
const [DIGITS, SMALL_DIGITS] = [4, 12];
const digits = (number: Rational) => rounded(number, number.numerator < number.denominator ? SMALL_DIGITS : DIGITS);

/** What an asset was worth, by the prices that the case keeps. */
export async function price({ store }: Served, { asset, unit, at }: Arguments<"price">): Promise<Answer> {
	const time = instantOf(at);
	if (time === undefined) throw new InputError("at is a date or time such as 2018-11-09 or 2018-11-09T05:20:00Z", { code: "USAGE" });
	const priced = parsePriced(asset, store.info.chain);
	const found = priceBook(await pricesOf(store), DEFAULT_PRICE_AGE).price(priced, parseCurrency(unit), time);
	const origins = [...new Set(found.rows.map(({ origin }) => origin.id))].map(outside);
	return {
		facts: [
			{
				kind: "price",
				data: {
					...{ asset: priced, unit, at: isoSeconds(time), kind: found.kind, sources: origins },
					...(found.kind === "price" ? { value: digits(found.value) } : {}),
					...(found.kind === "none" ? {} : { low: digits(found.low), high: digits(found.high), tier: found.tier }),
				},
			},
		],
	};
}
