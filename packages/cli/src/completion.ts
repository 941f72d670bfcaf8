import { InputError, quote } from "@clew/core";

export const SHELLS = ["bash", "zsh", "fish"] as const;

/** What a completion needs of a command, as commander keeps it. */
export interface CompletedCommand {
	name(): string;
	description(): string;
	readonly commands: readonly CompletedCommand[];
	readonly registeredArguments: readonly { readonly argChoices?: readonly string[] | undefined }[];
	readonly options: readonly {
		readonly long?: string | undefined;
		readonly description: string;
		readonly argChoices?: readonly string[] | undefined;
	}[];
}

/** A command with the words that lead to it; the program itself has none. */
interface Place {
	readonly path: string;
	readonly command: CompletedCommand;
}

/** The script that completes a program's commands, options and the words that options take, in a shell. Throws InputError (USAGE). */
export function scriptFor(shell: string, program: CompletedCommand): string {
	const places = placesOf(program, "");
	if (shell === "bash") return bash(program.name(), places);
	// zsh reads completions of bash.
	if (shell === "zsh") return `autoload -U +X bashcompinit && bashcompinit\n${bash(program.name(), places)}`;
	if (shell === "fish") return fish(program.name(), places);
	throw new InputError(`${quote(shell)} is no shell that Clew knows`, { code: "USAGE", hint: `Known: ${SHELLS.join(", ")}.` });
}

function placesOf(command: CompletedCommand, path: string): Place[] {
	const inside = command.commands.flatMap((child) => placesOf(child, path === "" ? child.name() : `${path} ${child.name()}`));
	return [{ path, command }, ...inside];
}

/** Names of subcommands, and what an argument may be. */
const wordsOf = ({ command }: Place): readonly string[] => [
	...command.commands.map((child) => child.name()),
	...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
];
const optionsOf = ({ command }: Place): readonly string[] => ["--help", ...command.options.flatMap(({ long }) => long ?? [])];

function bash(program: string, places: readonly Place[]): string {
	const wordsAt = places.map((place) => `\t\t"${place.path}") words="${[...wordsOf(place), ...optionsOf(place)].join(" ")}" ;;`);
	const choices = places.flatMap(({ path, command }) =>
		command.options.flatMap(({ long, argChoices }) =>
			argChoices === undefined ? [] : [`\t\t"${path} ${long}") words="${argChoices.join(" ")}" ;;`],
		),
	);
	const known = places.flatMap(({ path }) => (path === "" ? [] : [`"${path}"`]));
	return `_${program}_complete() {
	local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path="" words="" word next
	for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		next="\${path:+$path }$word"
		case "$next" in
			${known.join("|")}) path="$next" ;;
		esac
	done
	case "$path" in
${wordsAt.join("\n")}
	esac
	case "$path $prev" in
${choices.join("\n")}
	esac
	COMPREPLY=($(compgen -W "$words" -- "$cur"))
	if [[ \${#COMPREPLY[@]} -eq 0 ]]; then COMPREPLY=($(compgen -f -- "$cur")); fi
}
complete -o filenames -F _${program}_complete ${program}`;
}

function fish(program: string, places: readonly Place[]): string {
	const text = (words: string) => `'${words.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
	const lines = places.flatMap(({ path, command }) => {
		const at = `complete -c ${program} -n "__${program}_at ${text(path)}"`;
		return [
			...command.commands.map((child) => `${at} -f -a ${child.name()} -d ${text(child.description())}`),
			...command.registeredArguments.flatMap(({ argChoices }) =>
				argChoices === undefined ? [] : [`${at} -a ${text(argChoices.join(" "))}`],
			),
			...command.options.flatMap(({ long, description, argChoices }) =>
				long === undefined
					? []
					: [
							`${at} -l ${long.replace(/^--/, "")}${argChoices === undefined ? "" : ` -x -a ${text(argChoices.join(" "))}`} -d ${text(description)}`,
						],
			),
		];
	});
	const known = places.flatMap(({ path }) => (path === "" ? [] : [text(path)]));
	return `function __${program}_at
	set -l path ''
	for word in (commandline -opc)[2..-1]
		set -l next (string trim -- "$path $word")
		contains -- "$next" ${known.join(" ")}; and set path "$next"
	end
	test "$path" = "$argv[1]"
end
${lines.join("\n")}`;
}
