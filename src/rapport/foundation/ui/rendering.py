"""How Django draws our forms: each field by `ui/parts/field.html`, so `{{ form }}` needs nothing more."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Field label, hint, error and input in the order and with the links that screen readers need."""

    form_template_name = "ui/parts/fields.html"
    field_template_name = "ui/parts/field.html"
