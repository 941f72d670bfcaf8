/** A command as its definition has it, as plain data. */
export interface DescribedCommand {
	readonly name: string;
	readonly description: string;
	/** What stands behind its name on a command line. */
	readonly usage: string;
	/** Arguments and then options that it takes, by how they are written. */
	readonly takes: readonly {
		readonly what: string;
		readonly description: string;
		readonly choices: readonly string[];
		readonly usual?: unknown;
	}[];
	readonly commands: readonly DescribedCommand[];
}

interface Described {
	readonly description: string;
	readonly argChoices?: readonly string[] | undefined;
	readonly defaultValue?: unknown;
}

/** What is read of a command as commander keeps it. */
export interface DefinedCommand {
	name(): string;
	description(): string;
	usage(): string;
	readonly commands: readonly DefinedCommand[];
	readonly registeredArguments: readonly (Described & { name(): string })[];
	readonly options: readonly (Described & { readonly flags: string; readonly long?: string | undefined; readonly hidden?: boolean })[];
}

/** Options that every command has. */
const EVERYWHERE: ReadonlySet<string> = new Set(["--debug"]);

/** A command with all below it, without what every command takes. */
export function describedCommand(command: DefinedCommand): DescribedCommand {
	const taken = ({ description, argChoices, defaultValue }: Described, what: string) => ({
		what,
		description,
		choices: argChoices ?? [],
		usual: defaultValue,
	});
	const options = command.options.filter(({ long = "", hidden = false }) => !hidden && !EVERYWHERE.has(long));
	return {
		name: command.name(),
		description: command.description(),
		usage: command.usage(),
		takes: [...command.registeredArguments.map((one) => taken(one, one.name())), ...options.map((one) => taken(one, one.flags))],
		commands: command.commands.map(describedCommand),
	};
}
