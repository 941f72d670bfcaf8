import { setFlagsFromString } from "node:v8";
import { ClewError, defangLong, type ErrorCode, quote } from "@clew/core";
import { Command, CommanderError } from "@commander-js/extra-typings";
import { type Context, type Finding, processContext } from "./context.js";
import { type DefinedCommand, type DescribedCommand, describedCommand } from "./described.js";
import { errorObject, fileError, namesMissingFile } from "./error-object.js";
import { json } from "./output.js";

/** Exit codes: docs/operations.md says what each means, in every command. */
const EXIT = { done: 0, finding: 1, usage: 2, badInput: 3, service: 4, notChecked: 5, interrupted: 130 } as const;

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
	"NODE_TOO_MUCH",
	"NODE_RATE_LIMIT",
	"NODE_BAD_ANSWER",
	"NODE_LIED",
	"NODE_UNVERIFIED",
	"NODE_WRONG_CHAIN",
	"NODE_UNSUPPORTED",
	"NODE_DISAGREE",
]);

type MakeCommand = (context: Context, finding: Finding) => unknown;

/** Every command, in the order of the help. A command loads what it needs: `clew check` must answer at once. */
const COMMANDS: Readonly<Record<string, () => Promise<MakeCommand>>> = {
	case: async () => (await import("./commands/case.js")).caseCommand,
	import: async () => (await import("./commands/import.js")).importCommand,
	ingest: async () => (await import("./commands/ingest.js")).ingestCommand,
	label: async () => (await import("./commands/label.js")).labelCommand,
	detect: async () => (await import("./commands/detect.js")).detectCommand,
	check: async () => (await import("./commands/check.js")).checkCommand,
	score: async () => (await import("./commands/score.js")).scoreCommand,
	trace: async () => (await import("./commands/trace.js")).traceCommand,
	follow: async () => (await import("./commands/follow.js")).followCommand,
	investigate: async () => (await import("./commands/investigate.js")).investigateCommand,
	price: async () => (await import("./commands/price.js")).priceCommand,
	path: async () => (await import("./commands/path.js")).pathCommand,
	funder: async () => (await import("./commands/funder.js")).funderCommand,
	cluster: async () => (await import("./commands/cluster.js")).clusterCommand,
	open: async () => (await import("./commands/open.js")).openCommand,
	show: async () => (await import("./commands/show.js")).showCommand,
	export: async () => (await import("./commands/export.js")).exportCommand,
	verify: async () => (await import("./commands/verify.js")).verifyCommand,
	share: async () => (await import("./commands/share.js")).shareCommand,
	disclose: async () => (await import("./commands/disclose.js")).discloseCommand,
	certify: async () => (await import("./commands/certify.js")).certifyCommand,
	freeze: async () => (await import("./commands/freeze.js")).freezeCommand,
	frozen: async () => (await import("./commands/frozen.js")).frozenCommand,
	desks: async () => (await import("./commands/desks.js")).desksCommand,
	endpoints: async () => (await import("./commands/endpoints.js")).endpointsCommand,
	keys: async () => (await import("./commands/keys.js")).keysCommand,
	custody: async () => (await import("./commands/custody.js")).custodyCommand,
	watch: async () => (await import("./commands/watch.js")).watchCommand,
	worker: async () => (await import("./commands/worker.js")).workerCommand,
	queue: async () => (await import("./commands/queue.js")).queueCommand,
	timeline: async () => (await import("./commands/timeline.js")).timelineCommand,
	victims: async () => (await import("./commands/victims.js")).victimsCommand,
	guard: async () => {
		// It runs for days beside a wallet. V8 would give it three times 16 MB for what is thrown away at once; before its libraries are loaded
		// it can still be told not to, and collects more often, in about the same time (docs/performance.md).
		setFlagsFromString("--semi-space-growth-factor=1");
		return (await import("./commands/guard.js")).guardCommand;
	},
	agent: async () => (await import("./commands/agent.js")).agentCommand,
	guide: async () => (await import("./commands/guide.js")).guideCommand,
	drill: async () => (await import("./commands/drill.js")).drillCommand,
	status: async () => (await import("./commands/status.js")).statusCommand,
	store: async () => (await import("./commands/store.js")).storeCommand,
	simulate: async () => (await import("./commands/simulate.js")).simulateCommand,
	evaluate: async () => (await import("./commands/evaluate.js")).evaluateCommand,
	doctor: async () => (await import("./commands/doctor.js")).doctorCommand,
	completion: async () => (await import("./commands/completion.js")).completionCommand,
};

/**
 * Commands that run until they are stopped: they end when nobody reads what they say. All others finish, since their exit code is an
 * answer.
 */
const ENDLESS = /^(worker|watch run|guard|agent serve|open)\b/;

