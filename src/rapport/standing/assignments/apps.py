from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "rapport.standing.assignments"
    label = "assignments"
    default_auto_field = "django.db.models.BigAutoField"
