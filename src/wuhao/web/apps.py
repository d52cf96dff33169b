from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "wuhao.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
