from django.urls import path

from rapport.foundation.files import views

app_name = "files"
urlpatterns = [
    path("files/", views.index, name="index"),
    path("files/new/", views.new, name="new"),
    path("files/<uid:uid>/", views.download, name="file"),
    path("files/<uid:uid>/about/", views.about, name="about"),
    path("files/<uid:uid>/class/", views.propose, name="propose"),
    path("files/<uid:uid>/class/approve/", views.decide, {"answer": "approve"}, name="approve"),
    path("files/<uid:uid>/class/refuse/", views.decide, {"answer": "refuse"}, name="refuse"),
]
