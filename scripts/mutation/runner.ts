import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Order, Told } from "./host.js";

/** How long a test file may run, in milliseconds. */
export type Patience = (test: string) => number;
export type Ran = Extract<Told, { kind: "ran" }>;
export interface Outcome {
	readonly ran: readonly Ran[];
	/** The test file in which the program hung. */
	readonly hung?: string;
}

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const START_MILLISECONDS = 120_000;

/** Runs orders one after another in a process of its own, which is ended and begun anew when a test hangs. */
export class Runner {
	private child: ChildProcess | undefined;
	private readonly folder = mkdtempSync(join(tmpdir(), "clew-mutation-"));

	/** `reach`: a folder where every test file notes what it reached. */
	constructor(private readonly reach?: string) {
		process.once("exit", () => this.close());
	}

	/** Runs the order; a test file over its time ends it as hung. Throws when the process ends by itself. */
	async run(order: Order, patience: Patience): Promise<Outcome> {
		const child = this.child ?? (await this.start());
		const ran: Ran[] = [];
		for (let next = 0; ; next++) {
			const test = order.tests[next];
			const told = this.heard(child, test === undefined ? START_MILLISECONDS : patience(test));
			if (next === 0) child.send(order);
			const answer = await told;
			if (answer === undefined) {
				this.stop();
				return { ran, ...(test === undefined ? {} : { hung: test }) };
			}
			if (answer.kind === "done") return { ran };
			if (answer.kind === "ran") ran.push(answer);
		}
	}

	close(): void {
		this.stop();
		rmSync(this.folder, { recursive: true, force: true });
	}

	private async start(): Promise<ChildProcess> {
		const preload = `--import=${pathToFileURL(here("preload.mjs"))}`;
		const env = {
			...process.env,
			NODE_OPTIONS: preload,
			CLEW_OVERLAY: join(this.folder, "overlay"),
			...(this.reach === undefined ? {} : { CLEW_REACH: this.reach }),
		};
		const stdio = ["ignore", "ignore", "inherit", "ipc"] as const;
		const child = spawn(process.execPath, ["--import", "tsx", here("host.ts")], { env, detached: true, stdio: [...stdio] });
		this.child = child;
		if ((await this.heard(child, START_MILLISECONDS))?.kind !== "ready") throw new Error("the test runner did not start");
		return child;
	}

	private heard(child: ChildProcess, milliseconds: number): Promise<Told | undefined> {
		return new Promise((resolve, reject) => {
			const ended = () => settle(() => reject(new Error("the test runner ended by itself")));
			const told = (message: unknown) => settle(() => resolve(message as Told));
			const timer = setTimeout(() => settle(() => resolve(undefined)), milliseconds);
			const settle = (work: () => void) => {
				clearTimeout(timer);
				child.off("exit", ended).off("message", told);
				work();
			};
			child.once("exit", ended).once("message", told);
		});
	}

	private stop(): void {
		const pid = this.child?.pid;
		this.child = undefined;
		if (pid === undefined) return;
		try {
			process.kill(-pid, "SIGKILL");
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
		}
	}
}
