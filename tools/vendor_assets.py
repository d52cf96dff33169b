"""Copy the browser libraries that the site serves into the tree, with their checksums.

``python tools/vendor_assets.py`` fetches ECharts with npm and takes htmx out of the installed
django-htmx wheel; ``--check`` fetches nothing and compares the committed files with
``vendor.json``. The site makes no request to any other host, so every library lives here.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).parents[1] / "src/wuhao/web/static/vendor"
MANIFEST = VENDOR / "vendor.json"
ECHARTS = "6.1.0"


def sha256(path: Path) -> str:
    """The hex digest of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch_echarts() -> dict[str, str]:
    """Take the minified ECharts out of its npm package."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not on the path; it is needed once, to fetch ECharts")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", f"echarts@{ECHARTS}", "--silent", "--pack-destination", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        with tarfile.open(next(Path(folder).glob("echarts-*.tgz"))) as pack:
            member = pack.extractfile("package/dist/echarts.min.js")
            if member is None:
                raise SystemExit("the ECharts package holds no dist/echarts.min.js")
            (VENDOR / "echarts.min.js").write_bytes(member.read())
    return {"name": "echarts", "version": ECHARTS, "licence": "Apache-2.0", "from": "npm echarts"}


def copy_htmx() -> dict[str, str]:
    """Take htmx 2 out of the installed django-htmx wheel."""
    spec = importlib.util.find_spec("django_htmx")
    if spec is None or spec.origin is None:
        raise SystemExit("django-htmx is not installed; run make setup first")
    source = Path(spec.origin).parent / "static/django_htmx/htmx-2.min.js"
    shutil.copyfile(source, VENDOR / "htmx.min.js")
    found = re.search(r'version:"([0-9.]+)"', source.read_text(encoding="utf-8"))
    wheel = importlib.metadata.version("django-htmx")
    return {
        "name": "htmx",
        "version": found.group(1) if found else "2",
        "licence": "0BSD",
        "from": f"django-htmx {wheel}",
    }


def vendor() -> None:
    """Fetch both libraries and write the manifest."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    entries = {"echarts.min.js": fetch_echarts(), "htmx.min.js": copy_htmx()}
    manifest = {
        name: {**entry, "bytes": (VENDOR / name).stat().st_size, "sha256": sha256(VENDOR / name)}
        for name, entry in entries.items()
    }
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def faults() -> list[str]:
    """What differs between the manifest and the files beside it; empty when all is well."""
    manifest: dict[str, dict[str, Any]] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    found = [
        f"{name}: listed in vendor.json, not there"
        for name in manifest
        if not (VENDOR / name).is_file()
    ]
    for path in sorted(VENDOR.glob("*")):
        if path == MANIFEST:
            continue
        if path.name not in manifest:
            found.append(f"{path.name}: there, not listed in vendor.json")
        elif sha256(path) != manifest[path.name]["sha256"]:
            found.append(f"{path.name}: checksum differs from vendor.json")
    return found


def main() -> int:
    """Vendor, or check what is vendored."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only, fetch nothing")
    if not parser.parse_args().check:
        vendor()
    found = faults()
    sys.stderr.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
