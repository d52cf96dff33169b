"""Addresses: everything a person opens is web's."""

from django.urls import include, path

urlpatterns = [path("", include("wuhao.web.urls"))]
