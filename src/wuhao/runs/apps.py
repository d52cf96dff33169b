from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "wuhao.runs"
    label = "runs"
    verbose_name = "计算"
    default_auto_field = "django.db.models.BigAutoField"
