"""Forms of sign-in. Passwords are never shown again; everything else that was typed is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rapport.foundation.ui.fields import AddressLine, Line


class Secret(forms.CharField):
    """A password. Taken as typed, spaces and all."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput({"autocomplete": autocomplete})
        super().__init__(widget=widget, max_length=200, strip=False, **kwargs)


class Code(Line):
    """A code of an authenticator app, or a recovery code."""

    def __init__(self, *, digits: bool = False, **kwargs: Any) -> None:
        widget = forms.TextInput(
            {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
            | ({"inputmode": "numeric"} if digits else {})
        )
        super().__init__(widget=widget, max_length=40, **kwargs)


class SignInForm(forms.Form):
    """Address and password."""

    email = AddressLine(
        label=_("E-mail address"),
        widget=forms.EmailInput({"autocomplete": "username"}),
    )
    password = Secret(label=_("Password"), autocomplete="current-password")


class RecoverForm(SignInForm):
    """Address, password and a recovery code in one: for whoever finds the password closed."""

    code = Code(label=_("Recovery code"), help_text=_("One of the ten that you were told to keep."))


class CodeForm(forms.Form):
    """The second step."""

    code = Code(
        label=_("Code"),
        help_text=_("Six digits from your authenticator app, or one of your recovery codes."),
    )


class AppForm(forms.Form):
    """The first code of an authenticator app."""

    code = Code(label=_("Code"), help_text=_("The six digits that the app shows now."), digits=True)


class ProofForm(forms.Form):
    """The password, or a code of the authenticator app in its place."""

    proof = Secret(
        label=_("Password, or a code of your authenticator app"), autocomplete="current-password"
    )


class LinkProofForm(forms.Form):
    """An old proof, beside a link that replaces a sign-in."""

    proof = Secret(
        label=_(
            "A code of your authenticator app or a recovery code; your old password if you had no second factor"
        ),
        autocomplete="off",
    )


class WholeProofForm(forms.Form):
    """Password and code: for a session that has been locked for long."""

    password = Secret(label=_("Password"), autocomplete="current-password")
    code = Code(label=_("Code of your authenticator app, or a recovery code"))


class PasswordForm(forms.Form):
    """A new password."""

    password = Secret(
        label=_("New password"),
        autocomplete="new-password",
        help_text=_(
            "At least 12 characters. Several words that only you would put together do well."
        ),
    )


class PasskeyNameForm(forms.Form):
    """What a passkey is called on its owner's list."""

    name = Line(
        label=_("Name of this device"),
        max_length=60,
        required=False,
        help_text=_("So that you know it again, such as “work phone”."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class InviteForm(forms.Form):
    """The address that somebody is to sign in with."""

    email = AddressLine(
        label=_("E-mail address to sign in with"),
        help_text=_("Nothing is sent there by the program: the link is yours to hand over."),
    )
