import {
	type AccountId,
	type AssetId,
	assetChain,
	type ChainId,
	canonicalJson,
	chainOf,
	documentOf,
	type GraphStore,
	type Hash,
	InputError,
	LABEL_CATEGORIES,
	type LabelCategory,
	parseAccount,
	quote,
	type RecordStore,
	recordsOf,
	sha256Hex,
} from "@clew/core";
import { parseSeed } from "@clew/tracer";
import { z } from "zod";

/** When a movement of a watched account is worth an alert. */
export type WatchRule =
	| { readonly rule: "any-outflow" | "any-inflow" }
	/** An outflow of more than `amount` base units of `asset`. */
	| { readonly rule: "above"; readonly asset: AssetId; readonly amount: bigint }
	/** The other side carries a label of this category; `service` is any custodial one. */
	| { readonly rule: "to" | "from"; readonly category: LabelCategory | "service" }
	/** Money of the watched seed moves on, wherever it is by then. */
	| { readonly rule: "taint" };

const watchSchema = z.strictObject({
	id: z.string(),
	subject: z.string(),
	on: z.array(z.string()).min(1),
	notify: z.array(z.string()),
	note: z.string(),
	createdAt: z.string(),
	/** The chain's newest block when the watch was added, where a node was at hand; else the time says where it begins. */
	after: z.number().int().optional(),
});
/** A watch as it is stored. `subject` is an account, or for `taint` a seed as `clew trace --seed` takes it. */
export type Watch = z.infer<typeof watchSchema>;

const alertGapSchema = z.strictObject({
	account: z.string(),
	asset: z.string(),
	fromHeight: z.number().int(),
	toHeight: z.number().int(),
	text: z.string(),
});
/** Why what an account had of an asset is not known; heights inclusive. */
export type AlertGap = Readonly<z.infer<typeof alertGapSchema>>;

const alertSchema = z.strictObject({
	schema: z.literal("clew.alert/1"),
	id: z.string(),
	watch: z.string(),
	case: z.string(),
	rules: z.array(z.string()),
	/** `retracted`: the block went away and the transaction is in no other one yet. `final`: as many confirmations as asked for. */
	status: z.enum(["seen", "final", "retracted"]),
	/** Counts up each time the alert is told anew. */
	revision: z.number().int(),
	chain: z.string(),
	subject: z.string(),
	from: z.string(),
	/**
	 * Bitcoin: every address that spent, for `taint` every one whose coins carried it, where there are several; `from` is the first.
	 * Absent where `from` is watched itself.
	 */
	spenders: z.array(z.string()).optional(),
	to: z.string(),
	direction: z.enum(["in", "out"]),
	asset: z.string(),
	amount: z.string(),
	/**
	 * Bitcoin: what the output holds, where others paid some of it, or may have; `amount` is then the most that those named here can have
	 * paid, which is what they put in.
	 */
	output: z.string().optional(),
	/** For `taint`: what of the amount is the watched money, by rule; unknown where `gaps` says what is not known. */
	tainted: z.union([z.record(z.string(), z.string()), z.literal("unknown")]).optional(),
	/** For `taint`: the least and most of it that can be the watched money, where that is wider than the rules' amounts. */
	range: z.tuple([z.string(), z.string()]).optional(),
	/** For `taint`: accounts on the money's way whose balance the case does not tell. */
	gaps: z.array(alertGapSchema).optional(),
	/** Why it may not have moved at all. */
	caveat: z.string().optional(),
	kind: z.string(),
	txHash: z.string(),
	height: z.number().int(),
	blockHash: z.string(),
	time: z.number().int(),
	confirmations: z.number().int(),
	/** Entity and category of the other side's strongest label; empty when it has none. */
	counterparty: z.string(),
	acknowledged: z.string().optional(),
});
/** What a person or a program is told. Amounts in base units. */
export type Alert = z.infer<typeof alertSchema>;

const deliverySchema = z.strictObject({
	id: z.string(),
	channel: z.string(),
	alert: alertSchema,
	attempts: z.number().int(),
	nextAt: z.number(),
	lastError: z.string(),
	/** Milliseconds that the place asked to be left alone at the last attempt. */
	asked: z.number().optional(),
});
/** An alert on its way to one place. It is removed when it has arrived. `nextAt` in ms since 1970. */
export type Delivery = z.infer<typeof deliverySchema>;

/** Kinds of records that watching keeps in a case. */
export const RECORDS = { watch: "watch", alert: "alert", delivery: "delivery", undelivered: "undelivered", state: "watch-state" } as const;
const ID_DIGITS = 16;

export const shortHash = (...words: readonly string[]): string => sha256Hex(words.join("\n")).slice(0, ID_DIGITS);

/**
 * Parses `any-outflow,>10ETH,to-service`. `amount` parses what follows the `>`: an amount of an asset. Throws InputError (USAGE).
 */
