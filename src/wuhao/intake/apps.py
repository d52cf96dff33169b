from django.apps import AppConfig

from wuhao.core import bindings

# What the rows of a template may become, once accepted.
EFFECTS = (
    "collected",
    "enterprises",
    "events",
    "leases",
    "observations",
    "projects",
    "recognitions",
    "tenures",
)


class IntakeConfig(AppConfig):
    name = "wuhao.intake"
    label = "intake"
    verbose_name = "数据报送"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        bindings.declare("intake.effect", EFFECTS)
        bindings.declare("intake.context", ["known", "beside", "held", "firms", "identify"])
        bindings.declare("intake.match", ["ask"])

        bindings.declare("job", ["intake.receive", "intake.accept"])

        from wuhao.intake.services import work
        from wuhao.intake.services.collections import collected

        bindings.bind("intake.effect", "collected", collected)
        bindings.bind("job", work.RECEIVE, work.receive_job)
        bindings.bind("job", work.ACCEPT, work.accept_job)
