"""A full-screen program on a terminal of its own, timed from outside: keys go in, and every part that
comes out is stamped when it is read. The emulator draws the parts afterwards, in quiet spells, so that
its slowness is in no figure.

    terminal.py WORD KEYS PROGRAM ARGUMENT…    what one program takes, and its screen
"""
import fcntl
import math
import os
import pathlib
import re
import select
import signal
import statistics
import struct
import sys
import termios
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "Tests" / "system" / "harness"))

from screen import Emulator, Stream

# No program of these pauses for as long within one answer, short of loading.
QUIET = 0.04
# Between two writes of a program there is as much.
SPELL = 0.003
# A style, another sequence, or a byte.
PIECES = re.compile(rb"(\x1b\[[0-9;]*m|\x1b\(.)|\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b.|.", re.S)
QUESTIONS = re.compile(rb"\x1b\[(?:0?c|>0?c|6n|5n)|\x1b\](1[01]);\?(?:\x07|\x1b\\)")


class Terminal:
    def __init__(self, arguments, environment, size=(120, 40), folder=None, standard_input=None):
        self.screen = Emulator(*size)
        self.stream = Stream(self.screen)
        # (when, bytes) of what the emulator has not seen yet; and how many bytes came in all.
        self.parts, self.total, self.ended = [], 0, False
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", size[1], size[0], 0, 0))
        name = os.ttyname(slave)
        actions = [(os.POSIX_SPAWN_OPEN, 1, name, os.O_RDWR, 0), (os.POSIX_SPAWN_DUP2, 1, 2)]
        actions.append(
            (os.POSIX_SPAWN_OPEN, 0, standard_input, os.O_RDONLY, 0) if standard_input
            else (os.POSIX_SPAWN_DUP2, 1, 0))
        path = next(
            place for each in ("", *environment["PATH"].split(":"))
            if os.access(place := os.path.join(each, arguments[0]), os.X_OK))
        environment = {**environment, "TERM": "xterm-256color"}
        if folder:
            # There is no action for it, and a shell in between costs time of its own.
            here = os.open(".", os.O_RDONLY)
            os.chdir(folder)
        self.start = time.perf_counter()
        # A session of its own, whose first terminal becomes its controlling one.
        self.process = os.posix_spawn(
            path, arguments, environment, file_actions=actions, setsid=True)
        if folder:
            os.fchdir(here)
            os.close(here)
        os.close(slave)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.master)

    # What comes out

    def read(self, seconds):
        """One part, if one comes in that time."""
        if self.ended or not select.select([self.master], [], [], max(0, seconds))[0]:
            return False
        try:
            part = os.read(self.master, 1 << 20)
        except OSError:
            part = b""
        if not part:
            self.ended = True
            return False
        self.parts.append((time.perf_counter(), part))
        self.total += len(part)
        for question in QUESTIONS.finditer(part):
            self.answer(question)
        return True

    def answer(self, question):
        """What xterm says of itself."""
        if question[1]:
            os.write(self.master, b"\x1b]" + question[1] + b";rgb:0000/0000/0000\x1b\\")
        elif question[0].endswith(b"6n"):
            self.draw()
            cursor = self.screen.cursor
            os.write(self.master, b"\x1b[%d;%dR" % (cursor.y + 1, cursor.x + 1))
        else:
            os.write(self.master, b"\x1b[0n" if question[0].endswith(b"n") else b"\x1b[?62;22c")

    def draw(self, words=()):
        """Lets the emulator catch up; when the parts came that put each word on the screen."""
        found = {}
        for when, part in self.parts:
            self.stream.feed(part)
            text = self.text() if len(found) < len(words) else ""
            found.update(
                {word: when for word in words if word not in found and re.search(word, text)})
        self.parts.clear()
        return found

    def draw_by_row(self):
        """As `draw`; how many of the bytes went to each row of the screen: a move to a row counts there,
        and what ends a style counts where the style was."""
        counts, painted, ends = {}, self.screen.cursor.y, 0
        for match in PIECES.finditer(b"".join(part for _, part in self.parts)):
            self.stream.feed(match[0])
            if match[1]:
                ends += len(match[0])
                continue
            row = self.screen.cursor.y
            is_text = not match[0].startswith(b"\x1b") and match[0] >= b" "
            if is_text:
                painted = row
            counts[row] = counts.get(row, 0) + len(match[0]) + (ends if is_text else 0)
            if is_text:
                ends = 0
        counts[painted] = counts.get(painted, 0) + ends
        self.parts.clear()
        return counts

    def text(self):
        return "\n".join(self.screen.display)

    def wait_for(self, *words, since=None, limit=60):
        """Seconds until each pattern is on the screen: only then is it loaded, or answered."""
        since, found = self.start if since is None else since, {}
        drawn, end = time.perf_counter(), time.perf_counter() + limit
        while len(found) < len(words) and not self.ended and time.perf_counter() < end:
            came = self.read(0.015)
            if self.parts and (not came or time.perf_counter() - drawn > 0.25):
                found = self.draw([word for word in words if word not in found]) | found
                drawn = time.perf_counter()
        if len(found) < len(words):
            raise RuntimeError(f"of {words} only {list(found)} appears:\n{self.text()}")
        times = [found[word] - since for word in words]
        return times if len(times) > 1 else times[0]

    def settle(self, quiet=QUIET, limit=10, last=-math.inf):
        """Until nothing comes for a while; when the last part came, and how many spells they made
        (but for what came at `last`)."""
        end, count = time.perf_counter() + limit, 0
        while (now := time.perf_counter()) < end and self.read(quiet):
            # The kernel may hand on one write in many pieces.
            count += self.parts[-1][0] - last > SPELL
            last = self.parts[-1][0]
        if now >= end:
            raise RuntimeError("the program does not come to rest")
        return last, count

    # What goes in

    def press(self, keys, quiet=QUIET, first=0.4):
        """Writes the keys at once: (seconds to the last byte, bytes, spells) of the answer."""
        self.settle()
        self.draw()
        before, sent = self.total, time.perf_counter()
        os.write(self.master, keys.encode())
        if not self.read(first):
            return None, 0, 0
        last, count = self.settle(quiet, last=self.parts[-1][0])
        return last - sent, self.total - before, count + 1

    def press_each(self, keys, **how):
        return [self.press(key, **how) for key in keys]

    def write(self, keys):
        """Without waiting; when it was."""
        self.settle()
        self.draw()
        sent = time.perf_counter()
        os.write(self.master, keys.encode())
        return sent

    # The process

    def status(self, name):
        """A number of /proc/PID/status, the children's added."""
        return sum(status(process, name) for process in family(self.process))

    def idle(self, seconds):
        """Bytes written in that time, wake-ups of the program's own threads, and of libdispatch's
        manager, which looks at its pool of threads each second for as long as there is one."""
        self.settle()
        self.draw()
        before, at_first = self.total, wake_ups(self.process)
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)
        woken = wake_ups(self.process)
        counts = [0, 0]
        # Threads that ended meanwhile have done so for want of work.
        for task, (name, count) in woken.items():
            counts[name.endswith("overcommit")] += count - at_first.get(task, (name, 0))[1]
        return self.total - before, *counts


