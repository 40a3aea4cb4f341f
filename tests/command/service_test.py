#!/usr/bin/env python3
"""`sched run` as a service: what it tells its manager, and the units that are installed."""
import os
import shutil
import signal
import socket
import subprocess
import time

from support import SCHED, CommandTest, main, until


class Manager:
    """Stands in for systemd: the datagram socket that NOTIFY_SOCKET names."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self.socket.setblocking(False)
        self.told = []  # Of each message its lines, as {"READY": "1", ...}, and when it came.

    def hear(self):
        while True:
            try:
                message = self.socket.recv(65536).decode()
            except BlockingIOError:
                return self.told
            lines = dict(line.split("=", 1) for line in message.splitlines())
            self.told.append((time.monotonic(), lines))

    def until(self, key, value="1"):
        def look():
            return next((lines for _, lines in self.hear() if lines.get(key) == value), None)
        return until(look, f"{key}={value} is told; so far {self.told}")

    def count(self, key):
        return sum(key in lines for _, lines in self.hear())


class Service(CommandTest):
    def serve(self, address=None, words=(), **variables):
        manager = Manager(address or self.path("notify"))
        self.addCleanup(manager.socket.close)
        child = self.start("run", "--slots", "3", "--progress", "none", *words,
                           env={"NOTIFY_SOCKET": address or self.path("notify"), **variables},
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           start_new_session=True)
        return manager, child

    def test_it_says_when_it_is_ready_and_under_which_pid(self):
        manager, child = self.serve()
        ready = manager.until("READY")
        self.assertEqual(ready["MAINPID"], str(child.pid))
        self.assertEqual(ready["STATUS"], "0 of 3 slots busy")
        self.assertEqual([worker["pid"] for worker in self.json("status")["workers"]], [child.pid])

    def test_a_socket_without_a_file_will_do(self):
        manager, _ = self.serve(f"@sched-test-{os.getpid()}")
        manager.until("READY")

    def test_its_status_follows_what_it_does(self):
        manager, child = self.serve()
        self.add("a", "--shell", "until [ -e go ]; do sleep 0.02; done")
        manager.until("STATUS", "1 of 3 slots busy")
        child.terminate()
        manager.until("STATUS", "draining, 1 of 3 slots busy")
        self.assertEqual(manager.count("STOPPING"), 0)  # systemd would count its patience from here
        self.write("go", "")
        manager.until("STOPPING")
        self.assertEqual(child.wait(20), 0)

    def test_a_reload_is_told_with_its_moment_and_ends_with_ready_under_the_same_pid(self):
        manager, child = self.serve(WATCHDOG_USEC="400000")
        manager.until("READY")
        before = time.monotonic_ns() // 1000
        child.send_signal(signal.SIGHUP)
        reloading = manager.until("RELOADING")
        self.assertGreaterEqual(int(reloading["MONOTONIC_USEC"]), before)
        self.assertLessEqual(int(reloading["MONOTONIC_USEC"]), time.monotonic_ns() // 1000)
        until(lambda: manager.count("READY") == 2, "it is ready again")
        self.assertEqual({lines["MAINPID"] for _, lines in manager.told if "MAINPID" in lines},
                         {str(child.pid)})
        beats = manager.count("WATCHDOG")
        until(lambda: manager.count("WATCHDOG") > beats, "the watchdog is still told")

    def test_the_watchdog_is_told_while_the_loop_turns_and_not_while_it_stands(self):
        manager, child = self.serve(WATCHDOG_USEC="400000")
        until(lambda: manager.count("WATCHDOG") >= 4, "it is told")
        beats = [when for when, lines in manager.hear() if "WATCHDOG" in lines]
        self.assertLess(max(b - a for a, b in zip(beats, beats[1:])), 0.4)
        child.send_signal(signal.SIGSTOP)
        time.sleep(0.1)
        before = manager.count("WATCHDOG")
        time.sleep(0.5)
        self.assertEqual(manager.count("WATCHDOG"), before)
        child.send_signal(signal.SIGCONT)
        until(lambda: manager.count("WATCHDOG") > before, "it goes on")

    def test_a_watchdog_of_another_process_is_not_ours(self):
        manager, _ = self.serve(WATCHDOG_USEC="100000", WATCHDOG_PID="1")
        manager.until("READY")
        time.sleep(0.3)
        self.assertEqual(manager.count("WATCHDOG"), 0)

    def test_a_manager_that_went_away_or_never_was_disturbs_nothing(self):
        for address in (self.path("nobody"), "relative", "@", "x" * 300):
            self.sched("run", "--until-idle", env={"NOTIFY_SOCKET": address})
        manager, child = self.serve()
        manager.until("READY")
        os.unlink(self.path("notify"))
        self.add("a", "--wait", "--", "true")
        child.terminate()
        self.assertEqual(child.wait(20), 0)

    def test_a_command_is_not_taken_for_the_service(self):
        self.serve(WATCHDOG_USEC="60000000")
        self.add("a", "--wait", "--shell", "env | grep -c -e NOTIFY -e WATCHDOG; true")
        self.assertEqual(self.logs("a"), "0\n")

    def test_sigquit_leaves_what_runs_to_the_next_worker(self):
        manager, child = self.serve()
        self.add("a", "--shell", "echo > begun; until [ -e go ]; do sleep 0.02; done; echo end")
        self.until_file("begun", "\n")
        child.send_signal(signal.SIGQUIT)
        manager.until("STOPPING")
        self.assertEqual(child.wait(20), 0)
        self.assertEqual(self.run_of("a")["state"], "running")
        self.worker()
        self.write("go", "")
        self.sched("wait", "a")
        self.assertEqual((self.run_of("a")["attempt"], self.logs("a")), (1, "end\n"))

    def test_one_that_left_before_all_was_done_says_so(self):
        self.add("a", "--", "sleep", "600")
        child = self.start("run", "--until-idle")
        self.until_state("a", "running")
        child.send_signal(signal.SIGQUIT)
        self.assertEqual(self.finish(child, code=130).err,
                         "sched run: warning: leaving: what runs goes on, and the next worker takes"
                         " it over\n")


class Units(CommandTest):
    def setUp(self):
        super().setUp()
        self.prefix = self.directory + "/pre fix"
        build = os.path.dirname(SCHED)
        if not shutil.which("cmake") or not os.path.exists(build + "/cmake_install.cmake"):
            self.skipTest("there is no build directory to install from")
        subprocess.run(["cmake", "--install", build, "--prefix", self.prefix], check=True,
                       capture_output=True)

    def test_both_are_installed_with_the_program_where_it_is(self):
        for unit in ("user/sched.service", "system/sched@.service"):
            with open(f"{self.prefix}/lib/systemd/{unit}", encoding="utf-8") as file:
                text = file.read()
            self.assertIn(f'\nExecStart="{self.prefix}/bin/sched" run --progress plain\n', text)
            self.assertIn("\nType=notify\n", text)
            self.assertNotIn("@SCHED", text)

    def test_systemd_understands_them(self):
        analyze = shutil.which("systemd-analyze")
        if not analyze:
            self.skipTest("systemd-analyze is not installed")
        directory = self.prefix + "/lib/systemd"
        os.rename(f"{directory}/system/sched@.service", f"{directory}/system/sched@root.service")
        for manager, unit in (("--user", "user/sched.service"),
                              ("--system", "system/sched@root.service")):
            done = subprocess.run([analyze, "verify", "--man=no", manager, f"{directory}/{unit}"],
                                  capture_output=True, text=True, check=False,
                                  env={**self.environment, "XDG_RUNTIME_DIR": self.directory})
            # Before systemd 254 nobody knew DelegateSubgroup=, and it is passed over.
            mine = [line for line in (done.stdout + done.stderr).splitlines()
                    if "sched" in line and "DelegateSubgroup" not in line]
            self.assertEqual((mine, done.returncode), ([], 0), done.stderr)


if __name__ == "__main__":
    main()
