from django.urls import path

from rapport.foundation.sharing import views

app_name = "sharing"
urlpatterns = [
    path("sharing-rules/", views.table, name="rules"),
    path("me/sees/", views.mine, name="mine"),
    path("people/<uid:uid>/sees/", views.sees, name="sees"),
]
