"""Signing in and out, second factors, sessions; names are allauth's own so that its views find each other."""

from allauth.account import views as allauth
from allauth.mfa.recovery_codes import views as codes
from django.contrib.auth.decorators import login_required
from django.urls import path, re_path
from django.views.generic import RedirectView

from accounts import factor_views, views
from accounts import signed_in_views as mine

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("password/change/", login_required(views.ChangePassword.as_view()), name="account_change_password"),
    path("password/reset/", views.ResetPassword.as_view(), name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("signup/", allauth.signup, name="account_signup"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("email/", mine.change_email, name="email_change"),
    path("email/<str:token>/", mine.confirm_email, name="email_confirm"),
    # Confirming who one is
    path("confirm/", mine.confirm, name="confirm"),
    path("confirm/password/", factor_views.ConfirmByPassword.as_view(), name="account_reauthenticate"),
    path("confirm/code/", factor_views.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path("confirm/passkey/", factor_views.ConfirmByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("confirm/<str:key>/", mine.go_on, name="go_on"),
    # Second factors
    path("code/", factor_views.Code.as_view(), name="mfa_authenticate"),
    path("factors/", factor_views.factors, name="mfa_index"),
    path("factors/app/", factor_views.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("factors/app/remove/", factor_views.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("factors/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("factors/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("factors/codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("factors/passkeys/", login_required(RedirectView.as_view(pattern_name="mfa_index")), name="mfa_list_webauthn"),
    path("factors/passkeys/add/", factor_views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("factors/passkeys/<int:pk>/", factor_views.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("factors/passkeys/<int:pk>/remove/", factor_views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("passkey/", factor_views.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    # Sessions
    path("sessions/", mine.list_sessions, name="usersessions_list"),
    path("sessions/end/", mine.end_others, name="sessions_end_others"),
    path("sessions/<int:pk>/end/", mine.end_session, name="session_end"),
]
