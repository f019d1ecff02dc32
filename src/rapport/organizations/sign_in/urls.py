from django.urls import path

from rapport.organizations.sign_in.views import account, demo, invite, join, lock, passkeys, sign_in

app_name = "sign_in"
urlpatterns = [
    path("demo/", demo.welcome, name="welcome"),
    path("demo/be/<uid:uid>/", demo.be, name="be"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.code, name="code"),
    path("sign-in/recovery/", sign_in.recover, name="recover"),
    path("sign-in/passkey/", passkeys.sign_in, name="passkey_sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("people/<uid:uid>/invite/", invite.invite, name="invite"),
    path("join/<slug:token>/", join.join, name="join"),
    path("join/<slug:token>/passkey/ask/", join.ask_for_passkey, name="join_ask"),
    path("join/<slug:token>/passkey/", join.join_with_passkey, name="join_passkey"),
    path("passkey/ask/", passkeys.ask, name="passkey_ask"),
    path("passkey/prove/", passkeys.prove, name="passkey_prove"),
    path("passkey/new/ask/", passkeys.ask_for_new, name="passkey_ask_new"),
    path("passkey/new/", passkeys.add, name="passkey_add"),
    path("lock/", lock.lock, name="lock"),
    path("unlock/", lock.unlock, name="unlock"),
    path("here/", lock.here, name="here"),
    path("held/<uid:uid>/", lock.held, name="held"),
    path("held/<uid:uid>/drop/", lock.drop, name="drop"),
    path("account/", account.show, name="account"),
    path("account/prove/", account.prove, name="prove"),
    path("account/password/", account.password, name="password"),
    path("account/second-factor/", account.second_factor, name="second_factor"),
    path("account/passkeys/new/", account.new_passkey, name="new_passkey"),
    path("account/passkeys/<uid:uid>/remove/", account.remove_passkey, name="remove_passkey"),
    path("account/app/", account.app, name="app"),
    path("account/app/begin/", account.begin_app, name="begin_app"),
    path("account/app/remove/", account.remove_app, name="remove_app"),
    path("account/recovery/", account.recovery, name="recovery"),
    path("account/sessions/end/", account.end_others, name="end_others"),
]
