from django.apps import AppConfig

from wuhao.core import bindings


class IntakeConfig(AppConfig):
    name = "wuhao.intake"
    label = "intake"
    verbose_name = "数据报送"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        bindings.declare("intake.effect", ["enterprises", "observations", "tenures"])
        bindings.declare("intake.context", ["known"])
