/** A command line of a page in docs/commands, as a user types it. */
export interface Example {
	readonly line: string;
	/** Exit code with which it ends, where that is not 0. */
	readonly code?: number;
	/** Why it ends so, in words. */
	readonly why?: string;
	/** It runs until it is stopped. */
	readonly endless?: true;
}

const CASE = "--case purebit.clew";
const SEED = "0x7df1bd58e8fd49803e43987787adfecb4a0a086c";
const NEXT = "0x5e032243d507c743b061ef021e2ec7fcc6d3ab89";
/** Accounts of a development node with its usual mnemonic: who pays, and who is paid. */
const PAID = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
/** Where nodes of one's own listen. */
export const NODE = "http://127.0.0.1:8545";
export const REDIS = "redis://127.0.0.1:6379";

/**
 * One example or more of every command, in the order in which they run: one folder, in which `fixtures` of this repository lies, a
 * development node that imitates Ethereum at {@link NODE}, a Redis at {@link REDIS}. A test runs them all.
 */
export const EXAMPLES: readonly Example[] = [
	{ line: "clew completion bash" },
	{ line: "clew doctor" },
	{ line: 'clew case new purebit.clew --title "Pure Bit exit scam" --chain eip155:1' },
	{ line: `clew case set ${CASE} --requester "the victims' lawyer" --handling TLP:AMBER` },
	{ line: `clew import etherscan fixtures/cases/purebit ${CASE}` },
	{ line: "clew label starter" },
	{ line: `clew label import fixtures/cases/purebit/exchanges.csv --source "explorer name tags" --confidence 50 ${CASE}` },
	{ line: `clew label use ${CASE}` },
	{ line: `clew detect ${CASE}` },
	{ line: `clew trace ${CASE} --seed account:${SEED} --rule all` },
	{ line: `clew status ${CASE}` },
	{ line: `clew show ${CASE} ${NEXT}` },
	{ line: `clew path ${CASE} --from ${SEED} --to ${NEXT}` },
	{ line: `clew funder ${CASE} ${NEXT}` },
	{ line: `clew cluster ${CASE} ${NEXT}` },
	{ line: `clew timeline ${CASE} last --svg timeline.svg` },
	{ line: `clew victims ${CASE} ${SEED} --out victims.csv` },
	{ line: `clew score ${CASE} last --explain` },
	{ line: `clew check ${CASE} ${SEED}`, code: 1, why: "it is dangerous" },
	{ line: `clew price show ${CASE}` },
	{ line: "clew desks Binance" },
	{ line: `clew freeze ${CASE} --for Upbit --out letter` },
	{ line: `clew guide stolen ${CASE} --country DE --out guide.html` },
	{ line: "clew drill investigate --out drill" },
	{ line: `clew agent serve ${CASE} --http 127.0.0.1:0`, endless: true },
	{ line: `clew agent proposals ${CASE}` },
	{ line: `clew agent log ${CASE}` },
	{ line: "clew keys new signer.pem" },
	{ line: `clew export ${CASE} --trace last --sign signer.pem --out bundle` },
	{ line: "clew verify bundle" },
	{ line: `clew share ${CASE} --out theft.html` },
	{ line: "clew disclose bundle --rows 12,57 --out twin" },
	{ line: "clew certify bundle --law fre-902 --out draft.txt" },
	{ line: `clew open ${CASE} --no-browser`, endless: true },
	{ line: `clew watch add ${SEED} --on any-outflow ${CASE}` },
	{ line: `clew custody ${CASE}` },
	{ line: `clew store copy --from purebit.clew --to copy.clew` },
	{ line: "clew investigate fixtures/cases/purebit --case theft.clew", code: 5, why: "no node was asked, so that something stays open" },
	{ line: "clew simulate --seed 7 --size 5000 --out world" },
	{ line: "clew evaluate world" },
	{ line: `clew endpoints add home ${NODE}` },
	{ line: "clew endpoints test home" },
	{ line: 'clew case new live.clew --title "one payment" --chain eip155:1' },
	{ line: `clew ingest --case live.clew --rpc ${NODE} --from 0 --to tip` },
	{ line: `clew follow account:${PAID} --case live.clew --rpc home` },
	{ line: `clew frozen ${PAID} --rpc home` },
	{ line: `clew watch run --case live.clew --rpc ${NODE}`, endless: true },
	{ line: `clew guard --rpc ${NODE} --listen 127.0.0.1:0`, endless: true },
	{ line: `clew queue show --case live.clew --queue ${REDIS}` },
	{ line: `clew worker --case live.clew --queue ${REDIS} --rpc ${NODE}`, endless: true },
];
