from django.urls import path

from rapport.standing.training import views

app_name = "training"
urlpatterns = [
    path("courses/", views.courses, name="courses"),
    path("courses/new/", views.add_course, name="add_course"),
    path("courses/<slug:code>/edit/", views.edit_course, name="edit_course"),
]
