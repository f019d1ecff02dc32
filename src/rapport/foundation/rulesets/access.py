"""What can be done to rule sets. They are public; the program's own edits come later."""

from django.utils.translation import gettext_lazy as _

from rapport.foundation import registry

LOAD = registry.verb("rulesets.load", "ruleset", None, None, _("loaded a version of a rule set"))
