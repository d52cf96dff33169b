"""`python -m wuhao.config` is the command `wuhao`."""

from wuhao.config.cli import main

main()
