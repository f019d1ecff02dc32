from django.urls import path

from rapport.standing.officers import views

app_name = "officers"
urlpatterns = [path("officers/new/", views.add, name="add")]
