import { ClewError, type ErrorCode } from "@clew/core";
import { Command, CommanderError } from "@commander-js/extra-typings";
import { caseCommand } from "./commands/case.js";
import { checkCommand, scoreCommand } from "./commands/check.js";
import { clusterCommand } from "./commands/cluster.js";
import { custodyCommand } from "./commands/custody.js";
import { detectCommand } from "./commands/detect.js";
import { discloseCommand } from "./commands/disclose.js";
import { doctorCommand } from "./commands/doctor.js";
import { exportCommand } from "./commands/export.js";
import { followCommand } from "./commands/follow.js";
import { freezeCommand } from "./commands/freeze.js";
import { importCommand } from "./commands/import.js";
import { ingestCommand } from "./commands/ingest.js";
import { keysCommand } from "./commands/keys.js";
import { labelCommand } from "./commands/label.js";
import { pathCommand } from "./commands/path.js";
import { queueCommand } from "./commands/queue.js";
import { showCommand } from "./commands/show.js";
import { evaluateCommand, simulateCommand } from "./commands/simulate.js";
import { statusCommand } from "./commands/status.js";
import { storeCommand } from "./commands/store.js";
import { traceCommand } from "./commands/trace.js";
import { verifyCommand } from "./commands/verify.js";
import { watchCommand } from "./commands/watch.js";
import { workerCommand } from "./commands/worker.js";
import { type Context, processContext } from "./context.js";
import { defangLong } from "./output.js";

/** Exit codes of the design. */
const EXIT = { done: 0, finding: 1, usage: 2, badInput: 3, service: 4, interrupted: 130 } as const;

const USAGE_CODES: ReadonlySet<ErrorCode> = new Set(["USAGE"]);
const SERVICE_CODES: ReadonlySet<ErrorCode> = new Set([
	"CASE_BUSY",
	"DISK_FULL",
	"STORE_UNREACHABLE",
	"STORE_REFUSED",
	"QUEUE_UNREACHABLE",
	"QUEUE_REFUSED",
	"QUEUE_FULL",
	"NOTIFY_FAILED",
	"NODE_UNREACHABLE",
	"NODE_TIMEOUT",
	"NODE_RATE_LIMIT",
	"NODE_BAD_ANSWER",
	"NODE_LIED",
	"NODE_WRONG_CHAIN",
	"NODE_UNSUPPORTED",
	"NODE_DISAGREE",
]);

/** Runs one command line and gives its exit code; never throws. */
export async function run(argv: readonly string[]): Promise<number> {
	const interrupt = new AbortController();
	const onSignal = () => {
		// A second Ctrl-C ends the process at once; SQLite rolls back what was open.
		if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
		interrupt.abort();
	};
	process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
	process.stdout.on("error", (error: NodeJS.ErrnoException) => {
		if (error.code === "EPIPE") process.exit(EXIT.done);
	});
	const context = processContext(interrupt.signal);
	let code: number = EXIT.done;
	const program = clewProgram(context, () => {
		code = EXIT.finding;
	});
	try {
		await program.parseAsync([...argv]);
	} catch (error) {
		code = exitCodeOf(error);
		context.clearProgress();
		if (!(error instanceof CommanderError)) printError(context, error, argv.includes("--debug"));
	} finally {
		process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
		context.clearProgress();
	}
	return code;
}

/** The whole command line. `finding` is called when a command's answer is negative. */
function clewProgram(context: Context, finding: () => void): Command {
	const program = new Command("clew")
		.description("Follows stolen funds across public blockchains and turns what it finds into evidence that a stranger can check.")
		.version(context.version)
		.option("--debug", "show the stack of an error")
		.exitOverride()
		.showHelpAfterError("(add --help for what is possible)");
	const commands = [
		caseCommand(context),
		importCommand(context),
		ingestCommand(context),
		labelCommand(context),
		detectCommand(context),
		checkCommand(context, finding),
		scoreCommand(context),
		traceCommand(context),
		followCommand(context),
		pathCommand(context),
		clusterCommand(context, finding),
		showCommand(context),
		exportCommand(context),
		verifyCommand(context, finding),
		discloseCommand(context),
		freezeCommand(context),
		keysCommand(context),
		custodyCommand(context, finding),
		watchCommand(context),
		workerCommand(context),
		queueCommand(context),
		statusCommand(context),
		storeCommand(context),
		simulateCommand(context),
		evaluateCommand(context),
		doctorCommand(context, finding),
	];
	for (const command of commands) program.addCommand(inherit(command as unknown as Command));
	return program as unknown as Command;
}

/** Subcommands take over exit handling and `--debug`. */
function inherit(command: Command): Command {
	command.exitOverride().showHelpAfterError("(add --help for what is possible)").option("--debug", "show the stack of an error");
	for (const child of command.commands) inherit(child as Command);
	return command;
}

function exitCodeOf(error: unknown): number {
	if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
	if (!(error instanceof ClewError)) return EXIT.service;
	if (error.code === "INTERRUPTED") return EXIT.interrupted;
	if (USAGE_CODES.has(error.code)) return EXIT.usage;
	return SERVICE_CODES.has(error.code) ? EXIT.service : EXIT.badInput;
}

function printError(context: Context, error: unknown, debug: boolean): void {
	if (error instanceof ClewError) {
		context.note(`clew: ${defangLong(error.message)}`);
		if (error.hint) context.note(`      ${defangLong(error.hint)}`);
	} else {
		context.note(`clew: unexpected error: ${defangLong(error instanceof Error ? error.message : String(error))}`);
		context.note("      This is a defect of Clew: please report it. --debug shows where it happened.");
	}
	if (debug && error instanceof Error) context.note(error.stack ?? "");
}
