from django.apps import AppConfig

from wuhao.core import bindings


class RegistersConfig(AppConfig):
    name = "wuhao.registers"
    label = "registers"
    verbose_name = "台账"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wuhao.registers import selectors
        from wuhao.registers.services import (
            enterprises,
            events,
            matches,
            observations,
            projects,
            recognitions,
            tenures,
        )

        bindings.bind("intake.effect", "enterprises", enterprises.receive_directory)
        bindings.bind("intake.effect", "observations", observations.receive_figures)
        bindings.bind("intake.effect", "tenures", tenures.receive_tenures)
        bindings.bind("intake.effect", "leases", tenures.receive_leases)
        bindings.bind("intake.effect", "events", events.receive_events)
        bindings.bind("intake.effect", "recognitions", recognitions.receive_recognitions)
        bindings.bind("intake.effect", "projects", projects.receive_projects)
        bindings.bind("intake.context", "known", selectors.known_to_checks)
        bindings.bind("intake.context", "beside", selectors.known_beside)
        bindings.bind("intake.context", "held", selectors.held_values)
        bindings.bind("intake.context", "firms", selectors.firms)
        bindings.bind("intake.context", "identify", matches.identify)
        bindings.bind("intake.match", "ask", matches.ask)
