"""Shut a Python process in, then let it run a submission: python confine.py ROOT READABLE... -- HIDDEN... -- PROGRAM...

The process gets a file system of its own, in memory: the readable folders, which it cannot change, less the hidden
ones, an empty folder to work in, and nothing else. It has no network, sees no other process, and has no right to undo
any of this.
Linux namespaces do it; no rights are needed, and no program but Python.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from pathlib import Path

MEMORY = 3 * 2**30  # bytes of address space; numpy alone takes a sixth of it
DISK = "64m"

# From the headers of Linux.
CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 0x1000, 0x4000, 0x40000
MNT_DETACH = 2
SYS_MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE, MOUNT_ATTR_RDONLY = 442, -100, 0x8000, 1
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 24, 38

libc = ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments) -> None:
    """A function of the C library; OSError if it fails."""
    words = [os.fsencode(word) if isinstance(word, (str, Path)) else word for word in arguments]
    if getattr(libc, name)(*words) == -1:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")


def make_read_only(path: Path) -> None:
    attributes = (ctypes.c_uint64 * 4)(MOUNT_ATTR_RDONLY, 0, 0, 0)
    call("syscall", SYS_MOUNT_SETATTR, AT_FDCWD, path, AT_RECURSIVE, attributes, ctypes.sizeof(attributes))


def show(path: Path, root: Path) -> None:
    """Let a folder or a device of the machine be seen under the new root, for reading only."""
    place = root / path.relative_to("/")
    if path.is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    call("mount", path, place, None, MS_BIND | MS_REC, None)
    if not path.is_char_device():
        make_read_only(place)


def leave_everything_behind(root: Path, readable: list[Path], hidden: list[Path]) -> None:
    call("mount", "none", "/", None, MS_REC | MS_PRIVATE, None)
    call("mount", "tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, f"size={DISK},nr_inodes=20000,mode=755")
    for path in readable:
        if path.is_symlink():  # such as /lib on most systems
            (root / path.relative_to("/")).symlink_to(os.readlink(path))
        elif path.exists():
            show(path, root)
    for path in hidden:
        call("mount", "tmpfs", root / path.relative_to("/"), "tmpfs", MS_NOSUID | MS_NODEV, "size=4k,mode=755")
    for folder in ("home", "tmp", "old"):
        (root / folder).mkdir(exist_ok=True)
    os.chdir(root)
    call("pivot_root", ".", "old")
    call("umount2", "old", MNT_DETACH)
    os.chdir("/home")


def give_up_all_rights() -> None:
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)  # fails for those that this kernel does not have
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_NPROC, (200, 200))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(root: Path, readable: list[Path], hidden: list[Path], program: list[str]) -> int:
    user, group = os.getuid(), os.getgid()
    call("unshare", CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS)
    Path("/proc/self/setgroups").write_text("deny", encoding="utf-8")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1", encoding="utf-8")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1", encoding="utf-8")
    child = os.fork()  # the first process of the new name space: when it ends, all end
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    with contextlib.suppress(OSError):  # one thing less to try for whoever is in there; not all machines let us
        Path("/proc/sys/user/max_user_namespaces").write_text("0", encoding="utf-8")
    leave_everything_behind(root, readable, hidden)
    give_up_all_rights()
    os.execve(program[0], program, {"HOME": "/home", "PATH": "", "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"})


if __name__ == "__main__":
    first = sys.argv.index("--")
    second = sys.argv.index("--", first + 1)
    readable, hidden = ([Path(name) for name in part] for part in (sys.argv[2:first], sys.argv[first + 1 : second]))
    try:
        code = main(Path(sys.argv[1]), readable, hidden, sys.argv[second + 1 :])
    except (OSError, AttributeError) as error:
        print(json.dumps({"refused": str(error)}), flush=True)
        code = 1
    os._exit(code if code >= 0 else 128 - code)  # not sys.exit: it may be the process after the fork
