from django.apps import AppConfig
from django.core.checks import Error, register

from wuhao.core import bindings


class CoreConfig(AppConfig):
    name = "wuhao.core"
    label = "core"
    verbose_name = "基础"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(_check_bindings)


def _check_bindings(**_kwargs: object) -> list[Error]:
    return [Error(problem, id="wuhao.E001") for problem in bindings.problems()]
