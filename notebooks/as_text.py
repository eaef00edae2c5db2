"""A notebook as lines of text, a line for each sentence, so that `git diff` shows what a person changed.

Once in a clone: git config diff.notebook.textconv "python3 notebooks/as_text.py"
"""

import hashlib
import json
import re
import sys
from pathlib import Path


def as_text(notebook: dict) -> str:
    lines = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        code = cell["cell_type"] == "code"
        lines += ["", "# in" if code else "# text", source if code else re.sub(r"(?<=[.?!:]) +", "\n", source)]
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            words = output.get("text") or data.get("text/plain") or output.get("traceback") or ""
            lines += ["# out", "".join(words).rstrip()]
            if "image/png" in data:
                picture = "".join(data["image/png"]).encode()
                lines.append(f"# picture {hashlib.sha256(picture).hexdigest()[:8]}, {len(picture):,} characters")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    print(as_text(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), end="")
