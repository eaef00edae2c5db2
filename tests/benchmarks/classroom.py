"""How many students does a machine hold?

python3 run.py benchmark classroom

Every student has a JupyterLab server and a kernel of their own, as on a hub, and plays with an explorer: a coin is
dragged for a second, then the page asks for the run's moments, then the student looks at it for 4 to 12 seconds. What
the page would say is said here without a page, by the same rules (one move under way at a time, of those that came
meanwhile the last), so that the machine's cores are the servers' alone. All students begin to drag within the same few
seconds, as in a class.

Latency is the time from a move to its picture, at the server's own address: add the network's. Memory is a process's
own share of what it uses (PSS), server and kernel together; CPU is theirs, too.
"""

import asyncio
import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import psutil
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.base import deserialize_binary_message
from nbclient import NotebookClient
from tornado.websocket import websocket_connect

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from browser import ROOT, free_port  # noqa: E402

STUDENTS = (1, 2, 4, 8, 12, 16, 24)
SECONDS = 40
MOVES, INTERVAL = 20, 0.05  # of a drag; seconds
LOOKS = (4, 12)  # seconds
AHEAD, BATCH = 60, 2  # moments that the page wants, and that it asks for at once
MB = 2**20


class Student:
    """A server, a kernel, and who plays with it."""

    def __init__(self, home: Path):
        self.port, self.latencies, self.rates = free_port(), [], []
        own = {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
        command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", f"--port={self.port}"]
        command += ["--ip=127.0.0.1", "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"]
        with open(home / "log", "w", encoding="utf-8") as log:
            self.server = subprocess.Popen(command, cwd=home, env=os.environ | own, stdout=log, stderr=log)

    def ask(self, path, method="GET"):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    async def begin(self):
        """Start a kernel and make an explorer in it."""
        while True:
            try:
                await asyncio.to_thread(self.ask, "/api/status")
                break
            except OSError:
                await asyncio.sleep(0.3)
        kernel = await asyncio.to_thread(self.ask, "/api/kernels", "POST")
        self.channels = await websocket_connect(
            f"ws://127.0.0.1:{self.port}/api/kernels/{kernel['id']}/channels", max_message_size=2**28
        )
        self.session = Session()
        await self.send("execute_request", code="from emlib.widgets import Explorer; Explorer()", silent=False)
        self.view, self.run = None, {}
        async for kind, content in self.heard():
            state = content.get("data", {}).get("state", {}) if kind.startswith("comm") else {}
            if kind == "comm_open" and {"shown", "answers"} <= state.keys():
                self.view = content["comm_id"]
            if kind.startswith("comm") and content["comm_id"] == self.view:
                self.run = state.get("shown", self.run)
            if kind == "error":
                raise RuntimeError(content["evalue"])
            if kind == "status" and content["execution_state"] == "idle" and self.view:
                return

    async def send(self, kind, **content):
        message = self.session.msg(kind, content) | {"channel": "shell", "buffers": []}
        await self.channels.write_message(json.dumps(message, default=str))

    async def heard(self):
        while True:
            message = await self.channels.read_message()
            message = deserialize_binary_message(message) if isinstance(message, bytes) else json.loads(message)
            yield message["msg_type"], message["content"]

    async def tell(self, **said):
        """Say what the page says; return the first answer that has the key which is waited for."""
        data = {"method": "custom", "content": said | {"run": self.run["run"]}}
        await self.send("comm_msg", comm_id=self.view, data=data)
        async for kind, content in self.heard():
            data = content.get("data", {})
            if kind != "comm_msg" or content["comm_id"] != self.view:
                continue
            state = data.get("state", {})
            self.run = state.get("shown", self.run)
            if "move" in said and state.get("answers") == said["number"]:
                return
            if "ask" in said and data["method"] == "custom" and "moments" in data["content"]:
                return

    async def drag(self):
        """Move a coin, once in an interval; what could not be told meanwhile is left out, but for the last."""
        begin, done, pictures = time.perf_counter(), -1, 0
        start, goal = random.random(), random.random()
        while done < MOVES - 1:
            now = min(MOVES - 1, int((time.perf_counter() - begin) / INTERVAL))
            if now == done:
                await asyncio.sleep(begin + (done + 1) * INTERVAL - time.perf_counter())
                continue
            done, told = now, time.perf_counter()
            where = round(start + (goal - start) * now / MOVES, 2)
            await self.tell(move=self.run["handles"][0]["name"], value=[where, 0], frame=0, number=f"{begin} {now}")
            self.latencies.append(time.perf_counter() - told)
            pictures += 1
        self.rates.append(pictures / (time.perf_counter() - begin))

    async def play(self, until):
        """Drag, ask for the run, look."""
        await asyncio.sleep(random.uniform(0, LOOKS[0]))
        while time.perf_counter() < until:
            await self.drag()
            last = min(AHEAD, self.run["last"])
            for first in range(1, last + 1, BATCH):
                await self.tell(ask=[first, min(first + BATCH, last + 1)])
            await asyncio.sleep(random.uniform(*LOOKS))

    def processes(self):
        return [psutil.Process(self.server.pid), *psutil.Process(self.server.pid).children(recursive=True)]

    def memory(self):
        return sum(process.memory_full_info().pss for process in self.processes()) / MB

    def cpu(self):
        return sum(sum(process.cpu_times()[:2]) for process in self.processes())

    def end(self):
        self.server.terminate()
        self.server.wait(30)


async def play_all(students):
    """Seconds of CPU that a student needs in a second."""
    for student in students:
        student.latencies.clear()
        student.rates.clear()
    before, begin = sum(student.cpu() for student in students), time.perf_counter()
    await asyncio.gather(*(student.play(begin + SECONDS) for student in students))
    took = time.perf_counter() - begin
    return (sum(student.cpu() for student in students) - before) / took / len(students)


async def measure(stack):
    students, rows = [], []
    for number in STUDENTS:
        new = []
        while len(students) < number:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            students.append(Student(home))
            new.append(students[-1])
            stack.callback(students[-1].end)
        for student in new:
            await student.begin()
        cpu = await play_all(students)
        latencies = sorted(1000 * latency for student in students for latency in student.latencies)
        row = (
            number,
            statistics.median(latencies),
            latencies[int(0.95 * len(latencies))],
            statistics.median(rate for student in students for rate in student.rates),
            cpu,
            statistics.median(student.memory() for student in students),
        )
        rows.append(row)
        print("| {} | {:.0f} ms | {:.0f} ms | {:.1f} | {:.3f} | {:.0f} MB |".format(*row), flush=True)
    return rows


def peak(path):
    """The most memory that the kernel of a notebook takes while all its cells run, and its seconds of CPU."""
    notebook = nbformat.read(path, as_version=4)
    usage = "import resource; used = resource.getrusage(resource.RUSAGE_SELF)"
    notebook.cells.append(nbformat.v4.new_code_cell(f"{usage}; print(used.ru_maxrss, used.ru_utime + used.ru_stime)"))
    NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}, kernel_name="python3").execute()
    kilobytes, seconds = notebook.cells[-1].outputs[0].text.split()
    return float(kilobytes) / 1024, float(seconds)


def draw(rows, path):
    """Latency against students."""
    students, medians, worst = list(zip(*rows, strict=True))[:3]
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    axes.plot(students, worst, "s--", label="95 of 100 are faster")
    axes.plot(students, medians, "o-", label="median")
    axes.axhline(100, color="grey", linewidth=0.8)
    axes.set(xlabel=f"students who play at once, on {os.cpu_count()} cores", ylabel="a move to its picture, ms")
    axes.set(yscale="log")
    axes.legend()
    figure.savefig(path)


if __name__ == "__main__":
    print("| students | a move, median | a move, 95 % | pictures a second of 20 | cores a student | memory a student |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    with contextlib.ExitStack() as stack:
        rows = asyncio.run(measure(stack))
    print("\n| notebook, all cells | memory of its kernel at most | CPU |\n| --- | ---: | ---: |")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        print("| {} | {:.0f} MB | {:.0f} s |".format(path.stem, *peak(path)), flush=True)
    path = Path(__file__).with_name("classroom.svg")
    draw(rows, path)
    print(f"\nLatency against students: {path}")
