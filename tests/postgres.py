"""A PostgreSQL cluster that lives as long as the test run, on a socket in a temporary folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

SERVER_USER = "postgres"


class TemporaryCluster:
    """initdb, start, stop. PostgreSQL refuses to run as root, so root lends it to another user."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="wuhao-pg-"))
        self.folder.chmod(0o755)
        self.data = self.folder / "data"

    @staticmethod
    def programs() -> Path | None:
        """The folder of initdb and pg_ctl: on PATH, by pg_config, or Debian's own place."""
        if found := shutil.which("pg_ctl"):
            return Path(found).parent
        folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)

    @classmethod
    def absent(cls) -> str:
        """Why no cluster can be started here; empty when one can."""
        if cls.programs() is None:
            return "initdb and pg_ctl of PostgreSQL are not installed on this machine."
        if os.geteuid() == 0 and not _user_exists(SERVER_USER):
            return "PostgreSQL will not run as root and there is no user postgres to lend it to."
        return ""

    @property
    def url(self) -> str:
        return f"postgres://{SERVER_USER}@/postgres?host={self.folder}"

    def start(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, SERVER_USER)
        self._run("initdb", "-D", self.data, "-U", SERVER_USER, "-A", "trust", "-E", "UTF8",
                  "--no-sync", "--locale=C.UTF-8")  # fmt: skip
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c max_connections=50"
        log = self.folder / "log"
        self._run("pg_ctl", "-D", self.data, "-w", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: object) -> None:
        folder = self.programs()
        assert folder is not None
        command = [str(folder / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", SERVER_USER, "--", *command]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)


def _user_exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