/** Runs one command line and gives its exit code; never throws. */
export async function run(argv: readonly string[]): Promise<number> {
	const interrupt = new AbortController();
	const onSignal = () => {
		// A second Ctrl-C ends the process at once; SQLite rolls back what was open.
		if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
		interrupt.abort();
	};
	process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
	let lost: NodeJS.ErrnoException | undefined;
	const onBroken = (error: NodeJS.ErrnoException) => {
		// A reader that went away (head, true) changes no answer; output that could not be written (a full disk) is a failure.
		if (error.code !== "EPIPE") lost = error;
		else if (ENDLESS.test(wordsOf(argv).join(" "))) interrupt.abort();
	};
	process.stdout.on("error", onBroken);
	process.stderr.on("error", () => undefined);
	const context = processContext(interrupt.signal);
	let code: number = EXIT.done;
	const finding: Finding = (kind = "negative") => {
		code = { negative: EXIT.finding, "not-checked": EXIT.notChecked, nothing: EXIT.badInput, interrupted: EXIT.interrupted }[kind];
	};
	try {
		const program = await clewProgram(argv, context, finding);
		refuseUnknown(program, argv);
		await program.parseAsync([...argv]);
		await flushed();
		if (lost !== undefined) throw new ClewError("DISK_FULL", `the result could not be written: ${lost.message}`, { cause: lost });
	} catch (raw) {
		const error = raw instanceof ClewError ? raw : (fileError(raw, argv) ?? raw);
		code = exitCodeOf(error, argv);
		context.clearProgress();
		if (code !== EXIT.done && argv.includes("--json") && lost === undefined) context.print(json(errorObject(error, argv)));
		if (!(error instanceof CommanderError)) printError(context, error, argv.includes("--debug"));
	} finally {
		process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
		context.clearProgress();
	}
	return code;
}

/** Waits until what was printed has been handed over, or failed to be. */
function flushed(): Promise<void> {
	return new Promise((resolve) => process.stdout.write("", () => resolve()));
}

/** The words of a command line that are no options. */
function wordsOf(argv: readonly string[]): readonly string[] {
	return argv.slice(2).filter((word) => !word.startsWith("-"));
}

/** Commander shows its help for an unknown command before it looks at the name. Throws CommanderError. */
function refuseUnknown(program: Command, argv: readonly string[]): void {
	if (!argv.some((word) => word === "--help" || word === "-h")) return;
	let at: Command = program;
	for (const word of argv.slice(2)) {
		if (word.startsWith("-")) continue;
		if (word === "help") return;
		const next = at.commands.find((child) => child.name() === word || child.aliases().includes(word));
		if (next === undefined) {
			if (at.commands.length === 0 || at.registeredArguments.length > 0) return;
			at.error(`error: unknown command '${quote(word).slice(1, -1)}'`, { code: "commander.unknownCommand", exitCode: 1 });
		} else at = next as Command;
	}
}

/** All commands as they are defined, for what describes them. */
export async function describedProgram(): Promise<DescribedCommand> {
	const program = await clewProgram(["node", "clew", "completion"], processContext(new AbortController().signal), () => undefined);
	return describedCommand(program as unknown as DefinedCommand);
}

/** The command line: the command that `argv` names, or all of them. `finding` is called when a command's answer is negative. */
async function clewProgram(argv: readonly string[], context: Context, finding: Finding): Promise<Command> {
	const program = new Command("clew")
		.description("Follows stolen funds across public blockchains and turns what it finds into evidence that a stranger can check.")
		.version(context.version)
		.option("--debug", "show the stack of an error")
		.exitOverride()
		.showHelpAfterError("(add --help for what is possible)");
	const [wanted] = wordsOf(argv);
	// A completion knows all commands, a version none; any other is loaded alone.
	const one = wanted !== undefined && wanted !== "completion" && Object.hasOwn(COMMANDS, wanted) ? COMMANDS[wanted] : undefined;
	const asksVersion = wanted === undefined && argv.some((word) => word === "--version" || word === "-V");
	for (const load of one === undefined ? (asksVersion ? [] : Object.values(COMMANDS)) : [one])
		program.addCommand(inherit((await load())(context, finding) as Command));
	return program as unknown as Command;
}

/** Subcommands take over exit handling and `--debug`. */
function inherit(command: Command): Command {
	command.exitOverride().showHelpAfterError("(add --help for what is possible)").option("--debug", "show the stack of an error");
	for (const child of command.commands) inherit(child as Command);
	return command;
}

function exitCodeOf(error: unknown, argv: readonly string[]): number {
	if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
	if (!(error instanceof ClewError)) return EXIT.service;
	if (error.code === "INTERRUPTED") return EXIT.interrupted;
	if (USAGE_CODES.has(error.code) || namesMissingFile(error, argv)) return EXIT.usage;
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
