"""What Binder does with a repository, on this machine: the same files and order, a user who may write nowhere else.

The image, the launch and the network are Binder's own and are not tried.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from browser import ROOT, free_port

NOBODY = 65534
# What is in Binder's image already, in the environment that the requirements are installed in.
BEFORE = ["jupyterhub==5.*", "jupyterlab==4.*", "notebook==7.*", "jupyter-resource-usage==1.*", "ipywidgets==8.*"]
LINES = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
LINKS = {name: line for line in LINES for name in ("[binder]", "[lecture-on-binder]") if line.startswith(f"{name}:")}
FIRST_PAGE, LECTURE = (line.partition("urlpath=")[2] for line in LINKS.values())
READER = "/user/somebody/"  # on a hub an address begins with the reader's name


class Image:
    """A folder with an environment and a copy of the repository, built as repo2docker builds an image."""

    def __init__(self, folder: Path):
        self.user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        self.home, self.environment = folder / "home", folder / "environment"
        aside = ("home", ".venv", ".git", "__pycache__", "working-copies", ".hypothesis", "submissions", "*.egg-info")
        shutil.copytree(ROOT, self.home, ignore=shutil.ignore_patterns(*aside))
        self.environment.mkdir()
        if self.user:
            for path in (folder, self.home, self.environment, *self.home.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        self.variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        self.variables["PATH"] = f"{self.environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
        self.variables |= {"HOME": str(self.home), "XDG_CACHE_HOME": str(self.home / ".cache")}
        self.run(self.python(), "-m", "venv", self.environment)

    def python(self) -> str:
        """Binder's Python, if it is here and everybody's."""
        version = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().replace("-", "")
        for name in (version, sys.executable, "/usr/bin/python3"):
            found = shutil.which(name)
            with contextlib.suppress(OSError, AssertionError):
                self.run(found or name, "-c", "import sys, ensurepip; assert sys.version_info >= (3, 11)")
                return os.path.realpath(found)
        raise RuntimeError("no Python that everybody may run")

    def run(self, *command) -> str:
        options = {"cwd": self.home, "env": self.variables, "encoding": "utf-8", **self.user}
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
        assert done.returncode == 0, f"{command}: {done.stdout}"
        return done.stdout

    def write(self, name: str, text: str) -> None:
        """A file that the user may change."""
        path = self.home / name
        path.write_text(text, encoding="utf-8")
        if self.user:
            os.chown(path, NOBODY, NOBODY)

    def build(self) -> None:
        pip = ("python", "-m", "pip", "--disable-pip-version-check")
        self.run(*pip, "install", "--quiet", *BEFORE)
        self.run(*pip, "install", "--quiet", "--no-cache-dir", "-r", "binder/requirements.txt")
        self.run("binder/postBuild")
        self.run(*pip, "check")

    @contextlib.contextmanager
    def lab(self):
        """The address of a JupyterLab, and the seconds until it answered."""
        port, since = free_port(), time.perf_counter()
        options = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", "--IdentityProvider.token="]
        options.append(f"--ServerApp.base_url={READER}")
        with open(self.home / "log", "w", encoding="utf-8") as log:
            command = ["binder/start", self.environment / "bin" / "jupyter", "lab", *options]
            server = subprocess.Popen(command, cwd=self.home, env=self.variables, stdout=log, stderr=log, **self.user)
        try:
            address = f"http://127.0.0.1:{port}{READER.rstrip('/')}"
            for _ in range(600):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{address}/api/status", timeout=1).close()
                    break
                assert server.poll() is None, (self.home / "log").read_text(encoding="utf-8")
                time.sleep(0.05)
            yield address, time.perf_counter() - since
        finally:
            server.terminate()
            server.wait(20)

    def kernels(self) -> list[float]:
        """Megabytes that each kernel holds."""
        held = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (process / "cmdline").read_text(encoding="utf-8")
                if "ipykernel" in command and str(self.environment) in command:
                    status = (process / "status").read_text(encoding="utf-8")
                    held.append(int(status.partition("VmRSS:")[2].split()[0]) / 1024)
        return held


@contextlib.contextmanager
def image():
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        (made := Image(Path(folder))).build()
        yield made
