#!/usr/bin/env python3
"""Clients that never rest: usage: client_loop.py STOP_FILE REPORT HOST:PORT/PATH…
One thread for each address opens a new connection every few milliseconds, asks, and reads the answer to its end, until
STOP_FILE exists. REPORT then has a line for each failure, and "address count" for each address."""
import os
import socket
import sys
import threading
import time

stop, report, targets = sys.argv[1], sys.argv[2], sys.argv[3:]
lock = threading.Lock()
lines = []


def say(text):
    with lock:
        lines.append(text)


def ask(target):
    address, _, path = target.partition("/")
    host, _, port = address.rpartition(":")
    count = 0
    while not os.path.exists(stop):
        stage = "connect"
        try:
            with socket.create_connection((host, int(port)), timeout=30) as s:
                stage = "ask"
                s.sendall(f"GET /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n".encode())
                stage = "answer"
                answer = b""
                while chunk := s.recv(65536):
                    answer += chunk
            if b" 200 " not in answer.split(b"\r\n", 1)[0]:
                say(f"FAILED {target} after {count}: answered {answer[:80]!r}")
        except OSError as e:
            say(f"FAILED {target} after {count}: {stage}: {e}")
        count += 1
        time.sleep(0.003)
    say(f"{target} {count}")


threads = [threading.Thread(target=ask, args=(t,)) for t in targets]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
with open(report, "w", encoding="utf-8") as out:
    out.write("\n".join(lines) + "\n")