def status(process, name):
    with open(f"/proc/{process}/status", encoding="ascii", errors="replace") as file:
        return next((int(line.split()[1]) for line in file if line.startswith(name + ":")), 0)


def family(process):
    found = [process]
    for task in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{task}/children", encoding="ascii") as file:
            found += [each for child in file.read().split() for each in family(int(child))]
    return found


def wake_ups(process):
    """By thread: its name, and how often it has slept and been woken."""
    return {task: (thread_name(process, task), status(
                f"{process}/task/{task}", "voluntary_ctxt_switches"))
            for task in os.listdir(f"/proc/{process}/task")}


def thread_name(process, task):
    with open(f"/proc/{process}/task/{task}/comm", encoding="utf-8", errors="replace") as file:
        return file.read().strip()


def main(word, keys, *program):
    with Terminal(list(program), dict(os.environ)) as terminal:
        print(f"ready {1000 * terminal.wait_for(word):.1f} ms")
        pressed = terminal.press_each(keys)
        if pressed:
            print(f"a key {1000 * statistics.median(each[0] or 0 for each in pressed):.2f} ms,"
                  f" {statistics.median(each[1] for each in pressed)} bytes")
        print(f"peak {terminal.status('VmHWM') / 1024:.1f} MB")
        terminal.settle()
        terminal.draw()
        print(terminal.text())


if __name__ == "__main__":
    main(*sys.argv[1:])
