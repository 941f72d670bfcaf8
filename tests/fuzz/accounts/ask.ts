import { formatPosition, type LedgerReader, type Transfer } from "@clew/core";
import { ACCOUNT_RULES, type Traced, traceAccounts } from "../../../packages/tracer/src/oracle/account-answers.test-util.js";
import { askAccounts, type OracleAnswer, type OracleSeed } from "../../../packages/tracer/src/oracle/account-oracle.test-util.js";
import { parseSeed } from "../../../packages/tracer/src/seeds.js";
import { DEFAULT_STOP_PARAMETERS } from "../../../packages/tracer/src/stops.js";
import { defaultRequest } from "../../../packages/tracer/src/trace.js";
import { coverageOf } from "./coverage.js";
import { toldFiles } from "./files.js";
import { ALL_PARTIES, addressOf, hashOf, NOBODY } from "./model.js";
import { account, ETHER, ETHEREUM } from "./told.js";
import type { Ask, SeedPlan, World } from "./world.js";

/** A seed as the oracle and as the engine take it. */
interface Asked {
	readonly oracle: OracleSeed;
	readonly spec: string;
	readonly limit: number | undefined;
	readonly since: number | undefined;
}

/** A question of a world with its seeds among what the files make a case hold; `salt` renames. */
export interface Question {
	readonly ask: Ask;
	readonly seeds: readonly Asked[];
	readonly salt: string;
}

/** The questions of a world, of these transfers. Seeds that name nothing that moved are left out, and questions without a seed. */
export function questionsOf({ asks }: World, transfers: readonly Transfer[], salt = ""): Question[] {
	return asks
		.map((ask) => ({ ask, seeds: ask.seeds.flatMap((seed) => asked(seed, transfers, salt) ?? []), salt }))
		.filter(({ seeds }) => seeds.length > 0);
}

function asked(seed: SeedPlan, transfers: readonly Transfer[], salt: string): Asked | undefined {
	const limited = seed.limit === undefined ? {} : { asset: ETHER as string, limit: seed.limit };
	const common = { limit: seed.limit, since: undefined };
	if (seed.kind === "account") {
		const oracle = { ...limited, kind: "account", account: account(seed.account, salt), since: seed.since } as const;
		return { ...common, oracle, spec: `account:${addressOf(seed.account, salt)}`, since: seed.since };
	}
	const own = transfers.filter((t) => t.txHash === hashOf(seed.id, salt) && (seed.limit === undefined || t.asset === ETHER));
	if (seed.kind === "tx") {
		const [first] = own;
		return first && hasGainer(own)
			? { ...common, oracle: { ...limited, kind: "tx", txHash: first.txHash }, spec: `tx:${first.txHash}` }
			: undefined;
	}
	const named = own.filter((t) => t.kind !== "fee" && t.from !== t.to && t.amount > 0n);
	const one = named[seed.nth % named.length];
	if (one === undefined) return undefined;
	const at = formatPosition(one.position);
	return { ...common, oracle: { ...limited, kind: "transfer", at }, spec: `transfer:${at}` };
}

/** Whether anybody has more of anything because of a transaction, the fee included: else it is no seed. */
function hasGainer(own: readonly Transfer[]): boolean {
	const receipts = own.filter((t) => t.kind !== "fee" && t.from !== t.to);
	const sum = (list: readonly Transfer[]) => list.reduce((total, { amount }) => total + amount, 0n);
	return receipts.some(({ to, asset }) => {
		const paid = own.filter((t) => t.asset === asset && t.from === to && (t.kind === "fee" || t.to !== to));
		return sum(receipts.filter((t) => t.asset === asset && t.to === to)) > sum(paid);
	});
}

/** What the documented conventions say of a question. */
export function documentedAnswer(world: World, transfers: readonly Transfer[], { ask, seeds, salt }: Question): OracleAnswer {
	const covered = coverageOf(toldFiles(world));
	const parties = new Map(ALL_PARTIES.map((party) => [account(party, salt) as string, party]));
	return askAccounts({
		transfers,
		rules: ACCOUNT_RULES,
		seeds: seeds.map(({ oracle }) => oracle),
		conversions: ask.conversions,
		until: ask.until,
		dust: new Map(ask.dust === 0 ? [] : [[ETHER as string, ask.dust]]),
		serviceTransfers: ask.serviceTransfers,
		burned: new Set([account(NOBODY) as string]),
		entryPoint: undefined,
		labels: new Map(),
		timeless: new Set(),
		contracts: new Set(transfers.flatMap(({ kind, from }) => (kind === "internal" && from !== account(NOBODY) ? [from as string] : []))),
		fetched: (name, kind, height) => covered(parties.get(name) ?? NOBODY, kind, height),
	});
}

/** What the engine says of the same question of a case. Throws InputError where it refuses a seed. */
export async function tracedAnswer(source: LedgerReader, { ask, seeds }: Question): Promise<Traced> {
	const parsed = seeds.map(({ spec, limit, since }) =>
		parseSeed(spec, ETHEREUM, {
			...(limit === undefined ? {} : { asset: ETHER, amount: BigInt(limit) }),
			...(since === undefined ? {} : { since }),
		}),
	);
	return traceAccounts(source, {
		...defaultRequest(ETHEREUM, parsed),
		dust: new Map(ask.dust === 0 ? [] : [[ETHER, BigInt(ask.dust)]]),
		conversions: ask.conversions,
		until: ask.until,
		stops: { ...DEFAULT_STOP_PARAMETERS, serviceTransfers: ask.serviceTransfers },
	});
}
