"""The WSGI application that granian (or any other server) loads."""

import os

from django.core.wsgi import get_wsgi_application

from wuhao.core.bindings import require_bindings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuhao.config.settings")
application = get_wsgi_application()
require_bindings()
