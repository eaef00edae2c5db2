"""A process that runs a submission and can do nothing else: confine.py has the walls, inside.py is within them."""

import importlib.util
import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SYSTEM = ("/usr", "/bin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/dev/null", "/dev/zero", "/dev/urandom")
EMLIB = Path(importlib.util.find_spec("emlib").origin).resolve().parent
LONGEST = 2_000_000  # bytes of one reply
MEMORY = 2 * 2**30  # bytes that all its processes may use together


class NotGraded(Exception):
    """A submission that has no mark, in words for the lecturer; not the same as a mark of 0."""


class NoSandbox(Exception):
    """This machine cannot shut a submission in."""

    def __init__(self, reason):
        super().__init__(
            f"Submissions were not run: this machine cannot shut them in ({reason}).\n"
            "Linux is needed, with user namespaces. Elsewhere, and where they are switched off, use a container of "
            "Linux; notebooks/homework/README.md says how."
        )


class Sandbox:
    """Run cells and ask for values, with a limit of time for each, one for all together, and one of memory.

    Parameters
    ----------
    cell_seconds, all_seconds : float
        Limits of time. Whoever exceeds one is not graded.
    emlib : bool
        Whether emlib can be imported in there.
    """

    def __init__(self, cell_seconds: float = 60, all_seconds: float = 300, emlib: bool = False):
        if sys.platform != "linux":
            raise NoSandbox(f"its system is {sys.platform}")
        self.cell_seconds, self.end = cell_seconds, time.monotonic() + all_seconds
        self._root = tempfile.TemporaryDirectory(prefix="submission-")
        self._waiting = b""
        prefixes = {Path(prefix) for prefix in (sys.prefix, sys.base_prefix)}
        prefixes |= {prefix.resolve() for prefix in prefixes}
        readable = [*SYSTEM, *sorted(prefix for prefix in prefixes if not prefix.is_relative_to("/usr"))]
        if in_sight := [folder for folder in readable if HERE.is_relative_to(folder)]:
            raise NoSandbox(f"{HERE} lies in {in_sight[0]}, which a submission can read; move it elsewhere")
        installed = any(EMLIB.is_relative_to(folder) for folder in readable)  # not so where the course is developed
        readable += [EMLIB] if emlib and not installed else []
        hidden = [EMLIB] if installed and not emlib else []
        python = [sys.executable, "-I", "-B"]
        program = (HERE / "inside.py").read_text(encoding="utf-8")
        self._process = subprocess.Popen(
            [
                *python,
                HERE / "confine.py",
                self._root.name,
                *readable,
                "--",
                *hidden,
                "--",
                *python,
                "-c",
                program,
                *[EMLIB.parent] * emlib,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.set_blocking(self._process.stdin.fileno(), False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()
        self._root.cleanup()

    def run(self, source: str, what: str) -> dict:
        """Run a cell: {"text": what it showed, "error": None or [name, words]}."""
        return self._request({"cell": source}, what)

    def ask(self, name: str, arguments=None, what: str = "") -> dict:
        """The value of a name, or of a call of that function: {"value": ..., "error": None or [name, words]}."""
        return self._request({"ask": name, "arguments": arguments}, what or name)

    def _request(self, request: dict, what: str) -> dict:
        end = min(self.end, time.monotonic() + self.cell_seconds)
        self._write(json.dumps(request).encode() + b"\n", what, end)
        line = self._read(what, end)
        try:
            reply = json.loads(line)
        except (ValueError, RecursionError):
            reply = None
        if not isinstance(reply, dict):
            raise NotGraded(f"{what}: what came back is no answer")
        if "refused" in reply:
            raise NoSandbox(reply["refused"])
        error = reply.get("error")
        if error is not None:
            error = [words(part) for part in error] if isinstance(error, list) and len(error) == 2 else ["Error", ""]
            if error[0] == "MemoryError":
                raise NotGraded(f"{what} took more memory than there is for one submission")
        return {"text": words(reply.get("text", "")), "value": reply.get("value"), "error": error}

    def _write(self, line: bytes, what: str, end: float) -> None:
        while line:  # a pipe is full if nobody listens
            try:
                line = line[os.write(self._process.stdin.fileno(), line) :]
            except BrokenPipeError:
                return  # the answer will say how it ended
            except BlockingIOError:
                if time.monotonic() > end:
                    raise NotGraded(f"{what} did not end in time") from None
                time.sleep(0.01)

    def _read(self, what: str, end: float) -> bytes:
        """The next line of the process. No trust in it: it may never come, or never end."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._waiting:
                if time.monotonic() > end:
                    raise NotGraded(f"{what} did not end in time")
                if memory(self._process.pid) > MEMORY:
                    raise NotGraded(f"{what} took more memory than there is for one submission")
                if selector.select(timeout=0.1):
                    piece = os.read(self._process.stdout.fileno(), 2**16)
                    self._waiting += piece
                    if not piece:
                        self._dead(what)
                    if len(self._waiting) > LONGEST:
                        raise NotGraded(f"{what} wrote more than can be read")
        line, _, self._waiting = self._waiting.partition(b"\n")
        return line

    def _dead(self, what: str):
        raise NotGraded(f"{what} ended Python (exit code {self._process.wait()})")


def words(value) -> str:
    """A text that can be written to a file, whatever it was."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def memory(pid: int) -> int:
    """Bytes that a process and all that descend from it have in memory."""
    parents, pages = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            continue
        parents[int(folder.name)], pages[int(folder.name)] = int(fields[1]), int(fields[21])
    family, waiting = set(), [pid]
    while waiting:
        family.add(waiting.pop())
        waiting += [child for child, parent in parents.items() if parent in family and child not in family]
    return sum(pages.get(member, 0) for member in family) * os.sysconf("SC_PAGE_SIZE")
