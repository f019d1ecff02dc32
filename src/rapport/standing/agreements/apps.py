from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "rapport.standing.agreements"
    label = "agreements"
    default_auto_field = "django.db.models.BigAutoField"
