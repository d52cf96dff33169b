from django.apps import AppConfig

from wuhao.core import bindings


class EvaluationConfig(AppConfig):
    name = "wuhao.evaluation"
    label = "evaluation"
    verbose_name = "评价"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wuhao.evaluation import services

        bindings.declare("job", ["evaluation.compute"])
        bindings.bind("job", "evaluation.compute", services.compute_job)
