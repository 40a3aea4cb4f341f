"""What the tests of backup, restore, doctor, prune and salvage share."""
import os
import signal
import sqlite3

from support import CommandTest


class CareTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.backups = self.path("backups")
        self.database = self.store + "/sched.db"

    def backup(self, *words):
        """Makes a backup; its path."""
        return self.sched("backup", self.backups, *words).out.strip()

    def names(self, directory=None):
        """The backups that stand under their final names."""
        directory = directory or self.backups
        if not os.path.isdir(directory):
            return []
        return sorted(name for name in os.listdir(directory) if not name.startswith("."))

    def query(self, sql, file=None):
        """Rows of a database file that is only read, by another program than ours."""
        with sqlite3.connect(f"file:{file or self.database}?mode=ro", uri=True) as database:
            return database.execute(sql).fetchall()

    def change(self, sql, file=None):
        """Writes behind the program's back."""
        database = sqlite3.connect(file or self.database, isolation_level=None)
        database.execute("PRAGMA wal_autocheckpoint=0")
        database.executescript(sql)
        database.close()

    def assert_sound(self, file=None):
        self.assertEqual(self.query("PRAGMA integrity_check", file), [("ok",)])
        self.assertEqual(self.query("PRAGMA foreign_key_check", file), [])

    def damage(self, offset, file=None, count=64):
        """Flips all bits of some bytes."""
        with open(file or self.database, "r+b") as database:
            database.seek(offset)
            piece = database.read(count)
            database.seek(offset)
            database.write(bytes(byte ^ 0xFF for byte in piece))

    def kill_some(self, draw, enough, whole, words, then=lambda code: None):
        """Starts a command again and again and kills it at a random moment, until enough were met
        at work and some got to their end, however fast the machine; `whole` is about the time that
        it takes, and is learnt. How many got to their end."""
        ended, killed = 0, 0
        while killed < enough or ended < 3:
            self.assertLess(ended + killed, 40 * enough)
            code = self.kill_after(draw.uniform(0, 1.3 * whole), *words())
            whole *= 0.9 if code == 0 else 1.1
            killed += code != 0
            ended += code == 0
            then(code)
        return ended

    def kill_after(self, seconds, *words):
        """Starts a command and kills it after a while, unless it has ended; its exit code."""
        child = self.start(*words)
        try:
            child.wait(seconds)
        except Exception:  # still there
            child.send_signal(signal.SIGKILL)
        self.finish(child, code=None)
        return child.returncode
