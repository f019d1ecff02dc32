from django.urls import path

from rapport.standing.officers import views

app_name = "officers"
urlpatterns = [
    path("officers/", views.roster, name="roster"),
    path("officers/former/", views.roster, {"former": True}, name="former"),
    path("officers/new/", views.add, name="add"),
]
