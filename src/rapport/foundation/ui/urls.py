from django.urls import path

from . import views

app_name = "ui"
urlpatterns = [
    path("look/theme/", views.theme, name="theme"),
    path("look/language/", views.language, name="language"),
    path("search/", views.search, name="search"),
    path("parts/", views.parts, name="parts"),
]