export function parseRules(text: string, amount: (text: string) => readonly [AssetId, bigint]): WatchRule[] {
	return text.split(",").map((word): WatchRule => {
		if (word === "any-outflow" || word === "any-inflow" || word === "taint") return { rule: word };
		if (word.startsWith(">")) {
			const [asset, least] = amount(word.slice(1));
			return { rule: "above", asset, amount: least };
		}
		const [, rule, category = ""] = /^(to|from)-([a-z_]+)$/.exec(word) ?? [];
		if ((rule === "to" || rule === "from") && (category === "service" || LABEL_CATEGORIES.includes(category as LabelCategory)))
			return { rule, category: category as LabelCategory };
		throw new InputError(`${quote(word)} is no rule of a watch`, {
			code: "USAGE",
			hint: `Rules are any-outflow, any-inflow, >AMOUNT such as >10ETH, to-service, to-CATEGORY, from-CATEGORY (${LABEL_CATEGORIES.join(", ")}), taint.`,
		});
	});
}

/** The subject of a watch: a seed when money is followed, else an account. Throws InputError. */
export function parseSubject(text: string, chain: ChainId, rules: readonly WatchRule[]): string {
	const followed = rules.filter((rule) => rule.rule === "taint").length;
	if (followed > 0 && followed < rules.length)
		throw new InputError("taint follows money, the other rules an account: make two watches", { code: "USAGE" });
	const spec = /^(account|tx|transfer|outpoint):/.test(text) ? text : `account:${text}`;
	const subject = followed === 0 ? parseAccount(text, chain) : parseSeed(spec, chain).spec;
	const why = unserved(subject, rules, chain);
	if (why === undefined) return subject;
	throw new InputError(`${why}: such a watch could never fire`, { code: "USAGE", hint: "Watch in a case whose first chain is that one." });
}

/**
 * Why a run over a chain can tell nothing of a watch, or nothing by one of its rules: what it names is on another chain. Undefined
 * where it can.
 */
export function unserved(subject: string, rules: readonly WatchRule[], chain: ChainId): string | undefined {
	const seed = /^(account|tx|transfer|outpoint):(.*)$/.exec(subject);
	const account = seed === null ? (subject as AccountId) : seed[1] === "account" ? parseAccount(seed[2] ?? "", chain) : undefined;
	if (account !== undefined && chainOf(account) !== chain)
		return `${account} is not on ${chain}, the case's first chain, whose blocks are watched`;
	for (const rule of rules)
		if (rule.rule === "above" && assetChain(rule.asset) !== chain)
			return `${rule.asset} is not on ${chain}, the case's first chain, whose blocks are watched`;
	return undefined;
}

/** Stores a watch; the same subject, rules and places again are one watch, which goes on from where it began. */
export async function addWatch(store: GraphStore, watch: Omit<Watch, "id">): Promise<Watch> {
	const id = shortHash(watch.subject, watch.on.join(), watch.notify.join());
	let stored: Watch = { id, ...watch };
	await store.atomically(async (tx) => {
		const held = await tx.record(RECORDS.watch, id);
		if (held !== undefined) stored = { ...documentOf(RECORDS.watch, id, held, (value) => watchSchema.parse(value)), note: watch.note };
		await tx.putRecord(RECORDS.watch, id, canonicalJson(stored));
		await tx.appendCustody(watch.createdAt, "watch added", `${id}: ${watch.subject} on ${watch.on.join(",")}`);
	});
	return stored;
}

/** All records of a kind, parsed; a page at a time is read. */
async function all<T>(store: GraphStore, kind: string, schema: z.ZodType<T>): Promise<T[]> {
	const found: T[] = [];
	for await (const { id, json } of recordsOf(store, kind)) found.push(documentOf(kind, id, json, (value) => schema.parse(value)));
	return found;
}

export const listWatches = (store: GraphStore): Promise<Watch[]> => all(store, RECORDS.watch, watchSchema);
export const listDeliveries = (store: GraphStore): Promise<Delivery[]> => all(store, RECORDS.delivery, deliverySchema);
export const listUndelivered = (store: GraphStore): Promise<Delivery[]> => all(store, RECORDS.undelivered, deliverySchema);

/** Alerts in chain order, those of one block by their ids, as records are. */
export async function listAlerts(store: GraphStore): Promise<Alert[]> {
	const alerts = await all(store, RECORDS.alert, alertSchema);
	return alerts.sort((a, b) => a.height - b.height);
}

export async function readDelivery(store: RecordStore, id: string): Promise<Delivery | undefined> {
	const json = await store.record(RECORDS.delivery, id);
	return json === undefined ? undefined : documentOf(RECORDS.delivery, id, json, (value) => deliverySchema.parse(value));
}

export async function readAlert(store: RecordStore, id: string): Promise<Alert | undefined> {
	const json = await store.record(RECORDS.alert, id);
	return json === undefined ? undefined : documentOf(RECORDS.alert, id, json, (value) => alertSchema.parse(value));
}

/** A movement as rules see it. Bitcoin's are derived: from each spending address to each output of another. */
export interface Movement {
	readonly from: AccountId;
	/** Bitcoin: all who paid it together, where there are several; `from` is the first. */
	readonly spenders?: readonly AccountId[];
	readonly to: AccountId;
	readonly asset: AssetId;
	/** What was paid, or, with `output`, the most that those named here can have paid: no more than they put in. */
	readonly amount: bigint;
	/** Bitcoin: what the output holds, where others who spent there paid some of it, or may have. */
	readonly output?: bigint;
	readonly kind: string;
	readonly txHash: Hash;
	readonly height: number;
	readonly tainted?: Readonly<Record<string, string>> | "unknown";
	readonly range?: readonly [string, string];
	readonly gaps?: readonly AlertGap[];
}
