#!/usr/bin/env python3
"""Completion scripts in their real shells: commands, options, words, and what is in the store."""
import os
import shlex
import shutil
import subprocess

from support import SCHED, CommandTest, main

STATES = {"waiting", "queued", "running", "held", "finished"}
OUTCOMES = {"succeeded", "failed", "timed_out", "cancelled", "skipped", "missed", "lost"}


class InShell:
    """What every shell must offer; `offered(words)` asks it, the last word being what is typed."""

    shell = ""

    def setUp(self):
        super().setUp()
        if not shutil.which(self.shell):
            self.skipTest(f"{self.shell} is not installed")
        self.programs = self.path("bin")
        os.mkdir(self.programs)
        os.symlink(SCHED, self.programs + "/sched")
        self.environment["PATH"] = self.programs + ":" + self.environment["PATH"]
        self.script = self.write("script", self.sched("completions", self.shell).out)
        self.add("nightly", "--tag", "backup", "--", "true")
        self.add("night-report", "--", "false")
        self.add("team/etl.daily", "--", "true")
        self.work(code=1)

    def run_shell(self, *words, **more):
        done = subprocess.run([self.shell, *words], env=self.environment, cwd=self.home,
                              capture_output=True, timeout=20, check=False, text=True, **more)
        return done.stdout, done.stderr

    def test_commands(self):
        self.assertLessEqual({"add", "list", "show", "completions"}, self.offered([""]))
        self.assertEqual(self.offered(["re"]), {"release", "resource", "restore", "resume", "retry"})

    def test_the_hidden_command_is_not_offered(self):
        self.assertNotIn("complete", self.offered(["comp"]))

    def test_live_names_of_tasks(self):
        for command in ("show", "start", "logs", "explain", "rm", "wait", "cancel"):
            with self.subTest(command=command):
                self.assertEqual(self.offered([command, "nigh"]), {"nightly", "night-report"})
        self.assertEqual(self.offered(["show", "team/"]), {"team/etl.daily"})

    def test_live_ids_of_runs(self):
        self.assertEqual(self.offered(["show", "run-"]), {"run-1", "run-2", "run-3"})

    def test_a_task_that_came_later_is_offered_too(self):
        self.add("zebra", "--", "true")
        self.assertEqual(self.offered(["show", "zeb"]), {"zebra"})

    def test_names_after_an_option(self):
        self.assertEqual(self.offered(["add", "x", "--after", "nightl"]), {"nightly"})
        self.assertEqual(self.offered(["list", "--tag", "back"]), {"backup"})

    def test_options(self):
        self.assertEqual(self.offered(["add", "x", "--retr"]), {"--retries", "--retry-on"})
        self.assertEqual(self.offered(["run", "--unt"]), {"--until-idle"})
        self.assertEqual(self.offered(["list", "--out"]), {"--outcome"})
        self.assertEqual(self.offered(["rm", "--retr"]), set())

    def test_every_option_of_every_command(self):
        for command in ("add", "wait", "list", "logs"):
            listed = {word.rstrip(",") for line in self.sched(command, "--help").out.splitlines()
                      if line.startswith("  -") for word in line.split() if word.startswith("--")
                      and word != "--" and line.index(word) < 8}
            with self.subTest(command=command):
                self.assertLessEqual(listed, self.offered([command, "--"]) | {"--help", "--store"})

    def test_words_of_states_outcomes_and_others(self):
        self.assertEqual(self.offered(["list", "--state", ""]), STATES)
        self.assertEqual(self.offered(["runs", "--outcome", ""]), OUTCOMES)
        self.assertEqual(self.offered(["run", "--progress", ""]), {"auto", "bar", "plain", "none"})
        self.assertEqual(self.offered(["completions", ""]), {"bash", "zsh", "fish"})

    def test_the_store_that_is_named_is_asked(self):
        other = self.path("other")
        self.sched("--store", other, "add", "elsewhere", "--", "true")
        self.assertEqual(self.offered(["--store", other, "show", "else"]), {"elsewhere"})

    def test_without_a_store_there_is_silence_and_none_is_made(self):
        self.environment["SCHED_STORE"] = self.path("nowhere")
        self.assertEqual(self.offered(["show", "ni"]), set())
        self.assertFalse(os.path.exists(self.path("nowhere")))


class Bash(InShell, CommandTest):
    shell = "bash"

    def offered(self, words):
        words = ["sched", *words]
        out, err = self.run_shell(
            "--norc", "--noprofile", "-c",
            f"source {shlex.quote(self.script)}; COMP_WORDS=({shlex.join(words)}); "
            f"COMP_CWORD={len(words) - 1}; COMP_LINE={shlex.quote(' '.join(words))}; "
            'COMP_POINT=${#COMP_LINE}; _sched; printf "%s\\n" "${COMPREPLY[@]}"')
        self.assertEqual(err, "")
        return {word.strip() for word in out.splitlines() if word.strip()}

    def test_it_is_bound_to_the_program(self):
        out = self.run_shell("--norc", "-c", f"source {self.script}; complete -p sched")[0]
        self.assertIn("_sched sched", out)

    def test_files_stand_behind_the_two_dashes(self):
        self.write("backup.sh", "")
        self.assertEqual(self.offered(["add", "x", "--", "backup"]), {"backup.sh"})


class Fish(InShell, CommandTest):
    shell = "fish"

    def offered(self, words):
        line = "sched " + " ".join(words)
        out, err = self.run_shell("--no-config", "-c",
                                  f"source {self.script}; complete -C {shlex.quote(line)}")
        self.assertEqual(err, "")
        return {word.split("\t")[0] for word in out.splitlines()}


class Zsh(InShell, CommandTest):
    shell = "zsh"
    # A shell below on a pseudo-terminal, whose completions are caught as they are added.
    CATCH = r"""
zmodload zsh/zpty
zpty below "zsh -f -i"
say() { zpty -w below "$1"; }
say 'PROMPT= RPROMPT= PS2=; stty -echo 2>/dev/null; unsetopt zle_bracketed_paste 2>/dev/null'
say 'autoload -Uz compinit && compinit -u -D'
say "source $1"
say 'zstyle ":completion:*" list-prompt ""; zstyle ":completion:*" menu no; LISTMAX=10000'
say 'compadd() {
  if (( ! $@[(I)-[OAD]] )); then
    local -a __all; builtin compadd -A __all "$@"
    print -rl -- "${__all[@]}" >> '"$3"'
  fi
  builtin compadd "$@"; }'
say 'caught() { : > '"$3"'; _main_complete; print -r -- END >> '"$3"'; compstate[insert]=; compstate[list]=; }'
say 'zle -C caught complete-word caught; bindkey "^T" caught'
say 'print READY''-NOW'
zpty -r below line '*READY-NOW*'
zpty -w -n below "$2"$'\C-t'
"""

    def offered(self, words):
        caught = self.path("caught")
        if os.path.exists(caught):
            os.remove(caught)
        line = "sched " + " ".join(words)
        out, err = self.run_shell("-f", "-c", self.CATCH + r"""
for ((i = 0; i < 1000; i++)); do
  grep -qx END "$3" 2>/dev/null && break
  zpty -r -t below line; read -t 0.01 -u 0 ignored
done
zpty -d below
""", "zsh", self.script, line, caught)
        self.assertTrue(os.path.exists(caught), out + err)
        with open(caught, encoding="utf-8") as file:
            found = file.read().splitlines()
        self.assertEqual(found[-1:], ["END"], found)
        return {word for word in found[:-1] if word}


if __name__ == "__main__":
    main()
