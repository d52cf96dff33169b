"""Addresses of the site. Natural keys stand in them: credit codes, batch and run numbers."""

from django.urls import path

from wuhao.web.views import account

app_name = "web"

urlpatterns = [
    path("login/", account.log_in, name="login"),
    path("logout/", account.log_out, name="logout"),
    path("language/", account.language, name="language"),
]
