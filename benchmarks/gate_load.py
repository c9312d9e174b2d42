"""A load generator: keep-alive connections on one epoll loop, so that it costs little itself.

    python benchmarks/gate_load.py < job.json > result.json

The job: {"host", "port", "connections", "seconds", "method", "path", "headers", "body", "keyed"}.
Each connection sends its next request when the answer has come. `keyed`: a new Idempotency-Key
for each. `bodies` instead of `body`: one for each request, in order, until they are used up. The
result: answers by status, errors, seconds, latencies in milliseconds (p50, p99, max). Answers that
came before the end of the time count; connections then finish what is under way.
"""

import collections
import json
import select
import socket
import sys
import time
import uuid


class Line:
    """One connection."""

    __slots__ = ("begun", "buffer", "needed", "sock")

    def __init__(self, host: str, port: int) -> None:
        self.sock = socket.create_connection((host, port), timeout=10)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)
        self.buffer = b""
        self.needed = 0
        self.begun = 0.0


def answer_of(line: Line) -> int | None:
    """Return the status when the whole answer is here, else None."""
    if not line.needed:
        end = line.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = line.buffer[:end].lower()
        at = head.find(b"content-length:")
        if at < 0:
            raise ValueError("an answer without content-length")
        line.needed = end + 4 + int(head[at + 15 :].split(b"\r\n", 1)[0])
    if len(line.buffer) < line.needed:
        return None
    status = int(line.buffer[9:12])
    line.buffer, line.needed = line.buffer[line.needed :], 0
    return status


def run(job: dict) -> dict:
    """Put the load on and return what came back."""
    bodies = iter([body.encode() for body in job.get("bodies", ())])
    one = job["body"].encode()
    head = f"{job['method']} {job['path']} HTTP/1.1\r\nHost: {job['host']}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in job["headers"].items())
    if one or "bodies" in job:
        head += "Content-Type: application/json\r\n"
    fixed, keyed = head.encode(), job["keyed"]

    def send(line: Line) -> bool:
        body = next(bodies, None) if "bodies" in job else one
        if body is None:
            return False
        key = b"Idempotency-Key: %s\r\n" % uuid.uuid4().hex.encode() if keyed else b""
        length = b"Content-Length: %d\r\n" % len(body) if body else b""
        line.begun = time.perf_counter()
        line.sock.sendall(fixed + length + key + b"\r\n" + body)
        return True

    lines = {}
    poll = select.epoll()
    for _ in range(job["connections"]):
        line = Line(job["host"], job["port"])
        lines[line.sock.fileno()] = line
        poll.register(line.sock.fileno(), select.EPOLLIN)
    counts: collections.Counter[str] = collections.Counter()
    latencies: list[float] = []
    begun = time.perf_counter()
    ends = begun + job["seconds"]
    busy = set(lines)
    for line in lines.values():
        send(line)
    while busy:
        ready = poll.poll(10)
        if not ready:
            counts["silent"] += len(busy)
            break
        now = time.perf_counter()
        for number, _ in ready:
            line = lines[number]
            try:
                got = line.sock.recv(1 << 18)
                if not got:
                    raise ConnectionResetError
                line.buffer += got
                status = answer_of(line)
            except (OSError, ValueError):
                counts["broken"] += 1
                poll.unregister(number)
                busy.discard(number)
                continue
            if status is None:
                continue
            counts[str(status)] += 1
            latencies.append(now - line.begun)
            if now >= ends or not send(line):
                busy.discard(number)
    took = time.perf_counter() - begun
    latencies.sort()
    ranks = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    told = {
        name: round(1000 * latencies[min(len(latencies) - 1, int(rank * len(latencies)))], 2)
        for name, rank in ranks.items()
        if latencies
    }
    return {"counts": dict(counts), "seconds": took, **told}


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
