#!/usr/bin/env python3
"""Drives `univrs exec -it` in a real terminal, as a person would. usage: exec_terminal.py UNIVRS DATA INSTANCE"""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

univrs, data, instance = sys.argv[1:4]


class Terminal:
    def __init__(self, *command, rows=24, columns=80):
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.environ["TERM"] = "xterm-256color"
            os.execv(univrs, [univrs, "--data", data, "exec", "-it", instance, "--", *command])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        if select.select([self.fd], [], [], seconds)[0]:
            try:
                piece = os.read(self.fd, 65536)
            except OSError:
                piece = b""
            self.seen += piece
            return bool(piece)
        return True

    def wait_for(self, text, what):
        end = time.monotonic() + 60
        while text not in self.seen:
            if time.monotonic() > end or not self.read(0.2):
                sys.exit(f"FAILED: {what}: no {text!r} in {self.seen[-600:]!r}")
        self.seen = self.seen[self.seen.index(text) + len(text):]

    def type(self, text):
        os.write(self.fd, text)

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def is_raw(self):
        return not termios.tcgetattr(self.fd)[3] & (termios.ICANON | termios.ECHO)

    def end(self):
        """Its exit code; also that the terminal is as it was."""
        deadline = time.monotonic() + 60
        while True:
            self.read(0.1)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
                sys.exit("FAILED: it does not end")


def check(condition, what):
    if not condition:
        sys.exit("FAILED: " + what)
    print("-- " + what, flush=True)


t = Terminal("sh", rows=24, columns=80)
t.type(b"PS1='ready> '; stty size; echo tty=$(tty | cut -c1-5)\r")
t.wait_for(b"24 80", "the size at the start")
t.wait_for(b"tty=/dev/", "it has a terminal")
check(t.is_raw(), "the terminal here is raw")
t.resize(40, 120)
time.sleep(1)  # the new size has no answer to wait for
t.type(b"echo now=$(stty size | tr ' ' x)\r")
t.wait_for(b"now=40x120", "the size follows")
check(True, "the size follows the terminal's")
t.type(b"sleep 1000\r")
time.sleep(0.7)
t.type(b"\x03")
t.type(b"echo after-$?-$((40+2))\r")
t.wait_for(b"after-130-42", "Ctrl+C ends the program inside")
check(True, "Ctrl+C goes to the program inside, not to univrs")
t.type(b"echo \xc3\xa4\xe6\xbc\xa2 | od -An -tx1\r")
t.wait_for(b"c3 a4 e6 bc a2", "UTF-8 passes")
t.type(b"exit 7\r")
check(t.end() == 7, "the exit code comes out")

t = Terminal("busybox", "vi", "/nowhere")
t.wait_for(b"~", "vi draws")
t.type(b"ihello\x1b")
t.wait_for(b"hello", "vi shows what is typed")
t.type(b":q!\r")
check(t.end() == 0, "vi draws, takes keys, and ends")

t = Terminal("busybox", "less", "/etc/services")
t.wait_for(b"\x1b[", "less draws")
time.sleep(0.5)
t.type(b"q")
check(t.end() == 0, "less draws and ends")

t = Terminal("sh", "-c", "cat; echo done-$?")
time.sleep(1)
t.type(b"abc\r\x04")
t.wait_for(b"done-0", "Ctrl+D is the end of input")
check(t.end() == 0, "Ctrl+D ends the input")

t = Terminal("sh", "-c", "head -c 20000000 /dev/zero | tr '\\0' x; echo; echo all-there")
count = 0
end = time.monotonic() + 120
while b"all-there" not in t.seen:
    before = len(t.seen)
    if not t.read(1) or time.monotonic() > end:
        sys.exit(f"FAILED: output ended early after {count} bytes")
    count += len(t.seen) - before
    t.seen = t.seen[-32:]
check(count >= 20_000_000, "20 MB of output arrive whole")
check(t.end() == 0, "and it ends")

t = Terminal("sh")
t.type(b"echo up-$((1+1))\r")
t.wait_for(b"up-2", "a shell")
os.kill(t.pid, signal.SIGTERM)
t.end()
check(True, "SIGTERM ends it")
