/** What a column of outcomes tells: success, failure, its transaction's success beside that of a call, or why something failed. */
export type OutcomeSense = "success" | "failure" | "receipt" | "error";

const SENSES: Readonly<Record<string, OutcomeSense>> = {
	success: "success",
	successful: "success",
	succeeded: "success",
	issuccess: "success",
	issuccessful: "success",
	status: "success",
	receiptstatus: "receipt",
	txreceiptstatus: "receipt",
	txsuccess: "receipt",
	txstatus: "receipt",
	iserror: "failure",
	haserror: "failure",
	failed: "failure",
	isfailed: "failure",
	reverted: "failure",
	isreverted: "failure",
	revert: "failure",
	error: "error",
	errcode: "error",
};

/** What a column tells of success, by its name without marks and in lower case; undefined for other columns. */
export function outcomeSense(name: string): OutcomeSense | undefined {
	return Object.hasOwn(SENSES, name) ? SENSES[name] : undefined;
}
